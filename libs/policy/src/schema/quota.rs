use super::{KindOfCare, TiltedTo, words::Regime};
use crate::read::{Coefficient, Id, Keyed, Param, Places, Rate, Span, Spot, Weights, section, words};

words! {
    /// Where an institution's value of a factor comes from.
    pub enum FactorSource {
        /// The pack's table by hospital level, `0` to `3`.
        Level = "level" "按级别查表",
        /// The pack's table by class, e.g. `general`, `tcm`.
        Class = "class" "按类别查表",
        /// An officer, inside the pack's range, decided with the decomposition.
        Officer = "officer" "经办机构核定",
    }
}

section! {
    /// How the target is decomposed into institutions' quotas (总额控制指标分解).
    pub struct Quota {
        /// The kinds of care whose cost is the base.
        base_care: Param<Vec<KindOfCare>> = "基数医疗类别",
        /// The weights of the years before, far to near.
        year_weights: Param<Weights> = "年份权重（由远至近）",
        /// The forecast factor when none is decided.
        forecast_undecided: Param<Coefficient> = "未测算时的测算系数",
        /// What a decided forecast factor of the whole may be.
        forecast_range: Param<Span<Coefficient>> = "测算系数范围",
        /// The decimals a coefficient is rounded to, half up.
        coefficient_decimals: Param<Places> = "调整系数小数位数",
        /// The value of a factor that no table and no officer gives.
        neutral: Param<Coefficient> = "未核定因素的取值",
        /// The named factors of the adjustment coefficient.
        factors: Keyed<Factor> = "调整系数因素",
        /// The least share of the target that primary institutions get together.
        primary_floor: Param<Rate> = "基层合理比重",
        /// Whether each kind of care gets a quota of its own.
        split_by_care: Param<bool> = "区分医疗类别分解",
        /// Whom the decomposition favours besides.
        tilted_to: Option<Param<Vec<TiltedTo>>> = "倾斜对象",
    }
    check |spot| {
        if let (Some(undecided), Some(range)) = (&forecast_undecided, &forecast_range) {
            inside(spot, undecided, range, "forecast_range");
        }
    }
}

section! {
    /// A named factor of the adjustment coefficient (调整系数因素).
    pub struct Factor {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// Where an institution's value comes from.
        by: Param<FactorSource> = "取值方式",
        /// The values by level or class.
        table: Option<Keyed<Param<Coefficient>>> = "系数表",
        /// What an officer's value may be.
        range: Option<Param<Span<Coefficient>>> = "取值范围",
    }
    check |spot| {
        if let (Some(by), Some(table), Some(range)) = (&by, &table, &range) {
            let officer = by.get() == FactorSource::Officer;
            match (officer, table, range) {
                (true, Some(_), _) => spot.wrong_at(by.line(), by.key(), "an officer's factor has a `range`, no `table`"),
                (true, None, None) => spot.wrong_at(by.line(), by.key(), "an officer's factor needs a `range`"),
                (false, _, Some(_)) => spot.wrong_at(by.line(), by.key(), "a factor from a table has no `range`"),
                (false, None, None) => spot.wrong_at(by.line(), by.key(), "a factor from a table needs a `table`"),
                (true, None, Some(_)) | (false, Some(_), None) => {}
            }
            if let (FactorSource::Level, Some(table)) = (by.get(), table) {
                for (level, value) in table.iter() {
                    if !matches!(level.as_str(), "0" | "1" | "2" | "3") {
                        spot.wrong_at(value.line(), value.key(), "a level is 1, 2 or 3, or 0 for none");
                    }
                }
            }
        }
    }
}

impl Factor {
    /// The table's value for a level or class.
    #[must_use]
    pub fn listed(&self, key: &str) -> Option<&Param<Coefficient>> {
        self.table.as_ref().and_then(|table| table.named(key))
    }
}

section! {
    /// When and how a quota may be adjusted in the year (指标调整).
    pub struct Adjustment {
        /// The reasons (调整情形), by id.
        reasons: Keyed<Param<String>> = "调整情形",
        /// Whether a reason may be considered at the clearing instead.
        at_clearing: Param<bool> = "可在年终结算时考虑",
        /// The most a quota may change, as a share of the opening quota.
        max_change_rate: Option<Param<Rate>> = "调整幅度上限",
    }
}

impl Adjustment {
    /// The reason named `id`, in the notice's words.
    #[must_use]
    pub fn reason(&self, id: &Id) -> Option<&Param<String>> {
        self.reasons.get(id)
    }
}

/// Notes that `value` lies outside of `range`.
pub(crate) fn inside(
    spot: &Spot<'_>,
    value: &Param<Coefficient>,
    range: &Param<Span<Coefficient>>,
    name: &str,
) {
    if !range.contains(value) {
        spot.wrong_at(
            value.line(),
            value.key(),
            format!("{} lies outside of `{name}`, {} to {}", **value, range.least, range.most),
        );
    }
}

impl Regime {
    /// Whether an institution's payment is measured against a quota of its own.
    #[must_use]
    pub fn has_quota(self) -> bool {
        self == Self::Quota
    }
}
