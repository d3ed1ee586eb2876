"""The months: what a payment method gives, what is refused, what is paid ahead (四(三)1–3, 四(五))."""

from dataclasses import dataclass
from fractions import Fraction

from .exact import fen
from .pack import Rules
from .tables import Bill


# The standards of methods that name their cases, in the order in which they take them.
NAMED = ("disease_standards", "periodic_standards", "bed_day_standards")

# Methods by what their terms have.
METHODS = {
    "disease_standards": "by_disease",
    "periodic_standards": "periodic",
    "bed_day_standards": "bed_day",
    "standard_per_admission_fen": "average_quota",
    "standard_per_person_fen": "per_capita",
    "cap_per_day_fen": "daily_cap",
    "service_unit": "service_unit",
    "total_fen": "total_prepayment",
    "drg_points": "drg_points",
    "rate_fen": "drg_rate",
}


def covers(listed: str, disease: str) -> bool:
    """Whether a listed code covers a diagnosis: itself and every code below it; an empty one covers all."""
    rest = disease.removeprefix(listed)
    return not listed or disease.startswith(listed) and (not rest or rest.startswith(".") or "." in listed)


def narrowest(listed: list[dict], disease: str) -> dict | None:
    """The standard whose code covers a diagnosis most narrowly."""
    found = [standard for standard in listed if covers(standard["disease_code"], disease)]
    return max(found, key=lambda standard: len(standard["disease_code"]), default=None)


@dataclass(frozen=True)
class Care:
    """How an agreement pays a kind of care that meets the quota, by one method or several (复合支付)."""

    terms: list["Term"]

    def amount(self, bills: list[Bill], month: int) -> int:
        """What the methods give together."""
        return sum(self.parts(bills, month))

    def parts(self, bills: list[Bill], month: int) -> tuple[int, int]:
        """(what a DRG rate gives, what the other methods give): each that names cases for its own, one for the rest."""
        others = 0
        for term in self._named():
            mine, bills = term.taken(bills)
            others += term.amount(mine, month)
        rest = self._base().amount(bills, month)
        return (rest, others) if self.by_rate else (0, others + rest)

    @property
    def by_points(self) -> bool:
        """Whether points pay the rest."""
        return "drg_points" in self._base().terms

    @property
    def by_rate(self) -> bool:
        """Whether a DRG rate pays the rest."""
        return "rate_fen" in self._base().terms

    @property
    def rate(self) -> int:
        """What the rate pays for a weight of 1."""
        return self._base().terms["rate_fen"]

    def names(self, bill: Bill) -> bool:
        """Whether a method that names its cases pays a bill."""
        return not self._rest([bill])

    def prepaid_difference(self, bills: list[list[Bill]]) -> int:
        """What care that a total prepaid cost beyond it in the year (决算)."""
        total = self._base().terms.get("total_fen")
        return sum(bill.fund_share for month in bills for bill in self._rest(month)) - total if total else 0

    def _named(self) -> list["Term"]:
        """The methods that name their cases."""
        return [term for key in NAMED for term in self.terms if key in term.terms]

    def method(self, disease: str) -> str:
        """The method that pays a diagnosis, by that alone: of cases that leave its list too."""
        for key in NAMED:
            if any(key in term.terms and narrowest(term.terms[key], disease) for term in self.terms):
                return METHODS[key]
        return next((method for key, method in METHODS.items() if key in self._base().terms), "fee_for_service")

    def _base(self) -> "Term":
        return next((term for term in self.terms if not any(key in term.terms for key in NAMED)), Term({}))

    def _rest(self, bills: list[Bill]) -> list[Bill]:
        for term in self._named():
            _, bills = term.taken(bills)
        return bills


