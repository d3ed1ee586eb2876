use std::path::PathBuf;

use medfund_grouper::Scheme;
use medfund_grouper::crosswalk::{Crosswalk, Swapped};
use medfund_grouper::read::Files;

use super::input::text;
use super::refused::N_TOLD;

/// Reads a crosswalk's files; lines that it leaves out or that make a code ambiguous are told on standard error.
pub(super) fn read(paths: &[PathBuf]) -> anyhow::Result<Option<Crosswalk>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let files: anyhow::Result<Files> =
        paths.iter().map(|path| Ok((path.display().to_string(), text(path)?))).collect();
    let (crosswalk, problems) = Crosswalk::read(&files?);
    for problem in problems.iter().take(N_TOLD) {
        eprintln!("{}:{}: {}", problem.file, problem.line, problem.fault);
    }
    if problems.len() > N_TOLD {
        eprintln!("and {} more lines of the crosswalk like these", problems.len() - N_TOLD);
    }
    anyhow::ensure!(
        crosswalk.counts() != [0, 0],
        "the crosswalk translates no code: it wants a clinical code and a 医保 code a line"
    );
    Ok(Some(crosswalk))
}

/// Refuses a crosswalk with the 医保 code in front: it would take codes of the scheme away.
pub(super) fn expect_in_order(crosswalk: &Crosswalk, scheme: &Scheme) -> anyhow::Result<()> {
    let Some(Swapped { n_lost, n_found, first: [from, to] }) = crosswalk.swapped_for(scheme) else {
        return Ok(());
    };
    anyhow::bail!(
        "the columns of the crosswalk are swapped: it makes {n_lost} codes of {} into codes that the scheme does not have, \
         {from} into {to} the first, and {n_found} the other way; swap its columns, the clinical code (国临) first and \
         the 医保 code second",
        scheme.name()
    )
}
