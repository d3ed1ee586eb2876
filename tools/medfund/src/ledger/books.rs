//! What the check compares.

use std::collections::BTreeMap;

/// Everything that tells of an area's money in a fund year.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The ledger of each service.
    pub books: Vec<Book>,
    /// The statements.
    pub statements: Vec<Stated>,
    /// What was paid ahead.
    pub prepayments: Vec<Prepaid>,
    /// The payment orders.
    pub orders: Vec<Order>,
}

/// One service's ledger.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The service.
    pub service: String,
    /// Balances as the service keeps them: credits less debits, in fen.
    pub balances: BTreeMap<String, i64>,
    /// Transfers.
    pub transfers: Vec<Posted>,
}

/// A transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its id.
    pub id: String,
    /// The account it leaves.
    pub debit: String,
    /// The account it enters.
    pub credit: String,
    /// The amount, in fen.
    pub amount_fen: i64,
    /// Why, in the chart's words.
    pub code: String,
    /// What caused it.
    pub reference: String,
}

/// What a statement says that its institution is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its name.
    pub name: String,
    /// The fund line.
    pub fund_line: String,
    /// The institution.
    pub institution: String,
    /// What is to be paid, in fen.
    pub order_fen: i64,
}

/// What a prepayment says that its institution is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepaid {
    /// Its name.
    pub name: String,
    /// What is paid ahead, e.g. `working capital`.
    pub kind: String,
    /// The fund line.
    pub fund_line: String,
    /// The institution.
    pub institution: String,
    /// What is granted, in fen.
    pub amount_fen: i64,
    /// What of it is still to be paid when an advance counts towards it, in fen.
    pub order_fen: i64,
}

/// A payment order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its name.
    pub name: String,
    /// The fund line.
    pub fund_line: String,
    /// The institution.
    pub institution: String,
    /// The amount, negative for a recovery, in fen.
    pub amount_fen: i64,
    /// Whether the bank has carried it out.
    pub is_completed: bool,
}
