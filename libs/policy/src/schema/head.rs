use super::KindOfCare;
use crate::read::{BodyId, Day, Fact, Field, MonthDay, Node, Param, Spot, Whole, section};

section! {
    /// What the pack is and which notice it states.
    pub struct Identity {
        /// Its id, e.g. `jiangmen-2016`.
        id: Fact<String> = "政策包",
        /// The notice's short name, put before every clause.
        short: Fact<String> = "简称",
        /// The six-digit code of the region.
        region: Fact<String> = "行政区划代码",
        /// The notice's title.
        title: Fact<String> = "文件标题",
        /// The notice's number.
        number: Fact<String> = "文号",
        /// The day it was issued.
        issued: Fact<Day> = "印发日期",
        /// Who issued it.
        issuers: Fact<Vec<String>> = "印发单位",
    }
    check |spot| {
        if let Some(Fact(id)) = &id {
            let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            if id.len() > 60 || !id.split('-').all(word) {
                spot.below("id", "", spot.node.child("id").unwrap_or(spot.node)).wrong(format!(
                    "`{id}` is not an id such as jiangmen-2016: lower-case letters, digits and hyphens"
                ));
            }
        }
        if let Some(Fact(short)) = &short
            && !((1..=8).contains(&short.len()) && short.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
        {
            spot.below("short", "", spot.node.child("short").unwrap_or(spot.node))
                .wrong(format!("`{short}` is not a short name such as JM: 1 to 8 capital letters and digits"));
        }
        if let Some(Fact(region)) = &region && region.parse::<medfund_types::Area>().is_err() {
            spot.below("region", "", spot.node.child("region").unwrap_or(spot.node))
                .wrong(format!("`{region}` is not a six-digit code of an administrative division"));
        }
    }
}

section! {
    /// When the notice holds (有效期).
    pub struct Period {
        /// The first day.
        effective_from: Param<Day> = "生效日期",
        /// The last day; open when not named.
        effective_to: Option<Param<Day>> = "失效日期",
        /// The fund years that may run under it.
        fund_years: Param<Vec<Whole<2000, 2100>>> = "适用基金年度",
        /// The day a fund year begins.
        fund_year_start: Param<MonthDay> = "基金年度起始日",
    }
    check |spot| {
        if let (Some(from), Some(Some(to))) = (&effective_from, &effective_to) && **from > **to {
            spot.wrong_at(to.line(), to.key(), format!("{} lies before `effective_from`, {}", **to, **from));
        }
    }
}

section! {
    /// A stage of putting the notice into force (阶段).
    pub struct Stage {
        /// What it is for.
        name: Param<String> = "名称",
        /// Its first day.
        from: Param<Day> = "自",
        /// Its last day.
        to: Param<Day> = "至",
    }
    check |spot| {
        if let (Some(from), Some(to)) = (&from, &to) && **from > **to {
            spot.wrong_at(to.line(), to.key(), format!("{} lies before `from`, {}", **to, **from));
        }
    }
}

section! {
    /// A fund line (险种基金) of the region.
    pub struct FundLineSection {
        /// What the notice calls it.
        name: Param<String> = "名称",
        /// The body that runs it.
        operator: Param<BodyId> = "经办机构",
        /// Kinds of care it pays.
        pays: Param<Vec<KindOfCare>> = "支付范围",
        /// The rules that differ from the general ones.
        rules: Option<OwnRules> = "本险种特别规定",
    }
}

/// That a fund line has rules of its own; they are read with the general ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnRules;

impl Field for OwnRules {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        spot.is_section().then_some(Self)
    }
}

/// The node of a fund line's own rules.
pub(crate) fn own_rules<'a>(root: &'a Node, fund_line: &str) -> Option<&'a Node> {
    root.child("fund_lines")?.child(fund_line)?.child("rules")
}
