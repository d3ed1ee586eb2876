//! The result as tables.

use comfy_table::{Cell, CellAlignment, Color, Table};

use super::pool::pools;
use super::{FundLineResult, InstitutionResult, YearResult};
use crate::print::{self, bold, numbers_right, table};

impl YearResult {
    /// Everything worth looking at: targets with each deduction, quotas, months, clearing, ledger.
    pub(in crate::year) fn tables(&self, name_of: impl Fn(&str) -> String) -> String {
        let mut text = format!(
            "\n{} · area {} · fund year {} · pack {}\n",
            self.pack.id,
            self.area,
            self.fund_year,
            &self.pack.hash[..self.pack.hash.len().min(12)]
        );
        let titled = |title: String, table: Table| format!("\n{title}\n{table}\n");
        text.push_str(&titled(
            "From the budget to the target (总额控制目标), yuan".to_owned(),
            self.targets(),
        ));
        for line in &self.fund_lines {
            text.push_str(&titled(
                format!("Quotas (总额控制指标) · {}, yuan", line.id),
                quotas(line, &name_of),
            ));
        }
        text.push_str(&titled("Months (月度结算), yuan".to_owned(), self.months()));
        for line in &self.fund_lines {
            text.push_str(&titled(
                format!("Clearing (年度清算) · {}, yuan", line.id),
                clearing(line, &name_of),
            ));
        }
        for (title, shares) in self.fund_lines.iter().filter_map(|line| pools(line, &name_of)) {
            text.push_str(&titled(title, shares));
        }
        if let Some(coverage) = &self.coverage {
            text.push_str(&titled("Coverage by DRG (覆盖进度), yuan".to_owned(), coverage.table()));
        }
        text.push_str(&titled("Payments (拨付时效)".to_owned(), self.payments()));
        text.push_str(&titled("Ledger, yuan".to_owned(), self.ledger_table()));
        text
    }

    fn targets(&self) -> Table {
        let mut table = table(&["", ""]);
        let header: Vec<Cell> =
            std::iter::once(bold("")).chain(self.fund_lines.iter().map(|l| bold(&l.id))).collect();
        table.set_header(header);
        let mut row = |name: &str, values: Vec<i64>| {
            let cells = values.into_iter().map(yuan);
            table.add_row(std::iter::once(Cell::new(name)).chain(cells).collect::<Vec<_>>());
        };
        let each =
            |value: &dyn Fn(&FundLineResult) -> i64| self.fund_lines.iter().map(value).collect::<Vec<i64>>();
        row("income", each(&|l| l.sums.income_fen));
        row("expenditure budget", each(&|l| l.sums.budget_fen));
        let mut ids: Vec<&str> = Vec::new();
        for deducted in self.fund_lines.iter().flat_map(|l| &l.sums.deductions) {
            if !ids.contains(&deducted.id.as_str()) {
                ids.push(&deducted.id);
            }
        }
        for id in ids {
            let amount = |l: &FundLineResult| {
                -l.sums.deductions.iter().find(|d| d.id == id).map_or(0, |d| d.amount_fen)
            };
            row(&format!("− {id}"), each(&amount));
        }
        row("− reserve", each(&|l| -l.sums.reserve.planned_fen));
        row("+ adjustment", each(&|l| l.sums.adjustment_fen));
        row("= target", each(&|l| l.sums.target_fen));
        row("  primary-care floor", each(&|l| l.sums.primary_floor_fen));
        row("reserve: drawn for quotas", each(&|l| l.sums.reserve.drawn_fen));
        row("reserve: bore overspend", each(&|l| l.sums.reserve.overspend_fen));
        row("reserve: primary care", each(&|l| l.sums.reserve.primary_care_fen));
        row("reserve: left", each(&|l| l.sums.reserve.left_fen));
        numbers_right(&mut table, 1);
        table
    }

    fn months(&self) -> Table {
        let mut table = table(&[
            "month",
            "fund line",
            "cost",
            "refused",
            "payable",
            "paid",
            "deferred",
            "beside quota",
            "set off",
        ]);
        for n in 0..12 {
            for line in &self.fund_lines {
                let months: Vec<_> = line.institutions.iter().filter_map(|i| i.months.get(n)).collect();
                let Some(first) = months.first() else { continue };
                let sum =
                    |value: &dyn Fn(&super::MonthResult) -> i64| yuan(months.iter().map(|m| value(m)).sum());
                table.add_row(vec![
                    Cell::new(&first.month),
                    Cell::new(&line.id),
                    sum(&|m| m.cost_fen),
                    sum(&|m| m.refused_fen),
                    sum(&|m| m.payable_fen),
                    sum(&|m| m.paid_fen),
                    sum(&|m| m.deferred_fen),
                    sum(&|m| m.outside_quota_fen),
                    sum(&|m| m.kept_back_fen),
                ]);
            }
        }
        table
    }

