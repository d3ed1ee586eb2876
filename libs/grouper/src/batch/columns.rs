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
    /// `total_cost_yuan` and `costs_yuan`; others are left alone.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] naming every column that is missing, or one that stands there twice, or because
    /// of a quotation mark.
    pub fn of_heading(heading: &str) -> Result<Self, HeaderError> {
        let heading = heading.trim_start_matches('\u{feff}').trim_end();
        let mut columns = Self { names: Vec::new(), places: [None; N_COLUMNS] };
        let names = fields::unquoted(heading).map_err(|_| HeaderError::OpenQuote)?;
        for (place, text) in names.iter().enumerate() {
            let column = Column::ALL.into_iter().find(|column| column.name() == text.trim());
            if let Some(column) = column
                && columns.places[column as usize].replace(place).is_some()
            {
                return Err(HeaderError::Twice(column.name()));
            }
            columns.names.push(column);
        }
        let absent = |column: &Column| columns.places[*column as usize].is_none() && !column.may_be_missing();
        let missing: Vec<&str> = Column::ALL.into_iter().filter(absent).map(Column::name).collect();
        if missing.is_empty() { Ok(columns) } else { Err(HeaderError::Missing(missing)) }
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
