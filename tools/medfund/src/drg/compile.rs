use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use medfund_grouper::quality::Limits;
use medfund_grouper::read::{
    CodeLists, Files, Layout, WrongList, add_additions, add_code_lists, read_scheme,
};
use medfund_grouper::source::{Anomaly, Source};

use super::input::text;
use super::output::Output;
use super::refused::N_TOLD;

/// Where the tables are and where the scheme goes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct CompileArgs {
    /// The folder of the scheme's tables, by name as below; its own name is the scheme's.
    #[arg(long)]
    from: PathBuf,
    /// The folder of a region's additions, which go on top of the tables; its name is added to the scheme's.
    #[arg(long)]
    with: Option<PathBuf>,
    /// The compiled scheme.
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    lists: ListArgs,
    /// Where to write the anomalies, `file:line: what`; else they are printed.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// The code lists.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// The list of all diagnosis codes (医保版 ICD-10), a code a line.
    #[arg(long, requires = "procedures")]
    diagnoses: Option<PathBuf>,
    /// The list of all procedure codes (医保版 ICD-9-CM-3), a code a line.
    #[arg(long, requires = "diagnoses")]
    procedures: Option<PathBuf>,
    /// Diagnoses that may not be a principal one (灰码), a code a line.
    #[arg(long, requires = "diagnoses")]
    grey_diagnoses: Option<PathBuf>,
    /// Procedures that may not be a principal one (灰码), a code a line.
    #[arg(long, requires = "procedures")]
    grey_procedures: Option<PathBuf>,
}

const NO_CODE_LISTS: &str = "no code lists were given (--diagnoses, --procedures): a code that no rule names counts as \
    unknown, and no grey code (灰码; --grey-diagnoses, --grey-procedures) is known";

/// The files of each layout, as the grouper reads them.
macro_rules! layouts {
    () => {
        "  1.0, 1.1 and a region's edition of them: 1_MDC.txt 2_ADRG.txt 3_DRG.txt 4_ADRG_DETAIL.txt 5_MCC.txt 6_CC.txt
    7_CCE.txt; in their place, where they are in effect, effective/MCC.dat CC.dat CCE.dat, and effective/SS_VALID.dat
  2.0: ADRG_ORDER.txt ADRG_CODES.csv MDC_PDX.csv MCC.csv CC.csv CCE.csv SS_VALID.csv
  rules by category, written by hand: MDCA.txt to MDCZ.txt, one or more, and COMPLICATIONS.txt
and each may hold CHOICES.txt; what stands in the files is in the README of libs/grouper"
    };
}

const LAYOUTS: &str = layouts!();

const AFTER_HELP: &str =
    concat!("A folder of --from holds the files of one layout, as text in UTF-8 or GB18030:\n", layouts!());

const WHAT_TO_DO: &str = "put the whole of what is published into the folder: a file is missing, empty or cut off, or \
    two files are of different editions; a group that a region takes away goes with all of its DRGs (取消)";

