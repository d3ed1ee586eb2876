use crate::DbError;

/// Points where a test can make the process fail or die; nothing without the feature.
///
/// `FAILPOINTS="write::before_commit=1*return(kill)"` kills the process there
/// as `kill -9` would and says so on its standard error; `return` alone makes the step fail.
pub(crate) fn reach(name: &'static str) -> Result<(), DbError> {
    fail::fail_point!(name, |action: Option<String>| {
        if action.as_deref() == Some("kill") {
            eprintln!("killed at the failpoint {name}");
            std::process::abort();
        }
        Err(DbError::Failpoint(name))
    });
    // Without the feature the macro leaves nothing of the name.
    let _ = name;
    Ok(())
}

/// Failpoints that are armed as long as this lives.
#[cfg(feature = "failpoints")]
pub struct Failpoints {
    _armed: fail::FailScenario<'static>,
}

/// Arms the failpoints that the variable `FAILPOINTS` names.
#[cfg(feature = "failpoints")]
#[must_use = "the failpoints are disarmed when this is dropped"]
pub fn arm_failpoints() -> Failpoints {
    Failpoints { _armed: fail::FailScenario::setup() }
}
