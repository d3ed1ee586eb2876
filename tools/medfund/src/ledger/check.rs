//! The check: every amount is added up here from transfers alone and compared with what others say of it.

use std::collections::BTreeMap;

use medfund_money::Fen;

use super::books::{Book, Books, Posted};

/// Something that disagrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The service whose ledger it is.
    pub service: String,
    /// What is wrong.
    pub what: &'static str,
    /// The account, statement, order or reference.
    pub place: String,
    /// The numbers.
    pub detail: String,
}

/// Finds what disagrees: nothing when every fen is where everybody says it is.
#[must_use]
pub fn check(books: &Books) -> Vec<Finding> {
    let mut findings = Vec::new();
    for book in &books.books {
        doubled(book, &mut findings);
        balances(book, &mut findings);
    }
    handovers(books, &mut findings);
    if let Some(book) = books.books.iter().find(|book| book.service == "settlement") {
        statements(books, book, &mut findings);
        prepayments(books, book, &mut findings);
        orders(books, book, &mut findings);
    }
    findings
}

/// The same move for the same cause, twice.
fn doubled(book: &Book, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<(&str, &str, &str, &str), usize> = BTreeMap::new();
    for t in &book.transfers {
        *seen.entry((&t.debit, &t.credit, &t.code, &t.reference)).or_default() += 1;
    }
    for ((debit, credit, code, reference), n) in seen {
        if n > 1 {
            findings.push(Finding {
                service: book.service.clone(),
                what: "transfer doubled",
                place: reference.to_owned(),
                detail: format!("{code} from {debit} to {credit} stands {n} times"),
            });
        }
    }
}

/// A balance that is not the sum of its transfers.
fn balances(book: &Book, findings: &mut Vec<Finding>) {
    let mut sums: BTreeMap<&str, i64> = book.balances.keys().map(|account| (account.as_str(), 0)).collect();
    for t in &book.transfers {
        *sums.entry(&t.debit).or_default() -= t.amount_fen;
        *sums.entry(&t.credit).or_default() += t.amount_fen;
    }
    for (account, sum) in sums {
        let kept = book.balances.get(account).copied().unwrap_or_default();
        if kept != sum {
            findings.push(Finding {
                service: book.service.clone(),
                what: "balance is not the sum of its transfers",
                place: account.to_owned(),
                detail: format!("kept {}, transfers make {}", yuan(kept), yuan(sum)),
            });
        }
    }
}

/// What one service handed over and the other did not take, or not as much.
fn handovers(books: &Books, findings: &mut Vec<Finding>) {
    let mut sides: BTreeMap<(String, String), BTreeMap<&str, i64>> = BTreeMap::new();
    for book in &books.books {
        for t in &book.transfers {
            for (account, amount) in [(&t.debit, -t.amount_fen), (&t.credit, t.amount_fen)] {
                if account.starts_with("transit/") {
                    let side = sides.entry((account.clone(), t.reference.clone())).or_default();
                    *side.entry(&book.service).or_default() += amount;
                }
            }
        }
    }
    for ((account, reference), side) in sides {
        if side.values().sum::<i64>() == 0 {
            continue;
        }
        let told: Vec<String> =
            side.iter().map(|(service, fen)| format!("{service} {}", yuan(*fen))).collect();
        let what =
            if side.len() < 2 { "handover missing on the other side" } else { "sides of a handover differ" };
        let service = side.keys().copied().collect::<Vec<_>>().join(", ");
        findings.push(Finding {
            service,
            what,
            place: reference,
            detail: format!("{account}: {}", told.join(", ")),
        });
    }
}

/// What a ledger owes an institution for `reference`.
fn owed(book: &Book, fund_line: &str, institution: &str, reference: &str) -> i64 {
    let account = format!("payable/{fund_line}/{institution}");
    let mine = book.transfers.iter().filter(|t| t.reference == reference);
    let part = |t: &Posted| match (t.debit == account, t.credit == account) {
        (true, false) => -t.amount_fen,
        (false, true) => t.amount_fen,
        (true, true) | (false, false) => 0,
    };
    mine.map(part).sum()
}

