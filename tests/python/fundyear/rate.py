"""Cases that a DRG rate pays (费率法, CX 二(二)): weight × rate × coefficient, far from the mean by their cost."""

from fractions import Fraction

from .pack import Pack, Rules
from .pool import Case, Tariff, counted, cut, mean_of, ungrouped
from .tables import Rated


def of_months(pack: Pack, by_rate: dict, tariff: Tariff) -> dict[tuple[str, str], Rated]:
    """What rates give for all cases, by institution and settlement id.

    - by_rate: (case, its agreement's rate in fen) by fund line, kind of care and month.
    """
    found = {}
    for (line, _, _), own in by_rate.items():
        cases, rates = map(list, zip(*own))
        made = rated(cases, rates, tariff, pack.rules(line))
        found |= {(case.institution, case.setl_id): one for case, one in zip(cases, made)}
    return found


def rated(cases: list[Case], rates: list[int], tariff: Tariff, rules: Rules) -> list[Rated]:
    """What rates give for a month's cases of a fund line and kind of care, in their order.

    A readmission within the month alone cuts a stay: a month is final.

    - rates: what a weight of 1 pays by each case's agreement, fen.
    """
    kept = Fraction(rules.value("pool.readmission.kept_rate"))
    left = (kept if is_cut else None for is_cut in cut(cases, rules))
    return [of_one(case, rate, own, tariff, rules) for case, rate, own in zip(cases, rates, left, strict=True)]


def of_one(case: Case, rate: int, kept: Fraction | None, tariff: Tariff, rules: Rules) -> Rated:
    """What a rate gives for one case, rounded once to the fen."""
    weight = tariff.weight(case.group) if case.is_grouped else None
    if weight is None:
        return Rated("ungrouped", int(ungrouped(Fraction(rate), case, tariff, rules, 0)))
    coefficient = tariff.coefficient(case.institution, case.group, rules)
    of = (mean_of(weight, case, tariff), coefficient, kept)
    kind, pay = counted(case, weight * rate, of, rules, 0)
    return Rated(kind, int(pay))