@dataclass(frozen=True)
class Term:
    """One method by what it needs, in fen.

    - institution_class: its class (类别) in the pack's words.
    - referred: by month the fund's cost of patients whom the institution referred to others (转诊).
    """

    terms: dict
    rules: Rules | None = None
    institution_class: str = ""
    referred: tuple[int, ...] = (0,) * 12

    def taken(self, bills: list[Bill]) -> tuple[list[Bill], list[Bill]]:
        """The bills that the method names, and the others."""
        (listed,) = (self.terms[key] for key in NAMED if key in self.terms)
        mine, others = [], []
        for bill in bills:
            standard = narrowest(listed, bill.disease)
            leaves = "disease_standards" in self.terms and standard and self._leaves(bill, standard)
            (others if standard is None or leaves else mine).append(bill)
        return mine, others

    def amount(self, bills: list[Bill], month: int) -> int:
        """What the method gives for the bills of the `month`-th month (1 to 12) of the year; all of them are its own.

        A sample's stays are settled once, by one bill each.
        """
        match self.terms:
            case {"standard_per_admission_fen": standard}:
                return len(bills) * standard
            case {"disease_standards": listed}:
                return sum(self._of_disease(bill, narrowest(listed, bill.disease)) for bill in bills)
            case {"periodic_standards": listed}:
                of = [(bill, narrowest(listed, bill.disease)) for bill in bills]
                return sum(-(-bill.days // one["period_days"]) * one["standard_per_period_fen"] for bill, one in of)
            case {"age_groups": groups, "chronic_standards": chronic, "standard_per_person_fen": standard}:
                year = sum(group["persons"] * Fraction(group["factor"]) * standard for group in groups)
                year += sum(one["persons"] * one["standard_per_person_fen"] for one in chronic)
                return self._less_referrals(grown(year, month), month)
            case {"persons": n_persons, "standard_per_person_fen": standard}:
                return self._less_referrals(grown(n_persons * standard, month), month)
            case {"cap_per_day_fen": cap}:
                return sum(min(bill.fund_share, bill.days * cap) for bill in bills)
            case {"service_unit": unit, "standard_per_unit_fen": standard}:
                n_units = {"SERVICE_UNIT_VISIT": len(bills), "SERVICE_UNIT_DAY": sum(bill.days for bill in bills)}
                return n_units[unit] * standard
            case {"total_fen": total}:
                return grown(total, month)
            case {"bed_day_standards": listed}:
                return sum(self.bed_days(bill, narrowest(listed, bill.disease)) for bill in bills)
            case {"rate_fen": _}:
                return self._by_rate(bills)
            case {"drg_points": _}:
                return 0
            case {} if not self.terms:
                return sum(bill.fund_share for bill in bills)
        raise ValueError(f"no care is paid by {self.terms} within a quota")

    def _leaves(self, bill: Bill, standard: dict) -> bool:
        """Whether a listed case leaves the list (变异退出): declared so, too cheap or too dear for its standard."""
        limits = self.rules.section("payment.by_disease.variants") if self.rules else {}
        if bill.is_variant or not limits:
            return bill.is_variant
        cost = bill.total if standard.get("covers_whole_stay") else bill.fund_share
        low, high = (Fraction(limits[limit]["value"]) for limit in ("low_below", "high_above"))
        return not low * self._whole(standard) <= cost <= high * self._whole(standard)

    def _whole(self, standard: dict) -> int:
        """A disease's standard, raised for one in which TCM has the advantage (中医优势病种, CX 二(六))."""
        if standard.get("tcm_advantage") and self.rules.section("payment.by_disease.tcm_factor"):
            return fen(standard["standard_fen"] * self.rules.rate("payment.by_disease.tcm_factor"))
        return standard["standard_fen"]

    def _of_disease(self, bill: Bill, standard: dict) -> int:
        """A case's standard: the fund's part, or all cost (各项费用支出) less what the patient paid of it."""
        if not standard.get("covers_whole_stay"):
            return self._whole(standard)
        extra = bill.self_paid if self.rules.value("payment.by_disease.extra_charge") else 0
        return max(self._whole(standard) - (bill.personal - extra), 0)

    def _less_referrals(self, capita: int, month: int) -> int:
        """A month per capita less the team's share of referrals (转诊费用, PZH 四(三)2), never less than nothing."""
        if not self.rules or not self.rules.section("payment.per_capita.referral_share"):
            return capita
        share = self.rules.rate("payment.per_capita.referral_share")
        return capita - min(fen(share * self.referred[month - 1]), capita)

    def _by_rate(self, bills: list[Bill]) -> int:
        """What a DRG rate gives (CX 二(二)), less what patients paid where the standard covers all cost."""
        covers_all = self.rules.value("pool.standard") == "fund_and_personal"
        personal = sum(bill.personal for bill in bills) if covers_all else 0
        return max(sum(bill.rated.pay for bill in bills) - personal, 0)

    def bed_days(self, bill: Bill, standard: dict) -> int:
        """A stay by the phases of its service (各阶段) and the class of its institution (医疗机构的类别)."""
        classes = self.rules.section("payment.bed_day.class_factors")
        of_class = Fraction(classes.get(self.institution_class, {"value": 1})["value"])
        phases = self.rules.section(f"payment.bed_day.services.{standard['service']}.phases").values()
        starts = [phase["from_day"]["value"] for phase in phases]
        ends = [start - 1 for start in starts[1:]] + [bill.days]
        amount = 0
        for phase, start, end in zip(phases, starts, ends):
            a_day = fen(standard["standard_per_day_fen"] * Fraction(phase["factor"]["value"]) * of_class)
            amount += a_day * max(min(bill.days, end) - start + 1, 0)
        return amount


def grown(year: int | Fraction, month: int) -> int:
    """What a year's amount grew by in its `month`-th month: rounded twelfths, which add up to it."""
    return fen(Fraction(year * month, 12)) - fen(Fraction(year * (month - 1), 12))


@dataclass(frozen=True)
class Cap:
    """What the months may pay (月度指标), the rest being deferred (暂缓拨付) to the clearing.

    - year: of the whole year, fen.
    - cumulative: the months so far are held against their caps together, each month by itself otherwise.
    """

    year: int
    cumulative: bool

    @classmethod
    def of(cls, rules: Rules, quota: int) -> "Cap | None":
        """`quota`: as it stands in the month."""
        if rules.value("month.deferral") == "none" or rules.value("month.cap") == "none":
            return None
        if rules.value("month.cap") != "equal":
            raise ValueError("only equal months' caps are computed here")
        withheld = sum((Fraction(rate["value"]) for rate in rules.section("month.withheld").values()), Fraction(0))
        cumulative = rules.value("month.carry_unused_cap") or rules.value("month.deferral_base") == "cumulative"
        return cls(fen((1 - withheld) * quota), cumulative)

    def to(self, month: int) -> int:
        """What the first `month` months may pay together."""
        return fen(Fraction(self.year * month, 12))


def deferred(payable: int, paid_before: int, cap: Cap | None, month: int) -> int:
    """What of the `month`-th month's payable is deferred."""
    if cap is None:
        return 0
    over = paid_before + payable - cap.to(month) if cap.cumulative else payable - (cap.to(month) - cap.to(month - 1))
    return min(max(over, 0), payable)


def refusal(violating: list[int], n_sample: int, n_population: int) -> int:
    """What an inspection refuses (四(五)): the violating amount ÷ (sample ÷ population), half up."""
    return fen(Fraction(sum(violating) * n_population, n_sample))


def advance(months: int, last_year_settled: int) -> int:
    """Months of last year's settled monthly mean before the quota exists (四(三)3)."""
    return fen(Fraction(months * last_year_settled, 12))


def ahead(rules: Rules, grade: str, last_year_settled: int) -> int:
    """A share of last year's settled monthly mean by management grade (分级管理, LC 三(二)), nothing without one."""
    shares = rules.section("prepayment.history_share")
    if not shares:
        return 0
    share = shares["by_grade"].get(grade, shares["ungraded"])["value"]
    return fen(Fraction(share) * last_year_settled / 12)


class Ahead:
    """What was paid ahead and is kept back from the months' orders, in fen: an advance (预支) beyond all working
    capital (JM 四(三)3), and months paid ahead (LC 三(二)) where the pack sets them off by month."""

    def __init__(self, advance_left: int, clean_record: int, monthly: int, sets_off: bool):
        self._advance_left = advance_left
        self._clean_record = clean_record
        self._monthly = monthly
        self._sets_off = sets_off
        self._monthly_left = 0

    @classmethod
    def of(cls, rules: Rules, institution: dict) -> "Ahead":
        return cls(
            max(institution["advance_fen"] - institution["working_capital_fen"], 0),
            institution["clean_record_fen"],
            institution["monthly_ahead_fen"] // 12,
            rules.value("month.prepayment_set_off"),
        )

    def kept_back(self, month: int, order: int) -> int:
        """What the `month`-th month keeps back of its order; the clean record's capital comes in the third month."""
        if month == 3:
            self._advance_left -= min(self._advance_left, self._clean_record)
        self._monthly_left += self._monthly
        of_advance = min(self._advance_left, order)
        of_months = min(self._monthly_left, order - of_advance) if self._sets_off else 0
        self._advance_left -= of_advance
        self._monthly_left -= of_months
        return of_advance + of_months

    @property
    def left(self) -> int:
        """What the clearing's order pays less."""
        return self._advance_left + self._monthly_left


def months_of(amounts: list[list[int]], refused: list[int]) -> tuple[list[list[tuple[int, int]]], int]:
    """(refused, payable) of each month's parts, and what no month could bear, which the clearing deducts.

    What is refused beyond the quota's part is taken from the pools', what is beyond all to the next month.

    - amounts: what the quota's methods give, then each pool, [12] of at least one part, fen.
    - refused: what inspections of the month's cases refuse, [12], fen.
    """
    months, carried = [], 0
    for parts, new in zip(amounts, refused):
        carried += new
        settled = []
        for amount in parts:
            taken = min(amount, carried)
            carried -= taken
            settled.append((taken, amount - taken))
        months.append(settled)
    return months, carried
