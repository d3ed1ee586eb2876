"""What must hold inside a year's JSON, whatever computed it."""

from collections.abc import Iterator
from fractions import Fraction

from .exact import half_up


def broken(year: dict) -> Iterator[str]:
    """Each identity that does not hold, with its path."""
    checks = [*of_ledger(year["ledger"]), *of_coverage(year.get("coverage"))]
    for line in year["fund_lines"]:
        checks += of_line(line)
    for path, left, right in checks:
        if left != right:
            yield f"{path}: {left} is not {right}"


def of_ledger(ledger: dict):
    """(path, left, right): nothing is under way, and what left accounts went to others."""
    yield "ledger.transit_balance_fen", ledger["transit_balance_fen"], 0
    balances = [account["balance_fen"] for account in ledger["accounts"]]
    yield "ledger.accounts: sum", sum(balances), 0


def of_coverage(coverage: dict | None):
    """(path, left, right): each share is that of its two numbers, rounded half up to 0.0001."""
    if coverage is None:
        return
    for one in coverage["series"]:
        if one["all"] == 0:
            continue
        share = half_up(Fraction(one["covered"], one["all"]), 4)
        yield f"coverage.series[{one['id']}].share", Fraction(one["share"]), share
    paid = sum(one["fund_fen"] for one in coverage["methods"])
    for one in coverage["methods"]:
        share = half_up(Fraction(one["fund_fen"], paid), 4)
        yield f"coverage.methods[{one['method']}].share", Fraction(one["share"]), share


def of_line(line: dict):
    """(path, left, right) of a fund line and its districts, months and clearings."""
    at, institutions = f"fund_lines[{line['id']}]", line["institutions"]
    for part in (line, *line["districts"]):
        place = f"{at}.{part.get('district', 'sum')}"
        deducted = sum(d["amount_fen"] for d in part["deductions"])
        reserve = part["reserve"]
        target = part["budget_fen"] - deducted - reserve["planned_fen"] + part["adjustment_fen"]
        yield f"{place}.target_fen", part["target_fen"], target
        used = sum(reserve[f"{use}_fen"] for use in ("drawn", "overspend", "primary_care", "left"))
        yield f"{place}.reserve.planned_fen", reserve["planned_fen"], used
        here = [i for i in institutions if part is line or i["district"] == part["district"]]
        own = line["districts"] if part is line else [part]
        pools = [pool for district in own for pool in district.get("pools", [])]
        pooled = sum(pool["pool_fen"] + pool["adjustment_fen"] for pool in pools)
        yield f"{place}: quotas and pools", sum(i["quota_fen"] for i in here) + pooled, part["target_fen"]
        primary = [i["quota_fen"] for i in here if i["primary"]]
        yield f"{place}: primary floor held", sum(primary) >= part["primary_floor_fen"], True
        changed = sum(i["adjusted_quota_fen"] - i["quota_fen"] for i in here)
        yield f"{place}.reserve.drawn_fen", reserve["drawn_fen"], changed
        borne = sum(i["clearing"]["overspend_fund_fen"] for i in here)
        yield f"{place}.reserve.overspend_fen", reserve["overspend_fen"], borne
    for institution in institutions:
        yield from of_institution(f"{at}.institutions[{institution['code']}]", institution)


def of_institution(at: str, institution: dict):
    """(path, left, right) of an institution's months and clearing."""
    months, clearing = institution["months"], institution["clearing"]
    for month in months:
        parts = month["paid_fen"] + month["deferred_fen"]
        yield f"{at}.months[{month['month']}].payable_fen", month["payable_fen"], parts
    yield f"{at}: months", len(months), 12
    payable = sum(m["payable_fen"] for m in months) + clearing["prepaid_difference_fen"]
    yield f"{at}.clearing.payable_fen", clearing["payable_fen"], payable
    yield f"{at}.clearing.standard_fen", clearing["standard_fen"], institution["adjusted_quota_fen"]
    over = clearing["overspend_fund_fen"] + clearing["overspend_borne_fen"]
    yield f"{at}.clearing.overspend_fen", clearing["overspend_fen"], over
    final = clearing["payable_fen"] + clearing["surplus_kept_fen"]
    pools = institution.get("pools", [])
    final += sum(pool["pay_fen"] - pool["refused_fen"] for pool in pools)
    final -= clearing["overspend_borne_fen"] + clearing["deductions_fen"]
    yield f"{at}.clearing.final_fen", clearing["final_fen"], final
    received = institution["working_capital_fen"] + institution["clean_record_fen"]
    received += institution.get("instalments_fen", 0) + sum(pool["paid_fen"] for pool in pools)
    received += sum(m["paid_fen"] for m in months) + clearing["payment_fen"]
    yield f"{at}: what it received", received, clearing["final_fen"]
