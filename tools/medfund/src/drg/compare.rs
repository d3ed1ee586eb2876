use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use medfund_grouper::batch::{Batch, LineError};

use super::{CasesArgs, load};

/// How many moves from group to group are shown.
const N_SHOWN: usize = 40;

/// The cases and the two schemes.
#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The other compiled scheme.
    #[arg(long)]
    with: PathBuf,
}

pub(super) fn run(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let [left, right] = [load(&args.cases.scheme)?, load(&args.with)?];
    let crosswalk = args.cases.crosswalk()?;
    let mut list = args.cases.open()?;
    let mut batches = [&left, &right]
        .map(|scheme| Batch::new(scheme, list.columns.clone()).translating(crosswalk.as_ref()));
    let mut moves: BTreeMap<[String; 2], u64> = BTreeMap::new();
    let (mut n_cases, mut n_same) = (0_u64, 0_u64);
    let mut unused = String::new();
    list.each(|line| -> Result<bool, LineError> {
        let [by_left, by_right] = &mut batches;
        let groups = [
            by_left.group_line(line, &mut unused)?.code(&left).into_owned(),
            by_right.group_line(line, &mut unused)?.code(&right).into_owned(),
        ];
        unused.clear();
        n_cases += 1;
        if groups[0] == groups[1] {
            n_same += 1;
        } else {
            *moves.entry(groups).or_default() += 1;
        }
        Ok(true)
    })?;
    let mut by_number: Vec<_> = moves.into_iter().collect();
    by_number.sort_by_key(|(_, n_moved)| std::cmp::Reverse(*n_moved));
    if !by_number.is_empty() {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_header([left.name(), right.name(), "cases"]);
        for ([from, to], n_moved) in by_number.iter().take(N_SHOWN) {
            table.add_row([from.clone(), to.clone(), n_moved.to_string()]);
        }
        println!("{table}");
    }
    if by_number.len() > N_SHOWN {
        println!("and {} other moves", by_number.len() - N_SHOWN);
    }
    println!("{n_same} of {n_cases} cases in the same group, {} lines that are no case", list.n_bad());
    Ok(if n_same == n_cases { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
