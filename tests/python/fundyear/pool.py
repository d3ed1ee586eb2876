"""A regional pool (区域总额池): the points of cases that share it (PZH 四(二)), months, instalments, the clearing."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256

from . import prices, special
from .exact import fen, half_up, share_out
from .month import grown
from .pack import Rules
from .tables import Bill, Row, fen_of

KINDS = ("normal", "high", "low", "incomplete", "reviewed", "ungrouped")


@dataclass(frozen=True)
class Case:
    """A bill of pooled care, as points look at it; amounts in fen."""

    institution: str
    setl_id: str
    person: str
    admission: str
    admitted: date
    discharged: date
    left: str
    group: str
    cost: int
    personal: int
    reviewed: int | None = None

    @classmethod
    def of(cls, bill: Row, group: str, reviewed: int | None) -> "Case":
        """
        - group: as the services grouped it.
        - reviewed: the cost that its review found justified, if it was granted.
        """
        paid = ("oth_pay", "acct_pay", "psn_cash_pay")
        return cls(
            institution=bill["fixmedins_code"],
            setl_id=bill["setl_id"],
            person=bill["psn_no"],
            admission=bill["mdtrt_id"],
            admitted=date.fromisoformat(bill["begndate"][:10]),
            discharged=date.fromisoformat(bill["enddate"][:10]),
            left=bill["dscg_way"],
            group=group,
            cost=fen_of(bill["medfee_sumamt"]),
            personal=sum(fen_of(bill[name]) for name in paid),
            reviewed=reviewed,
        )

    @property
    def in_its_month(self) -> "Case":
        """The case as its month counted it, before any review."""
        return replace(self, reviewed=None)

    @property
    def is_grouped(self) -> bool:
        """Whether it is in a group."""
        return is_group(self.group)


def is_group(code: str) -> bool:
    """Whether a code is a group's: neither of ambiguous cases (`FQY`) nor `0000`."""
    return len(code) > 3 and code[0].isalpha()


class Tariff:
    """A published tariff (支付标准): weights and coefficients."""

    def __init__(self, content: bytes):
        self.hash = sha256(content).hexdigest()
        tables = json.loads(content)
        self.mean_cost = tables.get("mean_cost")
        self._groups = {group["code"]: group for group in tables["groups"]}
        self._general = tables["coefficients"]["general"]
        self._by_group = tables["coefficients"]["by_group"]

    def weight(self, group: str) -> Fraction | None:
        """A group's weight (权重); `None` if it has none."""
        pricing = self._groups[group]["pricing"] if group in self._groups else None
        return Fraction(pricing["weight"]) if isinstance(pricing, dict) else None

    def coefficient(self, institution: str, group: str, rules: Rules) -> Fraction:
        """The institution's coefficient in a group, within the pack's bounds; 1 where all are paid the same."""
        least, most = (Fraction(end) for end in rules.value("pool.institution_coefficient"))
        known = self._groups.get(group)
        if known and known["coefficients"]:
            raise ValueError(f"{group} has coefficients of its own, which are not computed here")
        if known and known["is_basic"]:
            return Fraction(1)
        of_group = self._by_group.get(institution, {}).get(group) if known else None
        own = of_group or (self._general.get(institution) if known else None) or 1
        return min(max(Fraction(own), least), most)


@dataclass(frozen=True)
class Points:
    """The points of a case (病例点数), and what they were made of; mean in fen."""

    kind: str
    points: Fraction
    coefficient: Fraction
    kept: Fraction | None = None
    weight: Fraction | None = None
    group_points: Fraction | None = None
    mean: int | None = None


def cut(cases: list[Case], rules: Rules) -> list[bool]:
    """Whose patient came back in the same group within days (分解住院); the bills of one admission are one stay.

    - cases: [n], in the order of months, institutions and settlement ids.
    """
    within = timedelta(days=rules.value("pool.readmission.within_days"))
    anywhere = not rules.value("pool.readmission.same_institution")
    stays: dict[tuple, list] = {}
    for case in cases:
        stay = stays.setdefault(
            (case.institution, case.admission, case.group), [case.admitted, case.discharged, case.person]
        )
        stay[0], stay[1] = min(stay[0], case.admitted), max(stay[1], case.discharged)
    of_person = defaultdict(list)
    for key, (admitted, discharged, person) in stays.items():
        institution, _, group = key
        of_person[person, group, "" if anywhere else institution].append((admitted, discharged, key))
    back = set()
    for own in of_person.values():
        own.sort(key=lambda stay: stay[:2])
        back |= {before[2] for before, after in zip(own, own[1:]) if after[0] <= before[1] + within}
    return [case.is_grouped and (case.institution, case.admission, case.group) in back for case in cases]


