//! Drives a whole fund year over gRPC, each call by the right person.

mod bank;
mod budgets;
mod clearing;
mod conduct;
mod decide;
mod export;
mod institutions;
mod months;
mod names;
mod open;
mod pack;
mod pools;
mod progress;
mod quotas;
mod result;
mod run;
mod special_cases;
mod timely;
mod upload;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::Context;
use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt};
use medfund_types::{District, FundLine, InstitutionCode, SettlementMonth};

use medfund_proto::types::v1::PaymentMethod;

use crate::hosting::Hosting;
use crate::packs::{self, LoadedPack};
use crate::sample::bills::SampleBill;
use crate::sample::{self, Inspection, Options, Profile, Region, Size};
use crate::suite::{Moment, People, Session, SuiteFile};
use bank::BankFile;
use names::Names;
pub(crate) use names::day;
use pack::YearPack;
pub(crate) use progress::{Progress, Step};
pub(crate) use result::{InstitutionResult, PackId, YearResult};
pub(crate) use upload::bill_line;
use watch::Warned;

/// What `medfund year` is given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The policy pack: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE")]
    pack: String,
    /// The size of the sample region.
    #[arg(long, value_enum, default_value = "small")]
    sample: Size,
    /// The seed of the sample region; the same seed gives the same year.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One inpatient payment method for every district, e.g. `bed-day`.
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Write the result to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write institutions, history, bills, statements and bank files to this folder.
    #[arg(long, value_name = "FOLDER")]
    export: Option<PathBuf>,
    /// The file of a suite that runs already (`suite.json` of `medfund up`); else one is started and stopped.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Start a service again that ends by itself while the year is lived.
    #[arg(long)]
    restart: bool,
}

/// Lives a fund year and shows what came of it.
///
/// # Errors
///
/// If the pack has mistakes, the suite does not start, or a service refuses a step.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let loaded = packs::load(&args.pack)?;
    let profile = Profile::of(&loaded.pack)?;
    let method = args.method.as_deref().map(|text| method(&profile, text)).transpose()?;
    let region =
        sample::generate(&profile, args.sample, args.seed, &Options { method, ..Options::default() });
    let progress = Progress::new();

    let step = progress.step("the suite");
    let (hosted, file) = match &args.against {
        Some(path) => (None, SuiteFile::read(path)?),
        None => {
            let database_url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
            let hosted =
                Hosting { database_url, restart: args.restart, ..Hosting::default() }.start().await?;
            let file = hosted.file().clone();
            (Some(hosted), file)
        }
    };
    step.done(&format!("{} services", file.endpoints.len()));
    let lived = live(&file, loaded, &region, progress, &args).await;
    if let Some(hosted) = hosted {
        hosted.stop().await?;
    }
    lived.map(|()| ExitCode::SUCCESS)
}

