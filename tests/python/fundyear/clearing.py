"""The annual clearing, its deductions and the reserve; the deposit (四(三)3–4, 四(四), 四(六))."""

from dataclasses import dataclass
from fractions import Fraction

from .exact import by_bands, fen, share_out
from .pack import Rules


@dataclass(frozen=True)
class Account:
    """What an institution's clearing starts from, in fen; `deduction_rate` is a share of the payable,
    `refused` what was refused and no month could bear, `pools` its shares of pools less what months refused."""

    standard: int
    payable: int
    deduction_rate: Fraction
    refused: int = 0
    pools: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cleared:
    """What the clearing gives, in fen."""

    surplus_kept: int
    overspend: int
    overspend_fund: int
    overspend_borne: int
    deductions: int
    final: int
    pools_deducted: tuple[int, ...] = ()


def missed_indicators(rules: Rules, measured: dict[str, Fraction], agreed: dict[str, str]) -> list[dict]:
    """The indicators whose limit was missed (四(四)), with what each costs of the year's payable.

    - measured: values by the indicator's id.
    - agreed: limits of the agreement, which go before the pack's.
    """
    missed = []
    for name, indicator in rules.section("indicators").items():
        if "clearing" not in indicator["uses"]["value"] or "deduction_rate" not in indicator:
            continue
        limit, value = Fraction(agreed.get(name) or indicator["limit"]["value"]), measured[name]
        if value > limit if indicator["bound"]["value"] == "max" else value < limit:
            rate = Fraction(indicator["deduction_rate"]["value"])
            missed.append({"id": name, "limit": limit, "measured": value, "rate": rate})
    return missed


def deduction_rate(rules: Rules, missed: list[dict], visits: list[int]) -> Fraction:
    """The share of the year's payable that missed indicators (四(四)) and the fourth quarter (四(六)) cost.

    - visits: of the four quarters.
    """
    rate = sum((indicator["rate"] for indicator in missed), Fraction(0))
    if rules.section("fourth_quarter"):
        mean = Fraction(sum(visits[:3]), 3)
        if abs(visits[3] - mean) > rules.rate("fourth_quarter.tolerance") * mean:
            rate += rules.rate("fourth_quarter.deduction_rate")
    return rate


def clear(rules: Rules, available: int, accounts: list[Account]) -> list[Cleared]:
    """结余留用、超支分担: the accounts of a district's fund line, in the order of their codes.

    - available: the reserve that may bear overspend, in fen.
    """
    over = [max(account.payable - account.standard, 0) for account in accounts]
    bands = rules.overspend_bands()
    wanted = [by_bands(o, account.standard, bands) for o, account in zip(over, accounts)]
    short = sum(wanted) > available
    fund = share_out(available, [Fraction(amount) for amount in wanted]) if short else wanted
    cleared = []
    for account, spent, borne_by_fund in zip(accounts, over, fund):
        surplus = max(account.standard - account.payable, 0)
        kept = by_bands(surplus, account.standard, rules.surplus_bands())
        borne = spent - borne_by_fund
        of_quota = account.payable + kept - borne
        left = of_quota + sum(account.pools)
        deducted = max(min(fen(account.deduction_rate * account.payable) + account.refused, left), 0)
        beyond, of_pools = max(deducted - of_quota, 0), []
        for share in account.pools:
            of_pools.append(min(beyond, max(share, 0)))
            beyond -= of_pools[-1]
        cleared.append(Cleared(kept, spent, borne_by_fund, borne, deducted, left - deducted, tuple(of_pools)))
    return cleared


@dataclass(frozen=True)
class Reserve:
    """The reserve (预留控制指标) of a district's fund line before the clearing, in fen."""

    planned: int
    drawn: int
    earmark: int

    @classmethod
    def of(cls, rules: Rules, planned: int, changes: list[int], raised: str | None = None) -> "Reserve":
        """What is kept for primary care may be raised when the last year's was short (四(八)4).

        - changes: the quota adjustments of the year, negative when taken away.
        - raised: what the part for primary care is multiplied by.
        """
        earmark = 0
        if rules.section("budget.reserve.primary_care"):
            factor = Fraction(raised or 1)
            if raised:
                least, most = rules.value("budget.reserve.primary_care.raise_range")
                if not Fraction(least) <= factor <= Fraction(most):
                    raise ValueError(f"the part for primary care is raised by {raised}")
            earmark = min(fen(rules.rate("budget.reserve.primary_care.earmark_rate") * factor * planned), planned)
        return cls(planned, sum(changes), earmark)

    @property
    def available(self) -> int:
        """What may bear overspend."""
        return max(self.planned - self.drawn - self.earmark, 0)


def deposit(rules: Rules, account: Account, grade: str) -> tuple[int, int]:
    """(base, forfeited) of the deposit (责任保证金, JM 四(三)3; 质量保证金, BN 三(七)), nothing without one."""
    if not rules.section("deposit"):
        return 0, 0
    of = account.standard if rules.value("deposit.base_of") == "quota" else account.payable
    base = fen(rules.rate("deposit.base_rate") * of)
    return base, fen(rules.rate(f"deposit.grades.{grade}.forfeited_rate") * base)


def taken(rules: Rules, forfeited: int) -> int:
    """What the year's own clearing takes of the deposit: what is forfeited of one that was withheld (BN 三(八))."""
    return forfeited if rules.section("deposit") and rules.value("deposit.withheld") else 0
