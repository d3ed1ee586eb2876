use std::cell::RefCell;

use super::param::Source;
use super::{Field, Mistake, Node, Shape};

/// The reason of a key that must stand in the pack and does not.
pub(crate) const MISSING: &str = "missing";

/// As many mistakes as anybody reads: each is compared with those before it.
const MOST_MISTAKES: usize = 1_000;

/// One parameter as `show` and `diff` print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The dotted key, e.g. `budget.reserve.max_rate`.
    pub key: String,
    /// Its Chinese term.
    pub term: &'static str,
    /// Its value as text.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
    /// The line it stands on.
    pub line: usize,
    /// Whether it is a rate, a coefficient or weights: a number that computes amounts.
    pub is_rate: bool,
}

/// One section's Chinese term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The section's dotted key.
    pub key: String,
    /// Its Chinese term.
    pub term: &'static str,
}

/// A name that a parameter takes for granted and that must stand elsewhere in the pack.
#[derive(Debug)]
pub(crate) struct Reference {
    /// The section that must hold it, e.g. `bodies`.
    pub(crate) section: &'static str,
    pub(crate) id: String,
    pub(crate) line: usize,
    pub(crate) key: String,
}

/// What one reading of a pack gathers.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The notice's short name, put before every clause.
    pub(crate) short: String,
    /// The fund line whose own rules are read, if any.
    pub(crate) fund_line: Option<String>,
    pub(crate) mistakes: RefCell<Vec<Mistake>>,
    pub(crate) entries: RefCell<Vec<Entry>>,
    pub(crate) headings: RefCell<Vec<Heading>>,
    pub(crate) references: RefCell<Vec<Reference>>,
}

/// A node being read, and the key that leads to it.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'a> {
    pub(crate) context: &'a Context,
    pub(crate) node: &'a Node,
    pub(crate) key: String,
    pub(crate) term: &'static str,
}

impl<'a> Spot<'a> {
    /// Notes that something is wrong here.
    pub(crate) fn wrong(&self, reason: impl Into<String>) {
        self.wrong_at(self.node.line, &self.key, reason);
    }

    /// Notes that something is wrong with another parameter of this pack.
    pub(crate) fn wrong_at(&self, line: usize, key: &str, reason: impl Into<String>) {
        let mistake = Mistake { line, key: self.full_key(key), reason: reason.into() };
        let mut mistakes = self.context.mistakes.borrow_mut();
        // The rules of a fund line repeat the general ones, and so their mistakes.
        let told = |other: &Mistake| {
            (other.key == key || other.key == mistake.key)
                && other.reason == mistake.reason
                && (other.line == mistake.line || other.reason == MISSING)
        };
        if mistakes.len() < MOST_MISTAKES && !mistakes.iter().any(told) {
            mistakes.push(mistake);
        }
    }

    /// Notes a parameter that was read well.
    pub(crate) fn note(&self, value: String, source: &Source, is_rate: bool) {
        if self.context.fund_line.is_some() && !self.node.replaces {
            return;
        }
        self.context.entries.borrow_mut().push(Entry {
            key: self.full_key(&self.key),
            term: self.term,
            value,
            source: source.clone(),
            line: self.node.line,
            is_rate,
        });
    }

    /// Notes that `id` must be a key of `section`.
    pub(crate) fn refer(&self, section: &'static str, id: &str) {
        self.context.references.borrow_mut().push(Reference {
            section,
            id: id.to_owned(),
            line: self.node.line,
            key: self.full_key(&self.key),
        });
    }

    /// Reads the field `name` of this table, present or not.
    pub(crate) fn field<F: Field>(&self, name: &str, term: &'static str) -> Option<F> {
        match self.node.child(name) {
            Some(node) => F::read(&self.below(name, term, node)),
            None => F::absent(self, name),
        }
    }

    /// The spot of a child.
    pub(crate) fn below(&self, name: &str, term: &'static str, node: &'a Node) -> Spot<'a> {
        Spot { context: self.context, node, key: join(&self.key, name), term }
    }

    /// Whether this is a section; notes it when it is not, and its heading when it is.
    pub(crate) fn is_section(&self) -> bool {
        if self.node.is_parameter() || !matches!(self.node.shape, Shape::Table(_)) {
            self.wrong(format!("must be a section of parameters, not {}", self.parameter_or_kind()));
            return false;
        }
        if self.context.fund_line.is_none() {
            self.context.headings.borrow_mut().push(Heading { key: self.key.clone(), term: self.term });
        }
        true
    }

    /// Notes every key of this table that is not in `known`.
    pub(crate) fn refuse_others(&self, known: &[&str]) {
        for (name, node) in self.node.children() {
            if !known.contains(&name.as_str()) {
                self.below(name, "", node).wrong("unknown key");
            }
        }
    }

    /// The key as it stands in the file: rules of a fund line stand below that line.
    pub(crate) fn full_key(&self, key: &str) -> String {
        match &self.context.fund_line {
            Some(line) if !key.starts_with("fund_lines.") => format!("fund_lines.{line}.rules.{key}"),
            Some(_) | None => key.to_owned(),
        }
    }

    fn parameter_or_kind(&self) -> &'static str {
        if self.node.is_parameter() { "one parameter" } else { self.node.kind() }
    }
}

/// `parent.name`, or `name` at the top.
pub(crate) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}
