"""What priced cases of a pool come to at the clearing: those that a rate or another method pays, and no points."""

from dataclasses import dataclass
from fractions import Fraction

from .exact import by_bands, share_out
from .pack import Rules


@dataclass(frozen=True)
class Cleared:
    """In fen: what all were given, what the fund and the institutions bear of what that exceeds the pool by, what the
    institutions keep of what it leaves, and what each receives beyond what it was given."""

    given: int
    overspend_fund: int
    overspend_borne: int
    surplus_kept: int
    beyond: dict[str, int]


def clear(rules: Rules, of: tuple[int, int], priced: dict[str, int], has_points: bool) -> Cleared:
    """结余留用、超支分担 of a pool's total (CX 一(二), 二(一)): by the pack's bands, each by what it was given.

    The fund bears no more than what was kept to adjust the pool; where points share what is left, nothing is kept.

    - of: what is shared, and what was kept to adjust it, fen.
    - priced: what each was given before refusals, fen, in the order of codes.
    """
    pool, adjustment = of
    given = sum(priced.values())
    over, left = max(given - pool, 0), max(pool - given, 0)
    fund = min(by_bands(over, pool, rules.overspend_bands()), adjustment)
    kept = 0 if has_points or not given else by_bands(left, pool, rules.surplus_bands())
    weights = [Fraction(amount) for amount in priced.values()]
    parts = zip(priced, share_out(kept, weights), share_out(over - fund, weights))
    return Cleared(given, fund, over - fund, kept, {code: keeps - bears for code, keeps, bears in parts})
