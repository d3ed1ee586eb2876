use super::fields;

/// A column of a case list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Sex,
    AgeYears,
    AgeDays,
    BirthWeight,
    StayDays,
    Diagnoses,
    Procedures,
    AdmissionDate,
    DischargeDate,
    Discharge,
    ProcedureDates,
    TotalCost,
    Costs,
    Institution,
}

pub(super) const N_COLUMNS: usize = 15;

impl Column {
    const ALL: [Self; N_COLUMNS] = [
        Self::Id,
        Self::Sex,
        Self::AgeYears,
        Self::AgeDays,
        Self::BirthWeight,
        Self::StayDays,
        Self::Diagnoses,
        Self::Procedures,
        Self::AdmissionDate,
        Self::DischargeDate,
        Self::Discharge,
        Self::ProcedureDates,
        Self::TotalCost,
        Self::Costs,
        Self::Institution,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Sex => "sex",
            Self::AgeYears => "age_years",
            Self::AgeDays => "age_days",
            Self::BirthWeight => "birth_weight_g",
            Self::StayDays => "stay_days",
            Self::Diagnoses => "diagnoses",
            Self::Procedures => "procedures",
            Self::AdmissionDate => "admission_date",
            Self::DischargeDate => "discharge_date",
            Self::Discharge => "discharge",
            Self::ProcedureDates => "procedure_dates",
            Self::TotalCost => "total_cost_yuan",
            Self::Costs => "costs_yuan",
            Self::Institution => "fixmedins_code",
        }
    }

    /// What else it is called: in Chinese as this suite writes it first, then as the national lists of cases (病案首页、
    /// 医保基金结算清单) do.
    fn terms(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["病例号", "病案号", "结算ID", "setl_id"],
            Self::Sex => &["性别", "gend"],
            Self::AgeYears => &["年龄", "age"],
            Self::AgeDays => &["不足一周岁的年龄", "nwb_age"],
            Self::BirthWeight => &["新生儿出生体重", "nwb_bir_wt"],
            Self::StayDays => &["住院天数", "实际住院天数", "ipt_days"],
            Self::Diagnoses => &["诊断编码"],
            Self::Procedures => &["手术操作编码"],
            Self::AdmissionDate => &["入院日期", "开始日期", "begndate"],
            Self::DischargeDate => &["出院日期", "结束日期", "enddate"],
            Self::Discharge => &["离院方式", "dscg_way"],
            Self::ProcedureDates => &["手术操作日期"],
            Self::TotalCost => &["医疗总费用", "医疗费总额", "medfee_sumamt"],
            Self::Costs => &["分项费用"],
            Self::Institution => &["定点医药机构编号"],
        }
    }

    /// Whether a list may leave it out: its cases then need data where the scheme tests it, and
    /// quality rules that look at it say nothing.
    fn may_be_missing(self) -> bool {
        match self {
            Self::AgeDays
            | Self::BirthWeight
            | Self::StayDays
            | Self::AdmissionDate
            | Self::DischargeDate
            | Self::Discharge
            | Self::ProcedureDates
            | Self::TotalCost
            | Self::Costs
            | Self::Institution => true,
            Self::Id | Self::Sex | Self::AgeYears | Self::Diagnoses | Self::Procedures => false,
        }
    }
}

/// Where the columns of a case list stand, by its heading.
#[derive(Clone, Debug)]
pub struct Columns {
    /// For each place the column that stands there.
    pub(super) names: Vec<Option<Column>>,
    /// For each column its place.
    pub(super) places: [Option<usize>; N_COLUMNS],
    /// What heads the places that nothing is read from.
    ignored: Vec<String>,
}

/// A column that a case list can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownColumn {
    /// What heads it.
    pub name: &'static str,
    /// What may head it instead; our own term first.
    pub terms: &'static [&'static str],
    /// Whether every list has it.
    pub is_required: bool,
}

/// A heading that is no case list's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Columns are missing.
    #[error("the heading has no column {}", .0.join(", "))]
    Missing(Vec<&'static str>),
    /// A column stands there twice.
    #[error("the heading has the column {0} twice")]
    Twice(&'static str),
    /// A quotation mark that has no second one, or one that more than a comma follows.
    #[error("a quotation mark of the heading is not closed, or something follows the closing one")]
    OpenQuote,
}

impl Columns {
    /// Finds the columns `id`, `sex`, `age_years`, `diagnoses` and `procedures`, and, if they are there, `age_days`,
    /// `birth_weight_g`, `stay_days` and `fixmedins_code`, and for list quality `admission_date`, `discharge_date`, `discharge`, `procedure_dates`,
    /// `total_cost_yuan` and `costs_yuan`; others are ignored. A Chinese or national term may stand for a name
    /// ([`Columns::known`]); where a list has several, the name goes before the terms.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] naming every column that is missing, or one that stands there twice, or because
    /// of a quotation mark.
    pub fn of_heading(heading: &str) -> Result<Self, HeaderError> {
        let heading = heading.trim_start_matches('\u{feff}').trim_end();
        let texts = fields::unquoted(heading).map_err(|_| HeaderError::OpenQuote)?;
        let mut columns =
            Self { names: vec![None; texts.len()], places: [None; N_COLUMNS], ignored: Vec::new() };
        for column in Column::ALL {
            let heads = |wanted: &str| texts.iter().position(|text| text.trim() == wanted);
            let mut words = std::iter::once(column.name()).chain(column.terms().iter().copied());
            let Some((word, place)) = words.find_map(|word| Some((word, heads(word)?))) else {
                continue;
            };
            if texts[place + 1..].iter().any(|text| text.trim() == word) {
                return Err(HeaderError::Twice(word));
            }
            columns.names[place] = Some(column);
            columns.places[column as usize] = Some(place);
        }
        let unread = texts.iter().zip(&columns.names).filter(|(_, column)| column.is_none());
        columns.ignored = unread.map(|(text, _)| text.trim().to_owned()).collect();
        let absent = |column: &Column| columns.places[*column as usize].is_none() && !column.may_be_missing();
        let missing: Vec<&str> = Column::ALL.into_iter().filter(absent).map(Column::name).collect();
        if missing.is_empty() { Ok(columns) } else { Err(HeaderError::Missing(missing)) }
    }

    /// Every column that a case list can have.
    #[must_use]
    pub fn known() -> [KnownColumn; N_COLUMNS] {
        Column::ALL.map(|column| KnownColumn {
            name: column.name(),
            terms: column.terms(),
            is_required: !column.may_be_missing(),
        })
    }

    /// What heads the columns that nothing is read from.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Whether the list names each case's institution (`fixmedins_code`).
    #[must_use]
    pub fn name_institutions(&self) -> bool {
        self.places[Column::Institution as usize].is_some()
    }

    /// The columns that list quality could look at and this list does not have.
    #[must_use]
    pub fn absent(&self) -> Vec<&'static str> {
        let absent =
            |column: &Column| self.places[*column as usize].is_none() && *column != Column::Institution;
        Column::ALL.into_iter().filter(absent).map(Column::name).collect()
    }
}
