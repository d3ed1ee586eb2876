//! What the driver of a year reads in the pack: who decides, what is limited, what is paid beside the quota.

use std::str::FromStr;

use anyhow::Context;
use medfund_policy as policy;
use medfund_policy::{Matter, Pack};
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};
use medfund_types::FundLine;
use rust_decimal::Decimal;

use crate::packs::LoadedPack;

/// The pack of a year.
pub(super) struct YearPack {
    pub(super) bytes: Vec<u8>,
    pub(super) pack: Pack,
    /// How many years before the fund year a clean record looks back on.
    pub(super) n_clean_years: i32,
}

/// A body that decides.
pub(super) struct DecidingBody {
    pub(super) id: String,
    pub(super) is_meeting: bool,
    pub(super) members: Vec<String>,
}

/// A kind of care that is paid beside the quota.
pub(super) struct OtherCare {
    pub(super) kind: KindOfCare,
    pub(super) method: PaymentMethod,
}

/// A kind of care as messages carry it.
pub(super) fn kind_of_care(kind: policy::KindOfCare) -> KindOfCare {
    let name = format!("KIND_OF_CARE_{}", kind.as_str().to_uppercase());
    KindOfCare::from_str_name(&name).expect("messages know every kind of care of a pack")
}

impl YearPack {
    pub(super) fn of(loaded: LoadedPack) -> anyhow::Result<Self> {
        let pack = loaded.pack;
        let first = pack.fund_lines().keys().next().and_then(|line| pack.rules(line));
        let rules = first.context("a pack has a fund line")?;
        let n_clean_years =
            rules.prepayment.clean_record.as_ref().map_or(0, |clean| clean.clean_years.get().get());
        Ok(Self { bytes: loaded.bytes, n_clean_years: i32::try_from(n_clean_years)?, pack })
    }

    /// What the pack grants a fund line's institutions ahead.
    pub(super) fn prepayment(&self, line: &FundLine) -> Option<&policy::Prepayment> {
        self.pack.rules(line).map(|rules| &rules.prepayment)
    }

    /// The instalments that a fund line pays of its pools, each with its day in the pack.
    pub(super) fn instalments(&self, line: &FundLine) -> Vec<(String, policy::MonthDay)> {
        let prepayment = self.prepayment(line).and_then(|prepayment| prepayment.instalments.as_ref());
        let instalments = prepayment.into_iter().flat_map(|instalments| instalments.iter());
        instalments.map(|(id, instalment)| (id.to_string(), instalment.on.get())).collect()
    }

    /// The most cases that may be reviewed singly, as a share of discharges; `None`: the line pools nothing.
    pub(super) fn special_case_share(&self, line: &FundLine) -> Option<Decimal> {
        let pool = self.pack.rules(line)?.pool.as_ref()?;
        Some(pool.special_cases.max_share.get().get())
    }

    /// The fund line of a national insurance type.
    pub(super) fn fund_line(&self, insutype: &str) -> Option<&FundLine> {
        self.pack.codes().fund_line(insutype)
    }

    /// Whether a deposit is withheld in the year, so that its clearing waits for the reviews.
    pub(super) fn withholds_deposit(&self) -> bool {
        let mut rules = self.pack.fund_lines().keys().filter_map(|line| self.pack.rules(line));
        rules.any(|rules| rules.deposit.as_ref().is_some_and(|deposit| *deposit.withheld))
    }

    /// Whether the pack says how a matter is decided.
    pub(super) fn decides(&self, matter: &str) -> bool {
        Matter::from_str(matter).is_ok_and(|matter| self.pack.deciding_body(matter).is_some())
    }

    /// The body whose decision ends a matter.
    pub(super) fn deciding_body(&self, matter: &str) -> anyhow::Result<DecidingBody> {
        let known = Matter::from_str(matter).ok().and_then(|matter| self.pack.deciding_body(matter));
        let id = known.with_context(|| format!("the pack does not say who decides `{matter}`"))?;
        let body = self.pack.body(id.as_str()).with_context(|| format!("the pack has no body {id}"))?;
        let members = body.members.as_ref().map(|members| members.to_vec()).unwrap_or_default();
        Ok(DecidingBody {
            id: id.as_str().to_owned(),
            is_meeting: matches!(body.role.get(), policy::Role::MeetingSecretary | policy::Role::Recorded),
            members: if members.is_empty() { vec![body.name.to_string()] } else { members },
        })
    }

    /// Whether bills of a national medical type are inpatient care.
    pub(super) fn is_inpatient(&self, med_type: &str) -> bool {
        self.pack.codes().kind_of_care(med_type) == Some(policy::KindOfCare::Inpatient)
    }

    /// The kinds of care that a fund line pays beside quotas and pools.
    pub(super) fn other_care(&self, line: &FundLine) -> Vec<OtherCare> {
        let (Some(section), Some(rules)) = (self.pack.fund_lines().get(line), self.pack.rules(line)) else {
            return Vec::new();
        };
        let pooled = |kind| rules.pooled(&section.pays).any(|(pooled, _)| pooled == kind);
        let beside = section.pays.iter().filter(|kind| !rules.meets_quota(**kind) && !pooled(**kind));
        let care = |kind: &policy::KindOfCare| {
            let methods = &rules.care(*kind)?.methods;
            let as_charged = methods.contains(&policy::PaymentMethod::FeeForService);
            let method = if as_charged { policy::PaymentMethod::FeeForService } else { *methods.first()? };
            Some(OtherCare {
                kind: kind_of_care(*kind),
                method: PaymentMethod::from_str_name(&format!(
                    "PAYMENT_METHOD_{}",
                    method.as_str().to_uppercase()
                ))?,
            })
        };
        beside.filter_map(care).collect()
    }
}