fn statements(books: &Books, book: &Book, findings: &mut Vec<Finding>) {
    for stated in &books.statements {
        let posted = owed(book, &stated.fund_line, &stated.institution, &stated.name);
        if posted != stated.order_fen {
            findings.push(Finding {
                service: book.service.clone(),
                what: "statement and transfers differ",
                place: stated.name.clone(),
                detail: format!("stated {}, transfers make {}", yuan(stated.order_fen), yuan(posted)),
            });
        }
    }
}

/// What is granted ahead must be on the institution's account for it, and what is to be paid of it must be owed.
fn prepayments(books: &Books, book: &Book, findings: &mut Vec<Finding>) {
    for prepaid in &books.prepayments {
        let granted: i64 =
            book.transfers.iter().filter(|t| t.reference == prepaid.name).map(|t| t.amount_fen).sum();
        let posted = owed(book, &prepaid.fund_line, &prepaid.institution, &prepaid.name);
        if (granted, posted) != (prepaid.amount_fen, prepaid.order_fen) {
            findings.push(Finding {
                service: book.service.clone(),
                what: "prepayment and transfers differ",
                place: prepaid.name.clone(),
                detail: format!(
                    "{} of {} from {}: granted {} and to be paid {}, transfers make {} and {}",
                    prepaid.kind,
                    prepaid.institution,
                    prepaid.fund_line,
                    yuan(prepaid.amount_fen),
                    yuan(prepaid.order_fen),
                    yuan(granted),
                    yuan(posted)
                ),
            });
        }
    }
}

/// What the bank has paid must have left what is owed, order by order and account by account.
fn orders(books: &Books, book: &Book, findings: &mut Vec<Finding>) {
    let mut paid: BTreeMap<&str, i64> = BTreeMap::new();
    for order in &books.orders {
        let expected = if order.is_completed { order.amount_fen } else { 0 };
        *paid.entry(&order.fund_line).or_default() += expected;
        let posted = -owed(book, &order.fund_line, &order.institution, &order.name);
        if posted != expected {
            findings.push(Finding {
                service: book.service.clone(),
                what: "payment order and transfers differ",
                place: order.name.clone(),
                detail: format!("the bank paid {}, transfers make {}", yuan(expected), yuan(posted)),
            });
        }
    }
    for (fund_line, paid) in paid {
        let account = format!("bank/{fund_line}");
        let posted: i64 = book.transfers.iter().map(|t| moved(t, &account)).sum();
        if posted != paid {
            findings.push(Finding {
                service: book.service.clone(),
                what: "bank account and payment orders differ",
                place: account,
                detail: format!("payment orders pay {}, transfers make {}", yuan(paid), yuan(posted)),
            });
        }
    }
}

fn moved(t: &Posted, account: &str) -> i64 {
    i64::from(t.credit == account) * t.amount_fen - i64::from(t.debit == account) * t.amount_fen
}

fn yuan(fen: i64) -> String {
    Fen::new(fen).to_yuan()
}

#[cfg(test)]
mod tests {
    use super::super::books::{Order, Prepaid, Stated};
    use super::*;

    const TRANSIT: &str = "transit/budget/settlement/2017/employee/440703";
    const QUOTA: &str = "2017/employee/440703/quota/H44070300001";

    fn posted(
        id: &str,
        debit: &str,
        credit: &str,
        amount_fen: i64,
        (code, reference): (&str, &str),
    ) -> Posted {
        let text = str::to_owned;
        Posted {
            id: text(id),
            debit: text(debit),
            credit: text(credit),
            amount_fen,
            code: text(code),
            reference: text(reference),
        }
    }

    fn book(service: &str, transfers: Vec<Posted>) -> Book {
        let mut balances = BTreeMap::new();
        for t in &transfers {
            *balances.entry(t.debit.clone()).or_default() -= t.amount_fen;
            *balances.entry(t.credit.clone()).or_default() += t.amount_fen;
        }
        Book { service: service.to_owned(), balances, transfers }
    }