/// Compiles; the report comes first, and the scheme only of tables that are whole.
pub(super) fn run(args: &CompileArgs) -> anyhow::Result<ExitCode> {
    let mut out = Output::create(&args.out)?;
    let report = args.report.as_deref().map(Output::create).transpose()?;
    let Sources { source, mut anomalies, mut notes, is_understood } = Sources::read(args)?;
    let (scheme, more) = medfund_grouper::compile(&source);
    anomalies.extend(more);
    write_report(report, &anomalies)?;
    let [n_mdcs, n_adrgs, n_drgs] = scheme.counts();
    expect_whole(&args.from, &anomalies)?;
    anyhow::ensure!(
        n_mdcs > 0 && n_adrgs > 0 && n_drgs > 0,
        "nothing is compiled: {} gives {n_mdcs} MDC, {n_adrgs} ADRG and {n_drgs} DRG; a table is missing or cut off",
        args.from.display()
    );
    out.write_all(&scheme.to_bytes())?;
    out.finish()?;

    let (name, limits) = (&source.name, scheme.limits());
    println!("{name}: {n_mdcs} MDC, {n_adrgs} ADRG, {n_drgs} DRG, {} anomalies", anomalies.len());
    let said = if limits == Limits::default() { " (default)" } else { "" };
    println!("limits of list quality: {limits}{said}");
    println!("hash of what it holds, by which answers name it: {}", scheme.hash());
    if !scheme.is_by_category() && args.lists.diagnoses.is_none() {
        notes.push(NO_CODE_LISTS.to_owned());
    }
    notes.iter().for_each(|note| println!("{note}"));
    Ok(if is_understood { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is compiled, and what was said while it was read.
struct Sources {
    source: Source,
    anomalies: Vec<Anomaly>,
    notes: Vec<String>,
    /// Whether every line that a region writes by hand was; official tables are never free of anomalies.
    is_understood: bool,
}

impl Sources {
    /// Reads the tables, the region's additions on top, and the code lists.
    fn read(args: &CompileArgs) -> anyhow::Result<Self> {
        let files = tables(&args.from)?;
        anyhow::ensure!(
            Layout::of(&files).is_some(),
            "{} holds no scheme's tables; a folder holds the files of one layout:\n{LAYOUTS}",
            args.from.display()
        );
        let (mut source, mut anomalies) = read_scheme(&name_of(&args.from)?, &files);
        let mut is_understood = !source.by_category || anomalies.is_empty();
        let mut notes = Vec::new();
        if let Some(folder) = &args.with {
            source.name = format!("{}+{}", source.name, name_of(folder)?);
            let told = add_additions(&mut source, &tables(folder)?);
            is_understood &= told.is_empty();
            if !told.is_empty() {
                notes.push(format!("{} lines of {} were not understood:", told.len(), folder.display()));
                notes.extend(told.iter().map(|line| format!("  {}:{}: {}", line.file, line.line, line.what)));
            }
            anomalies.extend(told);
        }
        anomalies.extend(args.lists.add_to(&mut source)?);
        Ok(Self { source, anomalies, notes, is_understood })
    }
}

/// Writes every anomaly, or prints it where no report is asked for.
fn write_report(report: Option<Output>, anomalies: &[Anomaly]) -> anyhow::Result<()> {
    let mut text = String::new();
    for anomaly in anomalies {
        match anomaly.line {
            0 => writeln!(text, "{}: {}", anomaly.file, anomaly.what)?,
            line => writeln!(text, "{}:{line}: {}", anomaly.file, anomaly.what)?,
        }
    }
    let Some(mut report) = report else {
        print!("{text}");
        return Ok(());
    };
    report.write_all(text.as_bytes())?;
    report.finish()
}

/// Refuses tables of which a part is lost: the scheme would group otherwise, and nothing would show it.
fn expect_whole(folder: &Path, anomalies: &[Anomaly]) -> anyhow::Result<()> {
    let losses: Vec<&Anomaly> = anomalies.iter().filter(|anomaly| anomaly.is_loss).collect();
    let mut told: Vec<String> =
        losses.iter().take(N_TOLD).map(|loss| format!("\n  {}: {}", loss.file, loss.what)).collect();
    if losses.len() > N_TOLD {
        told.push(format!("\n  and {} more tables or groups; the report names them", losses.len() - N_TOLD));
    }
    anyhow::ensure!(
        losses.is_empty(),
        "nothing is compiled, for the tables of {} are not whole:{}\n{WHAT_TO_DO}",
        folder.display(),
        told.concat()
    );
    Ok(())
}

impl ListArgs {
    /// Adds the lists that are named; those that are none of the tables' codes are refused.
    fn add_to(&self, source: &mut Source) -> anyhow::Result<Vec<Anomaly>> {
        let (Some(diagnoses), Some(procedures)) = (&self.diagnoses, &self.procedures) else {
            return Ok(Vec::new());
        };
        let named = |path: &Option<PathBuf>| path.as_deref().map(text).transpose();
        let [grey_diagnoses, grey_procedures] = [named(&self.grey_diagnoses)?, named(&self.grey_procedures)?];
        let lists = CodeLists {
            diagnoses: &text(diagnoses)?,
            procedures: &text(procedures)?,
            grey_diagnoses: grey_diagnoses.as_deref(),
            grey_procedures: grey_procedures.as_deref(),
        };
        add_code_lists(source, lists).map_err(|wrong| anyhow::anyhow!(self.refused(&wrong)))
    }

    /// What is wrong with code lists, and what to do.
    fn refused(&self, wrong: &[WrongList]) -> String {
        let what_to_do = match wrong {
            [WrongList::ByCategory] => "leave --diagnoses, --procedures and the lists of grey codes out",
            _ => {
                "name the list of 医保版 ICD-10 with --diagnoses and that of 医保版 ICD-9-CM-3 with --procedures, and \
                 their grey codes (灰码) with --grey-diagnoses and --grey-procedures; a code a line, the code first"
            }
        };
        let told: String = wrong.iter().map(|list| format!("\n  {}{list}", self.named(list))).collect();
        format!("nothing is compiled, for the code lists are not those of the tables:{told}\n{what_to_do}")
    }

    /// The file of a list, as it leads what is said of it.
    fn named(&self, wrong: &WrongList) -> String {
        let files = [
            ("diagnoses", &self.diagnoses),
            ("procedures", &self.procedures),
            ("grey diagnoses", &self.grey_diagnoses),
            ("grey procedures", &self.grey_procedures),
        ];
        let (WrongList::NoCode { list }
        | WrongList::Crosswalk { list, .. }
        | WrongList::OfOtherCodes { list, .. }
        | WrongList::GreyOfNoList { list, .. }
        | WrongList::GreyIsMost { list, .. }) = wrong
        else {
            return String::new();
        };
        let file = files.iter().find(|(name, _)| name == list).and_then(|(_, file)| file.as_ref());
        file.map(|file| format!("{}: ", file.display())).unwrap_or_default()
    }
}

fn name_of(folder: &Path) -> anyhow::Result<String> {
    let whole =
        folder.canonicalize().with_context(|| format!("cannot read the folder {}", folder.display()))?;
    Ok(whole.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// The folder's files, and those of the tables in effect below it.
fn tables(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for sub in ["", "effective"] {
        let folder = folder.join(sub);
        if !sub.is_empty() && !folder.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&folder);
        for entry in entries.with_context(|| format!("cannot read the folder {}", folder.display()))? {
            let path = entry?.path();
            let table =
                path.extension().is_some_and(|kind| ["txt", "csv", "dat"].iter().any(|known| kind == *known));
            if let Some(name) = path.file_name().filter(|_| table && path.is_file()) {
                files.insert(Path::new(sub).join(name).to_string_lossy().into_owned(), text(&path)?);
            }
        }
    }
    Ok(files)
}
