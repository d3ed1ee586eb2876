//! How many cases a second: `cargo bench -p medfund-grouper`.
//!
//! Always by the reference scheme and by a drawn one of the national one's size, over drawn
//! cases; by the official tables of 1.1 and 2.0 and their sample cases too, and the samples by
//! the reference scheme, where `CHS_DRG_TABLES` names their folder.

mod drawn;

use std::path::Path;
use std::time::{Duration, Instant};

use medfund_grouper::batch::{Batch, Columns};
use medfund_grouper::read::{CodeLists, Files, add_code_lists, read_scheme};
use medfund_grouper::source::{Source, TestSource};
use medfund_grouper::{Case, Grouper, Scheme, Sex, compile};

use drawn::{HEADING, drawing};

const N_CASES: usize = 200_000;
const N_ROUNDS: usize = 5;

fn main() {
    measure("a drawn scheme", &drawn::scheme(), &drawn::cases());
    let source = reference_source();
    let (reference, _) = compile(&source);
    measure("the reference scheme", &reference, &cases_of(&source));
    let Some(folder) = std::env::var_os("CHS_DRG_TABLES") else { return };
    let folder = Path::new(&folder);
    let samples = read(&folder.join("samples/cases_2k.csv"));
    measure("the reference scheme over the samples", &reference, &samples);
    for version in ["1.1", "2.0"] {
        measure(version, &official(folder, version), &samples);
    }
}

fn measure(name: &str, scheme: &Scheme, cases: &str) {
    let bytes = scheme.to_bytes();
    let loading = fastest(|| drop(Scheme::from_bytes(&bytes).expect("it was just written")));
    println!("{name}: {} KB, loads in {loading:.1?}", bytes.len() / 1024);
    let lines: Vec<&str> = cases.lines().skip(1).cycle().take(N_CASES).collect();
    let parsed: Vec<Parsed<'_>> = lines.iter().map(|line| Parsed::of(line)).collect();
    for n_threads in [1, 2] {
        let took = fastest(|| in_parts(&parsed, n_threads, |part| group_parsed(scheme, part)));
        print_rate("parsed cases to answers", n_threads, took);
    }
    for n_threads in [1, 2] {
        let took = fastest(|| in_parts(&lines, n_threads, |part| group_lines(scheme, part)));
        print_rate("CSV text to CSV text   ", n_threads, took);
    }
}

fn print_rate(what: &str, n_threads: usize, took: Duration) {
    let rate = (N_CASES as u128 * 1_000_000) / took.as_micros().max(1);
    println!("  {what}, {n_threads} thread{}: {rate:>9} cases/s", if n_threads == 1 { " " } else { "s" });
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let timed = |_| {
        let begin = Instant::now();
        work();
        begin.elapsed()
    };
    (0..N_ROUNDS).map(timed).min().expect("there are rounds")
}

fn in_parts<T: Sync>(all: &[T], n_threads: usize, work: impl Fn(&[T]) -> usize + Sync) {
    let n_done: usize = std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(n_threads));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no case makes it fail")).sum()
    });
    assert!(std::hint::black_box(n_done) > 0, "no case is grouped");
}

/// A case whose codes are split but not interned.
struct Parsed<'t> {
    sex: Option<Sex>,
    age_years: Option<u16>,
    age_days: Option<u32>,
    birth_weight_g: Option<u16>,
    diagnoses: Vec<&'t str>,
    procedures: Vec<&'t str>,
}

impl<'t> Parsed<'t> {
    fn of(line: &'t str) -> Self {
        let fields: Vec<&str> = line.split(',').collect();
        let codes = |text: &'t str| text.split('|').filter(|code| !code.is_empty()).collect();
        Self {
            sex: if fields[1] == "1" { Some(Sex::Male) } else { Some(Sex::Female) },
            age_years: fields[2].parse().ok(),
            age_days: fields[3].parse().ok(),
            birth_weight_g: fields[4].parse().ok(),
            diagnoses: codes(fields[8]),
            procedures: codes(fields[9]),
        }
    }
}

