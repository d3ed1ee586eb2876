"""How spending stands to the plan: the surplus rate (四(二)1) and early warnings (五(一)6)."""

from fractions import Fraction

from .exact import half_up
from .pack import Rules


def surplus_rate(income: int, expenditure: int) -> Fraction:
    """What is left of the income, as a share of it."""
    return half_up(Fraction(income - expenditure, income), 6)


def surplus_health(rules: Rules, rate: Fraction) -> str:
    """How a surplus rate stands to what the pack wants."""
    if not rules.section("budget.surplus_rate"):
        return "unrated"
    wanted, tolerance = rules.rate("budget.surplus_rate.target"), rules.rate("budget.surplus_rate.tolerance")
    if abs(rate - wanted) <= tolerance:
        return "healthy"
    return "low" if rate < wanted else "high"


def warnings(
    rules: Rules, month: str, n_months: int, spent: dict[tuple[str, str], tuple[int, int]]
) -> list[dict]:
    """Who spends ahead of the calendar, worst first; the fund line before its pools and institutions.

    - n_months: how many months of the year are over.
    - spent: what was spent and the most of the year, in fen, by institution and pool; the fund line is neither.
    """
    levels = [(name, Fraction(level["ratio"]["value"])) for name, level in rules.section("warnings.levels").items()]
    found = []
    for who, (payable, of) in sorted(spent.items()):
        if of <= 0:
            continue
        pace = Fraction(payable * 12, of * n_months)
        reached = [place for place, (_, ratio) in enumerate(levels) if pace >= ratio]
        if reached:
            found.append((reached[-1], who, half_up(pace, 4)))
    found.sort(key=lambda warning: (-warning[0], warning[1]))
    return [
        {
            "month": month,
            "institution": code,
            **({"pool": pool} if pool else {}),
            "level": levels[place][0],
            "pace_rate": pace,
            "threshold_rate": levels[place][1],
        }
        for place, (code, pool), pace in found
    ]
