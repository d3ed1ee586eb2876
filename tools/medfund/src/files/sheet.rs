use anyhow::ensure;

/// The rows of an Excel sheet, with its heading.
const MOST_ROWS: u32 = 1_048_576;

/// Counts the rows of a sheet; what Excel cannot hold is refused before it is written.
pub(crate) struct SheetRows {
    next: u32,
    most: u32,
}

impl Default for SheetRows {
    fn default() -> Self {
        Self { next: 0, most: MOST_ROWS }
    }
}

impl SheetRows {
    /// The number of the next row, from 0.
    ///
    /// # Errors
    ///
    /// If a sheet has no more.
    pub(crate) fn next(&mut self) -> anyhow::Result<u32> {
        ensure!(
            self.next < self.most,
            "a sheet of Excel holds {} rows with its heading: let the file's name end in .csv or .parquet",
            crate::print::grouped(self.most.into())
        );
        self.next += 1;
        Ok(self.next - 1)
    }

    #[cfg(test)]
    pub(crate) fn at_most(most: u32) -> Self {
        Self { next: 0, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sheet_cannot_hold_is_refused_with_what_can() {
        let mut rows = SheetRows::at_most(2);
        assert_eq!([rows.next().unwrap(), rows.next().unwrap()], [0, 1]);
        assert_eq!(
            rows.next().unwrap_err().to_string(),
            "a sheet of Excel holds 2 rows with its heading: let the file's name end in .csv or .parquet"
        );
        let mut full = SheetRows { next: MOST_ROWS - 1, ..SheetRows::default() };
        assert_eq!(full.next().unwrap(), 1_048_575);
        assert!(full.next().unwrap_err().to_string().contains("holds 1,048,576 rows"));
    }
}
