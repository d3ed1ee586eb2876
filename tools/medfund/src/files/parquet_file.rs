use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::Output;

/// How many rows are kept until they are written as a row group.
const GROUP_ROWS: usize = 65_536;

/// A Parquet file of text columns.
pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<Output>,
    columns: Vec<Vec<ByteArray>>,
}

impl ParquetFile {
    pub(crate) fn new(output: Output, names: &[&str]) -> anyhow::Result<Self> {
        let column = |name: &&str| {
            let column = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
                .with_repetition(Repetition::REQUIRED)
                .with_logical_type(Some(LogicalType::String))
                .build()?;
            Ok(Arc::new(column))
        };
        let columns: anyhow::Result<Vec<Arc<Type>>> = names.iter().map(column).collect();
        let schema = Type::group_type_builder("table").with_fields(columns?).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer, columns: vec![Vec::new(); names.len()] })
    }

    pub(crate) fn append(&mut self, row: &csv::StringRecord) -> anyhow::Result<()> {
        for (column, text) in self.columns.iter_mut().zip(row) {
            column.push(ByteArray::from(text));
        }
        if self.columns.first().is_some_and(|column| column.len() >= GROUP_ROWS) {
            self.write_group()?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> anyhow::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for texts in &mut self.columns {
            let column = group.next_column()?;
            let mut column = column.expect("the file has a column for each");
            column.typed::<ByteArrayType>().write_batch(texts, None, None)?;
            column.close()?;
            texts.clear();
        }
        group.close()?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        self.write_group()?;
        self.writer.into_inner()?.finish()
    }
}
