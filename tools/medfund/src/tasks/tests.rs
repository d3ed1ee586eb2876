use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: TasksArgs,
}

async fn run_line(words: &[&str]) -> anyhow::Result<ExitCode> {
    run(Line::try_parse_from([&["tasks"], words].concat())?.args).await
}

fn chuxiong(on: &str) -> Told {
    of_pack(&packs::load("chuxiong-2022").unwrap().pack, on.parse().unwrap()).unwrap()
}

#[test]
fn what_chuxiong_s_health_commission_owes_on_the_first_day_of_2023_is_shown() {
    let told = chuxiong("2023-01-01").only(Some("州卫生健康委"), true).unwrap();
    let text = print::text(&told);
    for words in [
        "on 2023-01-01, as if nothing had been recorded",
        "推进日间手术医保付费改革",
        "未启动 not started",
        "逾期 overdue by 1 day",
        "4 of the 4 tasks above are overdue",
        "9, 17-2, 20, 25",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("州财政局"), "another unit's line: {text}");
}

#[test]
fn all_tasks_are_shown_unless_only_some_are_wanted() {
    assert_eq!(chuxiong("2023-01-01").only(None, false).unwrap().tasks.len(), 37);
    let overdue = chuxiong("2023-01-01").only(None, true).unwrap();
    let numbers: Vec<&str> = overdue.tasks.iter().map(|task| task.number.as_str()).collect();
    assert_eq!(numbers, ["4", "6", "9", "17-2", "20", "24", "25"]);
    assert_eq!(overdue.units.len(), 6, "a unit that owes nothing is told too");
    let counties = chuxiong("2024-01-01").only(Some("counties"), true).unwrap();
    assert_eq!((counties.tasks.len(), counties.units[0].overdue.concat()), (1, "17-1".to_owned()));
    assert!(print::text(&chuxiong("2022-03-02").only(None, true).unwrap()).contains("no task is overdue"));
}

#[tokio::test]
async fn the_command_line_tells_by_its_exit_code_whether_something_is_overdue() {
    let on = |day| ["chuxiong-2022", "--on", day];
    assert_eq!(run_line(&on("2022-05-31")).await.unwrap(), ExitCode::SUCCESS);
    assert_eq!(run_line(&on("2022-06-01")).await.unwrap(), ExitCode::from(2));
    let nobody = run_line(&["chuxiong-2022", "--unit", "audit"]).await.unwrap_err().to_string();
    assert!(nobody.contains("no task is of `audit`") && nobody.contains("finance 州财政局"), "{nobody}");
    let none = run_line(&["jiangmen-2016"]).await.unwrap_err().to_string();
    assert_eq!(none, "the notice has no table of tasks");
    for bad in [&[][..], &["chuxiong-2022", "--on", "2023"], &["--against", "suite.json"]] {
        assert!(Line::try_parse_from([&["tasks"], bad].concat()).is_err(), "{bad:?}");
    }
}
