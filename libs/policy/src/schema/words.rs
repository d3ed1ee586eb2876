use crate::read::words;

words! {
    /// Kind of care (医疗服务类别).
    pub enum KindOfCare {
        /// Inpatient care.
        Inpatient = "inpatient" "住院",
        /// General outpatient pooling.
        GeneralOutpatient = "general_outpatient" "普通门诊统筹",
        /// Outpatient care of specified diseases.
        SpecialOutpatient = "special_outpatient" "特定病种门诊",
        /// Day surgery.
        DaySurgery = "day_surgery" "日间手术",
        /// Home sickbed.
        HomeSickbed = "home_sickbed" "家庭病床",
        /// Medicine from a designated pharmacy.
        Pharmacy = "pharmacy" "定点药店购药",
    }
}

words! {
    /// Payment method (付费方式).
    pub enum PaymentMethod {
        /// A fixed average per admission.
        AverageQuota = "average_quota" "平均定额",
        /// A standard per disease.
        ByDisease = "by_disease" "按病种",
        /// A standard per assigned person.
        PerCapita = "per_capita" "按人头",
        /// A cap per day of stay.
        DailyCap = "daily_cap" "按日限额",
        /// Points of diagnosis-related groups.
        DrgPoints = "drg_points" "疾病诊断相关分组点数法",
        /// A rate times the group's weight.
        DrgRate = "drg_rate" "疾病诊断相关分组费率法",
        /// A standard per bed-day.
        BedDay = "bed_day" "按床日",
        /// A standard per service unit.
        ServiceUnit = "service_unit" "服务单元",
        /// A total paid ahead.
        TotalPrepayment = "total_prepayment" "总额预付",
        /// A standard per period of stay.
        Periodic = "periodic" "周期性标准",
        /// As charged, item by item.
        FeeForService = "fee_for_service" "按项目",
    }
}

words! {
    /// What limits the payment of one kind of care (管理方式).
    pub enum Regime {
        /// A quota for each institution.
        Quota = "quota" "定点机构总额控制",
        /// One regional pool, shared by points or paid by rates.
        Pool = "pool" "区域总额池",
        /// The bundle of a county consortium.
        Bundle = "bundle" "医共体打包",
        /// Nothing beyond the fund line's budget: paid beside the quota.
        Outside = "outside" "总额外据实",
    }
}

words! {
    /// What a month does with cost above its cap.
    pub enum Deferral {
        /// It is paid in the month.
        None = "none" "不暂缓",
        /// It is deferred to the clearing and reviewed there.
        OverCap = "over_cap" "超额暂缓拨付",
    }
}

words! {
    /// How the year's quota is split to months (结算周期分解).
    pub enum MonthlyCap {
        /// Not split.
        None = "none" "不分解",
        /// In twelve equal parts.
        Equal = "equal" "按月均分",
        /// By the months' shares in last year's cost.
        LastYear = "last_year" "按上年月度比例",
    }
}

words! {
    /// What the deferred amount is counted from.
    pub enum DeferralBase {
        /// The month's payable.
        Payable = "payable" "当月应付",
        /// The payable of all months so far.
        Cumulative = "cumulative" "累计应付",
    }
}

words! {
    /// What a deposit's base rate is taken of.
    pub enum DepositBase {
        /// The year's payable.
        Payable = "payable" "全年基金应支付总额",
        /// The year's quota.
        Quota = "quota" "年度总额控制指标",
    }
}

words! {
    /// Which side of a limit is bad.
    pub enum Bound {
        /// The limit is the most.
        Max = "max" "不高于",
        /// The limit is the least.
        Min = "min" "不低于",
    }
}

words! {
    /// What an indicator is measured in.
    pub enum Unit {
        /// A share, 0 to 1.
        Share = "share" "比例",
        /// A ratio of two counts.
        Ratio = "ratio" "比值",
        /// Occurrences in the year.
        Count = "count" "次数",
        /// Days.
        Days = "days" "天",
        /// Money, in yuan.
        Yuan = "yuan" "元",
        /// Points of a score.
        Score = "score" "分",
    }
}

words! {
    /// What an indicator is used for.
    pub enum IndicatorUse {
        /// Missing it is deducted at the clearing.
        Clearing = "clearing" "年度清算扣减",
        /// It stands in the agreement.
        Agreement = "agreement" "服务协议",
        /// It counts in the graded review.
        Review = "review" "分级评审",
        /// It is disclosed.
        Disclosure = "disclosure" "通报公布",
        /// It is watched while the year runs.
        Monitoring = "monitoring" "监测",
        /// It counts in the evaluation of institutions.
        Evaluation = "evaluation" "考核评价",
    }
}

words! {
    /// What the fourth quarter's rule counts.
    pub enum Q4Measure {
        /// Inpatient admissions.
        Admissions = "admissions" "住院人次",
        /// Visits of every kind of care.
        Visits = "visits" "就诊人次",
    }
}

words! {
    /// What a group's payment standard covers.
    pub enum PointStandard {
        /// The fund's part and the person's.
        FundAndPersonal = "fund_and_personal" "基金和个人付费",
        /// The fund's part alone.
        Fund = "fund" "基金支付部分",
    }
}

words! {
    /// Whom a decomposition favours.
    pub enum TiltedTo {
        /// Primary institutions.
        Primary = "primary" "基层医疗卫生机构",
        /// Children's institutions.
        Children = "children" "儿童医疗机构",
        /// Institutions of traditional Chinese medicine.
        Tcm = "tcm" "中医药机构",
        /// Key disciplines.
        KeyDiscipline = "key_discipline" "重点学科",
        /// New technology and services.
        NewTechnology = "new_technology" "新技术、新业务",
        /// Regional medical centres.
        RegionalCentre = "regional_centre" "区域医疗中心",
        /// Major disease.
        MajorDisease = "major_disease" "重特大疾病",
    }
}
