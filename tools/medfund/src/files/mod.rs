//! Files that commands write: each comes into its place when it is whole.

mod before;
mod parquet_file;
mod place;
mod sheet;

pub(crate) use before::Before;
pub(crate) use parquet_file::ParquetFile;
pub(crate) use place::Output;
pub(crate) use sheet::SheetRows;
