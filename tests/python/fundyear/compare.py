"""Compares a year's JSON with what was computed apart, path by path."""

from fractions import Fraction

KEYS = ("id", "code", "district", "month", "account", "care", "method")


def flat(value, path: str = "") -> dict[str, object]:
    """Every leaf by its path; the entries of a list go by their id, code, district, month, account, care or method."""
    if isinstance(value, dict):
        parts = ((f"{path}.{key}" if path else key, entry) for key, entry in value.items())
    elif isinstance(value, list):
        parts = ((f"{path}[{name_of(i, entry)}]", entry) for i, entry in enumerate(value))
    else:
        return {path: value}
    leaves: dict[str, object] = {}
    for name, entry in parts:
        found = flat(entry, name)
        if leaves.keys() & found.keys():
            raise ValueError(f"{name} stands twice")
        leaves.update(found)
    return leaves


def name_of(index: int, entry) -> str:
    """What a list's entry is known by."""
    if isinstance(entry, dict):
        if "pace_rate" in entry:
            return f"{entry['month']} {entry['institution']}{entry.get('pool', '')}"
        for key in KEYS:
            if key in entry:
                return str(entry[key])
    return str(index)


def same(told, computed) -> bool:
    """Whether two leaves are equal: numbers exactly, a coefficient as the decimal it is written as."""
    if isinstance(computed, Fraction):
        return isinstance(told, str) and Fraction(told) == computed
    return type(told) is type(computed) and told == computed


def differences(told: dict, computed: dict) -> tuple[int, list[str]]:
    """(amounts compared, differences), each difference with its path. What only one side has is one too."""
    ours, theirs = flat(computed), flat(told)
    found = [f"{path}: only in the JSON, {theirs[path]}" for path in theirs.keys() - ours.keys()]
    found += [f"{path}: not in the JSON, computed {ours[path]}" for path in ours.keys() - theirs.keys()]
    both = ours.keys() & theirs.keys()
    found += [
        f"{path}: {theirs[path]} in the JSON, {ours[path]} computed"
        for path in both
        if not same(theirs[path], ours[path])
    ]
    n_amounts = sum(isinstance(ours[path], (int, Fraction)) and not isinstance(ours[path], bool) for path in both)
    return n_amounts, sorted(found)