    fn payments(&self) -> Table {
        let mut table = table(&["late", "yuan", "due", "paid", "working days late", "why"]);
        for late in &self.timeliness.late {
            let order = late.payment_order.rsplit('/').next().unwrap_or_default();
            table.add_row(vec![
                Cell::new(order),
                yuan(late.amount_fen),
                Cell::new(&late.due_date),
                Cell::new(&late.value_date),
                Cell::new(late.days_late),
                Cell::new(&late.reason),
            ]);
        }
        let (n_due, n_in_time) = (self.timeliness.n_due, self.timeliness.n_in_time);
        table.add_row(vec![bold(&format!("{n_in_time} of {n_due} in time"))]);
        table
    }

    fn ledger_table(&self) -> Table {
        let mut table = table(&["", ""]);
        let open = self.ledger.accounts.iter().filter(|a| a.balance_fen != 0).count();
        let total: i64 = self.ledger.accounts.iter().map(|a| a.balance_fen).sum();
        table.set_header(vec![bold("ledger"), bold("")]);
        table.add_row(vec![Cell::new("transfers"), Cell::new(self.ledger.transfers)]);
        table.add_row(vec![
            Cell::new("accounts (with a balance)"),
            Cell::new(format!("{} ({open})", self.ledger.accounts.len())),
        ]);
        table.add_row(vec![Cell::new("sum of all balances"), yuan(total)]);
        table.add_row(vec![Cell::new("in transit between services"), yuan(self.ledger.transit_balance_fen)]);
        numbers_right(&mut table, 1);
        table
    }
}

fn quotas(line: &FundLineResult, name_of: &impl Fn(&str) -> String) -> Table {
    let mut table = table(&[
        "institution",
        "name",
        "last year",
        "coefficient",
        "quota",
        "adjusted",
        "advance",
        "working capital",
        "clean record",
        "months ahead",
    ]);
    for i in &line.institutions {
        table.add_row(vec![
            Cell::new(mark(i)),
            Cell::new(name_of(&i.code)),
            yuan(i.history_fen.last().copied().unwrap_or_default()),
            Cell::new(&i.coefficient).set_alignment(CellAlignment::Right),
            yuan(i.quota_fen),
            yuan(i.adjusted_quota_fen),
            yuan(i.advance_fen),
            yuan(i.working_capital_fen),
            yuan(i.clean_record_fen),
            yuan(i.monthly_ahead_fen),
        ]);
    }
    let sum = |value: &dyn Fn(&InstitutionResult) -> i64| yuan(line.institutions.iter().map(value).sum());
    table.add_row(vec![
        bold("sum"),
        Cell::new(""),
        sum(&|i| i.history_fen.last().copied().unwrap_or_default()),
        Cell::new(""),
        sum(&|i| i.quota_fen),
        sum(&|i| i.adjusted_quota_fen),
        sum(&|i| i.advance_fen),
        sum(&|i| i.working_capital_fen),
        sum(&|i| i.clean_record_fen),
        sum(&|i| i.monthly_ahead_fen),
    ]);
    table
}

fn clearing(line: &FundLineResult, name_of: &impl Fn(&str) -> String) -> Table {
    let mut table = table(&[
        "institution",
        "name",
        "standard",
        "payable",
        "kept",
        "fund bears",
        "borne",
        "deducted",
        "final",
        "payment",
        "grade, deposit forfeited",
    ]);
    for i in &line.institutions {
        let c = &i.clearing;
        let over =
            if c.overspend_fen > 0 { yuan(c.payable_fen).fg(Color::Yellow) } else { yuan(c.payable_fen) };
        let payment =
            if c.payment_fen < 0 { yuan(c.payment_fen).fg(Color::Red) } else { yuan(c.payment_fen) };
        table.add_row(vec![
            Cell::new(mark(i)),
            Cell::new(name_of(&i.code)),
            yuan(c.standard_fen),
            over,
            yuan(c.surplus_kept_fen),
            yuan(c.overspend_fund_fen),
            yuan(c.overspend_borne_fen),
            yuan(c.deductions_fen),
            yuan(c.final_fen),
            payment,
            Cell::new(format!("{} {}", i.deposit.grade, print::yuan(i.deposit.forfeited_fen)))
                .set_alignment(CellAlignment::Right),
        ]);
    }
    let sum = |value: &dyn Fn(&InstitutionResult) -> i64| yuan(line.institutions.iter().map(value).sum());
    table.add_row(vec![
        bold("sum"),
        Cell::new(""),
        sum(&|i| i.clearing.standard_fen),
        sum(&|i| i.clearing.payable_fen),
        sum(&|i| i.clearing.surplus_kept_fen),
        sum(&|i| i.clearing.overspend_fund_fen),
        sum(&|i| i.clearing.overspend_borne_fen),
        sum(&|i| i.clearing.deductions_fen),
        sum(&|i| i.clearing.final_fen),
        sum(&|i| i.clearing.payment_fen),
        sum(&|i| i.deposit.forfeited_fen),
    ]);
    table
}

fn mark(institution: &InstitutionResult) -> String {
    if institution.primary { format!("{} 基", institution.code) } else { institution.code.clone() }
}

pub(super) fn yuan(fen: i64) -> Cell {
    Cell::new(print::yuan(fen)).set_alignment(CellAlignment::Right)
}
