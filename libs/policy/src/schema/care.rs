use super::{Act, Indicator, KindOfCare, PaymentMethod, Regime};
use crate::read::{Coefficient, Keyed, Param, Rate, Whole, Years, section};

section! {
    /// How one kind of care is limited and paid (医疗类别).
    pub struct Care {
        /// What limits its payment.
        regime: Param<Regime> = "管理方式",
        /// The payment methods an agreement may choose from.
        methods: Param<Vec<PaymentMethod>> = "结算方式",
        /// How many years a district keeps the method it chose.
        lock_years: Option<Param<Years>> = "至少实施年数",
        /// From which year on it may be changed.
        changeable_from_year: Option<Param<Years>> = "可调整年度",
    }
    check |spot| {
        if let (Some(Some(lock)), Some(Some(from))) = (&lock_years, &changeable_from_year)
            && from.get().get() <= lock.get().get()
        {
            spot.wrong_at(
                from.line(),
                from.key(),
                format!("year {} lies within the lock of {} years", from.get().get(), lock.get().get()),
            );
        }
        if let Some(methods) = &methods
            && methods.contains(&PaymentMethod::Periodic)
        {
            spot.wrong_at(methods.line(), methods.key(), "payment.periodic says what is settled by periodic standards");
        }
        if let (Some(regime), Some(methods)) = (&regime, &methods) {
            let pooled = [PaymentMethod::DrgPoints, PaymentMethod::DrgRate];
            if regime.get() == Regime::Quota && methods.contains(&PaymentMethod::DrgPoints) {
                spot.wrong_at(methods.line(), methods.key(), "points share a pool; this care has a quota");
            }
            if regime.get() == Regime::Pool && !methods.iter().any(|method| pooled.contains(method)) {
                spot.wrong_at(methods.line(), methods.key(), "a pool needs drg_points or drg_rate among its methods");
            }
        }
    }
}

impl PaymentMethod {
    /// Whether it pays only the cases that an agreement names, so that another method pays the rest.
    #[must_use]
    pub fn takes_named_cases(self) -> bool {
        matches!(self, Self::ByDisease | Self::BedDay | Self::Periodic)
    }
}

impl Care {
    /// Whether an agreement may choose `method`.
    #[must_use]
    pub fn allows(&self, method: PaymentMethod) -> bool {
        self.methods.contains(&method)
    }
}

section! {
    /// What the payment methods need beyond an agreement's standards (付费方式).
    pub struct Payment {
        /// By disease.
        by_disease: Option<ByDisease> = "按病种付费",
        /// Per capita.
        per_capita: Option<PerCapita> = "按人头付费",
        /// By bed-day.
        bed_day: Option<BedDay> = "按床日付费",
        /// By periodic standards.
        periodic: Option<Periodic> = "周期性标准结算",
        /// How payment standards are changed.
        standards: Option<Keyed<Param<String>>> = "支付标准动态调整",
    }
}

section! {
    /// Payment by disease (按病种付费).
    pub struct ByDisease {
        /// Whether the standard covers all cost from admission to discharge.
        covers_whole_stay: Param<bool> = "涵盖诊断入院到出院全部费用",
        /// Whether anything may be charged on top.
        extra_charge: Param<bool> = "病种费用外另行收费",
        /// Diseases in force before the notice.
        in_force: Option<Param<Whole<1, 10_000>>> = "已实施病种数",
        /// What a disease must be to be taken up.
        criteria: Keyed<Param<String>> = "病种遴选条件",
        /// Who may declare a disease, and how it is decided.
        declared_by: Option<Param<Vec<Act>>> = "病种申报",
        /// Which listed cases leave the list; none do without it.
        variants: Option<Variants> = "变异退出",
        /// The standard of a disease that TCM treats best against the agreed one.
        tcm_factor: Option<Param<Coefficient>> = "中医优势病种系数",
    }
}

section! {
    /// When a listed case leaves the list and is paid as the rest is (变异退出).
    pub struct Variants {
        /// Below this share of its standard.
        low_below: Param<Rate> = "低于病种标准的比例",
        /// Above this multiple of its standard.
        high_above: Param<Coefficient> = "高于病种标准的倍数",
    }
}

section! {
    /// Payment per capita (按人头付费).
    pub struct PerCapita {
        /// What the basic service package holds.
        package: Keyed<Param<String>> = "基本医疗服务包",
        /// Whether it is combined with the care of chronic disease.
        with_chronic_care: Option<Param<bool>> = "与慢性病管理相结合",
        /// The team's share of the cost of a patient it refers up.
        referral_share: Option<Param<Rate>> = "上转患者转诊费用分担",
    }
}

section! {
    /// Payment by bed-day (按床日付费).
    pub struct BedDay {
        /// The services paid so.
        services: Keyed<BedDayService> = "按床日付费病种",
        /// Standards of institution classes against the agreed one; a class that is not listed has it as agreed.
        class_factors: Option<Keyed<Param<Coefficient>>> = "医疗机构类别系数",
        /// What is assessed.
        indicators: Keyed<Indicator> = "考核指标",
    }
}

section! {
    /// A service of long stay and steady daily cost.
    pub struct BedDayService {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// The phases of the course in their order, each with its standard against the service's mean.
        phases: Keyed<Phase> = "治疗阶段",
    }
    check |spot| {
        if let Some(phases) = &phases {
            let mut next = 1;
            for phase in phases.values() {
                let from = phase.from_day.get().get();
                if if next == 1 { from != 1 } else { from < next } {
                    let wanted = if next == 1 { "the first phase begins on day 1" } else { "phases begin one after another" };
                    spot.wrong_at(phase.from_day.line(), phase.from_day.key(), format!("is day {from}; {wanted}"));
                }
                next = from + 1;
            }
        }
    }
}

section! {
    /// A phase of the course (治疗阶段).
    pub struct Phase {
        /// The first day of stay it covers.
        from_day: Param<Whole<1, 366>> = "起始住院日",
        /// Its standard against the mean daily cost.
        factor: Param<Coefficient> = "日均费用系数",
    }
}

section! {
    /// Settlement by periodic standards (周期性标准结算方式), beside the method that a district chooses.
    pub struct Periodic {
        /// The care that is settled so.
        care: Param<Vec<KindOfCare>> = "适用医疗类别",
        /// Whose diseases are settled so.
        populations: Keyed<Param<String>> = "特定人群疾病",
    }
}

/// The kinds of care of a fund line.
pub(crate) type CareTable = Keyed<Care, KindOfCare>;
