use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};

use medfund_proto::DESCRIPTORS;
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

/// Where the number of a service stands in a comment's path, and that of an RPC.
const SERVICE_FIELD: i32 = 6;
const METHOD_FIELD: i32 = 2;

/// An RPC, a code and a reason, e.g. `ReviewBudget: ABORTED / ETAG_MISMATCH`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Refusal {
    rpc: String,
    code: String,
    reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} / {}", self.rpc, self.code, self.reason)
    }
}

/// The refusals that the protos' comments promise, held against those that a test provoked.
///
/// A comment promises a refusal by an item ``- `CODE` / `REASON`: …``; several reasons are separated by commas, and
/// the names after the word "metadata" are the keys that the refusal carries.
#[derive(Debug)]
pub struct Refusals {
    /// The metadata's keys of each documented refusal.
    documented: BTreeMap<Refusal, Vec<String>>,
    provoked: BTreeSet<Refusal>,
}

impl Refusals {
    /// The refusals that are documented for `rpcs` of `package`.
    ///
    /// # Panics
    ///
    /// If the package has no RPC of a name.
    #[must_use]
    pub fn of(package: &str, rpcs: &[&str]) -> Self {
        let all = documented(package);
        let unknown = rpcs.iter().find(|rpc| !all.contains_key(**rpc));
        assert_eq!(unknown, None, "{package} has no such RPC");
        let own = all.into_iter().filter(|(rpc, _)| rpcs.contains(&rpc.as_str()));
        Self { documented: own.flat_map(|(_, refusals)| refusals).collect(), provoked: BTreeSet::new() }
    }

    /// Compares a refusal with what is documented and notes it.
    ///
    /// - `method`: the client's method, e.g. `review_budget`.
    ///
    /// # Panics
    ///
    /// If the call was answered or refused otherwise, the RPC's comment does not promise this refusal, or the metadata
    /// that it promises is not there.
    #[track_caller]
    pub fn expect<T: Debug>(
        &mut self,
        method: &str,
        answer: Result<Response<T>, Status>,
        code: Code,
        reason: &str,
    ) {
        let status = answer.expect_err("the call is refused");
        let details = status.get_error_details();
        let info = details.error_info().expect("a refusal has a reason");
        assert_eq!((status.code(), info.reason.as_str()), (code, reason), "{method}: {}", status.message());
        let refusal = Refusal { rpc: camel_case(method), code: code_name(code), reason: reason.to_owned() };
        let Some(keys) = self.documented.get(&refusal) else { panic!("{refusal} is not documented") };
        for key in keys {
            assert!(info.metadata.contains_key(key), "{refusal} has no metadata `{key}`");
        }
        self.provoked.insert(refusal);
    }

    /// Checks that every documented refusal was provoked, and tells how many there are.
    ///
    /// # Panics
    ///
    /// If one was not; the message names all of them.
    pub fn all_provoked(&self) -> usize {
        let missing: Vec<String> = self
            .documented
            .keys()
            .filter(|refusal| !self.provoked.contains(refusal))
            .map(ToString::to_string)
            .collect();
        assert!(missing.is_empty(), "documented and never provoked:\n{}", missing.join("\n"));
        self.provoked.len()
    }
}

/// The names of all RPCs of a package.
///
/// # Panics
///
/// If the package has none.
#[must_use]
pub fn rpcs(package: &str) -> BTreeSet<String> {
    let names: BTreeSet<String> = documented(package).into_keys().collect();
    assert!(!names.is_empty(), "{package} has no RPC");
    names
}

/// What the comment of each RPC of a package promises.
fn documented(package: &str) -> BTreeMap<String, Vec<(Refusal, Vec<String>)>> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).expect("the descriptors can be read");
    let mut found = BTreeMap::new();
    for file in set.file.iter().filter(|file| file.package() == package) {
        for location in file.source_code_info.iter().flat_map(|info| &info.location) {
            let [SERVICE_FIELD, service, METHOD_FIELD, method] = location.path[..] else { continue };
            let at = |index: i32| usize::try_from(index).expect("an index is not negative");
            let rpc = file.service[at(service)].method[at(method)].name();
            found.insert(rpc.to_owned(), promised(rpc, location.leading_comments()));
        }
    }
    found
}

fn promised(rpc: &str, comment: &str) -> Vec<(Refusal, Vec<String>)> {
    let mut promised = Vec::new();
    for item in items(comment) {
        let Some((head, text)) = item.split_once("`: ") else { continue };
        let Some((code, reasons)) = head.split_once("` / `") else { continue };
        let (_, keys) = text.split_once("metadata ").unwrap_or_default();
        let keys: Vec<String> = quoted(keys).map(str::to_owned).collect();
        for reason in reasons.split("`, `") {
            let refusal = Refusal {
                rpc: rpc.to_owned(),
                code: code.trim_start_matches('`').to_owned(),
                reason: reason.to_owned(),
            };
            promised.push((refusal, keys.clone()));
        }
    }
    promised
}

/// The items of a comment's list, each in one line.
fn items(comment: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut within = false;
    for line in comment.lines().map(str::trim) {
        if let Some(item) = line.strip_prefix("- ") {
            items.push(item.to_owned());
            within = true;
        } else if line.is_empty() {
            within = false;
        } else if let (true, Some(item)) = (within, items.last_mut()) {
            item.push(' ');
            item.push_str(line);
        }
    }
    items
}

/// The words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// `review_budget` as `ReviewBudget`.
pub(crate) fn camel_case(method: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    method.split('_').map(word).collect()
}

/// `FailedPrecondition` as `FAILED_PRECONDITION`.
fn code_name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_tells_codes_reasons_and_metadata() {
        let comment = " Does it.\n\n Errors:\n - `NOT_FOUND` / `A_NOT_FOUND`,\n   `B_NOT_FOUND`: no such\n   thing.\n \
             - `ABORTED` / `ETAG_MISMATCH`: it changed; metadata `current`,\n   `expected`.\n\n Source: JM 四(二)1.\n";
        let told: Vec<String> =
            promised("Do", comment).iter().map(|(refusal, keys)| format!("{refusal} {keys:?}")).collect();
        assert_eq!(
            told,
            [
                "Do: NOT_FOUND / A_NOT_FOUND []",
                "Do: NOT_FOUND / B_NOT_FOUND []",
                "Do: ABORTED / ETAG_MISMATCH [\"current\", \"expected\"]"
            ]
        );
    }

    #[test]
    fn names_are_those_of_the_protos() {
        assert_eq!(camel_case("review_budget"), "ReviewBudget");
        assert_eq!(code_name(Code::FailedPrecondition), "FAILED_PRECONDITION");
        assert!(rpcs("medfund.budget.v1").contains("ReviewBudget"));
    }

    #[test]
    #[should_panic(expected = "GetBudget: NOT_FOUND / BUDGET_NOT_FOUND")]
    fn what_was_never_provoked_is_told() {
        Refusals::of("medfund.budget.v1", &["GetBudget"]).all_provoked();
    }
}
