"""From the budget to the quotas: target, reserve, base, coefficient, decomposition (四(二))."""

from fractions import Fraction

from .exact import half_up, with_floor
from .pack import Rules


def target(budget: int, deductions: list[int], reserve: int, adjustment: int) -> int:
    """The yearly total-control target (四(二)1): budget − deductions − reserve, with risks and prices weighed."""
    return budget - sum(deductions) - reserve + adjustment


def base(history: list[int], weights: list[Fraction]) -> Fraction:
    """The base (四(二)2): the last years' inpatient cost, far to near, by the years' weights.

    With fewer years the nearest weights are taken, made a whole again.
    """
    used = weights[len(weights) - len(history):]
    return sum(weight * cost for weight, cost in zip(used, history)) / sum(used)


def forecast(rules: Rules, decided: str | None) -> Fraction:
    """The forecast factor of the whole (四(二)2: 新一年度待遇支付费用总额测算)."""
    if decided is None:
        return rules.rate("quota.forecast_undecided")
    least, most = (Fraction(end) for end in rules.value("quota.forecast_range"))
    if not least <= Fraction(decided) <= most:
        raise ValueError(f"a forecast factor of {decided} is outside the pack's range")
    return Fraction(decided)


def coefficient(rules: Rules, level: str, institution_class: str, decided: dict[str, Fraction]) -> Fraction:
    """The adjustment coefficient (四(二)2): the product of the named factors, rounded once.

    A factor that nobody set, and a class that the factor's table does not list, change nothing.

    - decided: the values that an officer set, by the factor's id.
    """
    product = Fraction(1)
    for name, factor in rules.section("quota.factors").items():
        by = factor["by"]["value"]
        if by == "officer":
            value = decided.get(name, rules.rate("quota.neutral"))
            least, most = (Fraction(end) for end in factor["range"]["value"])
            if name in decided and not least <= value <= most:
                raise ValueError(f"{name} of {value} is outside the pack's range")
        else:
            key = level if by == "level" else institution_class
            listed = factor["table"].get(key)
            value = Fraction(listed["value"]) if listed else rules.rate("quota.neutral")
        product *= value
    return half_up(product, rules.value("quota.coefficient_decimals"))


def quotas(total: int, least_primary: int, weights: list[Fraction], primary: list[bool]) -> list[int]:
    """The quotas (四(二)2): the target by base × coefficient, the primary group never below its share."""
    return with_floor(total, least_primary, weights, primary)