async fn live(
    file: &SuiteFile,
    loaded: LoadedPack,
    region: &Region,
    progress: Progress,
    args: &Args,
) -> anyhow::Result<()> {
    let session = Session::open(file, &format!("{}/{}/{:?}", loaded.pack.hash(), args.seed, args.sample))?;
    let year = Year::new(&session, loaded, region, progress)?;
    year.live().await?;
    let result = year.result().await?;
    if let Some(path) = &args.json {
        std::fs::write(path, result.json()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(folder) = &args.export {
        year.export(folder).await?;
    }
    let name_of = |code: &str| {
        region
            .institutions
            .iter()
            .find(|i| i.code.as_str() == code)
            .map(|i| i.name.clone())
            .unwrap_or_default()
    };
    println!("{}", result.tables(name_of));
    println!("{} bills, a year in {:.1} s", year.bills.len(), year.progress.elapsed().as_secs_f32());
    Ok(())
}

/// Lives a fund year of `region` and gives its result as the JSON of `medfund year --json`.
///
/// # Errors
///
/// If the pack cannot run the region, or a service refuses a step.
pub async fn lived(session: &Session, loaded: LoadedPack, region: &Region) -> anyhow::Result<String> {
    lived_result(session, loaded, region, Progress::new()).await?.json()
}

/// Lives a fund year of `region` and gives its result.
///
/// # Errors
///
/// As [`lived`].
pub(crate) async fn lived_result(
    session: &Session,
    loaded: LoadedPack,
    region: &Region,
    progress: Progress,
) -> anyhow::Result<YearResult> {
    let year = Year::new(session, loaded, region, progress)?;
    Box::pin(year.live()).await?;
    Box::pin(year.result()).await
}

fn method(profile: &Profile, text: &str) -> anyhow::Result<PaymentMethod> {
    let wanted =
        PaymentMethod::from_str_name(&format!("PAYMENT_METHOD_{}", text.to_uppercase().replace('-', "_")));
    let allowed = wanted.filter(|method| profile.methods.contains(method));
    allowed.with_context(|| format!("the pack does not pay inpatient care by `{text}`"))
}

/// A fund year that is being lived.
pub(crate) struct Year<'a> {
    session: &'a Session,
    people: People,
    pack: YearPack,
    region: &'a Region,
    bills: Vec<SampleBill>,
    inspections: Vec<Inspection>,
    names: Names,
    bank_files: Mutex<Vec<BankFile>>,
    /// The orders whose accounts were wrong.
    returned: Mutex<Vec<String>>,
    warned: Mutex<Vec<Warned>>,
    /// How many cases a tariff is made of, if not of all of the year before.
    n_past_cases: Option<i64>,
    progress: Progress,
}

impl<'a> Year<'a> {
    fn new(
        session: &'a Session,
        loaded: LoadedPack,
        region: &'a Region,
        progress: Progress,
    ) -> anyhow::Result<Self> {
        let (bills, inspections) = region.year();
        Ok(Self { bills, inspections, ..Self::without_bills(session, loaded, region, progress)? })
    }

    /// A year whose bills come from elsewhere.
    pub(crate) fn without_bills(
        session: &'a Session,
        loaded: LoadedPack,
        region: &'a Region,
        progress: Progress,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            session,
            people: People::of(&region.area),
            names: Names::of(&region.area, region.fund_year),
            pack: YearPack::of(loaded)?,
            region,
            bills: Vec::new(),
            inspections: Vec::new(),
            bank_files: Mutex::default(),
            returned: Mutex::default(),
            warned: Mutex::default(),
            n_past_cases: None,
            progress,
        })
    }

    /// Has tariffs made of `n` past cases instead of all that the region has in a year.
    pub(crate) fn with_past_cases(self, n: i64) -> Self {
        Self { n_past_cases: Some(n), ..self }
    }
}

impl Year<'_> {
    /// What shows how far the year is.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The id that a step always has.
    fn id(&self, step: &str) -> String {
        self.session.id(step)
    }

    /// Begins a step.
    async fn step(&self, title: impl Into<String>) -> Step {
        let step = self.progress.step(title);
        self.session.passes(Moment::Step).await;
        step
    }

    /// Waits until every service has heard what the others said.
    async fn heard(&self) -> anyhow::Result<()> {
        self.session.heard(&self.people.auditor).await
    }

    /// A day of the year before the fund year.
    fn before(&self, month: u32, day: u32) -> NaiveDate {
        date(self.region.fund_year.get() - 1, month, day)
    }

    /// A day of the fund year.
    fn within(&self, month: u32, day: u32) -> NaiveDate {
        date(self.region.fund_year.get(), month, day)
    }

    /// A day of the year after the fund year.
    fn after(&self, month: u32, day: u32) -> NaiveDate {
        date(self.region.fund_year.get() + 1, month, day)
    }

    /// The twelve months of the fund year.
    fn months(&self) -> impl Iterator<Item = SettlementMonth> + use<> {
        let year = self.region.fund_year.get();
        (1..=12).map(move |month| SettlementMonth::from_ym(year, month).expect("a month of a fund year"))
    }

    /// The fund lines of the region, in the pack's order.
    fn lines(&self) -> Vec<&FundLine> {
        let mut lines: Vec<&FundLine> = Vec::new();
        for budget in &self.region.budgets {
            if !lines.contains(&&budget.fund_line) {
                lines.push(&budget.fund_line);
            }
        }
        lines
    }

    fn district_of(&self, institution: &InstitutionCode) -> anyhow::Result<&District> {
        let found = self.region.institutions.iter().find(|i| i.code == *institution);
        found.map(|i| &i.district).with_context(|| format!("the region has no institution {institution}"))
    }
}

/// How many calls of one step are under way at a time.
const AT_A_TIME: usize = 6;

/// Does the same for every item, some at a time; the first failure ends it.
async fn each<T, F>(items: impl IntoIterator<Item = T>, act: impl Fn(T) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    futures::stream::iter(items).map(act).buffer_unordered(AT_A_TIME).try_collect().await
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}
