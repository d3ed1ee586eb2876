use std::path::PathBuf;

use clap::Parser;
use medfund_policy::Pack;

use super::*;

fn file(name: &str) -> PathBuf {
    PathBuf::from(format!("{}/../../policies/{name}.toml", env!("CARGO_MANIFEST_DIR")))
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn run_line(words: &[&str]) -> anyhow::Result<ExitCode> {
    run(&Line::try_parse_from([&["policy"], words].concat())?.args)
}

#[test]
fn the_reserve_of_jiangmen_is_shown_with_terms_and_clauses() {
    let pack = packs::load("jiangmen-2016").unwrap().pack;
    let text = show::text(&pack, Some("budget.reserve"), false).unwrap();
    let without_hash: Vec<&str> = text.lines().filter(|line| !line.starts_with("hash")).collect();
    insta::assert_snapshot!("jiangmen_reserve", without_hash.join("\n"));
}

#[test]
fn a_pack_against_itself_has_no_difference() {
    let pack = packs::load("jiangmen-2016").unwrap().pack;
    assert_eq!(diff::between(&pack, &pack, false).n_differing, 0);
}

#[test]
fn a_changed_rate_is_the_one_difference() {
    let text = std::fs::read_to_string(file("jiangmen-2016")).unwrap();
    let changed = medfund_policy::change(&text, "prepayment.working_capital.rate", "\"0.09\"").unwrap();
    let (one, other) = (Pack::parse(text.as_bytes()).unwrap(), Pack::parse(changed.as_bytes()).unwrap());

    let difference = diff::between(&one, &other, false);

    assert_eq!(difference.n_differing, 1);
    assert!(difference.text.contains("0.08") && difference.text.contains("0.09"), "{}", difference.text);
    assert!(difference.text.contains("prepayment.working_capital.rate"), "{}", difference.text);
}

#[test]
fn all_five_packs_pass_the_check_and_a_broken_one_fails_it() {
    let names = ["lincang-2014", "panzhihua-2018", "jiangmen-2016", "banan-2014", "chuxiong-2022"];
    let files: Vec<PathBuf> = names.iter().map(|name| file(name)).collect();
    assert_eq!(check::run(&files).unwrap(), ExitCode::SUCCESS);

    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "[pack]\n").unwrap();
    assert_eq!(check::run(std::slice::from_ref(&broken)).unwrap(), ExitCode::FAILURE);
    assert!(
        packs::load(broken.to_str().unwrap())
            .unwrap_err()
            .to_string()
            .contains("broken.toml:1: pack.id: missing")
    );
}

#[test]
fn the_command_line_reaches_every_subcommand() {
    let jiangmen = file("jiangmen-2016").display().to_string();
    let banan = file("banan-2014").display().to_string();
    assert_eq!(run_line(&["check", &jiangmen]).unwrap(), ExitCode::SUCCESS);
    assert_eq!(run_line(&["show", &jiangmen, "--defaults"]).unwrap(), ExitCode::SUCCESS);
    assert_eq!(run_line(&["diff", &jiangmen, &banan]).unwrap(), ExitCode::from(2));
    assert_eq!(run_line(&["draw", "--seed", "6"]).unwrap(), ExitCode::SUCCESS);
    assert!(run_line(&["show", &jiangmen, "--section", "no.such"]).is_err());
}