def points_of(cases: list[Case], tariff: Tariff, rules: Rules) -> list[Points]:
    """The points of the cases of a fund line and kind of care (四(二)1–2), in their order."""
    kept = Fraction(rules.value("pool.readmission.kept_rate"))
    return [of_one(case, kept if is_cut else None, tariff, rules) for case, is_cut in zip(cases, cut(cases, rules))]


def of_one(case: Case, kept: Fraction | None, tariff: Tariff, rules: Rules) -> Points:
    """The points of one case, rounded once to 0.0001."""
    cost = max(case.cost, 1)
    mean_case = Fraction(rules.value("pool.mean_case_points"))
    weight = tariff.weight(case.group) if case.is_grouped else None
    coefficient = tariff.coefficient(case.institution, case.group if case.is_grouped else "", rules)
    if case.reviewed is not None:
        left = 1 if kept is None else kept
        points = half_up(mean_case * case.reviewed * left / (tariff.mean_cost or cost), 4)
        return replace(of_one(replace(case, reviewed=None), kept, tariff, rules), kind="reviewed", points=points)
    if weight is None:
        points = ungrouped(mean_case, case, tariff, rules, 4)
        return Points("ungrouped", points, coefficient, kept)
    whole = half_up(weight * mean_case, 4)
    mean = mean_of(weight, case, tariff)
    kind, points = counted(case, whole, (mean, coefficient, kept), rules, 4)
    return Points(kind, points, coefficient, kept, weight, whole, mean)


def mean_of(weight: Fraction, case: Case, tariff: Tariff) -> int:
    """The mean cost of a group, fen."""
    return max(fen(weight * tariff.mean_cost), 1) if tariff.mean_cost else max(case.cost, 1)


def ungrouped(mean_case: Fraction, case: Case, tariff: Tariff, rules: Rules, n_decimals: int) -> Fraction:
    """What a case in no group counts, or in one without weight: by its cost, at most a mean case."""
    cost = max(case.cost, 1)
    share = Fraction(rules.value("pool.abnormal.ungrouped_share"))
    return min(half_up(mean_case * cost * share / (tariff.mean_cost or cost), n_decimals), mean_case)


def counted(
    case: Case, whole: Fraction, of: tuple[int, Fraction, Fraction | None], rules: Rules, n_decimals: int
) -> tuple[str, Fraction]:
    """(kind, what it counts) of a case in a group, in points or fen, rounded once.

    - whole: what a case of mean cost counts without coefficient.
    - of: the group's mean cost, the institution's coefficient, what a readmission leaves.
    """
    mean, coefficient, kept = of
    cost, left = max(case.cost, 1), 1 if kept is None else kept
    by_cost = half_up(whole * cost * left / mean, n_decimals)
    standard = half_up(whole * coefficient * left, n_decimals)
    low, high = (rules.rate(f"pool.abnormal.{name}") for name in ("low_below", "high_above"))
    if case.left in rules.value("pool.incomplete_discharges"):
        return "incomplete", min(by_cost, half_up(whole * left, n_decimals))
    if cost < low * mean:
        return "low", min(by_cost, standard)
    if cost > high * mean:
        counts = mean + (cost - high * mean) * rules.rate("pool.abnormal.high_share")
        return "high", half_up(whole * coefficient * counts * left / mean, n_decimals)
    return "normal", standard


