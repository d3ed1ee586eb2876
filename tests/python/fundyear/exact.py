"""Exact arithmetic of the fund: one rounding, sharing by largest remainder, bands. No floating point."""

from fractions import Fraction
from math import floor


def half_up(amount: Fraction | int, n_decimals: int = 0) -> Fraction:
    """Rounds half up (四舍五入) to `n_decimals`."""
    if amount < 0:
        raise ValueError(f"{amount} is negative: it is not rounded here")
    unit = Fraction(1, 10**n_decimals)
    return floor(Fraction(amount) / unit + Fraction(1, 2)) * unit


def fen(amount: Fraction | int) -> int:
    """Rounds an amount half up to the fen."""
    return int(half_up(amount))


def share_out(total: int, weights: list[Fraction]) -> list[int]:
    """Shares whole fen by weight; the fen left over go to the largest remainders, earlier parts first.

    - total: fen, not negative.
    - weights: [n_parts], not negative, in the order of the parts' codes.
    - Returns fen, [n_parts]; they add up to `total`.
    """
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or total < 0:
        raise ValueError(f"{total} cannot be shared by {weights}")
    exact = [total * weight / whole for weight in weights]
    shares = [floor(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def with_floor(total: int, least: int, weights: list[Fraction], in_group: list[bool]) -> list[int]:
    """Shares `total` by weight; if the group gets less than `least` it shares exactly that, the others the rest."""
    shares = share_out(total, weights)
    group = [i for i, inside in enumerate(in_group) if inside]
    others = [i for i, inside in enumerate(in_group) if not inside]
    if not group or not others or sum(shares[i] for i in group) >= least:
        return shares
    for members, part in ((group, least), (others, total - least)):
        for i, amount in zip(members, share_out(part, [weights[i] for i in members])):
            shares[i] = amount
    return shares


def by_bands(amount: int, standard: int, bands: list[tuple[Fraction, Fraction]]) -> int:
    """What the bands give of `amount`, rounded once; beyond the last band nothing.

    - amount: what is measured from the standard on, fen.
    - standard: what the bands' ends are shares of, fen.
    - bands: (end as a share of the standard, rate), the ends ascending.
    """
    given, begin = Fraction(0), Fraction(0)
    for share, rate in bands:
        end = share * standard
        given += max(min(Fraction(amount), end) - begin, Fraction(0)) * rate
        begin = end
    return fen(given)
