use std::collections::BTreeMap;

use medfund_db::{AsyncPgConnection, Tx};
use medfund_money::{Derivation, Fen, Node};
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};

use super::{Error, Read, Settlement, Year};
use crate::domain::rules::{deposit_is_of_quota, forfeited_rate, months_of};
use crate::domain::{Cited, Party, RunState, SettlementError, deposit_base, deposit_forfeited, year_payable};
use crate::store;
use crate::store::deposits::DepositRow;
use crate::store::reviews::ReviewRow;
use crate::store::statements::MonthSums;

/// What the review makes of an institution's deposit for a fund line.
#[derive(Clone, Debug)]
pub(crate) struct Deposit {
    pub(crate) fund_year: FundYear,
    pub(crate) party: Party,
    pub(crate) district: District,
    pub(crate) payable: Fen,
    pub(crate) base: Node,
    pub(crate) grade: String,
    pub(crate) forfeited: Option<Node>,
    pub(crate) due_month: Option<SettlementMonth>,
    pub(crate) taken: Fen,
    /// Whether it was withheld in the year: its own clearing pays out what is not forfeited.
    pub(crate) withheld: bool,
    pack: (String, String),
}

/// A forfeited deposit that is due, as far as it was not taken.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) fund_year: FundYear,
    pub(super) party: Party,
    pub(super) district: District,
    pub(super) forfeited: Fen,
    pub(super) taken: Fen,
}

impl Due {
    /// The row after `part` more was taken.
    pub(super) fn row(&self, area: &Area, part: Fen) -> DepositRow {
        DepositRow {
            area: area.clone(),
            fund_year: self.fund_year,
            fund_line: self.party.fund_line.clone(),
            institution_code: self.party.institution.clone(),
            forfeited_fen: self.forfeited,
            taken_fen: self.taken + part,
        }
    }
}

impl Deposit {
    pub(crate) fn forfeited_fen(&self) -> Fen {
        self.forfeited.as_ref().map(Node::amount).unwrap_or_default()
    }

    fn into_due(self) -> Due {
        let forfeited = self.forfeited_fen();
        let Self { fund_year, party, district, taken, .. } = self;
        Due { fund_year, party, district, forfeited, taken }
    }

    /// Why the base or the forfeited part is what it is.
    pub(crate) fn explain(&self, amount: &str) -> Option<Derivation> {
        let node = match amount {
            "baseFen" => Some(self.base.clone()),
            "forfeitedFen" => self.forfeited.clone(),
            _ => None,
        };
        node.map(|node| node.under(&self.pack.0, &self.pack.1, "deposit/1"))
    }
}

impl Settlement {
    /// The deposits of a fund year, by fund line and institution.
    pub(crate) async fn deposits(&self, read: Read, fund_year: FundYear) -> Result<Vec<Deposit>, Error> {
        let (this, area) = (self.clone(), read.area.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let year = this.packs.year(conn, &area, fund_year).await?;
                    of_year(conn, &area, &year).await
                })
            })
            .await
    }
}

/// Where an institution was in the year, and what the deposit's base may be taken of.
#[derive(Default)]
struct Bases {
    district: Option<District>,
    quota: Fen,
    months: Vec<MonthSums>,
}

