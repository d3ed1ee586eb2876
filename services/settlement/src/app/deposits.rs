use std::collections::BTreeMap;

use medfund_db::{AsyncPgConnection, Tx};
use medfund_money::{Derivation, Fen, Node};
use medfund_types::{Area, FundYear, SettlementMonth};

use super::{Error, Read, Settlement, Year, held};
use crate::domain::rules::{deposit_is_of_quota, forfeited_rate, months_of};
use crate::domain::{Cited, deposit_base, deposit_forfeited, year_payable};
use crate::store;
use crate::store::deposits::DepositRow;
use crate::store::reviews::ReviewRow;

/// What the review makes of an institution's deposit for a fund line.
#[derive(Clone, Debug)]
pub(crate) struct Deposit {
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) district: String,
    pub(crate) institution: String,
    pub(crate) payable: Fen,
    pub(crate) base: Node,
    pub(crate) grade: String,
    pub(crate) forfeited: Option<Node>,
    pub(crate) due_month: Option<SettlementMonth>,
    pub(crate) taken: Fen,
    pack: (String, String),
}

/// A forfeited deposit that a month is to take, as far as it was not taken.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) fund_year: i32,
    pub(super) fund_line: String,
    pub(super) institution: String,
    pub(super) forfeited: Fen,
    pub(super) taken: Fen,
}

impl Due {
    /// The row after a month took `part` more.
    pub(super) fn row(&self, area: &str, part: Fen) -> DepositRow {
        DepositRow {
            area: area.to_owned(),
            fund_year: self.fund_year,
            fund_line: self.fund_line.clone(),
            institution_code: self.institution.clone(),
            forfeited_fen: self.forfeited.get(),
            taken_fen: (self.taken + part).get(),
        }
    }
}

impl Deposit {
    pub(crate) fn forfeited_fen(&self) -> Fen {
        self.forfeited.as_ref().map(Node::amount).unwrap_or_default()
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

/// The deposits of a fund year, from its statements and reviews.
async fn of_year(conn: &mut AsyncPgConnection, area: &Area, year: &Year) -> Result<Vec<Deposit>, Error> {
    let reviews: BTreeMap<String, ReviewRow> = store::reviews::list(conn, area, year.fund_year)
        .await?
        .into_iter()
        .map(|row| (row.institution_code.clone(), row))
        .collect();
    let taken: BTreeMap<(String, String), i64> = store::deposits::list(conn, area, year.fund_year)
        .await?
        .into_iter()
        .map(|row| ((row.fund_line, row.institution_code), row.taken_fen))
        .collect();
    let mut months: BTreeMap<(String, String), Vec<Fen>> = BTreeMap::new();
    for row in store::statements::list_year(conn, area, year.fund_year).await? {
        months.entry((row.fund_line, row.institution_code)).or_default().push(Fen::new(row.payable_fen));
    }
    let mut deposits = Vec::new();
    for row in store::quotas::list(conn, area, year.fund_year).await? {
        let fund_line = held(row.fund_line.parse());
        let Some(rule) = &year.rules(&fund_line)?.deposit else { continue };
        let key = (row.fund_line.clone(), row.institution_code.clone());
        let payable = year_payable(months.get(&key).map_or(&[][..], Vec::as_slice));
        let of = if deposit_is_of_quota(rule) {
            Node::fen("quota_fen", "年度总额控制指标", Fen::new(row.adjusted_quota_fen))
        } else {
            payable.clone()
        };
        let base = deposit_base(of, &Cited::from(&rule.base_rate));
        let review = reviews.get(&row.institution_code);
        let rate = review.and_then(|review| forfeited_rate(rule, &review.grade));
        let due_month = review.map(|review| {
            let confirmed = SettlementMonth::of(review.confirm_date);
            (0..rule.taken_after_months.get().get()).fold(confirmed, |month, _| month.next())
        });
        deposits.push(Deposit {
            fund_year: row.fund_year,
            district: row.district,
            payable: payable.amount(),
            forfeited: rate.map(|rate| deposit_forfeited(base.clone(), &rate)),
            base,
            grade: review.map(|review| review.grade.clone()).unwrap_or_default(),
            due_month,
            taken: Fen::new(taken.get(&key).copied().unwrap_or_default()),
            fund_line: key.0,
            institution: key.1,
            pack: (year.pack.id().to_owned(), year.pack.hash().to_string()),
        });
    }
    Ok(deposits)
}

/// The forfeited deposits that are due by `month`, of fund years whose months are all settled.
pub(super) async fn due(
    this: &Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Vec<Due>, Error> {
    let area = tx.area().clone();
    let reviews = store::reviews::confirmed_before(tx.conn(), &area, month.next().first_day()).await?;
    let mut years: Vec<i32> = reviews.into_iter().map(|row| row.fund_year).collect();
    years.dedup();
    let mut all = Vec::new();
    for number in years {
        let fund_year: FundYear = held(number.try_into());
        let year = this.packs.year(tx.conn(), &area, fund_year).await?;
        let last = *months_of(&year.pack, fund_year).last().expect("a fund year has twelve months");
        let run = store::month_settlements::find(tx.conn(), &area, last).await?;
        if run.is_none_or(|run| run.state != "settled") {
            continue;
        }
        for deposit in of_year(tx.conn(), &area, &year).await? {
            let forfeited = deposit.forfeited_fen();
            if deposit.due_month.is_some_and(|due| due <= month) && deposit.taken < forfeited {
                let (fund_line, institution) = (deposit.fund_line, deposit.institution);
                let taken = deposit.taken;
                all.push(Due { fund_year: number, fund_line, institution, forfeited, taken });
            }
        }
    }
    Ok(all)
}

fn own<'a>(due: &'a [Due], fund_line: &'a str, institution: &'a str) -> impl Iterator<Item = &'a Due> {
    due.iter().filter(move |one| one.fund_line == fund_line && one.institution == institution)
}

/// What is due of an institution's deposits.
pub(super) fn left(due: &[Due], fund_line: &str, institution: &str) -> Fen {
    own(due, fund_line, institution).map(|one| one.forfeited - one.taken).sum()
}

/// What a month took of each deposit, the oldest fund year first.
pub(super) fn parts<'a>(
    due: &'a [Due],
    fund_line: &'a str,
    institution: &'a str,
    taken: Fen,
) -> Vec<(&'a Due, Fen)> {
    let mut rest = taken;
    let take = |one: &'a Due| {
        let part = rest.min(one.forfeited - one.taken);
        rest -= part;
        (one, part)
    };
    own(due, fund_line, institution).map(take).filter(|(_, part)| *part > Fen::ZERO).collect()
}

/// As [`parts`], by the fund year of the deposit.
pub(super) fn split(due: &[Due], fund_line: &str, institution: &str, taken: Fen) -> Vec<(i32, Fen)> {
    parts(due, fund_line, institution, taken).into_iter().map(|(one, part)| (one.fund_year, part)).collect()
}
