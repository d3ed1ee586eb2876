"""A whole fund year, from the pack and the exported tables, in the shape of the year's JSON."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from . import clearing, coverage, month, pool, quota, rate, special, watch
from .cases import agreed, grouped_cases, price
from .clearing import Account, Reserve
from .exact import fen, share_out
from .pack import Pack, Rules
from .tables import Bill, Tables, bills_of, fen_of, grouped, single


class Year:
    """What the tables say, ready for computing."""

    def __init__(self, pack: Pack, tables: Tables):
        self.pack = pack
        entered = tables.entered()
        self.institutions = sorted(tables.rows("institutions"), key=lambda row: row["fixmedins_code"])
        self.histories = single(grouped(tables.rows("history"), "fixmedins_code", "fund_line"))
        self.indicators = grouped(tables.rows("indicators"), "fixmedins_code")
        self.districts = single(grouped(entered["districts"], "code"))
        self.budgets = entered["budgets"]
        self.factors = grouped(entered["factors"], "institution")
        self.terms = grouped(entered["terms"], "institution", "fund_line")
        self.adjustments = grouped(entered["adjustments"], "institution", "fund_line")
        self.inspections = grouped(entered["inspections"], "institution", "fund_line", "month")
        self.conduct = single(grouped(entered["conduct"], "institution"))
        self.management_grades = single(grouped(entered["management_grades"], "institution"))
        published = tables.tariff()
        self.tariff = pool.Tariff(published) if published else None
        bills = bills_of(tables.rows("bills"), pack.fund_line_of, pack.kind_of_care_of)
        years = {bill.month[:4] for bill in bills}
        if len(years) != 1:
            raise ValueError(f"the bills are of {sorted(years)}, not of one year")
        self.fund_year = int(years.pop())
        self.months = [f"{self.fund_year}-{m:02}" for m in range(1, 13)]
        self.bills: dict[tuple[str, str, str], list[Bill]] = defaultdict(list)
        self.visits: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 4)
        special_cases = tables.special_cases()
        self.special_cases = grouped(special_cases, "fund_line")
        self.experts = tables.experts()
        self.care, self.groups = agreed(pack, self.terms, self.institutions, bills), tables.groups()
        granted = special.granted(special_cases)
        self.cases, by_rate = grouped_cases(pack, tables.rows("bills"), self.care, self.groups, granted)
        rated = rate.of_months(pack, by_rate, self.tariff)
        for bill in bills:
            bill = replace(bill, rated=rated.get((bill.institution, bill.setl_id)))
            self.bills[bill.institution, bill.fund_line, bill.month].append(bill)
            if pack.rules(bill.fund_line).meets_quota(bill.kind_of_care):
                self.visits[bill.institution, bill.fund_line][(int(bill.month[5:]) - 1) // 3] += 1

    def case_points(self) -> tuple[list[pool.Case], list[pool.Points]]:
        """All cases that points pay, and the points of each by the readmissions of the year."""
        cases, points = [], []
        for (line, _), by_month in self.cases.items():
            own = [case for name in self.months for case in by_month.get(name, [])]
            cases += own
            points += pool.points_of(own, self.tariff, self.pack.rules(line))
        return cases, points

    def wrong_reviews(self) -> Iterator[str]:
        """What is wrong with the cases that were reviewed singly."""
        for (line,), rows in self.special_cases.items():
            discharges = defaultdict(int)
            for (of, _), by_month in self.cases.items():
                for case, name in ((case, name) for name, own in by_month.items() for case in own if of == line):
                    discharges[case.institution, name] += 1
            yield from special.broken(self.pack.rules(line), rows, self.experts, discharges)

    def pools(self, rules: Rules, line: str, district: str, pools: dict[str, tuple[int, int]]) -> pool.Pools:
        """The pools of a fund line in a district, with what its institutions' cases add up to."""
        here = {row["fixmedins_code"] for row in self.institutions if row["district"] == district}
        added: dict[str, dict[str, dict[str, pool.Added]]] = {}
        for care in pools:
            by_month = self.cases.get((line, care), {})
            parts = {name: [case.in_its_month for case in by_month.get(name, [])] for name in self.months}
            parts[""] = [case for name in self.months for case in by_month.get(name, [])]
            added[care] = {}
            for name, cases in parts.items():
                members = pool.add_up(cases, pool.points_of(cases, self.tariff, rules))
                added[care][name] = {code: own for code, own in members.items() if code in here}
            bills = {key[::2]: own for key, own in self.bills.items() if key[0] in here and key[1] == line}
            price(rules, (line, care), bills, self.care, added[care])
        filed = [row for row in self.special_cases.get((line,), []) if row["fixmedins_code"] in here]
        return pool.Pools(rules, pools, added, filed)

    def coverage(self) -> dict | None:
        """How far payment by DRG reaches, where there is a pool."""
        if not self.tariff:
            return None
        bills = [bill for own in self.bills.values() for bill in own]
        return coverage.computed(self.pack, self.fund_year, bills, self.care, self.groups, self.tariff)

    def result(self) -> dict:
        """Everything of the year's JSON but its ledger."""
        return {
            "pack": {"id": self.pack.id, "hash": self.pack.hash},
            "area": self.pack.region,
            "fund_year": self.fund_year,
            "fund_lines": [self.fund_line(line) for line in self.pack.fund_lines],
        }

    def fund_line(self, line: str) -> dict:
        """A fund line: each district by itself, their sums, and the institutions by code."""
        parts = []
        for budget in self.budgets:
            if budget["fund_line"] == line:
                parts.append(self.district(self.pack.rules(line), line, budget["district"], budget))
        self._allot_primary_care(parts)
        institutions = [institution for part in parts for institution in part.pop("institutions")]
        for part in parts:
            del part["reserve"]["earmark"]
        own = ("district", "surplus_rate", "surplus_health", "forecast_factor", "warnings", "pools")
        sums = added([{k: v for k, v in part.items() if k not in own} for part in parts])
        institutions.sort(key=lambda institution: institution["code"])
        return {"id": line, **sums, "institutions": institutions, "districts": parts}

    def _allot_primary_care(self, parts: list[dict]) -> None:
        """What was kept for primary care goes to the districts by what each added to staff funding (四(八)4)."""
        kept = sum(part["reserve"]["earmark"] for part in parts)
        districts = [self.districts[part["district"],] for part in parts]
        increases = [Fraction(district["staff_funding_increase_fen"]) for district in districts]
        allotted = share_out(kept, increases) if sum(increases) else [0] * len(parts)
        for part, amount in zip(parts, allotted):
            reserve = part["reserve"]
            reserve["primary_care_fen"] = amount
            reserve["left_fen"] = (
                reserve["planned_fen"] - reserve["drawn_fen"] - reserve["overspend_fen"] - amount
            )

    def district(self, rules: Rules, line: str, district: str, budget: dict) -> dict:
        """One district's fund line with its institutions."""
        named = {entry["id"]: entry["amount_fen"] for entry in budget["deductions"]}
        deductions = [{"id": id, "amount_fen": named.pop(id, 0)} for id in rules.section("budget.deductions")]
        if named:
            raise ValueError(f"the pack has no deductions {sorted(named)}")
        planned = budget["reserve_fen"]
        if planned is None:
            planned = fen(rules.rate("budget.reserve.planned_rate") * budget["budget_fen"])
        if planned > rules.rate("budget.reserve.max_rate") * budget["budget_fen"]:
            raise ValueError(f"the reserve of {line} in {district} is more than the pack allows")
        target = quota.target(
            budget["budget_fen"],
            [deducted["amount_fen"] for deducted in deductions],
            planned,
            budget["adjustment_fen"],
        )
        forecast = quota.forecast(rules, budget["forecast"])
        shares = {share["kind_of_care"]: Fraction(share["share"]) for share in budget["shares"]}
        if shares:
            paid = self.pack.tables["fund_lines"][line]["pays"]["value"]
            shares = {kind: Fraction(0) for kind in paid if rules.is_pooled(kind)} | shares
        decomposed, divided = pool.divide(rules, target, shares)
        pools = self.pools(rules, line, district, divided)
        floor = fen(rules.rate("quota.primary_floor") * decomposed)
        institutions = self.opened(rules, line, district, forecast, (decomposed, floor))
        changes = [i["adjusted_quota_fen"] - i["quota_fen"] for i in institutions]
        reserve = Reserve.of(rules, planned, changes, budget["primary_care_raise"])
        self.pay_instalments(rules, line, pools, institutions)
        of_pools = [pools.month(m, name) for m, name in enumerate(self.months, start=1)]
        for institution in institutions:
            self.settle(rules, line, institution, [paid.get(institution["code"], []) for paid in of_pools])
        warnings = self.warnings(rules, line, (target, pools.amounts), institutions)
        overspend = self.clear(rules, line, (reserve, pools.year()), institutions)
        surplus = watch.surplus_rate(budget["income_fen"], budget["budget_fen"])
        return {
            "district": district,
            "income_fen": budget["income_fen"],
            "budget_fen": budget["budget_fen"],
            "deductions": deductions,
            "reserve": {
                "planned_fen": reserve.planned,
                "drawn_fen": reserve.drawn,
                "overspend_fen": overspend,
                "earmark": reserve.earmark,
            },
            "adjustment_fen": budget["adjustment_fen"],
            "target_fen": target,
            "primary_floor_fen": floor,
            "surplus_rate": surplus,
            "surplus_health": watch.surplus_health(rules, surplus),
            "forecast_factor": forecast,
            "warnings": warnings,
            **({"pools": pools.results(institutions)} if divided else {}),
            "institutions": institutions,
        }

    def opened(
        self, rules: Rules, line: str, district: str, forecast: Fraction, shared: tuple[int, int]
    ) -> list[dict]:
        """The institutions of a district with what precedes the months.

        - shared: the target and the least that primary institutions get of it, in fen.
        """
        years = ("cost_year_3", "cost_year_2", "cost_year_1")
        year_weights = [Fraction(weight) for weight in rules.value("quota.year_weights")]
        opened, weights = [], []
        for row in self.institutions:
            code = row["fixmedins_code"]
            history = self.histories.get((code, line))
            if row["district"] != district or history is None:
                continue
            costs = [fen_of(history[year]) for year in years]
            decided = {f["factor"]: Fraction(f["value"]) for f in self.factors.get((code,), [])}
            k = quota.coefficient(rules, row["level"], row["class"], decided)
            base = quota.base(costs, year_weights) * forecast
            weights.append(base * k)
            opened.append({
                "code": code,
                "district": district,
                "primary": row["primary"] == "1",
                "history_fen": costs,
                "base": base,
                "coefficient": k,
            })
        shares = quota.quotas(*shared, weights, [i["primary"] for i in opened])
        for institution, share in zip(opened, shares):
            self.prepay(rules, line, institution, share)
        return opened

    def prepay(self, rules: Rules, line: str, institution: dict, share: int) -> None:
        """Quota, adjusted quota, and what is paid ahead (四(二)3, 四(三)3)."""
        code = institution["code"]
        changes = [entry["change_fen"] for entry in self.adjustments.get((code, line), [])]
        institution["quota_fen"] = share
        institution["adjusted_quota_fen"] = share + sum(changes)
        n_months = self.districts[institution["district"],]["advance_months"]
        settled = fen_of(self.histories[code, line]["last_year_settled"])
        institution["advance_fen"] = month.advance(n_months, settled)
        rate = rules.rate_or_none("prepayment.working_capital.rate")
        institution["working_capital_fen"] = fen(rate * share)
        rate = rules.rate_or_none("prepayment.clean_record.rate")
        institution["clean_record_fen"] = fen(rate * share) if self.is_clean(rules, code) else 0
        grade = self.management_grades[code,]["grade"]
        institution["monthly_ahead_fen"] = 12 * month.ahead(rules, grade, settled)

    def pay_instalments(self, rules: Rules, line: str, pools: pool.Pools, institutions: list[dict]) -> None:
        """What is paid ahead of the pools by the budget's progress (PZH 四(二)3)."""
        settled = {
            i["code"]: fen_of(self.histories[i["code"], line]["last_year_settled"]) for i in institutions
        }
        for institution in institutions:
            paid = pool.instalments(rules, pools.amount, settled)[institution["code"]]
            if paid:
                institution["instalments_fen"] = paid

    def is_clean(self, rules: Rules, code: str) -> bool:
        """Whether an institution kept the rules in all the years that the pack looks back on (四(三)3)."""
        if not rules.section("prepayment.clean_record"):
            return False
        n_years = rules.value("prepayment.clean_record.clean_years")
        looked_at = range(self.fund_year - n_years, self.fund_year)
        return not any(year in looked_at for year in self.conduct[code,]["violation_years"])

    def settle(
        self, rules: Rules, line: str, institution: dict, of_pools: list[list[tuple[str, pool.Added, int]]]
    ) -> None:
        """The twelve months (四(三)1–3).

        - of_pools: by month what pools pay: kind of care, its cases, fen before refusals.
        """
        code = institution["code"]
        terms = {
            kind: self.care[code, line, kind]
            for (kind,) in grouped(self.terms[code, line], "kind_of_care")
            if rules.meets_quota(kind)
        }
        within, beside = [], []
        for m, name in enumerate(self.months, start=1):
            bills = self.bills.get((code, line, name), [])
            within.append([bill for bill in bills if rules.meets_quota(bill.kind_of_care)])
            elsewhere = [bill for bill in bills if not rules.meets_quota(bill.kind_of_care)]
            charged = sum(bill.fund_share for bill in elsewhere if not rules.is_pooled(bill.kind_of_care))
            beside.append(charged + self.beside_pools(rules, (code, line), elsewhere, m))
        of_kind = {
            kind: [[bill for bill in bills if bill.kind_of_care == kind] for bills in within] for kind in terms
        }
        institution["prepaid_difference"] = sum(terms[kind].prepaid_difference(of_kind[kind]) for kind in terms)
        amounts = [sum(terms[kind].amount(of_kind[kind][m - 1], m) for kind in terms) for m in range(1, 13)]
        refused = [self.refused(rules, code, line, name) for name in self.months]
        parts = [[amount, *(pay for _, _, pay in paid)] for amount, paid in zip(amounts, of_pools)]
        settled, institution["refusal_left"] = month.months_of(parts, refused)
        institution["months"], paid = [], 0
        ahead = month.Ahead.of(rules, institution)
        for m, (name, ((taken, payable), *pooled)) in enumerate(zip(self.months, settled)):
            cap = month.Cap.of(rules, self.quota_in(line, institution, name))
            deferred = month.deferred(payable, paid, cap, m + 1)
            paid += payable - deferred
            beside_quota = beside[m]
            by_points = sum(pay for _, pay in pooled)
            kept_back = ahead.kept_back(m + 1, payable - deferred + by_points + beside_quota)
            pools = [
                {
                    "care": care,
                    "points": own.points,
                    "case_counts": own.all_counts,
                    "personal_fen": own.personal + own.rated_personal,
                    "refused_fen": refused,
                    "payable_fen": pay,
                }
                for (care, own, _), (refused, pay) in zip(of_pools[m], pooled, strict=True)
            ]
            institution["months"].append({
                "month": name,
                "cost_fen": sum(bill.fund_share for bill in within[m]),
                "refused_fen": taken,
                "payable_fen": payable,
                "paid_fen": payable - deferred,
                "deferred_fen": deferred,
                "outside_quota_fen": beside_quota,
                "kept_back_fen": kept_back,
                "order_fen": payable - deferred + by_points + beside_quota - kept_back,
                **({"pools": pools} if pools else {}),
            })
        institution["ahead_left"] = ahead.left

    def beside_pools(self, rules: Rules, of: tuple[str, str], bills: list[Bill], m: int) -> int:
        """What other methods than points and rates pay of pooled care, where the pool does not bear them."""
        amount = 0
        for kind in {bill.kind_of_care for bill in bills if rules.is_pooled(bill.kind_of_care)}:
            if not rules.value("pool.every_method"):
                own = [bill for bill in bills if bill.kind_of_care == kind]
                amount += self.care[*of, kind].parts(own, m)[1]
        return amount

    def quota_in(self, line: str, institution: dict, month_name: str) -> int:
        """The quota with the adjustments (四(二)3) up to a month."""
        changes = self.adjustments.get((institution["code"], line), [])
        return institution["quota_fen"] + sum(c["change_fen"] for c in changes if c["month"] <= month_name)

    def warnings(
        self, rules: Rules, line: str, of: tuple[int, dict[str, int]], institutions: list[dict]
    ) -> list[dict]:
        """What was warned of after each month (五(一)6); a quota counts as it stood then.

        - of: the target, and what each pool shares.
        """
        target, amounts = of
        found = []
        for n, name in enumerate(self.months, start=1):
            spent, pooled, total = {}, dict.fromkeys(amounts, 0), 0
            for institution in institutions:
                code, months = institution["code"], institution["months"][:n]
                payable = sum(m["payable_fen"] for m in months)
                spent[code, ""] = (payable, self.quota_in(line, institution, name))
                total += payable
                for paid in (paid for m in months for paid in m.get("pools", [])):
                    pooled[paid["care"]] += paid["payable_fen"]
            for care, payable in pooled.items():
                spent["", care] = (payable, amounts[care])
            spent["", ""] = (total + sum(pooled.values()), target)
            found += watch.warnings(rules, name, n, spent)
        return found

    def refused(self, rules: Rules, code: str, line: str, name: str) -> int:
        """What inspections of a month's cases refuse (四(五)), enlarged by the sampling rate where the pack says so."""
        enlarged = rules.value("inspection.extrapolated")
        return sum(
            month.refusal(
                [case["amount_fen"] for case in found["violating"]],
                found["sample"],
                found["population"] if enlarged else found["sample"],
            )
            for found in self.inspections.get((code, line, name), [])
        )

    def clear(self, rules: Rules, line: str, of: tuple[Reserve, dict], institutions: list[dict]) -> int:
        """Deposit and clearing of a district's institutions; returns the overspend that the reserve bears.

        - of: the reserve, and what the clearing shares of pools, by institution.
        """
        reserve, shared = of
        accounts = []
        for institution in institutions:
            code = institution["code"]
            measured = {row["indicator"]: Fraction(row["measured_value"]) for row in self.indicators[code,]}
            months = sum(m["payable_fen"] for m in institution["months"])
            payable = max(months + institution["prepaid_difference"], 0)
            institution["prepaid_difference"] = payable - months
            agreed = {limit["indicator"]: limit["limit"] for limit in self.conduct[code,]["limits"]}
            missed = clearing.missed_indicators(rules, measured, agreed)
            institution["missed_indicators"] = missed
            rate = clearing.deduction_rate(rules, missed, self.visits[code, line])
            refused = institution.pop("refusal_left")
            pools = [of_pool(institution, *share) for share in shared.get(code, [])]
            if pools:
                institution["pools"] = pools
            left = tuple(one["pay_fen"] - one["refused_fen"] for one in pools)
            accounts.append(Account(institution["adjusted_quota_fen"], payable, rate, refused, left))
        cleared = clearing.clear(rules, reserve.available, accounts)
        for institution, account, result in zip(institutions, accounts, cleared):
            grade = self.conduct[institution["code"],]["grade"]
            base, forfeited = clearing.deposit(rules, account, grade)
            institution["deposit"] = {"base_fen": base, "grade": grade, "forfeited_fen": forfeited}
            ahead = institution["working_capital_fen"] + institution["clean_record_fen"]
            paid = sum(m["paid_fen"] for m in institution["months"])
            left = institution.pop("ahead_left")
            for one, deducted in zip(institution.get("pools", []), result.pools_deducted, strict=True):
                one["deducted_fen"] = deducted
                one["final_fen"] = one["pay_fen"] - one["refused_fen"] - deducted
                paid += one["paid_fen"]
            ahead += institution.get("instalments_fen", 0)
            institution["clearing"] = {
                "standard_fen": account.standard,
                "payable_fen": account.payable,
                "prepaid_difference_fen": institution.pop("prepaid_difference"),
                "surplus_kept_fen": result.surplus_kept,
                "overspend_fen": result.overspend,
                "overspend_fund_fen": result.overspend_fund,
                "overspend_borne_fen": result.overspend_borne,
                "deductions_fen": result.deductions,
                "final_fen": result.final,
                "payment_fen": result.final - ahead - paid,
                "order_fen": result.final - ahead - paid - left - clearing.taken(rules, forfeited),
            }
        return sum(result.overspend_fund for result in cleared)


