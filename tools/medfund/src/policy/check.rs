use std::path::PathBuf;
use std::process::ExitCode;

use medfund_policy::Pack;

use super::listed;

/// Checks every file, prints all mistakes, and fails when there is one.
pub(super) fn run(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut n_mistakes = 0;
    for file in files {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                n_mistakes += 1;
                continue;
            }
        };
        match Pack::parse(&bytes) {
            Ok(pack) => {
                let n_defaults = pack.entries().iter().filter(|entry| entry.source.is_default()).count();
                println!(
                    "{}: ok, {} {}, {} parameters, {n_defaults} of them defaults, hash {}",
                    file.display(),
                    pack.id(),
                    pack.number(),
                    pack.entries().len(),
                    pack.hash()
                );
            }
            Err(mistakes) => {
                n_mistakes += mistakes.len();
                eprintln!("{}", listed(file, &mistakes));
            }
        }
    }
    if n_mistakes == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{n_mistakes} {}", if n_mistakes == 1 { "mistake" } else { "mistakes" });
    Ok(ExitCode::FAILURE)
}
