"""What a policy pack (政策包) says, read from its TOML."""

import hashlib
import tomllib
from fractions import Fraction
from pathlib import Path


def merged(general: dict, own: dict) -> dict:
    """`general` with a fund line's own parameters in their place."""
    result = dict(general)
    for key, entry in own.items():
        below = isinstance(entry, dict) and "value" not in entry and isinstance(general.get(key), dict)
        result[key] = merged(general[key], entry) if below else entry
    return result


class Rules:
    """The rules of one fund line. Keys are written with dots, as in the file."""

    def __init__(self, tables: dict):
        self._tables = tables

    def section(self, key: str) -> dict:
        """A table of the pack, or an empty one."""
        found = self._tables
        for name in key.split("."):
            found = found.get(name, {})
        return found

    def value(self, key: str):
        """A parameter's value as written."""
        entry = self.section(key)
        if "value" not in entry:
            raise KeyError(f"the pack has no {key}")
        return entry["value"]

    def rate(self, key: str) -> Fraction:
        """A rate, coefficient or quantity, exact."""
        return Fraction(self.value(key))

    def rate_or_none(self, key: str) -> Fraction:
        """A rate, or nothing of whatever it is taken of where the pack has no such section."""
        return self.rate(key) if self.section(key) else Fraction(0)

    def surplus_bands(self) -> list[tuple[Fraction, Fraction]]:
        """(how far below the standard the band reaches, what is kept in it), as shares of the standard."""
        bands = self.section("clearing.surplus_tiers").values()
        return [(1 - Fraction(b["down_to"]["value"]), Fraction(b["kept_rate"]["value"])) for b in bands]

    def overspend_bands(self) -> list[tuple[Fraction, Fraction]]:
        """(how far above the standard the band reaches, what the fund bears in it), as shares of the standard."""
        bands = self.section("clearing.overspend_tiers").values()
        return [(Fraction(b["up_to"]["value"]) - 1, Fraction(b["fund_rate"]["value"])) for b in bands]

    def meets_quota(self, kind_of_care: str) -> bool:
        """Whether a kind of care is paid within the quota."""
        return self.value(f"care.{kind_of_care}.regime") == "quota"

    def is_pooled(self, kind_of_care: str) -> bool:
        """Whether institutions share a kind of care's budget as a pool."""
        return self.value(f"care.{kind_of_care}.regime") == "pool"


class Pack:
    """One region's notice."""

    def __init__(self, content: bytes):
        self.hash = hashlib.sha256(content).hexdigest()
        self.tables = tomllib.loads(content.decode())
        self.id = self.tables["pack"]["id"]
        self.region = self.tables["pack"]["region"]
        self.short = self.tables["pack"]["short"]
        self.fund_lines = list(self.tables["fund_lines"])
        codes = self.tables["codes"]
        self._line_of = codes["insutype"]["value"]
        self._care_of = codes["med_type"]["value"]

    @classmethod
    def read(cls, path: Path) -> "Pack":
        return cls(path.read_bytes())

    def rules(self, fund_line: str) -> Rules:
        """The general rules with the fund line's own in their place."""
        return Rules(merged(self.tables, self.tables["fund_lines"][fund_line].get("rules", {})))

    def cite(self, entry: dict) -> str:
        """Where a parameter comes from: the notice's clause, or why it is a default."""
        return f"{self.short} {entry['clause']}" if "clause" in entry else f"default: {entry['default']}"

    def fund_line_of(self, insutype: str) -> str:
        """The fund line of a national insurance type (险种类型)."""
        return self._line_of[insutype]

    def kind_of_care_of(self, med_type: str) -> str:
        """The kind of care of a national medical type (医疗类别)."""
        return self._care_of[med_type]