fn group_parsed(scheme: &Scheme, cases: &[Parsed<'_>]) -> usize {
    let mut grouper = Grouper::new(scheme);
    let grouped = |case: &&Parsed<'_>| {
        let answer = grouper.group(&Case {
            sex: case.sex,
            age_years: case.age_years,
            age_days: case.age_days,
            birth_weight_g: case.birth_weight_g,
            stay_days: None,
            diagnoses: &case.diagnoses,
            procedures: &case.procedures,
        });
        answer.drg.is_some()
    };
    cases.iter().filter(grouped).count()
}

fn group_lines(scheme: &Scheme, lines: &[&str]) -> usize {
    let mut batch = Batch::new(scheme, Columns::of_heading(HEADING).expect("it has all columns"));
    let mut answers = String::new();
    for line in lines {
        batch.group_line(line, &mut answers).expect("a case");
    }
    answers.len()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn official(folder: &Path, version: &str) -> Scheme {
    let mut files = Files::new();
    for sub in ["", "effective"] {
        let Ok(entries) = std::fs::read_dir(folder.join(version).join(sub)) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()) {
            let name = Path::new(sub).join(path.file_name().unwrap_or_default());
            files.insert(name.to_string_lossy().into_owned(), read(&path));
        }
    }
    let (mut source, _) = read_scheme(version, &files);
    let [diagnoses, procedures, grey_diagnoses, grey_procedures] = [
        "ICD10医保版v2.0.dat",
        "ICD9CM3医保版v2.0.dat",
        "ICD10医保版v2.0灰码.dat",
        "ICD9CM3医保版v2.0灰码.dat",
    ]
    .map(|name| read(&folder.join("icd").join(name)));
    let lists = CodeLists {
        diagnoses: &diagnoses,
        procedures: &procedures,
        grey_diagnoses: Some(&grey_diagnoses),
        grey_procedures: Some(&grey_procedures),
    };
    add_code_lists(&mut source, lists).expect("the lists are of the tables' codes");
    compile(&source).0
}

fn reference_source() -> Source {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemes/reference");
    let entries = std::fs::read_dir(&folder).expect("the repository holds the reference scheme");
    let texts = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let files: Files = texts
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), read(&path)))
        .collect();
    read_scheme("reference", &files).0
}

/// Cases of the samples' mix whose codes fall under a scheme's categories: the principal
/// diagnosis of some MDC, and half of the time an operation that some rule of it names.
fn cases_of(source: &Source) -> String {
    let code = |category: &str, n: usize| match category.strip_prefix('+') {
        Some(asterisk) => format!("A17.{n}00+{asterisk}*"),
        None if category.contains('.') => format!("{category}00x00{n}"),
        None => format!("{category}.{n}00"),
    };
    let all: Vec<&String> = source.mdcs.iter().flat_map(|mdc| mdc.entry.lists()).flatten().collect();
    let operations: Vec<(&str, &String)> = source
        .rules
        .iter()
        .flat_map(|rule| {
            rule.tests.iter().filter_map(TestSource::procedures).flatten().map(|p| (&rule.adrg[..1], p))
        })
        .collect();
    let mut text = format!("{HEADING}\n");
    let mut draw = drawing();
    for id in 0..2000 {
        let mdc = &source.mdcs[1 + draw(source.mdcs.len() - 1)];
        let own: Vec<&String> = mdc.entry.lists().iter().flatten().collect();
        let principal = if own.is_empty() { all[draw(all.len())] } else { own[draw(own.len())] };
        let mut diagnoses = vec![code(principal, draw(9))];
        for _ in 0..draw(6) {
            diagnoses.push(code(all[draw(all.len())], draw(9)));
        }
        let of_mdc: Vec<&String> =
            operations.iter().filter(|(letter, _)| *letter == &mdc.code[3..]).map(|(_, p)| *p).collect();
        let mut procedures = Vec::new();
        for n in 0..draw(3) {
            let pool_is_own = n == 0 && !of_mdc.is_empty();
            let operation =
                if pool_is_own { of_mdc[draw(of_mdc.len())] } else { operations[draw(operations.len())].1 };
            procedures.push(format!("{operation}00x00{}", draw(9)));
        }
        let (years, sex) = (draw(90) + 1, draw(2) + 1);
        let (diagnoses, procedures) = (diagnoses.join("|"), procedures.join("|"));
        text += &format!("{id},{sex},{years},,,,7,1,{diagnoses},{procedures}\n");
    }
    text
}
