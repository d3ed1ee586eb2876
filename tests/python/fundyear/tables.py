"""What a fund year was lived with, as exported.

Tables are CSV with amounts in yuan with two decimals and codes as text; what officers entered is JSON in fen.
"""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]


def fen_of(yuan: str) -> int:
    """Yuan with at most two decimals, in fen. Nothing is 0."""
    amount = Fraction(yuan or "0") * 100
    if amount.denominator != 1:
        raise ValueError(f"{yuan} has a part of a fen")
    return int(amount)


@dataclass(frozen=True)
class Bill:
    """One accepted line of a settlement list (医保基金结算清单)."""

    institution: str
    fund_line: str
    kind_of_care: str
    month: str
    days: int
    disease: str
    fund_share: int
    total: int = 0
    personal: int = 0
    self_paid: int = 0
    is_variant: bool = False
    setl_id: str = ""
    referred_by: str = ""
    rated: "Rated | None" = None


@dataclass(frozen=True)
class Rated:
    """What a DRG rate gives for a case: its kind, and fen."""

    kind: str
    pay: int


class Tables:
    """All tables of a folder that `medfund year --export` wrote."""

    def __init__(self, folder: Path):
        self._folder = folder

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, by column name."""
        with open(self._folder / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def of_pools(self, name: str) -> list[Row]:
        """The rows of a table that is written where there is a pool."""
        return self.rows(name) if (self._folder / f"{name}.csv").exists() else []

    def case_points(self) -> list[Row]:
        """The cases that share a pool by points."""
        return self.of_pools("case_points")

    def groups(self) -> dict[tuple[str, str], str]:
        """The group of each case that was grouped, by institution and settlement id."""
        return {(row["fixmedins_code"], row["setl_id"]): row["drg"] for row in self.of_pools("groups")}

    def special_cases(self) -> list[Row]:
        """The cases that were filed to be reviewed singly."""
        return self.of_pools("special_cases")

    def experts(self) -> dict[str, str]:
        """The institution that each expert works for, by id."""
        return {row["expert"]: row["fixmedins_code"] for row in self.of_pools("experts")}

    def tariff(self) -> bytes | None:
        """The published tariff, where there is a pool."""
        path = self._folder / "tariff.json"
        return path.read_bytes() if path.exists() else None

    def entered(self) -> dict:
        """What officers entered: budgets, factors, terms, adjustments, inspections, conduct."""
        text = (self._folder / "inputs.json").read_text(encoding="utf-8")
        return json.loads(text, parse_float=Fraction)


def grouped(entries: list[dict], *key: str) -> dict[tuple[str, ...], list[dict]]:
    """Entries by the values of some of their fields."""
    found = defaultdict(list)
    for entry in entries:
        found[tuple(entry[field] for field in key)].append(entry)
    return found


def single(entries: dict[tuple[str, ...], list[dict]]) -> dict[tuple[str, ...], dict]:
    """Groups of one entry each, as that entry."""
    for key, group in entries.items():
        if len(group) != 1:
            raise ValueError(f"{len(group)} entries for {key}")
    return {key: group[0] for key, group in entries.items()}


def personal_of(row: Row) -> int:
    """What the patient and other payers than the fund and the institution paid, in fen."""
    return sum(fen_of(row.get(payer, "")) for payer in ("oth_pay", "acct_pay", "psn_cash_pay"))


def bills_of(rows: list[Row], fund_line_of, kind_of_care_of) -> list[Bill]:
    """The bills that count: refunded settlements (refd_setl_flag 1) are not billed."""
    return [
        Bill(
            institution=row["fixmedins_code"],
            fund_line=fund_line_of(row["insutype"]),
            kind_of_care=kind_of_care_of(row["med_type"]),
            month=row["setl_time"][:7],
            days=int(row["ipt_days"] or 0),
            disease=row["dise_codg"],
            fund_share=fen_of(row["hifp_pay"]),
            total=fen_of(row.get("medfee_sumamt", "")),
            personal=personal_of(row),
            self_paid=min(personal_of(row), fen_of(row.get("fulamt_ownpay_amt", ""))),
            is_variant=row.get("vari_exit_flag") == "1",
            setl_id=row.get("setl_id", ""),
            referred_by=row.get("reflout_medins_no", ""),
        )
        for row in rows
        if row["refd_setl_flag"] != "1"
    ]
