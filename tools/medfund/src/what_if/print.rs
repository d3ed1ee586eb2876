//! A comparison as tables.

use comfy_table::{Cell, Table};
use medfund_money::Fen;

use super::compare::{Comparison, Gain, LineComparison};
use crate::print::{bold, changes, numbers_right, table, yuan};

impl Comparison {
    /// Who gains and loses, fund line by fund line.
    pub(super) fn tables(&self, name_of: impl Fn(&str) -> String) -> String {
        let short = |hash: &str| hash[..hash.len().min(12)].to_owned();
        let mut text = format!(
            "\n{} {} against {} {}\n",
            self.tried.id,
            short(&self.tried.hash),
            self.pack.id,
            short(&self.pack.hash)
        );
        for line in &self.fund_lines {
            text.push_str(&format!(
                "\nWho gains and loses (盈亏测算) · {}, yuan\n{}\n{}\n",
                line.id,
                rows(line, &name_of),
                summary(line)
            ));
        }
        text
    }
}

fn rows(line: &LineComparison, name_of: &impl Fn(&str) -> String) -> Table {
    let mut rows = table(&[
        "institution",
        "name",
        "quota",
        "quota tried",
        "receives",
        "would receive",
        "difference",
        "%",
    ]);
    let amounts = |quota: [i64; 2], received: [i64; 2]| {
        let received = changes(Fen::new(received[0]), Fen::new(received[1]));
        quota.map(|fen| Cell::new(yuan(fen))).into_iter().chain(received).collect::<Vec<_>>()
    };
    for one in &line.institutions {
        let mark = if one.primary { format!("{} 基", one.code) } else { one.code.clone() };
        let names = [Cell::new(mark), Cell::new(name_of(&one.code))];
        rows.add_row(names.into_iter().chain(amounts(one.quota_fen, one.received_fen)));
    }
    let sum = |of: &dyn Fn(&Gain) -> [i64; 2]| {
        line.institutions.iter().map(of).fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]])
    };
    let sums = amounts(sum(&|one| one.quota_fen), sum(&|one| one.received_fen));
    rows.add_row([bold("sum"), Cell::new("")].into_iter().chain(sums));
    numbers_right(&mut rows, 2);
    rows
}

fn summary(line: &LineComparison) -> String {
    let n = |wanted: fn(i64) -> bool| line.institutions.iter().filter(|one| wanted(one.difference())).count();
    let [before, after] = line.reserve_left_fen;
    let instead =
        if before == after { "as before".to_owned() } else { format!("instead of {}", yuan(before)) };
    format!(
        "{} gain, {} lose, {} receive the same; {} of the reserve is left, {instead}",
        n(|fen| fen > 0),
        n(|fen| fen < 0),
        n(|fen| fen == 0),
        yuan(after)
    )
}
