use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use medfund_grouper::read::{CodeLists, Files, WrongList, add_additions, add_code_lists, read_scheme};
use medfund_grouper::source::{Anomaly, Source};

use super::input::text;
use super::output::Output;

/// Where the tables are and where the scheme goes.
#[derive(Debug, clap::Args)]
pub(super) struct CompileArgs {
    /// The folder of the scheme's tables; its name is the scheme's.
    #[arg(long)]
    from: PathBuf,
    /// The folder of a region's additions, which go on top of the tables; its name is added to the scheme's.
    #[arg(long)]
    with: Option<PathBuf>,
    /// The compiled scheme.
    #[arg(long)]
    out: PathBuf,
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

pub(super) fn run(args: &CompileArgs) -> anyhow::Result<ExitCode> {
    let files = tables(&args.from)?;
    let mut name = name_of(&args.from)?;
    let (mut source, mut anomalies) = read_scheme(&name, &files);
    expect_whole(&args.from, &anomalies)?;
    // Official tables are never free of anomalies; what a region writes by hand can be.
    let mut is_understood = !source.by_category || anomalies.is_empty();
    let mut notes = Vec::new();
    if let Some(folder) = &args.with {
        name = format!("{name}+{}", name_of(folder)?);
        source.name.clone_from(&name);
        let told = add_additions(&mut source, &tables(folder)?);
        is_understood &= told.is_empty();
        if !told.is_empty() {
            notes.push(format!("{} lines of {} were not understood:", told.len(), folder.display()));
            notes.extend(told.iter().map(|line| format!("  {}:{}: {}", line.file, line.line, line.what)));
        }
        anomalies.extend(told);
    }
    anomalies.extend(args.lists.add_to(&mut source)?);
    let (scheme, more) = medfund_grouper::compile(&source);
    anomalies.extend(more);
    let [n_mdcs, n_adrgs, n_drgs] = scheme.counts();
    anyhow::ensure!(n_drgs > 0, "{} holds no scheme's tables", args.from.display());
    anyhow::ensure!(
        n_mdcs > 0 && n_adrgs > 0,
        "nothing is compiled: {} gives {n_mdcs} MDC, {n_adrgs} ADRG and {n_drgs} DRG; a table is missing or cut off",
        args.from.display()
    );
    let mut out = Output::create(&args.out)?;
    out.write_all(&scheme.to_bytes())?;
    out.finish()?;

    let mut report = String::new();
    for anomaly in &anomalies {
        writeln!(report, "{}:{}: {}", anomaly.file, anomaly.line, anomaly.what)?;
    }
    match &args.report {
        Some(path) => std::fs::write(path, report).with_context(|| path.display().to_string())?,
        None => print!("{report}"),
    }
    println!("{name}: {n_mdcs} MDC, {n_adrgs} ADRG, {n_drgs} DRG, {} anomalies", anomalies.len());
    let said = if source.choices.limits.is_some() { "" } else { " (default)" };
    println!("limits of list quality: {}{said}", scheme.limits());
    println!("sha256 {}", scheme.hash());
    if !scheme.is_by_category() && args.lists.diagnoses.is_none() {
        notes.push(NO_CODE_LISTS.to_owned());
    }
    notes.iter().for_each(|note| println!("{note}"));
    Ok(if is_understood { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Refuses tables of which one is missing or empty: the scheme would group otherwise, and nothing would show it.
fn expect_whole(folder: &Path, anomalies: &[Anomaly]) -> anyhow::Result<()> {
    let lost: Vec<String> = anomalies
        .iter()
        .filter(|anomaly| anomaly.is_of_a_whole_table())
        .map(|anomaly| format!("\n  {}: {}", folder.join(&anomaly.file).display(), anomaly.what))
        .collect();
    anyhow::ensure!(
        lost.is_empty(),
        "nothing is compiled, for the tables are not whole:{}\nput what is published into the folder",
        lost.concat()
    );
    Ok(())
}

impl ListArgs {
    /// Adds the lists that are named; those that are none of the tables' codes are refused.
    fn add_to(&self, source: &mut Source) -> anyhow::Result<Vec<Anomaly>> {
        let (Some(diagnoses), Some(procedures)) = (&self.diagnoses, &self.procedures) else {
            return Ok(Vec::new());
        };
        let optional = |path: &Option<PathBuf>| path.as_deref().map_or_else(|| Ok(String::new()), text);
        let lists = CodeLists {
            diagnoses: &text(diagnoses)?,
            procedures: &text(procedures)?,
            grey_diagnoses: &optional(&self.grey_diagnoses)?,
            grey_procedures: &optional(&self.grey_procedures)?,
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
        | WrongList::OfOtherCodes { list, .. }
        | WrongList::GreyOfNoList { list, .. }) = wrong
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
