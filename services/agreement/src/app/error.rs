use medfund_db::DbError;

use crate::domain::agreement::AgreementError;
use crate::domain::error::{AssessmentError, CommonError};
use crate::domain::inspection::InspectionError;
use crate::domain::institution::InstitutionError;
use crate::domain::method::MethodError;
use crate::domain::record::RecordError;

/// Why a command or query fails: a rule of the domain, or the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Common(#[from] CommonError),
    #[error(transparent)]
    Institution(#[from] InstitutionError),
    #[error(transparent)]
    Method(#[from] MethodError),
    #[error(transparent)]
    Agreement(#[from] AgreementError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Inspection(#[from] InspectionError),
    #[error(transparent)]
    Assessment(#[from] AssessmentError),
    #[error(transparent)]
    Db(#[from] DbError),
}
