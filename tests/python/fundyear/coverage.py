"""How far payment by DRG reaches (覆盖进度, CX 二(二)), and what each method pays of all care (CX 一(三))."""

from collections import defaultdict
from fractions import Fraction

from .exact import half_up
from .month import Care
from .pack import Pack, Rules
from .pool import Tariff, is_group
from .tables import Bill

SERIES = ("institutions", "diseases", "fund", "entry_rate")


def computed(
    pack: Pack,
    fund_year: int,
    bills: list[Bill],
    care: dict[tuple[str, str, str], Care],
    groups: dict[tuple[str, str], str],
    tariff: Tariff,
) -> dict:
    """The coverage of a year's bills in the JSON's form.

    A disease is a group of an institution that DRG pays; it is covered where a weight pays a case of it.

    - care: how agreements pay, by institution, fund line and kind of care.
    - groups: of the cases that were grouped, by institution and settlement id.
    """
    institutions: dict[str, bool] = defaultdict(bool)
    diseases: dict[str, bool] = defaultdict(bool)
    fund, entered, methods = [0, 0], [0, 0], defaultdict(int)
    for bill in bills:
        agreed = care[bill.institution, bill.fund_line, bill.kind_of_care]
        method = agreed.method(bill.disease)
        methods[method] += bill.fund_share
        if bill.kind_of_care != "inpatient":
            continue
        by_drg = agreed.by_points or agreed.by_rate
        institutions[bill.institution] |= by_drg
        fund[1] += bill.fund_share
        if not by_drg:
            continue
        group = groups.get((bill.institution, bill.setl_id), "")
        is_grouped = is_group(group)
        is_paid = method.startswith("drg_") and is_grouped and tariff.weight(group) is not None
        fund[0] += bill.fund_share if is_paid else 0
        entered[0] += is_grouped
        entered[1] += 1
        if is_grouped:
            diseases[group] |= is_paid
    pairs = [(sum(marks.values()), len(marks)) for marks in (institutions, diseases)] + [tuple(fund), tuple(entered)]
    rules = pack.rules(pack.fund_lines[0])
    return {
        "series": [series(pack, rules, fund_year, id, *pair) for id, pair in zip(SERIES, pairs)],
        "methods": shares(methods),
    }


def series(pack: Pack, rules: Rules, fund_year: int, id: str, covered: int, whole: int) -> dict:
    """A share beside what the pack asks for in the year."""
    least, of = asked(rules, fund_year, id)
    told = {"id": id, "covered": covered, "all": whole}
    told["share"] = half_up(Fraction(covered, whole), 4) if whole else ""
    told["least"] = "" if least is None else least
    told["clause"] = pack.cite(of) if of else ""
    if least is not None:
        told["reached"] = whole > 0 and Fraction(covered, whole) >= least
    return told


def asked(rules: Rules, fund_year: int, id: str) -> tuple[Fraction | None, dict | None]:
    """(the least share that the year asks for, the parameter that says so): steps add up where they are cumulative.

    A year beyond the last step asks for the goal.
    """
    if id == "entry_rate":
        limit = rules.section("indicators.entry_rate").get("limit")
        return (Fraction(limit["value"]), limit) if limit else (None, None)
    of = rules.section(f"pool.coverage.{id}")
    steps = {int(year): Fraction(step) for year, step in of["by_year"]["value"].items()} if of else {}
    if steps and fund_year > max(steps):
        return Fraction(of["goal"]["value"]), of["by_year"]
    past = {year: step for year, step in steps.items() if year <= fund_year}
    if not past:
        return None, None
    return (sum(past.values()) if of["cumulative"]["value"] else past[max(past)]), of["by_year"]


def shares(methods: dict[str, int]) -> list[dict]:
    """What each method pays of all care, the dearest first."""
    whole = sum(methods.values())
    return [
        {"method": method, "fund_fen": fund, "share": half_up(Fraction(fund, whole), 4) if whole else Fraction(0)}
        for method, fund in sorted(methods.items(), key=lambda one: -one[1])
    ]
