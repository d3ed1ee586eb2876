#!/usr/bin/env python3
"""Computes a fund year again from its exported tables and the pack, and compares it with the year's JSON.

Needs nothing but Python 3.11; imports nothing of the services. Exits with 1 if any amount differs by a fen.
"""

import argparse
import json
import sys
from pathlib import Path

from fundyear import pool, timely
from fundyear.compare import differences
from fundyear.identities import broken
from fundyear.pack import Pack
from fundyear.tables import Tables
from fundyear.year import Year

SHOWN = 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, required=True, help="the policy pack's TOML")
    parser.add_argument("--json", type=Path, required=True, help="what `medfund year --json` wrote")
    parser.add_argument("--export", type=Path, required=True, help="the folder of `medfund year --export`")
    args = parser.parse_args()

    told = json.loads(args.json.read_text(encoding="utf-8"))
    pack = Pack.read(args.pack)
    tables = Tables(args.export)
    year = Year(pack, tables)
    computed = year.result()
    computed |= {"coverage": reached} if (reached := year.coverage()) else {}
    apart = ("ledger", "timeliness")
    n_amounts, wrong = differences({k: v for k, v in told.items() if k not in apart}, computed)
    wrong += broken(told)
    wrong += timely.broken(pack, told["timeliness"])
    cases, points = year.case_points()
    wrong += pool.broken(tables.case_points(), cases, points)
    wrong += year.wrong_reviews()
    for difference in wrong[:SHOWN]:
        print(difference)
    if len(wrong) > SHOWN:
        print(f"… and {len(wrong) - SHOWN} more")
    by_points = f", the points of {len(cases)} cases" if cases else ""
    print(f"{args.json}: {n_amounts} amounts{by_points} compared, {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
