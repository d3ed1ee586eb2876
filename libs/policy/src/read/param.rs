use std::fmt;
use std::ops::Deref;

use super::{Field, Shape, Spot, Value};

/// Where a parameter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The notice says so.
    Clause {
        /// The notice's short name, e.g. `JM`.
        notice: String,
        /// The clause by the notice's own numbering, e.g. `四(三)3`.
        clause: String,
    },
    /// The notice leaves it open; the pack says why it is what it is.
    Default {
        /// Why.
        reason: String,
    },
}

impl Source {
    /// Whether the notice leaves the parameter open.
    #[must_use]
    pub fn is_default(&self) -> bool {
        matches!(self, Self::Default { .. })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clause { notice, clause } => write!(f, "{notice} {clause}"),
            Self::Default { reason } => write!(f, "default: {reason}"),
        }
    }
}

/// A parameter of the pack: a value that knows where it comes from.
///
/// It reads as its value; [`Param::cite`] gives the words for a derivation.
#[derive(Clone, Debug)]
pub struct Param<T> {
    value: T,
    key: String,
    term: &'static str,
    source: Source,
    line: usize,
}

impl<T> Param<T> {
    /// The dotted key, e.g. `budget.reserve.max_rate`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The Chinese term.
    #[must_use]
    pub fn term(&self) -> &'static str {
        self.term
    }

    /// Where the value comes from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The clause or the marked default, as a derivation names it, e.g. `JM 四(三)3`.
    #[must_use]
    pub fn cite(&self) -> String {
        self.source.to_string()
    }

    /// The line of the file it stands on.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl<T: Copy> Param<T> {
    /// The value.
    #[must_use]
    pub fn get(&self) -> T {
        self.value
    }
}

impl<T> Deref for Param<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Equal values of equal source under equal keys, wherever they stand in the file.
impl<T: PartialEq> PartialEq for Param<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.key == other.key && self.source == other.source
    }
}

impl<T: Value> Field for Param<T> {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        if !matches!(spot.node.shape, Shape::Table(_)) {
            spot.wrong(format!(
                "must be a parameter `{{ value = …, clause = \"…\" }}`, not {}",
                spot.node.kind()
            ));
            return None;
        }
        spot.refuse_others(&["value", "clause", "default"]);
        let source = source(spot);
        let value = match spot.node.child("value") {
            Some(node) => T::read(&Spot { node, ..spot.clone() }),
            None => {
                spot.wrong("has no `value`");
                None
            }
        };
        let (value, source) = (value?, source?);
        spot.note(value.show(), &source, T::IS_RATE);
        let key = if spot.node.replaces { spot.full_key(&spot.key) } else { spot.key.clone() };
        Some(Self { value, key, term: spot.term, source, line: spot.node.line })
    }
}

fn source(spot: &Spot<'_>) -> Option<Source> {
    match (spot.node.child("clause"), spot.node.child("default")) {
        (None, None) => {
            spot.wrong("names no `clause` it comes from and no reason why it is a `default`");
            None
        }
        (Some(_), Some(_)) => {
            spot.wrong("names both a `clause` and a `default`: the notice fixes it or leaves it open");
            None
        }
        (Some(node), None) => {
            let clause = text(spot, "clause", node)?;
            if !clause.split("; ").all(is_clause) {
                spot.wrong(format!(
                    "`clause` is \"{clause}\": write a clause as 四(三)3, the preamble as 引言, a row of the annex as 附件4, several with \"; \" between"
                ));
                return None;
            }
            Some(Source::Clause { notice: spot.context.short.clone(), clause })
        }
        (None, Some(node)) => Some(Source::Default { reason: text(spot, "default", node)? }),
    }
}

fn text(spot: &Spot<'_>, name: &str, node: &super::Node) -> Option<String> {
    match &node.shape {
        Shape::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        Shape::Text(_) => {
            spot.wrong(format!("`{name}` is empty"));
            None
        }
        Shape::Integer(_) | Shape::Flag(_) | Shape::List(_) | Shape::Table(_) | Shape::Other(_) => {
            spot.wrong(format!("`{name}` must be a text, not {}", node.kind()));
            None
        }
    }
}

/// Whether `text` is numbered as these notices number: 四, 四(三), 四(三)3, 四(二)3(1), 引言, 通知, 附件4.
fn is_clause(text: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    if matches!(text, "引言" | "通知" | "标题") {
        return true;
    }
    if let Some(row) = text.strip_prefix("附件") {
        return !row.is_empty() && row.bytes().all(|byte| byte.is_ascii_digit());
    }
    let rest = text.trim_start_matches(|c| NUMERALS.contains(c));
    if rest.len() == text.len() {
        return false;
    }
    let rest = match rest.strip_prefix('(') {
        Some(inner) => match inner.split_once(')') {
            Some((number, rest)) if !number.is_empty() && number.chars().all(|c| NUMERALS.contains(c)) => {
                rest
            }
            Some(_) | None => return false,
        },
        None => rest,
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    rest.is_empty()
        || item.is_some_and(|item| !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_clause;

    #[test]
    fn a_clause_is_written_as_the_notices_number_theirs() {
        for good in ["四", "四(三)", "四(三)3", "四(二)3(1)", "十二(十)", "引言", "附件17", "三(一)", "四3"]
        {
            assert!(is_clause(good), "{good}");
        }
        for bad in ["", "4", "四(3)", "四（三）3", "四(三", "四()", "附件", "四(三)3(a)", "第四条"]
        {
            assert!(!is_clause(bad), "{bad}");
        }
    }
}
