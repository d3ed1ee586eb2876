"""Whether months were paid in time (BN 三(七), CX 二(一)): the due dates of late payments, computed again."""

from collections.abc import Iterator
from datetime import date, timedelta

from .pack import Pack


def broken(pack: Pack, told: dict) -> Iterator[str]:
    """What is wrong with the late payments that a year's JSON tells of."""
    if told["n_due"] != told["n_in_time"] + len(told["late"]):
        yield f"timeliness: {told['n_due']} were due, {told['n_in_time']} in time, {len(told['late'])} late"
    for late in told["late"]:
        name = late["payment_order"].rsplit("/", 1)[-1]
        due, paid = late["due_date"], late["value_date"]
        if not paid > due or not late["reason"]:
            yield f"timeliness: {name} was due {due}, paid {paid}: {late['reason']}"
        year, month, line = name.split("-")[:3]
        if month.isdigit():
            computed = month_due(pack, line, int(year), int(month))
            if computed.isoformat() != due:
                yield f"timeliness: {name} was due {computed}, not {due}"
            if working_days(pack, computed, date.fromisoformat(paid)) != late["days_late"]:
                yield f"timeliness: {name} is {late['days_late']} working days late"


def month_due(pack: Pack, line: str, year: int, month: int) -> date:
    """The pack's working days after the month's last day."""
    day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    left = pack.rules(line).value("month.pay_within_working_days")
    while left:
        day += timedelta(days=1)
        left -= is_worked(pack, day)
    return day


def working_days(pack: Pack, start: date, end: date) -> int:
    """Working days after `start`, up to and with `end`."""
    return sum(is_worked(pack, start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def is_worked(pack: Pack, day: date) -> bool:
    """Whether a day is worked (工作日)."""
    days = {name: entry["value"] for name, entry in pack.tables.get("working_days", {}).items()}
    if day.weekday() >= 5:
        return day.isoformat() in days.get("worked_weekends", [])
    return day.isoformat() not in days.get("holidays", [])
