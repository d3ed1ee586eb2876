"""Cases that are reviewed singly (特病单议): the quota, the draw of experts, what counts."""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from math import floor
from uuid import UUID

from .pack import Rules
from .tables import Row, fen_of


def numbers(seed: str, n: int) -> list[int]:
    """What a recorded seed draws by: the first eight bytes of SHA-256 of its sixteen and the turn in four."""
    turns = (UUID(seed).bytes + turn.to_bytes(4, "big") for turn in range(n))
    return [int.from_bytes(sha256(turn).digest()[:8], "big") for turn in turns]


def draw(experts: dict[str, str], institution: str, drawn_by: list[int]) -> list[str]:
    """The experts who hear a case, none of its institution: each number picks one of those left, by id.

    - experts: the institution that each works for, by id.
    """
    left = sorted(expert for expert, own in experts.items() if own != institution)
    return [left.pop(number % len(left)) for number in drawn_by]


def granted(rows: list[Row]) -> dict[tuple[str, str], int]:
    """The justified cost of each granted case in fen, by institution and settlement id."""
    return {
        (row["fixmedins_code"], row["setl_id"]): fen_of(row["reviewed_cost"])
        for row in rows
        if row["state"] == "granted"
    }


def counts(rows: list[Row]) -> dict[str, int]:
    """What became of cases that were filed."""
    return {
        "filed": len(rows),
        "heard": sum(bool(row["experts"]) for row in rows),
        "granted": sum(row["state"] == "granted" for row in rows),
    }


def broken(rules: Rules, rows: list[Row], experts: dict[str, str], discharges: dict[tuple, int]) -> Iterator[str]:
    """What is wrong with the special cases of a fund line, as they were told.

    - discharges: cases that points pay, by institution and month.
    """
    share, n_experts = rules.rate("pool.special_cases.max_share"), rules.value("pool.special_cases.n_experts")
    filed: dict[str, int] = defaultdict(int)
    for row in sorted(rows, key=lambda row: row["settlement_month"]):
        at, code = f"special_cases[{row['fixmedins_code']} {row['setl_id']}]", row["fixmedins_code"]
        until = sum(n for (own, month), n in discharges.items() if own == code and month <= row["settlement_month"])
        filed[code] += 1
        if filed[code] > floor(share * until):
            yield f"{at}: the {filed[code]}th of {until} discharges"
        if fen_of(row["reviewed_cost"]) > fen_of(row["medfee_sumamt"]):
            yield f"{at}: {row['reviewed_cost']} of {row['medfee_sumamt']} count"
        if row["state"] not in ("refused", "granted", "dismissed"):
            yield f"{at}: nothing is decided, it is {row['state']}"
        if row["experts"]:
            drawn = draw(experts, code, numbers(row["seed"], n_experts))
            if drawn != row["experts"].split("|"):
                yield f"{at}: {row['experts']} hear it, the seed draws {'|'.join(drawn)}"
