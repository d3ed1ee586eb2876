use std::collections::BTreeSet;

use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

use crate::refusals::{camel_case, rpcs};

/// A table of requests that must be refused, filled by [`bad_requests!`](macro@crate::bad_requests) and checked as it is
/// filled.
#[derive(Debug, Default)]
pub struct BadRequests {
    rpcs: BTreeSet<String>,
    n_rows: usize,
    wrong: Vec<String>,
}

/// What a bad request must get.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    code: Code,
    reason: String,
    /// The paths of the bad fields, in the order of the request.
    fields: Vec<String>,
}

impl Refused {
    /// The refusal of what is another area's or institution's: nothing is said of any field.
    #[must_use]
    pub fn not_found() -> Self {
        Self { code: Code::NotFound, reason: "RESOURCE_NOT_FOUND".to_owned(), fields: Vec::new() }
    }

    fn of(status: &Status) -> Self {
        let details = status.get_error_details();
        let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        let fields = details.bad_request().map(|bad| bad.field_violations.as_slice()).unwrap_or_default();
        let fields = fields.iter().map(|violation| violation.field.clone()).collect();
        Self { code: status.code(), reason, fields }
    }
}

/// Malformed fields: `INVALID_ARGUMENT` / `BAD_REQUEST`.
impl<const N: usize> From<[&str; N]> for Refused {
    fn from(fields: [&str; N]) -> Self {
        let fields = fields.map(str::to_owned).to_vec();
        Self { code: Code::InvalidArgument, reason: "BAD_REQUEST".to_owned(), fields }
    }
}

impl BadRequests {
    /// Notes that a request has nothing malformed: whatever else it gets, it is not `INVALID_ARGUMENT`.
    pub fn good<T>(&mut self, method: &str, answer: &Result<Response<T>, Status>) {
        self.rpcs.insert(camel_case(method));
        if let Err(status) = answer
            && status.code() == Code::InvalidArgument
        {
            self.wrong.push(format!("{method}: the good request gets {:?}", Refused::of(status)));
        }
    }

    /// Compares what a bad request got with what it must get.
    pub fn bad<T>(
        &mut self,
        method: &str,
        what: &str,
        answer: Result<Response<T>, Status>,
        refused: impl Into<Refused>,
    ) {
        self.n_rows += 1;
        let (expected, found) = (refused.into(), answer.err().map(|status| Refused::of(&status)));
        if found.as_ref() != Some(&expected) {
            self.wrong.push(format!("{method}, {what}: {expected:?} is due, it gets {found:?}"));
        }
    }

    /// Checks that every row held and every RPC of `package` has one, and tells how many rows there are.
    ///
    /// # Panics
    ///
    /// If not; the message names all rows that did not hold.
    pub fn all_refused(self, package: &str) -> usize {
        assert!(
            self.wrong.is_empty(),
            "{} of {} rows:\n{}",
            self.wrong.len(),
            self.n_rows,
            self.wrong.join("\n")
        );
        let missing: Vec<String> = rpcs(package).difference(&self.rpcs).cloned().collect();
        assert_eq!(missing, Vec::<String>::new(), "RPCs without a bad request");
        println!("{} bad requests of {} RPCs are refused as documented", self.n_rows, self.rpcs.len());
        self.n_rows
    }
}

/// Adds rows to [`BadRequests`]: a client's method with a good request, then what is wrong in words, how the good
/// request is changed, and what it gets: the bad fields' paths, or another [`Refused`].
///
/// ```ignore
/// bad_requests!(table, officer.propose_budget(good), {
///     "no income": |r| r.income_fen = 0 => ["income_fen"],
///     "another area's": |r| r.name = elsewhere => Refused::not_found(),
/// });
/// ```
#[macro_export]
macro_rules! bad_requests {
    ($table:expr, $client:ident.$method:ident($good:expr), {
        $($what:literal: |$request:ident| $change:expr => $refused:expr),+ $(,)?
    }) => {{
        let good = $good;
        $table.good(stringify!($method), &$client.$method(good.clone()).await);
        $({
            let mut request = good.clone();
            {
                let $request = &mut request;
                $change;
            }
            $table.bad(stringify!($method), $what, $client.$method(request).await, $refused);
        })+
    }};
}
