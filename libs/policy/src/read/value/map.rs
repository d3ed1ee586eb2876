use medfund_types::FundLine;

use super::Value;
use crate::read::{Id, Spot};
use crate::schema::KindOfCare;

/// The name of a body in the pack's `bodies`, e.g. `local_joint_meeting`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyId(Id);

impl BodyId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Display for BodyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Value for BodyId {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let id: Id = spot.text()?.parse().map_err(|reason: String| spot.wrong(reason)).ok()?;
        spot.refer("bodies", id.as_str());
        Some(Self(id))
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for FundLine {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let line: FundLine = spot
            .text()?
            .parse()
            .map_err(|malformed: medfund_types::Malformed| spot.wrong(malformed.to_string()))
            .ok()?;
        spot.refer("fund_lines", line.as_str());
        Some(line)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Values by year, written `{ 2022 = "0.40", 2023 = "0.70" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yearly<T> {
    years: Vec<(i32, T)>,
}

impl<T> Yearly<T> {
    /// The years with their values, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i32, &T)> {
        self.years.iter().map(|(year, value)| (*year, value))
    }

    /// The value of a year.
    #[must_use]
    pub fn get(&self, year: i32) -> Option<&T> {
        self.years.iter().find(|(other, _)| *other == year).map(|(_, value)| value)
    }
}

impl<T: Value> Value for Yearly<T> {
    const IS_RATE: bool = T::IS_RATE;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let mut years = Vec::new();
        let mut whole = true;
        for (key, at) in spot.table()? {
            let year = key.parse().ok().filter(|year| (2000..=2100).contains(year));
            if year.is_none() {
                at.wrong(format!("`{key}` is not a year of this century"));
            }
            match (year, T::read(&at)) {
                (Some(year), Some(value)) => years.push((year, value)),
                _ => whole = false,
            }
        }
        years.sort_by_key(|(year, _)| *year);
        whole.then_some(Self { years })
    }

    fn show(&self) -> String {
        self.years
            .iter()
            .map(|(year, value)| format!("{year}: {}", value.show()))
            .collect::<Vec<_>>()
            .join("; ")
    }
}

macro_rules! code_map {
    ($(#[$meta:meta])* $name:ident, $target:ty, $example:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            codes: Vec<(String, $target)>,
        }

        impl $name {
            /// What the national code stands for, if the pack knows it.
            #[must_use]
            pub fn get(&self, code: &str) -> Option<&$target> {
                self.codes.iter().find(|(other, _)| other == code).map(|(_, target)| target)
            }

            /// The codes with what they stand for, in the order of the file.
            pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &$target)> {
                self.codes.iter().map(|(code, target)| (code.as_str(), target))
            }
        }

        impl Value for $name {
            fn read(spot: &Spot<'_>) -> Option<Self> {
                let mut codes = Vec::new();
                let mut whole = true;
                for (code, at) in spot.table()? {
                    let well_formed = (1..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
                    if !well_formed {
                        at.wrong(format!(concat!("`{}` is not a national code such as ", $example), code));
                    }
                    match <$target>::read(&at) {
                        Some(target) if well_formed => codes.push((code.to_owned(), target)),
                        Some(_) | None => whole = false,
                    }
                }
                whole.then_some(Self { codes })
            }

            fn show(&self) -> String {
                self.codes.iter().map(|(code, target)| format!("{code}: {target}")).collect::<Vec<_>>().join("; ")
            }
        }
    };
}

code_map!(
    /// Which fund line an insurance type (险种, `insutype`) draws on.
    FundLineMap, FundLine, "310"
);
code_map!(
    /// Which kind of care a medical type (医疗类别, `med_type`) is.
    KindMap, KindOfCare, "21"
);
