#!/usr/bin/env python3
"""Changes rates in a copy of a policy pack, and checks that every amount they govern is another in the year's JSON.

    changed_rates.py write PACK COPY      writes the copy
    changed_rates.py check BEFORE AFTER   compares the two years' JSON
"""

import json
import re
import sys
from pathlib import Path

from fundyear.compare import flat

# By pack: section and key of each changed rate, its new value, and the amounts that must be others in some place.
CHANGES = {"jiangmen-2016": [
    ("quota", "year_weights", '["0.20", "0.20", "0.60"]', ["quota_fen", "standard_fen"]),
    ("quota", "primary_floor", '"0.27"', ["primary_floor_fen"]),
    ("quota.factors.level.table", "3", '"1.08"', ["coefficient"]),
    ("prepayment.working_capital", "rate", '"0.09"', ["working_capital_fen"]),
    ("prepayment.clean_record", "rate", '"0.07"', ["clean_record_fen"]),
    ("deposit", "base_rate", '"0.06"', ["base_fen"]),
    ("deposit.grades.b", "forfeited_rate", '"0.25"', ["forfeited_fen"]),
    ("clearing.surplus_tiers.near", "kept_rate", '"0.90"', ["surplus_kept_fen"]),
    ("clearing.overspend_tiers.first", "fund_rate", '"0.60"', ["overspend_fund_fen", "overspend_borne_fen"]),
    ("fourth_quarter", "tolerance", '"0.01"', ["deductions_fen", "final_fen", "payment_fen"]),
    ("budget.reserve.primary_care", "earmark_rate", '"0.30"', ["primary_care_fen"]),
], "panzhihua-2018": [
    ("pool", "adjustment_rate", '"0.08"', ["adjustment_fen", "pool_fen", "point_value"]),
    ("pool", "provisional_rate", '"0.85"', ["payable_fen", "paid_fen", "payment_fen", "order_fen"]),
    ("pool", "institution_coefficient", '["0.9000", "1.1000"]', ["points", "pay_fen"]),
    ("pool", "incomplete_discharges", '["4"]', ["incomplete"]),
    ("pool.abnormal", "low_below", '"0.50"', ["low", "normal"]),
    ("pool.abnormal", "high_above", '"2.00"', ["high"]),
    ("pool.abnormal", "high_share", '"0.80"', ["points"]),
    ("pool.readmission", "kept_rate", '"0.30"', ["points"]),
    ("pool.special_cases", "max_share", '"0.03"', ["filed", "reviewed"]),
    ("prepayment.instalments.mid_year", "rate", '"0.15"', ["instalments_fen"]),
], "chuxiong-2022": [
    ("pool", "adjustment_rate", '"0.08"', ["adjustment_fen", "pool_fen"]),
    ("pool.abnormal", "low_below", '"0.60"', ["low", "normal"]),
    ("pool.abnormal", "ungrouped_share", '"0.80"', ["priced_fen", "paid_fen"]),
    ("payment.by_disease.variants", "high_above", '"1.20"', ["payable_fen"]),
    ("clearing.surplus_tiers.near", "kept_rate", '"0.90"', ["surplus_kept_fen", "shared_of_priced_fen"]),
    ("indicators.entry_rate", "limit", '"0.95"', ["least"]),
]}


def write(pack: Path, copy: Path) -> None:
    """Writes `copy`: the pack with the rates changed, everything else as it stands."""
    text = pack.read_text(encoding="utf-8")
    for section, key, value, _ in CHANGES[pack.stem]:
        place = rf"(^\[{re.escape(section)}\]\n(?:(?!\[).*\n)*?{re.escape(key)} = \{{ value = )(\[.*?\]|\".*?\")"
        text, n_found = re.subn(place, lambda found: found[1] + value, text, count=1, flags=re.M)
        if n_found != 1:
            raise SystemExit(f"{pack} has no {section}.{key}")
    copy.write_text(text, encoding="utf-8")


def check(before: Path, after: Path) -> None:
    """Fails if an amount that a changed rate governs is nowhere another."""
    years = [json.loads(path.read_text(encoding="utf-8")) for path in (before, after)]
    changes, (old, new) = CHANGES[years[0]["pack"]["id"]], map(flat, years)
    moved = {path.rsplit(".", 1)[-1] for path in old.keys() & new.keys() if old[path] != new[path]}
    for section, key, value, amounts in changes:
        missing = [amount for amount in amounts if amount not in moved]
        if missing:
            raise SystemExit(f"{section}.{key} = {value} changed no {', '.join(missing)}")
    print(f"{len(changes)} rates changed; every amount that they govern is another")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
