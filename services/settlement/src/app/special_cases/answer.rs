use medfund_db::{Call, Tx};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CaseKey, lock, save};
use crate::app::{Error, Settlement};
use crate::domain::SettlementError;
use crate::domain::special_case::{Expert, draw, special_case_rules};
use crate::store;
use crate::store::special_cases::SpecialCaseRow;

/// Answers a case that was filed.
pub(crate) struct AnswerSpecialCase {
    pub(crate) call: Call,
    pub(crate) key: CaseKey,
    pub(crate) hears: bool,
    pub(crate) answer: String,
    pub(crate) expected_version: i64,
}

impl Settlement {
    /// Hears a case with experts drawn by chance, or does not hear it.
    pub(crate) async fn answer_special_case(
        &self,
        command: AnswerSpecialCase,
    ) -> Result<SpecialCaseRow, Error> {
        let this = self.clone();
        let seed = Uuid::new_v4();
        self.writer.run(command.call.clone(), move |tx| Box::pin(answer(this, tx, command, seed))).await
    }
}

async fn answer(
    this: Settlement,
    tx: &mut Tx<'_>,
    command: AnswerSpecialCase,
    seed: Uuid,
) -> Result<SpecialCaseRow, Error> {
    let AnswerSpecialCase { key, hears, answer, expected_version, .. } = command;
    let row = lock(tx, &key, Some(expected_version)).await?;
    let row = SpecialCaseRow { answer, ..row };
    if !hears {
        let review = row.review().refuse()?;
        return save(tx, row, review).await;
    }
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, row.fund_year).await?;
    let rules = special_case_rules(year.rules(&row.fund_line)?);
    let rules = rules.ok_or(SettlementError::FundYearNotOpen(row.fund_year))?;
    let active = store::experts::list_active(tx.conn(), &area).await?.into_iter();
    let experts: Vec<Expert> =
        active.map(|one| Expert { id: one.expert, institution: one.institution_code }).collect();
    let own = &row.institution_code;
    let review = row.review().hear(|| draw(&experts, own, rules.n_experts, numbers(seed)))?;
    save(tx, SpecialCaseRow { seed: Some(seed), ..row }, review).await
}

/// The numbers that a seed gives: of the i-th, from 0, the first eight bytes of SHA-256 of the seed and i.
fn numbers(seed: Uuid) -> impl Iterator<Item = u64> {
    (0_u32..).map(move |i| {
        let digest = Sha256::new().chain_update(seed.as_bytes()).chain_update(i.to_be_bytes()).finalize();
        u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_numbers_that_anybody_can_make_of_it() {
        // `head -c 20 /dev/zero | sha256sum` begins with the first.
        let first: Vec<String> = numbers(Uuid::nil()).take(2).map(|n| format!("{n:016x}")).collect();
        assert_eq!(first, ["de47c9b27eb8d300", "e9ff0e6e6de95da5"]);
    }
}
