//! How types of the domain stand in columns: enums by their word, plans and trees as JSON.
//! What is read is parsed here, once.

use std::collections::BTreeMap;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Jsonb, Text};
use medfund_money::{Derivation, Fen, Rate};
use medfund_policy::KindOfCare;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::clearing::{ClearingState, Outcome, Totals};
use crate::domain::pool::PoolMonth;
use crate::domain::special_case::{HeardExpert, Proposal, SpecialCaseState};
use crate::domain::{
    DrgKind, Manifest, OrderKind, OrderState, PaymentTerm, PrepaymentKind, RunState, StatementMethod,
    StatementState,
};

/// The trees of a row's amounts, by the amount's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Trees(pub(crate) BTreeMap<String, Derivation>);

/// The tree of a row's one amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tree(pub(crate) Derivation);

/// The terms of an agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Terms(pub(crate) Vec<PaymentTerm>);

/// What pools pay an institution for a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PoolMonths {
    /// In all.
    pub(crate) payable: Fen,
    /// By kind of care.
    pub(crate) months: Vec<PoolMonth>,
}

/// A kind of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Kind(pub(crate) KindOfCare);

impl Kind {
    fn as_str(self) -> &'static str {
        self.0.as_str()
    }
}

impl FromStr for Kind {
    type Err = <KindOfCare as FromStr>::Err;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        word.parse().map(Self)
    }
}

/// What missed indicators cost, by indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Deductions(pub(crate) Vec<(String, Rate)>);

/// References of a special case's evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Evidence(pub(crate) Vec<String>);

/// The experts who hear a special case, in the order drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct HeardExperts(pub(crate) Vec<HeardExpert>);

/// The outcome that is proposed for a special case, once one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ProposedOutcome(pub(crate) Option<Proposal>);

macro_rules! column {
    ($kind:ty: $($name:ty),*) => {$(
        impl Queryable<$kind, Pg> for $name {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }

        impl AsExpression<$kind> for $name {
            type Expression = Bound<$kind, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'a> AsExpression<$kind> for &'a $name {
            type Expression = Bound<$kind, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    )*};
}

macro_rules! word {
    ($($name:ty),*) => {
        column!(Text: $($name),*);
        $(
            impl FromSql<Text, Pg> for $name {
                fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(<String as FromSql<Text, Pg>>::from_sql(bytes)?.parse()?)
                }
            }

            impl ToSql<Text, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    <str as ToSql<Text, Pg>>::to_sql(self.as_str(), out)
                }
            }
        )*
    };
}

macro_rules! json {
    ($($name:ty),*) => {
        column!(Jsonb: $($name),*);
        $(
            impl FromSql<Jsonb, Pg> for $name {
                fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(serde_json::from_value(<Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?)?)
                }
            }

            impl ToSql<Jsonb, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    <Value as ToSql<Jsonb, Pg>>::to_sql(&serde_json::to_value(self)?, &mut out.reborrow())
                }
            }
        )*
    };
}

word!(
    Kind,
    DrgKind,
    PrepaymentKind,
    OrderKind,
    OrderState,
    StatementState,
    StatementMethod,
    RunState,
    ClearingState,
    SpecialCaseState
);
json!(
    Trees,
    Tree,
    Terms,
    Deductions,
    PoolMonths,
    Manifest,
    Totals,
    Outcome,
    Evidence,
    HeardExperts,
    ProposedOutcome
);