/// The deposits of a fund year, from its quotas, statements and reviews.
async fn of_year(conn: &mut AsyncPgConnection, area: &Area, year: &Year) -> Result<Vec<Deposit>, Error> {
    let reviews: BTreeMap<InstitutionCode, ReviewRow> = store::reviews::list(conn, area, year.fund_year)
        .await?
        .into_iter()
        .map(|row| (row.institution_code.clone(), row))
        .collect();
    let taken: BTreeMap<Party, Fen> = store::deposits::list(conn, area, year.fund_year)
        .await?
        .into_iter()
        .map(|row| (Party::new(&row.fund_line, &row.institution_code), row.taken_fen))
        .collect();
    let mut bases: BTreeMap<Party, Bases> = BTreeMap::new();
    for row in store::statements::list_year(conn, area, year.fund_year).await? {
        let own = bases.entry(Party::new(&row.fund_line, &row.institution_code)).or_default();
        own.district = Some(row.district.clone());
        own.months.push(row);
    }
    for row in store::quotas::list(conn, area, year.fund_year).await? {
        let own = bases.entry(Party::new(&row.fund_line, &row.institution_code)).or_default();
        own.district = Some(row.district);
        own.quota = row.adjusted_quota_fen;
    }
    let mut deposits = Vec::new();
    for (party, own) in bases {
        let Some(rule) = &year.rules(&party.fund_line)?.deposit else { continue };
        let months: Vec<Fen> = own.months.iter().map(|month| month.payable_fen).collect();
        let payable = year_payable(&months, store::statements::prepaid(&own.months));
        let of = if deposit_is_of_quota(rule) {
            Node::fen("quota_fen", "年度总额控制指标", own.quota)
        } else {
            payable.clone()
        };
        let base = deposit_base(of, &Cited::from(&rule.base_rate));
        let review = reviews.get(&party.institution);
        let rate = review.and_then(|review| forfeited_rate(rule, &review.grade));
        let due_month = review.filter(|_| !*rule.withheld).map(|review| {
            let confirmed = SettlementMonth::of(review.confirm_date);
            (0..rule.taken_after_months.get().get()).fold(confirmed, |month, _| month.next())
        });
        deposits.push(Deposit {
            fund_year: year.fund_year,
            district: own.district.expect("whoever has a statement or a quota has it in a district"),
            payable: payable.amount(),
            forfeited: rate.map(|rate| deposit_forfeited(base.clone(), &rate)),
            base,
            grade: review.map(|review| review.grade.clone()).unwrap_or_default(),
            due_month,
            taken: taken.get(&party).copied().unwrap_or_default(),
            withheld: *rule.withheld,
            party,
            pack: (year.pack.id().to_owned(), year.pack.hash().to_string()),
        });
    }
    Ok(deposits)
}

/// What a fund line's reviews forfeit of the deposits that were withheld in the year, in one district.
///
/// Refuses as long as an institution with a withheld deposit is not reviewed.
///
/// Source: BN 三(五), 三(七), 三(八).
pub(super) async fn withheld(
    tx: &mut Tx<'_>,
    year: &Year,
    fund_line: &FundLine,
    district: &District,
) -> Result<Vec<Due>, Error> {
    let area = tx.area().clone();
    let mut all = Vec::new();
    for deposit in of_year(tx.conn(), &area, year).await? {
        let is_here = deposit.party.fund_line == *fund_line && deposit.district == *district;
        if !is_here || !deposit.withheld || deposit.base.amount() == Fen::ZERO {
            continue;
        }
        if deposit.forfeited.is_none() {
            return Err(SettlementError::ReviewUnknown(deposit.party.institution).into());
        }
        all.extend(Some(deposit.into_due()).filter(|due| due.taken < due.forfeited));
    }
    Ok(all)
}

/// The forfeited deposits that are due by `month`, of fund years whose months are all settled.
///
/// Those that were withheld are left to their own year's clearing. Until the transaction ends nobody else takes of them.
pub(super) async fn due(
    this: &Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Vec<Due>, Error> {
    let area = tx.area().clone();
    store::deposits::hold(tx.conn(), &area).await?;
    let reviews = store::reviews::confirmed_before(tx.conn(), &area, month.next().first_day()).await?;
    let mut years: Vec<FundYear> = reviews.into_iter().map(|row| row.fund_year).collect();
    years.dedup();
    let mut all = Vec::new();
    for fund_year in years {
        let year = this.packs.year(tx.conn(), &area, fund_year).await?;
        let last = *months_of(&year.pack, fund_year).last().expect("a fund year has twelve months");
        let run = store::month_settlements::find(tx.conn(), &area, last).await?;
        if run.is_none_or(|run| run.state != RunState::Settled) {
            continue;
        }
        for deposit in of_year(tx.conn(), &area, &year).await? {
            let is_due = deposit.due_month.is_some_and(|due| due <= month);
            all.extend(Some(deposit.into_due()).filter(|due| is_due && due.taken < due.forfeited));
        }
    }
    Ok(all)
}

fn own<'a>(due: &'a [Due], party: &'a Party) -> impl Iterator<Item = &'a Due> {
    due.iter().filter(move |one| one.party == *party)
}

/// What is due of an institution's deposits.
pub(super) fn left(due: &[Due], party: &Party) -> Fen {
    own(due, party).map(|one| one.forfeited - one.taken).sum()
}

/// What is taken of each deposit, the oldest fund year first.
pub(super) fn parts<'a>(due: &'a [Due], party: &'a Party, taken: Fen) -> Vec<(&'a Due, Fen)> {
    let mut rest = taken;
    let take = |one: &'a Due| {
        let part = rest.min(one.forfeited - one.taken);
        rest -= part;
        (one, part)
    };
    own(due, party).map(take).filter(|(_, part)| *part > Fen::ZERO).collect()
}
