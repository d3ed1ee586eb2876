use medfund_grouper::batch::Encoding;

use super::encoding::decode;

/// Some records of a case list, one after the other.
#[derive(Default)]
pub(crate) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// For each record its line, and where it ends in `bytes` or why it cannot be read.
    pub(super) records: Vec<(u64, Result<usize, String>)>,
    pub(super) encoding: Option<Encoding>,
}

impl Chunk {
    /// Gives each record that says something to `work`; tells the lines that could not be read or
    /// that `work` refuses, and why.
    pub(crate) fn each<E: std::fmt::Display>(
        &self,
        mut work: impl FnMut(u64, &str) -> Result<(), E>,
    ) -> Vec<(u64, String)> {
        let (mut start, mut bad) = (0, Vec::new());
        for (line, end) in &self.records {
            let refused = match end {
                Err(reason) => Some(reason.clone()),
                Ok(end) => {
                    let record = &self.bytes[std::mem::replace(&mut start, *end)..*end];
                    match decode(record, self.encoding) {
                        Ok(text) if text.is_empty() => None,
                        Ok(text) => work(*line, &text).err().map(|error| error.to_string()),
                        Err(error) => Some(error.to_string()),
                    }
                }
            };
            bad.extend(refused.map(|reason| (*line, reason)));
        }
        bad
    }
}
