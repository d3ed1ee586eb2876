use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use chrono::NaiveDate;
use medfund_server::convert::date;
use medfund_types::Area;

use crate::day::day;
use crate::schemes;
use crate::suite::{People, Session, SuiteFile};

/// Which scheme, where and since when.
#[derive(Debug, clap::Args)]
pub(super) struct AdoptArgs {
    /// The file of the suite (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
    /// The pooling area's six-digit code.
    #[arg(long)]
    area: Area,
    /// The compiled scheme. Without it the reference scheme, for demonstration.
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// First day of discharge that is grouped by it: any for the first scheme of an area, none before today for a later one.
    #[arg(long, value_name = "DAY", default_value = "2000-01-01", value_parser = day)]
    from: NaiveDate,
}

/// Publishes a scheme and puts it in force; one that is in force already stays so.
pub(super) async fn run(args: &AdoptArgs) -> anyhow::Result<ExitCode> {
    let scheme = args.scheme.as_deref().map_or_else(|| Ok(schemes::reference()), schemes::load)?;
    let session = Session::open(&SuiteFile::read(&args.against)?, "adopt")?;
    let people = People::of(&args.area);
    let name = format!("areas/{}/schemes/{}", args.area, scheme.hash());
    let mut adopted = Vec::new();
    for adoption in session.adoptions(&people).await? {
        let first = date(adoption.effective_date);
        let first = first.map_err(|_| anyhow!("the suite tells no day of {}", adoption.name))?;
        adopted.push((first, adoption.scheme));
    }
    let (id, area, from) = (scheme.name(), &args.area, args.from);
    match standing(&adopted, &name, from) {
        Standing::InForceSince(since) => {
            println!("{id} is already in force in {area} since {since}; nothing was changed");
        }
        Standing::NotLater(latest) => bail!(
            "another scheme is in force in {area} from {latest} on, so that {id} cannot be from {from} on: name a later \
             day with --from, and none before today"
        ),
        Standing::Free => {
            session.publish_scheme(&people, &scheme).await?;
            session.adopt_scheme(&people, &name, from).await.with_context(|| {
                format!("{id} is not in force in {area} from {from} on (--from names its first day)")
            })?;
            println!("{id} is in force in {area} from {from} on");
        }
    }
    println!("scheme: {name}");
    Ok(ExitCode::SUCCESS)
}

/// What stands where a scheme is to be in force.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// The scheme itself, since that day.
    InForceSince(NaiveDate),
    /// Another one, which begins on that day or later.
    NotLater(NaiveDate),
    /// Nothing that the service would refuse by its first day alone.
    Free,
}

/// What stands among an area's adoptions, by their first days, where `scheme` is to be in force from a day on.
fn standing(adopted: &[(NaiveDate, String)], scheme: &str, from: NaiveDate) -> Standing {
    let before = adopted.iter().rev().find(|(first, _)| *first <= from);
    match (before, adopted.last()) {
        (Some((since, own)), _) if own == scheme => Standing::InForceSince(*since),
        (_, Some((latest, _))) if *latest >= from => Standing::NotLater(*latest),
        _ => Standing::Free,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_that_is_in_force_on_the_day_stays_and_another_begins_after_the_last() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 1, day).unwrap();
        let adopted = [(day(5), "a".to_owned()), (day(10), "b".to_owned())];
        for (scheme, from, expected) in [
            ("a", 4, Standing::NotLater(day(10))),
            ("a", 5, Standing::InForceSince(day(5))),
            ("a", 9, Standing::InForceSince(day(5))),
            ("a", 10, Standing::NotLater(day(10))),
            ("a", 11, Standing::Free),
            ("b", 12, Standing::InForceSince(day(10))),
        ] {
            assert_eq!(standing(&adopted, scheme, day(from)), expected, "{scheme} from {from}");
        }
        assert_eq!(standing(&[], "a", day(1)), Standing::Free);
    }
}