@dataclass
class Added:
    """What an institution's cases of a pool add up to, in fen.

    - personal, counts: of the cases that points pay.
    - priced: what a rate and other methods give before refusals; of the cases that a rate pays their kinds and personal.
    """

    points: Fraction = Fraction(0)
    personal: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    priced: int = 0
    rated: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    rated_personal: int = 0

    def price(self, amount: int, rated: list[Bill]) -> None:
        """Adds what a month prices.

        - rated: the bills that a rate pays.
        """
        self.priced += amount
        for bill in rated:
            self.rated[bill.rated.kind] += 1
            self.rated_personal += bill.personal

    @property
    def all_counts(self) -> dict[str, int]:
        """The cases that points or a rate pay, by kind."""
        return {kind: n + self.rated[kind] for kind, n in self.counts.items()}


def add_up(cases: list[Case], points: list[Points]) -> dict[str, Added]:
    """Cases added up by institution, in the order of codes."""
    added: dict[str, Added] = defaultdict(Added)
    for case, made in zip(cases, points, strict=True):
        own = added[case.institution]
        own.points += made.points
        own.personal += case.personal
        own.counts[made.kind] += 1
    return dict(sorted(added.items()))


def divide(rules: Rules, target: int, shares: dict[str, Fraction]) -> tuple[int, dict[str, tuple[int, int]]]:
    """(what is decomposed into quotas, the pools as (what is shared, 调剂金) by kind of care) of a target, in fen.

    - shares: of the target, by kind of care (四(一)3); none: there is no pool.
    """
    if not shares:
        return target, {}
    care = [kind for kind in rules.section("care") if kind in shares]
    amounts = dict(zip(care, share_out(target, [shares[kind] for kind in care])))
    pools = {}
    for kind in care:
        if rules.is_pooled(kind):
            amount = amounts.pop(kind)
            kept = fen(rules.rate("pool.adjustment_rate") * amount)
            pools[kind] = (amount - kept, kept)
    return sum(amounts.values()), pools


def month_budget(rules: Rules, pool: int, month: int) -> int:
    """What the `month`-th month (1 to 12) pays of a pool by the budget's progress (四(二)3)."""
    ahead = sum(Fraction(one["rate"]["value"]) for one in rules.section("prepayment.instalments").values())
    return grown(fen(pool * max(1 - ahead, Fraction(0)) * rules.rate("pool.provisional_rate")), month)


def share(rules: Rules, budget: int, members: dict[str, Added]) -> dict[str, int]:
    """A budget by points: each one's share, less what its patients paid where the standard covers that (四(二)1–2)."""
    if not sum(one.points for one in members.values()):
        return dict.fromkeys(members, 0)
    covers = rules.value("pool.standard") == "fund_and_personal"
    personal = {code: one.personal if covers else 0 for code, one in members.items()}
    shares = share_out(budget + sum(personal.values()), [one.points for one in members.values()])
    return {code: part - personal[code] for code, part in zip(members, shares)}


def month_pays(rules: Rules, pool: int, month: int, members: dict[str, Added]) -> dict[str, int]:
    """What a month pays of a pool; it takes nothing back."""
    return {code: max(pay, 0) for code, pay in share(rules, month_budget(rules, pool, month), members).items()}


def instalments(rules: Rules, pools: int, settled: dict[str, int]) -> dict[str, int]:
    """What is paid ahead of the pools in the year (四(二)3), by what was settled last year, in the order of codes."""
    paid = dict.fromkeys(settled, 0)
    if pools and sum(settled.values()):
        for instalment in rules.section("prepayment.instalments").values():
            total = fen(Fraction(instalment["rate"]["value"]) * pools)
            for code, part in zip(settled, share_out(total, [Fraction(amount) for amount in settled.values()])):
                paid[code] += part
    return paid


