use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::TempPath;

/// A file that comes into its place when it is whole: what stood there stays until then, also
/// when it is what is being read.
pub(crate) struct Output {
    file: BufWriter<File>,
    /// `None` for what is no regular file, like a terminal: that is written straight.
    beside: Option<TempPath>,
    path: PathBuf,
}

impl Output {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let name = || format!("cannot write {}", path.display());
        anyhow::ensure!(!path.is_dir(), "cannot write {}: it is a folder; name a file", path.display());
        let straight = path.metadata().is_ok_and(|metadata| !metadata.is_file());
        let (file, beside) = if straight {
            (File::options().write(true).open(path).with_context(name)?, None)
        } else {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            anyhow::ensure!(folder.is_dir(), "cannot write {}: make its folder first", path.display());
            let temporary = tempfile::Builder::new()
                .prefix(".medfund-")
                .permissions(Permissions::from_mode(0o666))
                .tempfile_in(folder);
            let (file, beside) = temporary.with_context(name)?.into_parts();
            (file, Some(beside))
        };
        Ok(Self { file: BufWriter::new(file), beside, path: path.to_owned() })
    }

    /// Puts the file in its place.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let name = || format!("cannot write {}", self.path.display());
        self.file.flush().with_context(name)?;
        if let Some(beside) = self.beside {
            beside.persist(&self.path).with_context(name)?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