    fn books() -> Books {
        let (statement, order) = ("areas/1/statements/s", "areas/1/paymentOrders/o");
        let budget = vec![posted("1", "target/2017/employee/440703", TRANSIT, 500, ("quota", QUOTA))];
        let owed = "payable/employee/H44070300001";
        let ahead = "working_capital/2017/employee/440703/H44070300001";
        let advance = "advance/2017/employee/440703/H44070300001";
        let prepaid = "areas/1/prepayments/p";
        let settlement = vec![
            posted("2", TRANSIT, "quota/2017/employee/440703/H44070300001", 500, ("quota", QUOTA)),
            posted("3", "quota/2017/employee/440703/H44070300001", owed, 300, ("month_payable", statement)),
            posted("4", owed, "bank/employee", 300, ("order_completed", order)),
            posted("5", ahead, owed, 50, ("working_capital", prepaid)),
            posted("6", ahead, advance, 30, ("advance_counted", prepaid)),
        ];
        let text = str::to_owned;
        Books {
            books: vec![book("budget", budget), book("settlement", settlement)],
            statements: vec![Stated {
                name: text(statement),
                fund_line: text("employee"),
                institution: text("H44070300001"),
                order_fen: 300,
            }],
            prepayments: vec![Prepaid {
                name: text("areas/1/prepayments/p"),
                kind: text("working capital"),
                fund_line: text("employee"),
                institution: text("H44070300001"),
                amount_fen: 80,
                order_fen: 50,
            }],
            orders: vec![Order {
                name: text(order),
                fund_line: text("employee"),
                institution: text("H44070300001"),
                amount_fen: 300,
                is_completed: true,
            }],
        }
    }

    fn what(books: &Books) -> Vec<&'static str> {
        check(books).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn books_that_agree_give_no_finding() {
        assert_eq!(check(&books()), []);
    }

    #[test]
    fn a_missing_transfer_is_named_by_what_lacks_it() {
        let mut missing = books();
        missing.books[1].transfers.remove(1);
        assert!(what(&missing).contains(&"statement and transfers differ"));
        assert!(what(&missing).contains(&"balance is not the sum of its transfers"));

        let mut missing = books();
        missing.books[1].transfers.remove(0);
        let finding =
            check(&missing).into_iter().find(|f| f.what == "handover missing on the other side").unwrap();
        assert_eq!((finding.service.as_str(), finding.place.as_str()), ("budget", QUOTA));
    }

    #[test]
    fn a_doubled_transfer_is_named() {
        let mut doubled = books();
        let mut again = doubled.books[1].transfers[2].clone();
        again.id = "7".to_owned();
        doubled.books[1].transfers.push(again);
        let finding = check(&doubled).into_iter().find(|f| f.what == "transfer doubled").unwrap();
        assert_eq!(finding.place, "areas/1/paymentOrders/o");
        assert!(what(&doubled).contains(&"payment order and transfers differ"));
        assert!(what(&doubled).contains(&"bank account and payment orders differ"));
    }

    #[test]
    fn a_lost_prepayment_is_named_by_kind_institution_and_fund_line() {
        for lost in [3, 4] {
            let mut missing = books();
            missing.books[1].transfers.remove(lost);
            let finding =
                check(&missing).into_iter().find(|f| f.what == "prepayment and transfers differ").unwrap();
            assert_eq!(finding.place, "areas/1/prepayments/p");
            assert!(
                finding.detail.starts_with("working capital of H44070300001 from employee: granted 0.80"),
                "{}",
                finding.detail
            );
        }
    }

    #[test]
    fn an_order_that_the_bank_has_not_carried_out_must_not_be_posted() {
        let mut early = books();
        early.orders[0].is_completed = false;
        assert!(what(&early).contains(&"payment order and transfers differ"));
    }
}
