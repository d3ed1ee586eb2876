//! Files of bills, one for each institution, and what they add up to.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use medfund_proto::settlement::v1::BillLine;
use medfund_types::{InstitutionCode, SettlementMonth};
use prost::Message;
use tempfile::TempDir;

use crate::sample::Region;
use crate::year::bill_line;

/// Bills by institution and insurance type.
pub(super) type Totals = BTreeMap<(String, String), Sums>;

/// What bills add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) n_bills: i64,
    pub(super) total_fen: i64,
    pub(super) fund_share_fen: i64,
}

impl Sums {
    pub(super) fn of(totals: &Totals) -> Self {
        let mut sums = Self::default();
        totals.values().for_each(|part| sums.add(part));
        sums
    }

    fn add(&mut self, other: &Self) {
        self.n_bills += other.n_bills;
        self.total_fen += other.total_fen;
        self.fund_share_fen += other.fund_share_fen;
    }
}

/// An institution and its file.
pub(super) struct BillsOf {
    pub(super) institution: InstitutionCode,
    path: PathBuf,
}

impl BillsOf {
    /// Reads the file's lines.
    pub(super) fn lines(&self) -> anyhow::Result<Vec<BillLine>> {
        let bytes = fs::read(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?;
        let (mut rest, mut lines) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            lines.push(BillLine::decode_length_delimited(&mut rest)?);
        }
        Ok(lines)
    }
}

/// The files that will be sent. They lie on the disk until this is dropped: a month need not fit in memory.
pub(super) struct Files {
    pub(super) files: Vec<BillsOf>,
    pub(super) totals: Totals,
    /// Bytes of all bills as messages.
    pub(super) n_bytes: usize,
    folder: TempDir,
}

impl Files {
    /// Draws the files of a month with `n_bills`.
    pub(super) fn draw(region: &Region, month: SettlementMonth, n_bills: i64) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("medfund-bills-").tempdir()?;
        let mut drawn = Self { files: Vec::new(), totals: Totals::new(), n_bytes: 0, folder };
        for (institution, bills) in region.month(month, n_bills) {
            if bills.is_empty() {
                continue;
            }
            let path = drawn.folder.path().join(institution.as_str());
            let mut bytes = Vec::new();
            for bill in &bills {
                let line = with_long_ids(bill_line(bill), region.area.as_str());
                drawn.n_bytes += line.encoded_len();
                let key = (line.fixmedins_code.clone(), line.insutype.clone());
                let (total_fen, fund_share_fen) = (line.medfee_sumamt_fen, line.hifp_pay_fen);
                drawn.totals.entry(key).or_default().add(&Sums { n_bills: 1, total_fen, fund_share_fen });
                line.encode_length_delimited(&mut bytes)?;
            }
            let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(&bytes));
            written.with_context(|| format!("cannot write {}", path.display()))?;
            drawn.files.push(BillsOf { institution, path });
        }
        Ok(drawn)
    }
}

/// Gives a bill ids as long as the national platform's: thirty characters, led by area and institution.
fn with_long_ids(line: BillLine, area: &str) -> BillLine {
    let serial = line.mdtrt_id.trim_start_matches('V');
    let long = |kind: char| format!("{area}{}{kind}{serial:0>11}", line.fixmedins_code);
    BillLine {
        setl_id: long('S'),
        mdtrt_id: long('V'),
        psn_no: format!("{area}{:0>24}", line.psn_no),
        ..line
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::packs;
    use crate::sample::{self, Crowd, Options, Profile, Size};

    #[test]
    fn bills_have_ids_of_thirty_characters_each_its_own_and_are_added_up() {
        let profile = Profile::of(&packs::load("jiangmen-2016").unwrap().pack).unwrap();
        let options = Options { crowd: Some(Crowd::new(5, 1_000)), ..Options::default() };
        let region = sample::generate(&profile, Size::Province, 1, &options);

        let drawn = Files::draw(&region, SettlementMonth::from_ym(2017, 1).unwrap(), 1_000).unwrap();

        let all: Vec<BillLine> = drawn.files.iter().flat_map(|file| file.lines().unwrap()).collect();
        let lines = || all.iter();
        assert!(lines().all(|l| [&l.setl_id, &l.mdtrt_id, &l.psn_no].map(String::len) == [30; 3]));
        assert_eq!(lines().map(|line| &line.setl_id).collect::<BTreeSet<_>>().len(), 1_000);
        let (sums, total_fen) = (Sums::of(&drawn.totals), lines().map(|l| l.medfee_sumamt_fen).sum());
        assert_eq!((sums.n_bills, sums.total_fen), (1_000, total_fen));
    }
}
