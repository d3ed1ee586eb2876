use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;

/// One value of the file with the line it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) shape: Shape,
    /// Whether it stands in the rules of one fund line and so replaces a general one.
    pub(crate) replaces: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Text(String),
    Integer(String),
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
    /// A float or a date: what no parameter may be.
    Other(&'static str),
}

impl Node {
    /// Reads the tree and all that is wrong with the text itself.
    pub(crate) fn parse(text: &str) -> (Self, Vec<Mistake>) {
        let lines = Lines::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        let mistakes = errors
            .into_iter()
            .map(|error| Mistake {
                line: lines.at(error.span().map_or(0, |span| span.start)),
                key: String::new(),
                reason: error.message().to_owned(),
            })
            .collect();
        (table_node(table.get_ref(), 1, &lines), mistakes)
    }

    /// What is below `key`, if this is a table that has it.
    pub(crate) fn child(&self, key: &str) -> Option<&Node> {
        self.children().iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// A table's entries in the order of the file.
    pub(crate) fn children(&self) -> &[(String, Node)] {
        if let Shape::Table(entries) = &self.shape { entries } else { &[] }
    }

    /// Whether it is written as a parameter, `{ value = …, clause = … }`.
    pub(crate) fn is_parameter(&self) -> bool {
        ["value", "clause", "default"].iter().any(|key| self.child(key).is_some())
    }

    /// How the shape is called in a message.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.shape {
            Shape::Text(_) => "a text",
            Shape::Integer(_) => "an integer",
            Shape::Flag(_) => "true or false",
            Shape::List(_) => "a list",
            Shape::Table(_) => "a table",
            Shape::Other(kind) => kind,
        }
    }

    /// This tree with everything that `over` says put in its place.
    pub(crate) fn overlaid(&self, over: &Node) -> Node {
        let both_tables = matches!((&self.shape, &over.shape), (Shape::Table(_), Shape::Table(_)));
        if !both_tables || self.is_parameter() || over.is_parameter() {
            return over.marked();
        }
        let mut entries: Vec<(String, Node)> = Vec::new();
        for (key, node) in self.children() {
            let node = over.child(key).map_or_else(|| node.clone(), |other| node.overlaid(other));
            entries.push((key.clone(), node));
        }
        for (key, node) in over.children() {
            if self.child(key).is_none() {
                entries.push((key.clone(), node.marked()));
            }
        }
        Node { line: over.line, shape: Shape::Table(entries), replaces: false }
    }

    fn marked(&self) -> Node {
        let shape = match &self.shape {
            Shape::Table(entries) => {
                Shape::Table(entries.iter().map(|(key, node)| (key.clone(), node.marked())).collect())
            }
            Shape::List(items) => Shape::List(items.iter().map(Node::marked).collect()),
            Shape::Text(_) | Shape::Integer(_) | Shape::Flag(_) | Shape::Other(_) => self.shape.clone(),
        };
        Node { line: self.line, shape, replaces: true }
    }
}

/// Turns byte offsets into lines.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(newlines).collect() }
    }

    fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }
}

fn table_node(table: &DeTable<'_>, line: usize, lines: &Lines) -> Node {
    let mut entries: Vec<(usize, String, Node)> = table
        .iter()
        .map(|(key, value)| {
            let at = key.span().start;
            (at, key.get_ref().clone().into_owned(), value_node(value, lines.at(at), lines))
        })
        .collect();
    entries.sort_by_key(|(at, _, _)| *at);
    let entries = entries.into_iter().map(|(_, key, node)| (key, node)).collect();
    Node { line, shape: Shape::Table(entries), replaces: false }
}

/// A value on `line`, the line of its key.
fn value_node(value: &Spanned<DeValue<'_>>, line: usize, lines: &Lines) -> Node {
    let shape = match value.get_ref() {
        DeValue::String(text) => Shape::Text(text.clone().into_owned()),
        DeValue::Integer(integer) if integer.radix() == 10 => Shape::Integer(integer.as_str().to_owned()),
        DeValue::Integer(_) => Shape::Other("an integer that is not decimal"),
        DeValue::Boolean(flag) => Shape::Flag(*flag),
        DeValue::Array(items) => Shape::List(
            items.iter().map(|item| value_node(item, lines.at(item.span().start), lines)).collect(),
        ),
        DeValue::Table(table) => return table_node(table, line, lines),
        DeValue::Float(_) => Shape::Other("a floating-point number"),
        DeValue::Datetime(_) => Shape::Other("a bare date"),
    };
    Node { line, shape, replaces: false }
}
