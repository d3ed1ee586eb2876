use std::process::ExitCode;

use medfund_grouper::batch::{Batch, LineError};

use super::{CasesArgs, load};

/// The cases and which of them.
#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The case's id.
    #[arg(long)]
    id: String,
}

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let text = text(args)?;
    anyhow::ensure!(!text.is_empty(), "{} has no case {}", args.cases.cases.display(), args.id);
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn text(args: &ExplainArgs) -> anyhow::Result<String> {
    let scheme = load(&args.cases.scheme)?;
    let crosswalk = args.cases.crosswalk()?;
    let mut list = args.cases.open()?;
    let mut batch = Batch::new(&scheme, list.columns.clone()).translating(crosswalk.as_ref());
    let mut text = String::new();
    list.each(|line| -> Result<bool, LineError> {
        if !line.contains(&args.id) {
            return Ok(true);
        }
        let explained = batch.explain_line(line)?;
        if explained.id == args.id {
            text = explained.to_string();
        }
        Ok(explained.id != args.id)
    })?;
    Ok(text)
}
