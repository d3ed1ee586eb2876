//! What is wrong in a pack's table of tasks.

use medfund_policy::Pack;
use support::{Mistake, expect_told, pack};

mod support;

/// Of Chuxiong's pack.
const MISTAKES: &[Mistake] = &[
    (
        "tasks.task_05",
        "number",
        "number = { value = 4, clause = \"附件5\" }",
        "tasks.task_05.number",
        "2 tasks are numbered 4: each needs an `item`",
    ),
    (
        "tasks.task_33",
        "number",
        "number = { value = 36, clause = \"附件33\" }",
        "tasks.task_33.number",
        "no task is numbered 33 to 35",
    ),
    (
        "tasks.task_17_3",
        "item",
        "item = { value = 2, clause = \"附件17\" }",
        "tasks.task_17_3.item",
        "17 has two items 2",
    ),
    (
        "tasks.task_17_1",
        "item",
        "",
        "tasks.task_17_1.number",
        "5 tasks are numbered 17: each needs an `item`",
    ),
    (
        "tasks.task_04",
        "number",
        "number = { value = 4, clause = \"附件4\" }\nitem = { value = 1, clause = \"附件4\" }",
        "tasks.task_04.item",
        "no other task is numbered 4",
    ),
    (
        "tasks.task_04",
        "number",
        "number = { value = 0, clause = \"附件4\" }",
        "tasks.task_04.number",
        "from 1 to 999",
    ),
    (
        "tasks.task_04",
        "units",
        "units = { value = [], clause = \"附件4\" }",
        "tasks.task_04.units",
        "must not be empty",
    ),
    (
        "tasks.task_09",
        "units",
        "units = { value = [\"health\", \"health\"], clause = \"附件9\" }",
        "tasks.task_09.units",
        "stands twice",
    ),
    (
        "tasks.task_09",
        "units",
        "units = { value = [\"audit\"], clause = \"附件9\" }",
        "tasks.task_09.units",
        "`audit` stands not in `bodies`",
    ),
    ("tasks.task_04", "by", "", "tasks.task_04.by", "missing"),
    (
        "tasks.task_04",
        "by",
        "by = { value = \"年底\", clause = \"附件4\" }",
        "tasks.task_04.by",
        "not a date",
    ),
    (
        "tasks.task_04",
        "by",
        "by = { value = \"2022-03-01\", clause = \"附件4\" }",
        "tasks.task_04.by",
        "2022-03-01 lies before `effective_from`, 2022-03-02",
    ),
    (
        "tasks.task_04",
        "by",
        "by = { value = \"2026-01-01\", clause = \"附件4\" }",
        "tasks.task_04.by",
        "2026-01-01 lies after `effective_to`, 2025-12-31",
    ),
    (
        "tasks.task_04",
        "work",
        "work = { value = \" \", clause = \"附件4\" }",
        "tasks.task_04.work",
        "must not be empty",
    ),
];

#[test]
fn every_mistake_is_told_with_its_line_its_key_and_its_reason() {
    MISTAKES.iter().for_each(|mistake| expect_told("chuxiong-2022", mistake));
}

#[test]
fn all_that_is_wrong_in_the_table_is_told_at_once() {
    let text = pack("chuxiong-2022")
        .replace("by = { value = \"2023-12-31\"", "by = { value = \"2033-12-31\"")
        .replace("number = { value = 30,", "number = { value = 29,")
        .replace("item = { value = 3,", "item = { value = 2,");
    let mistakes = Pack::parse(text.as_bytes()).unwrap_err();
    let told: Vec<(&str, &str)> =
        mistakes.iter().map(|mistake| (mistake.key.as_str(), mistake.reason.as_str())).collect();
    let late = "2033-12-31 lies after `effective_to`, 2025-12-31";
    assert_eq!(
        told,
        [
            ("tasks.task_07.by", late),
            ("tasks.task_08.by", late),
            ("tasks.task_17_1.by", late),
            ("tasks.task_17_3.item", "17 has two items 2"),
            ("tasks.task_17_4.item", "17 has no item 3"),
            ("tasks.task_29.number", "2 tasks are numbered 29: each needs an `item`"),
            ("tasks.task_30.number", "2 tasks are numbered 29: each needs an `item`"),
            ("tasks.task_31.number", "no task is numbered 30"),
        ]
    );
}

#[test]
fn an_open_pack_has_no_last_day_for_its_tasks() {
    let lines: Vec<String> = pack("chuxiong-2022")
        .replace("by = { value = \"2023-12-31\"", "by = { value = \"2033-12-31\"")
        .lines()
        .filter(|line| !line.starts_with("effective_to"))
        .map(str::to_owned)
        .collect();
    assert!(Pack::parse(lines.join("\n").as_bytes()).is_ok());
}