class Pools:
    """The pools of a fund line in a district through its year."""

    def __init__(
        self,
        rules: Rules,
        pools: dict[str, tuple[int, int]],
        added: dict[str, dict[str, dict[str, Added]]],
        special_cases: list[Row],
    ):
        """
        - pools: (what is shared, 调剂金) by kind of care, in fen.
        - added: by kind of care, and by month (`""`: the year with its readmissions and reviews): institutions' cases
          added up.
        - special_cases: those of the district's institutions that were filed to be reviewed singly.
        """
        self._rules, self._pools, self._added, self._special = rules, pools, added, special_cases

    @property
    def amount(self) -> int:
        """What all of them share, in fen."""
        return sum(amount for amount, _ in self._pools.values())

    @property
    def amounts(self) -> dict[str, int]:
        """What each shares, in fen."""
        return {care: amount for care, (amount, _) in self._pools.items()}

    def month(self, place: int, name: str) -> dict[str, list[tuple[str, Added, int]]]:
        """By institution what a month pays: kind of care, its cases, fen before refusals."""
        paid = defaultdict(list)
        for care, (amount, _) in self._pools.items():
            members = self._added[care].get(name, {})
            for code, pay in month_pays(self._rules, amount, place, members).items():
                paid[code].append((care, members[code], pay + members[code].priced))
        return paid

    def year(self) -> dict[str, list[tuple[str, Added, int, int]]]:
        """By institution what the clearing shares with it, likewise, and of it what is beyond what was priced."""
        shared = defaultdict(list)
        for care, (amount, adjustment) in self._pools.items():
            members, cleared = self._added[care].get("", {}), self._cleared(care)
            left = amount + adjustment - cleared.given + cleared.overspend_borne
            for code, pay in share(self._rules, left, members).items():
                own = members[code]
                beyond = cleared.beyond[code]
                shared[code].append((care, own, pay + own.priced + beyond, beyond))
        return shared

    def _cleared(self, care: str) -> prices.Cleared:
        """What the priced cases of a pool come to."""
        members = self._added[care].get("", {})
        priced = {code: own.priced for code, own in members.items()}
        return prices.clear(self._rules, self._pools[care], priced, any(own.points for own in members.values()))

    def results(self, institutions: list[dict]) -> list[dict]:
        """The pools at the clearing, in the JSON's form."""
        found = []
        for care, (amount, adjustment) in self._pools.items():
            members = self._added[care].get("", {}).values()
            cleared, points = self._cleared(care), sum((one.points for one in members), Fraction(0))
            covers = self._rules.value("pool.standard") == "fund_and_personal"
            shared = amount + adjustment - cleared.given + cleared.overspend_borne
            shared += sum(one.personal for one in members) if covers else 0
            back = 0 if points else adjustment - cleared.overspend_fund
            finals = sum(
                one["final_fen"] for i in institutions for one in i.get("pools", []) if one["care"] == care
            )
            found.append({
                "care": care,
                "pool_fen": amount,
                "adjustment_fen": adjustment,
                "points": points,
                "point_value": shared / points if points else "",
                "case_counts": {kind: sum(one.all_counts[kind] for one in members) for kind in KINDS},
                **some({
                    "priced_fen": cleared.given,
                    "surplus_kept_fen": cleared.surplus_kept,
                    "overspend_fund_fen": cleared.overspend_fund,
                    "overspend_borne_fen": cleared.overspend_borne,
                }),
                "returned_fen": amount + adjustment - back - finals,
                "adjustment_returned_fen": back,
                "special_cases": special.counts(self._special),
            })
        return found


def some(amounts: dict[str, int]) -> dict[str, int]:
    """The amounts that are not nothing: the JSON leaves the others out."""
    return {name: amount for name, amount in amounts.items() if amount}


def broken(told: list[Row], cases: list[Case], points: list[Points]) -> Iterator[str]:
    """What the services' table of points says otherwise, case by case."""
    rows = {(row["fixmedins_code"], row["setl_id"]): row for row in told}
    if len(rows) != len(cases):
        yield f"case_points: {len(rows)} cases are told, {len(cases)} computed"
    for case, made in zip(cases, points, strict=True):
        row = rows.get((case.institution, case.setl_id), {})
        number = lambda name: Fraction(row[name]) if row.get(name) else None
        pairs = {
            "kind": (row.get("kind"), made.kind),
            "medfee_sumamt": (fen_of(row.get("medfee_sumamt", "")), case.cost),
            "drg_weight": (number("drg_weight"), made.weight),
            "drg_points": (number("drg_points"), made.group_points),
            "drg_mean": (fen_of(row["drg_mean"]) if row.get("drg_mean") else None, made.mean),
            "coefficient": (number("coefficient"), made.coefficient),
            "kept_rate": (number("kept_rate"), made.kept),
            "points": (number("points"), made.points),
        }
        for name, (theirs, ours) in pairs.items():
            if theirs != ours:
                yield f"case_points[{case.institution} {case.setl_id}].{name}: {theirs} is told, {ours} computed"
