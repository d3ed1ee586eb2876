"""Who pays which case: agreements' terms, the cases that points and rates pay, what is priced out of a pool."""

from collections import defaultdict

from . import month, pool
from .pack import Pack, Rules
from .tables import Bill, Row, bills_of, grouped

# Cases by fund line and kind of care, and by month, each in order.
Pointed = dict[tuple[str, str], dict[str, list[pool.Case]]]
# Likewise, each with its agreement's rate in fen.
ByRate = dict[tuple[str, str, str], list[tuple[pool.Case, int]]]
# How agreements pay, by institution, fund line and kind of care.
Agreed = dict[tuple[str, str, str], month.Care]


def agreed(pack: Pack, terms: dict, institutions: list[Row], bills: list[Bill]) -> Agreed:
    """How agreements pay; care without terms is paid as charged.

    - terms: entries by institution and fund line.
    """
    referred: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 12)
    for bill in bills:
        referred[bill.referred_by, bill.fund_line][int(bill.month[5:]) - 1] += bill.fund_share
    class_of = {row["fixmedins_code"]: row["class"] for row in institutions}
    care: Agreed = defaultdict(lambda: month.Care([]))
    for (code, line), entries in terms.items():
        of = (pack.rules(line), class_of[code], tuple(referred[code, line]))
        for (kind,), own in grouped(entries, "kind_of_care").items():
            care[code, line, kind] = month.Care([month.Term(term["terms"], *of) for term in own])
    return care


def grouped_cases(
    pack: Pack, rows: list[Row], care: Agreed, groups: dict[tuple[str, str], str], granted: dict[tuple[str, str], int]
) -> tuple[Pointed, ByRate]:
    """The cases that points pay, and those that a rate pays; left out is what another method of the agreement names.

    - groups, granted: by institution and settlement id, each case's group, and the justified cost of a granted one.
    """
    pointed: Pointed = defaultdict(lambda: defaultdict(list))
    by_rate: ByRate = defaultdict(list)
    order = ("fixmedins_code", "setl_id")
    for row in sorted(rows, key=lambda row: (row["setl_time"][:7], *(row[name] for name in order))):
        key = tuple(row[name] for name in order)
        for bill in bills_of([row], pack.fund_line_of, pack.kind_of_care_of) if key in groups else []:
            agreed = care[bill.institution, bill.fund_line, bill.kind_of_care]
            if agreed.names(bill):
                continue
            case = pool.Case.of(row, groups[key], granted.get(key))
            if agreed.by_points:
                pointed[bill.fund_line, bill.kind_of_care][bill.month].append(case)
            elif agreed.by_rate:
                by_rate[bill.fund_line, bill.kind_of_care, bill.month].append((case, agreed.rate))
    return pointed, by_rate


def price(
    rules: Rules,
    of: tuple[str, str],
    bills: dict[tuple[str, str], list[Bill]],
    care: Agreed,
    added: dict[str, dict[str, pool.Added]],
) -> None:
    """Adds what a rate pays of a pool, and where it bears every method also the others, to its months and year.

    - of: fund line and kind of care.
    - bills: of the pool's institutions and fund line, by institution and month.
    - added: by month, and `""` for the year: the cases that points pay, by institution.
    """
    line, kind = of
    every_method = rules.value("pool.every_method")
    for (code, name), all_bills in bills.items():
        own = [bill for bill in all_bills if bill.kind_of_care == kind]
        rated = [bill for bill in own if bill.rated]
        if own if every_method else rated:
            by_rate, others = care[code, line, kind].parts(own, int(name[5:]))
            for part in (added[name], added[""]):
                part.setdefault(code, pool.Added()).price(by_rate + (others if every_method else 0), rated)
    for name, members in added.items():
        added[name] = dict(sorted(members.items()))
