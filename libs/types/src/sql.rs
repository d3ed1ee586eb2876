//! Identifiers as tables hold them: parsed as they are read, so that what left the store is checked.

use chrono::NaiveDate;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Date, Integer, Text};

use crate::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};

macro_rules! text {
    ($($name:ty),*) => {$(
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
    )*};
}

text!(Area, District, FundLine, InstitutionCode);

impl FromSql<Integer, Pg> for FundYear {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(<i32 as FromSql<Integer, Pg>>::from_sql(bytes)?.try_into()?)
    }
}

impl ToSql<Integer, Pg> for FundYear {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <i32 as ToSql<Integer, Pg>>::to_sql(&self.get(), &mut out.reborrow())
    }
}

/// A month is held by its first day.
impl FromSql<Date, Pg> for SettlementMonth {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <NaiveDate as FromSql<Date, Pg>>::from_sql(bytes).map(Self::of)
    }
}

impl ToSql<Date, Pg> for SettlementMonth {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <NaiveDate as ToSql<Date, Pg>>::to_sql(&self.first_day(), &mut out.reborrow())
    }
}