def of_pool(institution: dict, care: str, own: pool.Added, pay: int, beyond: int) -> dict:
    """An institution's share of a pool, before the clearing deducts.

    - beyond: of it, what was kept beyond what its cases were priced at, or borne of it.
    """
    months = [paid for m in institution["months"] for paid in m.get("pools", []) if paid["care"] == care]
    return {
        "care": care,
        "points": own.points,
        "case_counts": own.all_counts,
        "personal_fen": own.personal,
        "pay_fen": pay,
        **pool.some({"priced_fen": own.priced, "shared_of_priced_fen": beyond}),
        "refused_fen": sum(paid["refused_fen"] for paid in months),
        "paid_fen": sum(paid["payable_fen"] for paid in months),
    }


def added(parts: list[dict]) -> dict:
    """The sum of districts: amounts added up, deductions by their id."""
    total: dict = {}
    for part in parts:
        for key, value in part.items():
            if isinstance(value, dict):
                total[key] = added([total.get(key, {}), value])
            elif isinstance(value, list):
                before = total.get(key) or [{**entry, "amount_fen": 0} for entry in value]
                total[key] = [
                    {"id": a["id"], "amount_fen": a["amount_fen"] + b["amount_fen"]}
                    for a, b in zip(before, value, strict=True)
                ]
            else:
                total[key] = total.get(key, 0) + value
    return total
