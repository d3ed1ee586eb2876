use std::fmt;

use medfund_types::FundLine;
use sha2::{Digest, Sha256};

use crate::read::{BodyId, Context, Entry, Field, Heading, Id, Keyed, Mistake, Node, Param, Spot, section};
use crate::schema::{
    Body, Codes, Deadline, Disclosure, FundLineSection, Goal, Identity, Matter, Negotiation, Period,
    Procedure, Regime, Rules, Stage, Task, WorkingDays, check_tasks, own_rules,
};

/// The content hash of a pack: SHA-256 of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackHash([u8; 32]);

impl PackHash {
    /// The hash of a pack's bytes, whatever they say.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

section! {
    /// The sections beside the rules of the fund lines.
    pub struct Common {
        /// What the pack is.
        pack: Identity = "政策包",
        /// When it holds.
        period: Period = "有效期",
        /// The stages of putting it into force.
        stages: Option<Keyed<Stage>> = "工作进度",
        /// The documents it stands on.
        references: Option<Keyed<Param<String>>> = "依据文件",
        /// The bodies.
        bodies: Keyed<Body> = "部门与会议",
        /// Who decides what.
        procedures: Keyed<Procedure, Matter> = "程序",
        /// The fund lines.
        fund_lines: Keyed<FundLineSection, FundLine> = "险种基金",
        /// What national codes stand for.
        codes: Codes = "编码对照",
        /// Which days are worked.
        working_days: Option<WorkingDays> = "工作日安排",
        /// Negotiation.
        negotiation: Negotiation = "谈判协商",
        /// What is published.
        disclosure: Keyed<Disclosure> = "公开通报",
        /// Time limits.
        deadlines: Keyed<Deadline> = "时限",
        /// Figures to be reached.
        goals: Option<Keyed<Goal>> = "目标",
        /// Duties that only people can meet.
        measures: Option<Keyed<Param<String>>> = "配套措施",
        /// The table of tasks.
        tasks: Option<Keyed<Task>> = "任务分工",
    }
    check |spot| {
        if let (Some(procedures), Some(fund_lines)) = (&procedures, &fund_lines) {
            for matter in [Matter::Budget, Matter::Target, Matter::Adjustment, Matter::ClearingPlan] {
                if procedures.get(&matter).is_none() {
                    spot.wrong_at(spot.node.line, &format!("procedures.{matter}"), "missing");
                }
            }
            if fund_lines.is_empty() {
                spot.wrong_at(spot.node.line, "fund_lines", "names no fund line");
            }
        }
        if let Some(Some(tasks)) = &tasks {
            check_tasks(spot, tasks, period.as_ref());
        }
    }
}

/// The keys that hold the general rules.
const RULES: &[&str] = &[
    "budget",
    "care",
    "payment",
    "quota",
    "pool",
    "bundle",
    "adjustment",
    "prepayment",
    "month",
    "deposit",
    "clearing",
    "indicators",
    "fourth_quarter",
    "inspection",
    "warnings",
];

/// A policy pack: what one notice says for one region and period.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    hash: PackHash,
    common: Common,
    rules: Vec<(FundLine, Rules)>,
    entries: Vec<Entry>,
    headings: Vec<Heading>,
}

/// The most bytes of a pack: many times what a notice needs, and little to read.
const MOST_BYTES: usize = 1 << 20;

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    ///
    /// Every mistake at once, in the order of the lines: text that is not
    /// TOML, unknown and missing keys, values of the wrong type or out of
    /// range, parameters without a source, and what contradicts itself.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Mistake>> {
        if bytes.len() > MOST_BYTES {
            let reason = format!("the text has {} bytes, a pack has at most {MOST_BYTES}", bytes.len());
            return Err(vec![Mistake { line: 1, key: String::new(), reason }]);
        }
        let text = std::str::from_utf8(bytes).map_err(|error| vec![not_utf8(bytes, &error)])?;
        let (root, mistakes) = Node::parse(text);
        let short = match root.child("pack").and_then(|pack| pack.child("short")).map(|node| &node.shape) {
            Some(crate::read::Shape::Text(short)) => short.clone(),
            Some(_) | None => String::new(),
        };
        let mut context = Context { short, mistakes: mistakes.into(), ..Context::default() };

        let common = read_common(&context, &root);
        let general = read_rules(&context, &root);
        let mut rules = Vec::new();
        for (name, _) in root.child("fund_lines").map_or(&[][..], Node::children) {
            let own = match own_rules(&root, name) {
                Some(own) => {
                    context.fund_line = Some(name.clone());
                    let own = read_own_rules(&context, &root, own);
                    context.fund_line = None;
                    own
                }
                None => general.clone(),
            };
            rules.push((name.parse::<FundLine>().ok(), own));
        }
        check_references(&context, &root);
        if let Some(common) = &common {
            check_pools(&context, common, rules.iter().filter_map(|(_, rules)| rules.as_ref()));
        }

        let mut mistakes = context.mistakes.into_inner();
        mistakes.sort();
        let rules = rules.into_iter().map(|(line, rules)| Some((line?, rules?))).collect::<Option<Vec<_>>>();
        match (common, rules) {
            (Some(common), Some(rules)) if mistakes.is_empty() => {
                let mut entries = context.entries.into_inner();
                entries.sort_by_key(|entry| entry.line);
                let headings = context.headings.into_inner();
                Ok(Self { hash: PackHash::of(bytes), common, rules, entries, headings })
            }
            _ => {
                assert!(!mistakes.is_empty(), "what cannot be read is noted");
                Err(mistakes)
            }
        }
    }

    /// The pack's id, e.g. `jiangmen-2016`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.common.pack.id
    }

    /// The content hash.
    #[must_use]
    pub fn hash(&self) -> PackHash {
        self.hash
    }

    /// The notice's short name, e.g. `JM`.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.common.pack.short
    }

    /// The six-digit code of the region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.common.pack.region
    }

    /// The notice's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.common.pack.title
    }

    /// The notice's number (文号).
    #[must_use]
    pub fn number(&self) -> &str {
        &self.common.pack.number
    }

    /// When it holds.
    #[must_use]
    pub fn period(&self) -> &Period {
        &self.common.period
    }

    /// The first fund year that runs under it.
    #[must_use]
    pub fn first_fund_year(&self) -> i32 {
        let years = self.common.period.fund_years.iter().map(|year| year.get()).min();
        i32::try_from(years.expect("a list is not empty")).expect("a year of this century")
    }

    /// The fund lines, in the order of the pack.
    #[must_use]
    pub fn fund_lines(&self) -> &Keyed<FundLineSection, FundLine> {
        &self.common.fund_lines
    }

    /// The rules of a fund line, or `None` if the pack has no such line.
    #[must_use]
    pub fn rules(&self, fund_line: &FundLine) -> Option<&Rules> {
        self.rules.iter().find(|(line, _)| line == fund_line).map(|(_, rules)| rules)
    }

    /// How `matter` is decided, if the pack says.
    #[must_use]
    pub fn procedure(&self, matter: Matter) -> Option<&Procedure> {
        self.common.procedures.get(&matter)
    }

    /// The body whose decision ends `matter`, if the pack says how it is decided.
    #[must_use]
    pub fn deciding_body(&self, matter: Matter) -> Option<&BodyId> {
        self.procedure(matter).map(Procedure::deciding_body)
    }

    /// The body named `id`.
    #[must_use]
    pub fn body(&self, id: &str) -> Option<&Body> {
        self.common.bodies.named(id)
    }

    /// The bodies.
    #[must_use]
    pub fn bodies(&self) -> &Keyed<Body, Id> {
        &self.common.bodies
    }

    /// What national codes stand for.
    #[must_use]
    pub fn codes(&self) -> &Codes {
        &self.common.codes
    }

    /// All sections beside the rules of the fund lines.
    #[must_use]
    pub fn common(&self) -> &Common {
        &self.common
    }

    /// Every parameter, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The Chinese term of the section that holds `key`, and of those above it, the outermost first.
    #[must_use]
    pub fn headings(&self, section: &str) -> Vec<&'static str> {
        let above = |heading: &&Heading| {
            section == heading.key
                || section.strip_prefix(heading.key.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let mut terms: Vec<_> =
            self.headings.iter().filter(above).filter(|heading| !heading.key.is_empty()).collect();
        terms.sort_by_key(|heading| heading.key.len());
        terms.dedup_by_key(|heading| heading.term);
        terms.into_iter().map(|heading| heading.term).collect()
    }

    /// The keys of every rate, coefficient and weight: the numbers that compute amounts.
    ///
    /// What a goal names is wanted of the region in time; nothing is computed with it.
    pub fn rate_keys(&self) -> impl Iterator<Item = &str> {
        let rates = self.entries.iter().filter(|entry| entry.is_rate && !entry.key.starts_with("goals."));
        rates.map(|entry| entry.key.as_str())
    }
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> Mistake {
    let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
    Mistake { line, key: String::new(), reason: "the text is not UTF-8".to_owned() }
}

fn read_common(context: &Context, root: &Node) -> Option<Common> {
    Common::read(&top(context, &without(root, RULES)))
}

fn read_rules(context: &Context, root: &Node) -> Option<Rules> {
    Rules::read(&top(context, &only(root, RULES)))
}

fn read_own_rules(context: &Context, root: &Node, own: &Node) -> Option<Rules> {
    Rules::read(&top(context, &only(root, RULES).overlaid(own)))
}

fn top<'a>(context: &'a Context, node: &'a Node) -> Spot<'a> {
    Spot { context, node, key: String::new(), term: "" }
}

fn only(root: &Node, keys: &[&str]) -> Node {
    picked(root, |key| keys.contains(&key))
}

fn without(root: &Node, keys: &[&str]) -> Node {
    picked(root, |key| !keys.contains(&key))
}

fn picked(root: &Node, keep: impl Fn(&str) -> bool) -> Node {
    let entries = root.children().iter().filter(|(key, _)| keep(key)).cloned().collect();
    Node { line: root.line, shape: crate::read::Shape::Table(entries), replaces: false }
}

/// Notes a pool that nobody decides: what its kind of care gets of the target is a matter of its own.
fn check_pools<'a>(context: &Context, common: &Common, rules: impl Iterator<Item = &'a Rules>) {
    if common.procedures.get(&Matter::Structure).is_some() {
        return;
    }
    let pooled = rules.flat_map(|rules| rules.care.values()).find(|care| care.regime.get() == Regime::Pool);
    if let Some(care) = pooled {
        let reason = format!(
            "is {}, but `procedures.{}` does not say who decides it",
            Regime::Pool,
            Matter::Structure
        );
        let mistake = Mistake { line: care.regime.line(), key: care.regime.key().to_owned(), reason };
        context.mistakes.borrow_mut().push(mistake);
    }
}

/// Notes every name that must stand elsewhere in the pack and does not.
fn check_references(context: &Context, root: &Node) {
    for reference in context.references.borrow().iter() {
        let known =
            root.child(reference.section).is_some_and(|section| section.child(&reference.id).is_some());
        let mistake = Mistake {
            line: reference.line,
            key: reference.key.clone(),
            reason: format!("`{}` stands not in `{}`", reference.id, reference.section),
        };
        let mut mistakes = context.mistakes.borrow_mut();
        if !known
            && !mistakes.iter().any(|other| (other.line, &other.reason) == (mistake.line, &mistake.reason))
        {
            mistakes.push(mistake);
        }
    }
}
