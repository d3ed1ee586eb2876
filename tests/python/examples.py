#!/usr/bin/env python3
"""Examples worked by hand from the notices, clause by clause; from Jiangmen's unless another is named.

Run with `python3 -m unittest examples`.
"""

import json
import unittest
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from fundyear import clearing, coverage, month, pool, prices, quota, rate, special
from fundyear.clearing import Account, Reserve
from fundyear.compare import differences
from fundyear.exact import by_bands, fen, half_up, share_out
from fundyear.identities import of_institution
from fundyear.pack import Pack, merged
from fundyear.tables import Bill, Rated, bills_of, fen_of

PACKS = Path(__file__).resolve().parents[2] / "policies"
JIANGMEN = Pack.read(PACKS / "jiangmen-2016.toml")
RULES = JIANGMEN.rules("employee")
PANZHIHUA = Pack.read(PACKS / "panzhihua-2018.toml").rules("employee")
CHUXIONG_PACK = Pack.read(PACKS / "chuxiong-2022.toml")
CHUXIONG = CHUXIONG_PACK.rules("employee")

# A mean of 8,000 yuan; ES15 weighs 1, GB13 2.5; hospital 1 has the coefficient 1.1.
TARIFF = pool.Tariff(json.dumps({
    "mean_cost": 800_000,
    "groups": [
        {"code": code, "pricing": pricing, "coefficients": [], "is_basic": code == "GE19"}
        for code, pricing in [
            ("ES15", {"weight": "1"}), ("GB13", {"weight": "2.5"}), ("GE19", {"weight": "1"}), ("AH19", "review"),
        ]
    ],
    "coefficients": {"general": {"H1": "1.1", "H3": "9"}, "by_group": {}},
}).encode())


def case(group: str, yuan: int, institution: str = "H2", first: int = 1, last: int = 11, **other) -> pool.Case:
    days = {"admitted": date(2018, 1, first), "discharged": date(2018, 1, last)}
    kept = {"setl_id": "", "person": "P", "admission": f"{group}-{yuan}-{first}", "left": "1", "personal": 0}
    return pool.Case(institution=institution, group=group, cost=yuan * 100, **days, **{**kept, **other})


def bill(fund_share: int, days: int = 1, disease: str = "J18.900") -> Bill:
    return Bill("H44070300001", "employee", "inpatient", "2017-01", days, disease, fund_share)


class Arithmetic(unittest.TestCase):
    def test_half_a_fen_goes_up(self):
        self.assertEqual([fen(Fraction(n, 2)) for n in (1, 2, 3)], [1, 1, 2])
        self.assertEqual(fen(Fraction("0.4999999999")), 0)
        self.assertEqual(half_up(Fraction("1.03005"), 4), Fraction("1.0301"))

    def test_a_total_is_shared_by_largest_remainder_and_ties_go_to_the_first(self):
        self.assertEqual(share_out(100, [Fraction(1)] * 3), [34, 33, 33])
        # 10 × 3/7 = 4.28…, 10 × 4/7 = 5.71…: the second has the larger remainder.
        self.assertEqual(share_out(10, [Fraction(3), Fraction(4)]), [4, 6])
        self.assertEqual(share_out(0, [Fraction(0), Fraction(0)]), [0, 0])

    def test_yuan_become_fen_and_no_part_of_a_fen_is_let_in(self):
        self.assertEqual([fen_of(text) for text in ("12.30", "-0.01", "7", "")], [1230, -1, 700, 0])
        with self.assertRaises(ValueError):
            fen_of("0.005")


class Target(unittest.TestCase):
    def test_4_2_1_the_target_is_the_budget_less_deductions_and_reserve(self):
        # 1,000 − (50 + 120 + 30) − 150 + 10 = 660 yuan.
        self.assertEqual(quota.target(100_000, [5_000, 12_000, 3_000], 15_000, 1_000), 66_000)

    def test_4_2_1_no_more_than_15_percent_is_kept_in_reserve(self):
        self.assertEqual(RULES.rate("budget.reserve.max_rate"), Fraction(15, 100))


class Quotas(unittest.TestCase):
    def test_4_2_2_years_weigh_10_20_70_from_far_to_near(self):
        weights = [Fraction(weight) for weight in RULES.value("quota.year_weights")]
        # 0.10 × 1,000 + 0.20 × 2,000 + 0.70 × 3,000 = 2,600.
        self.assertEqual(quota.base([1_000, 2_000, 3_000], weights), 2_600)
        # Two years alone: (0.20 × 2,000 + 0.70 × 3,000) ÷ 0.90 = 25,000 ÷ 9.
        self.assertEqual(quota.base([2_000, 3_000], weights), Fraction(25_000, 9))

    def test_4_2_2_the_coefficient_is_the_product_of_the_factors_rounded_once(self):
        # Level 3 × Chinese medicine × volume: 1.05 × 1.03 × 1.0305 = 1.11448575 → 1.1145.
        volume = {"effective_volume": Fraction("1.0305")}
        self.assertEqual(quota.coefficient(RULES, "3", "tcm", volume), Fraction("1.1145"))
        self.assertEqual(quota.coefficient(RULES, "2", "general", {}), 1)
        self.assertEqual(quota.coefficient(RULES, "1", "a class that no table lists", {}), Fraction("0.95"))
        with self.assertRaises(ValueError):
            quota.coefficient(RULES, "2", "general", {"effective_volume": Fraction("1.11")})

    def test_4_2_2_quotas_are_the_target_by_weight(self):
        weights = [Fraction(1), Fraction(1), Fraction(1)]
        self.assertEqual(quota.quotas(1_000, 0, weights, [False, False, True]), [334, 333, 333])

    def test_4_2_2_a_primary_group_below_its_share_gets_exactly_that(self):
        # By weight the primary two would get 50 each of 1,000; the floor of 250 is theirs: 125 each,
        # and the others share 750 by 400 : 500.
        weights = [Fraction(w) for w in (400, 500, 50, 50)]
        shares = quota.quotas(1_000, 250, weights, [False, False, True, True])
        self.assertEqual(shares, [333, 417, 125, 125])
        self.assertEqual(quota.quotas(1_000, 90, weights, [False, False, True, True]), [400, 500, 50, 50])


class OtherMethods(unittest.TestCase):
    """Methods that other notices name."""

    def test_lc_1_a_service_unit_is_a_visit_or_a_day(self):
        bills = [bill(1, days=9), bill(1, days=14)]
        unit = {"standard_per_unit_fen": 31_000}
        # 2 admissions and 23 days, each at 310.00 yuan.
        self.assertEqual(month.Term({"service_unit": "SERVICE_UNIT_VISIT", **unit}).amount(bills, 1), 62_000)
        self.assertEqual(month.Term({"service_unit": "SERVICE_UNIT_DAY", **unit}).amount(bills, 1), 713_000)

    def test_lc_1_a_total_is_prepaid_by_the_month_and_cleared_by_the_cost(self):
        term = month.Care([month.Term({"total_fen": 100_000_000})])
        self.assertEqual([term.amount([], m) for m in (1, 2)], [8_333_333, 8_333_334])
        self.assertEqual(term.prepaid_difference([[bill(60_000_000)], [bill(30_000_000)]]), -10_000_000)
        self.assertEqual(month.Care([month.Term({"cap_per_day_fen": 1})]).prepaid_difference([[bill(1)]]), 0)

    def test_pzh_4_3_3_bed_days_are_paid_by_phase_and_class(self):
        listed = [{"service": "psychiatric", "disease_code": "F20", "standard_per_day_fen": 24_000}]
        rules = Pack.read(PACKS / "panzhihua-2018.toml").rules("employee")
        days = [bill(0, days=100, disease="F20.900"), bill(777, disease="F31.900")]
        # 30 × 288 + 60 × 240 + 10 × 192 = 24,960 yuan; times 1.05 in a specialised hospital; F31 is not listed.
        for institution_class, yuan in (("general", 24_960), ("specialised", 26_208)):
            term = month.Care([month.Term({"bed_day_standards": listed}, rules, institution_class)])
            self.assertEqual(term.amount(days, 1), yuan * 100 + 777)

    def test_a_listed_code_covers_what_is_below_it(self):
        self.assertTrue(month.covers("J18", "J18.900") and month.covers("J18.9", "J18.900") and month.covers("", "I10"))
        self.assertFalse(month.covers("J1", "J18.900") or month.covers("J18.1", "J18.900"))


class Months(unittest.TestCase):
    def test_4_3_1_an_average_quota_pays_each_admission_the_same(self):
        term = month.Term({"standard_per_admission_fen": 650_000})
        self.assertEqual(term.amount([bill(1), bill(2), bill(3)], 1), 1_950_000)

    def test_4_3_2_a_listed_disease_pays_its_standard_and_another_what_was_charged(self):
        term = month.Care([month.Term({"disease_standards": [{"disease_code": "J18.900", "standard_fen": 500_000}]})])
        self.assertEqual(term.amount([bill(1), bill(7, disease="K35.800")], 1), 500_007)

    def test_4_3_2_a_whole_standard_pays_what_the_patients_part_leaves(self):
        standard = {"disease_code": "J18.900", "standard_fen": 500_000, "covers_whole_stay": True}
        term = month.Care([month.Term({"disease_standards": [standard]}, RULES)])
        usual, dear = replace(bill(300_000), personal=120_000), replace(bill(1), personal=600_000)
        # 5,000.00 less 1,200.00 is 3,800.00; who paid 6,000.00 leaves nothing.
        self.assertEqual(term.amount([usual, dear], 1), 380_000)

    def test_a_case_that_is_too_cheap_too_dear_or_declared_leaves_the_list(self):
        rules = Pack.read(PACKS / "banan-2014.toml").rules("employee")
        term = month.Care([month.Term({"disease_standards": [{"disease_code": "J18", "standard_fen": 1_000}]}, rules)])
        paid = [term.amount([bill(fund_share)], 1) for fund_share in (499, 500, 2_000, 2_001)]
        self.assertEqual(paid, [499, 1_000, 1_000, 2_001])
        self.assertEqual(term.amount([replace(bill(700), is_variant=True)], 1), 700)

    def test_4_3_1_a_stay_is_paid_the_periods_that_it_began_beside_the_districts_method(self):
        periods = {"periodic_standards": [{"disease_code": "F20", "period_days": 30, "standard_per_period_fen": 600_000}]}
        term = month.Care([month.Term({"standard_per_admission_fen": 100}), month.Term(periods)])
        stays = [bill(1, days=30, disease="F20.900"), bill(1, days=31, disease="F20.900"), bill(1)]
        self.assertEqual(term.amount(stays, 1), 1_800_100)

    def test_ages_are_weighted_and_chronic_patients_paid_beside_them(self):
        groups = [{"from_age": 0, "persons": 60, "factor": "0.9"}, {"from_age": 60, "persons": 40, "factor": "1.15"}]
        chronic = [{"disease_code": "E11", "persons": 5, "standard_per_person_fen": 240}]
        term = month.Term({"age_groups": groups, "chronic_standards": chronic, "standard_per_person_fen": 1_001})
        # 100 × 1,001 + 5 × 240 = 101,300.
        self.assertEqual(sum(term.amount([], m) for m in range(1, 13)), 101_300)

    def test_4_3_1_per_capita_months_add_up_to_the_year(self):
        term = month.Term({"persons": 1, "standard_per_person_fen": 100})
        # 100 ÷ 12 = 8.33…; ends 8, 17, 25, 33, 42, 50, 58, 67, 75, 83, 92, 100.
        parts = [term.amount([], m) for m in range(1, 13)]
        self.assertEqual((parts[:6], sum(parts)), ([8, 9, 8, 8, 9, 8], 100))

    def test_pzh_4_3_2_the_team_bears_a_share_of_referrals(self):
        # 1,000 yuan a month; a tenth of the 2,500 that its referred patients cost are 250, of 20,000 more than all.
        capita = {"persons": 120, "standard_per_person_fen": 10_000}
        paid = lambda rules, cost: month.Term(capita, rules, "", (cost * 100,) * 12).amount([], 1)
        self.assertEqual([paid(PANZHIHUA, cost) for cost in (0, 2_500, 20_000)], [100_000, 75_000, 0])
        self.assertEqual(paid(CHUXIONG, 2_500), 100_000)

    def test_4_3_1_a_daily_cap_limits_each_stay_by_its_days(self):
        term = month.Term({"cap_per_day_fen": 100_000})
        self.assertEqual(term.amount([bill(250_000, 2), bill(250_000, 3)], 1), 450_000)

    def test_4_5_what_a_sample_finds_is_refused_for_all(self):
        # 1,234.50 yuan in 30 of 100 cases: ÷ 0.3 = 4,115.00.
        self.assertEqual(month.refusal([100_000, 23_450], 30, 100), 411_500)
        # 1 yuan in 3 of 7: 2.333… → 2.33.
        self.assertEqual(month.refusal([100], 3, 7), 233)

    def test_4_5_what_exceeds_a_month_is_refused_in_the_next(self):
        self.assertEqual(month.months_of([[100], [100]], [130, 0]), ([[(100, 0)], [(30, 70)]], 0))

    def test_4_5_what_no_month_can_bear_is_left_to_the_clearing(self):
        self.assertEqual(month.months_of([[100], [100]], [0, 130]), ([[(0, 100)], [(100, 0)]], 30))

    def test_4_3_3_an_advance_is_months_of_last_years_mean(self):
        self.assertEqual(month.advance(2, 1_000), 167)
        self.assertEqual(month.advance(0, 1_000), 0)

    def test_refunded_settlements_are_not_billed(self):
        row = {"fixmedins_code": "H1", "insutype": "310", "med_type": "21", "setl_time": "2017-01-31",
               "ipt_days": "3", "dise_codg": "J18.900", "hifp_pay": "10.00", "refd_setl_flag": "0"}
        found = bills_of([row, {**row, "refd_setl_flag": "1"}], JIANGMEN.fund_line_of, JIANGMEN.kind_of_care_of)
        self.assertEqual([(b.fund_line, b.kind_of_care, b.fund_share) for b in found],
                         [("employee", "inpatient", 1_000)])


class Clearing(unittest.TestCase):
    def clear(self, available: int, *accounts: tuple[int, int, str]):
        given = [Account(standard, payable, Fraction(rate)) for standard, payable, rate in accounts]
        return clearing.clear(RULES, available, given)

    def test_4_3_4_a_surplus_is_kept_down_to_85_percent_and_half_below(self):
        # 1,000 with 700 payable: 150 whole and 150 by half.
        (cleared,) = self.clear(0, (1_000, 700, "0"))
        self.assertEqual((cleared.surplus_kept, cleared.final), (225, 925))

    def test_4_3_4_overspend_is_borne_by_bands_and_above_the_last_by_the_institution(self):
        # 1,000 with 1,120: 50 × 0.70 + 50 × 0.50 = 60; 60 are borne.
        (cleared,) = self.clear(10_000, (1_000, 1_120, "0"))
        self.assertEqual((cleared.overspend_fund, cleared.overspend_borne, cleared.final), (60, 60, 1_060))

    def test_4_2_1_a_reserve_that_is_short_is_shared_by_what_was_wanted(self):
        # Wanted 60 and 35; 50 are there: 31.58 and 18.42.
        cleared = self.clear(50, (1_000, 1_120, "0"), (1_000, 1_050, "0"), (1_000, 900, "0"))
        self.assertEqual([c.overspend_fund for c in cleared], [32, 18, 0])
        self.assertEqual([c.overspend_borne for c in cleared], [88, 32, 0])

    def test_4_4_deductions_are_a_share_of_the_payable_and_never_more_than_is_left(self):
        (cleared,) = self.clear(0, (1_000, 1_000, "0.0155"))
        self.assertEqual((cleared.deductions, cleared.final), (16, 984))
        (cleared,) = self.clear(0, (0, 1_000, "0.5"))
        self.assertEqual((cleared.overspend_borne, cleared.deductions, cleared.final), (1_000, 0, 0))

    def test_4_5_what_was_refused_and_taken_by_no_month_is_deducted_besides(self):
        # 1,000 of 1,000: 1 % is 10, and 42 were refused in December beyond what December could bear.
        (cleared,) = clearing.clear(RULES, 0, [Account(1_000, 1_000, Fraction("0.01"), 42)])
        self.assertEqual((cleared.deductions, cleared.final), (52, 948))

    def test_4_4_and_4_6_missed_indicators_and_an_uneven_fourth_quarter_cost_their_rates(self):
        kept = {"visits_per_head": Fraction("1.30"), "shirked_patients": Fraction(0),
                "elderly_ward_admissions": Fraction(0), "home_sickbeds_opened": Fraction(0)}
        def rate(measured, visits, agreed=None):
            return clearing.deduction_rate(RULES, clearing.missed_indicators(RULES, measured, agreed or {}), visits)

        self.assertEqual(rate(kept, [100, 100, 100, 115]), 0)
        self.assertEqual(rate(kept, [100, 100, 100, 116]), Fraction("0.01"))
        self.assertEqual(rate(kept, [100, 100, 100, 84]), Fraction("0.01"))
        missed = kept | {"visits_per_head": Fraction("1.31"), "shirked_patients": Fraction(1)}
        self.assertEqual(rate(missed, [1, 1, 1, 1]), Fraction("0.01"))
        self.assertEqual(rate(missed, [1, 1, 1, 1], {"visits_per_head": "1.31"}), Fraction("0.005"))

    def test_4_8_4_what_is_kept_for_primary_care_does_not_bear_overspend(self):
        # 1,000 planned, 100 drawn, a fifth kept: 700 left.
        self.assertEqual(Reserve.of(RULES, 1_000, [300, -200]).available, 700)
        self.assertEqual(Reserve.of(RULES, 1_000, [900]).available, 0)

    def test_4_3_3_a_deposit_is_5_percent_of_the_payable_and_its_grade_forfeits_a_part(self):
        # 5 % of 12,345.67 = 617.2835 → 617.28; a fifth of it 123.456 → 123.46.
        self.assertEqual(clearing.deposit(RULES, Account(0, 1_234_567, Fraction(0)), "b"), (61_728, 12_346))
        self.assertEqual(clearing.deposit(RULES, Account(0, 1_234_567, Fraction(0)), "a"), (61_728, 0))

    def test_bands_are_rounded_once(self):
        halves = [(Fraction(1, 10), Fraction(1, 2)), (Fraction(2, 10), Fraction(1, 2))]
        # 1.5 + 0.5 × … : 3 × 0.5 + 3 × 0.5 = 3, not 2 + 2.
        self.assertEqual(by_bands(6, 30, halves), 3)


class Pools(unittest.TestCase):
    """Panzhihua's pool by points."""

    def points(self, *cases: pool.Case) -> list[tuple[str, Fraction]]:
        return [(made.kind, made.points) for made in pool.points_of(list(cases), TARIFF, PANZHIHUA)]

    def test_pzh_4_2_1_a_complete_stay_has_its_groups_points_times_the_hospitals_coefficient(self):
        self.assertEqual(self.points(case("GB13", 20_000, "H1")), [("normal", 275)])
        self.assertEqual(self.points(case("GE19", 8_000, "H1")), [("normal", 100)])
        # 9 is clamped to 1.6279.
        self.assertEqual(self.points(case("ES15", 8_000, "H3")), [("normal", Fraction("162.79"))])

    def test_pzh_4_2_2_low_high_incomplete_and_ungrouped_cases(self):
        self.assertEqual(self.points(case("ES15", 3_199)), [("low", Fraction("39.9875"))])
        self.assertEqual(self.points(case("ES15", 3_200)), [("normal", 100)])
        # 100 + (4 − 3) × 100.
        self.assertEqual(self.points(case("ES15", 32_000)), [("high", 200)])
        self.assertEqual(self.points(case("ES15", 6_000, left="4")), [("incomplete", 75)])
        for group in ("0000", "EQY", "AH19", "ZZ19"):
            self.assertEqual(self.points(case(group, 4_000)), [("ungrouped", 50)])
            self.assertEqual(self.points(case(group, 80_000)), [("ungrouped", 100)])

    def test_a_granted_case_counts_by_its_justified_cost(self):
        # 100 × 60,000 ÷ 8,000, whatever its group and its hospital's coefficient; halved by a readmission.
        reviewed = case("GB13", 90_000, "H1", reviewed=6_000_000)
        self.assertEqual(self.points(reviewed), [("reviewed", 750)])
        back = case("GB13", 20_000, "H1", first=15, last=20)
        self.assertEqual(self.points(reviewed, back)[0], ("reviewed", 375))
        self.assertEqual(self.points(reviewed.in_its_month)[0][0], "high")

    def test_experts_are_drawn_by_the_seeds_numbers_and_none_is_of_the_cases_hospital(self):
        experts = {"e1": "", "e2": "H1", "e3": "H2", "e4": "", "e5": "H1", "e6": "H3"}
        # Of e1, e3, e4, e6: 6 mod 4 picks e4, 3 mod 3 of the rest e1, 9 mod 2 e6.
        self.assertEqual(special.draw(experts, "H1", [6, 3, 9]), ["e4", "e1", "e6"])
        nil = "00000000-0000-0000-0000-000000000000"
        self.assertEqual([f"{n:016x}" for n in special.numbers(nil, 2)], ["de47c9b27eb8d300", "e9ff0e6e6de95da5"])

    def test_of_twenty_discharges_one_case_may_be_filed(self):
        row = {"fixmedins_code": "H1", "settlement_month": "2018-01", "medfee_sumamt": "2.00", "reviewed_cost": "1.00",
               "state": "granted", "experts": "", "seed": ""}
        filed = [{**row, "setl_id": setl_id} for setl_id in ("S1", "S2")]
        told = lambda n: list(special.broken(PANZHIHUA, filed, {}, {("H1", "2018-01"): n}))
        self.assertEqual([len(told(n)) for n in (19, 20, 39, 40)], [2, 1, 1, 0])

    def test_pzh_4_2_2_who_comes_back_in_ten_days_halves_the_stay_before(self):
        stay = case("ES15", 8_000)
        self.assertEqual(self.points(stay, case("ES15", 8_000, first=21, last=28)), [("normal", 50), ("normal", 100)])
        self.assertEqual(self.points(stay, case("ES15", 8_000, first=22, last=28))[0], ("normal", 100))
        self.assertEqual(self.points(stay, case("ES15", 8_000, "H3", first=12, last=15))[0], ("normal", 100))
        # Two bills of one admission are one stay.
        second = case("ES15", 8_000, first=11, last=20, admission=stay.admission)
        self.assertEqual(self.points(stay, second), [("normal", 100), ("normal", 100)])

    def test_pzh_4_2_3_a_month_pays_the_budgets_progress_less_what_is_paid_ahead(self):
        # Of 12,000,000 yuan the instalments are a fifth; nine tenths of the rest are 8,640,000, 720,000 a month.
        self.assertEqual({pool.month_budget(PANZHIHUA, 1_200_000_000, m) for m in range(1, 13)}, {72_000_000})
        members = {"a": pool.Added(Fraction(1_000), 30_000_000), "b": pool.Added(Fraction(500), 18_000_000)}
        # With 480,000 of the patients 800 a point of 1,500.
        paid = pool.month_pays(PANZHIHUA, 1_200_000_000, 1, members)
        self.assertEqual(paid, {"a": 50_000_000, "b": 22_000_000})
        costly = {"a": pool.Added(Fraction(1), 900_000), "b": pool.Added(Fraction(9))}
        self.assertEqual(pool.month_pays(PANZHIHUA, 120_000, 1, costly)["a"], 0)

    def test_pzh_4_2_3_instalments_go_by_what_was_settled_last_year(self):
        # A tenth at the year's start and one in its middle, 7 : 3.
        self.assertEqual(pool.instalments(PANZHIHUA, 1_000, {"a": 7, "b": 3}), {"a": 140, "b": 60})

    def test_pzh_4_2_2_the_value_of_a_point_is_the_budget_and_the_personal_parts_by_all_points(self):
        members = {"a": pool.Added(Fraction(20_000), 450_000_000), "b": pool.Added(Fraction(10_000), 150_000_000)}
        # 12,000,000 + 6,000,000 yuan by 30,000 points: 600 each.
        self.assertEqual(pool.share(PANZHIHUA, 1_200_000_000, members), {"a": 750_000_000, "b": 450_000_000})

    def test_pzh_4_2_2_a_pool_keeps_a_part_to_adjust_it_and_the_rest_is_decomposed(self):
        shares = {"inpatient": Fraction("0.8"), "general_outpatient": Fraction("0.2")}
        # 5 % of 800.
        self.assertEqual(pool.divide(PANZHIHUA, 1_000, shares), (200, {"inpatient": (760, 40)}))
        self.assertEqual(pool.divide(RULES, 1_000, {}), (1_000, {}))

    def test_what_the_quota_could_not_bear_of_refusals_is_taken_from_the_pool(self):
        self.assertEqual(month.months_of([[100, 720]], [900]), ([[(100, 0), (720, 0)]], 80))
        account = Account(0, 0, Fraction(0), 30, (1_000,))
        (cleared,) = clearing.clear(PANZHIHUA, 0, [account])
        self.assertEqual((cleared.deductions, cleared.pools_deducted, cleared.final), (30, (30,), 970))


class Rates(unittest.TestCase):
    """Chuxiong's rate: a weight of 1 pays 7,000 yuan."""

    def paid(self, *cases: pool.Case) -> list[tuple[str, int]]:
        made = rate.rated(list(cases), [700_000] * len(cases), TARIFF, CHUXIONG)
        return [(one.kind, one.pay // 100) for one in made]

    def test_cx_2_2_a_case_pays_weight_times_rate_times_coefficient(self):
        self.assertEqual(self.paid(case("ES15", 8_000)), [("normal", 7_000)])
        self.assertEqual(self.paid(case("GB13", 20_000, "H1")), [("normal", 19_250)])
        # 9 is clamped to 1.5.
        self.assertEqual(self.paid(case("ES15", 8_000, "H3")), [("normal", 10_500)])
        # 0.3333 × 6,704.01 = 2,234.446533.
        made = Fraction("0.3333") * 670_401
        self.assertEqual(pool.counted(case("ES15", 2_700), made, (266_640, Fraction(1), None), CHUXIONG, 0)[1], 223_445)

    def test_low_high_incomplete_and_ungrouped_cases_pay_by_their_cost(self):
        # Of the mean: a quarter, all, and all with the 4 − 3 above the limit.
        of = [self.paid(case("ES15", yuan))[0] for yuan in (2_000, 3_200, 24_000, 32_000)]
        self.assertEqual(of, [("low", 1_750), ("normal", 7_000), ("normal", 7_000), ("high", 14_000)])
        self.assertEqual(self.paid(case("ES15", 4_000, left="2")), [("incomplete", 3_500)])
        self.assertEqual(self.paid(case("0000", 6_000)), [("ungrouped", 5_250)])
        self.assertEqual(self.paid(case("AH19", 60_000)), [("ungrouped", 7_000)])

    def test_who_comes_back_in_the_month_halves_the_stay_before(self):
        stays = case("ES15", 8_000), case("ES15", 8_000, first=21, last=28)
        self.assertEqual(self.paid(*stays), [("normal", 3_500), ("normal", 7_000)])

    def test_cx_2_2_a_month_pays_what_patients_leave_of_the_standards(self):
        care = month.Care([month.Term({"rate_fen": 700_000}, CHUXIONG)])
        mine = [replace(bill(500_000), personal=paid, rated=Rated("normal", 700_000)) for paid in (100_000, 250_000)]
        self.assertEqual(care.parts(mine, 1), (1_050_000, 0))
        self.assertEqual(care.amount([replace(mine[0], personal=900_000)], 1), 0)

    def test_cx_2_3_a_list_takes_its_cases_before_the_rate(self):
        listed = [{"disease_code": "K35", "standard_fen": 600_000, "covers_whole_stay": False}]
        terms = {"disease_standards": listed}, {"rate_fen": 700_000}
        care = month.Care([month.Term(one, CHUXIONG) for one in terms])
        appendix = bill(550_000, disease="K35.900")
        self.assertEqual((care.names(appendix), care.names(bill(1)), care.by_rate), (True, False, True))
        self.assertEqual(care.parts([appendix, replace(bill(1), rated=Rated("normal", 7))], 1), (7, 600_000))
        # A variant leaves the list and is paid by the rate; it counts as one of the list all the same.
        self.assertFalse(care.names(bill(1_200_001, disease="K35.900")))
        self.assertEqual([care.method(code) for code in ("K35.900", "J18.900")], ["by_disease", "drg_rate"])

    def test_cx_2_6_a_tcm_advantage_disease_pays_a_twentieth_more(self):
        listed = [{"disease_code": "M51", "standard_fen": 100_010, "covers_whole_stay": False, "tcm_advantage": True}]
        care = month.Care([month.Term({"disease_standards": listed}, CHUXIONG)])
        # 1,000.10 × 1.05 = 1,050.105; a case leaves the list below half of that, 525.055.
        self.assertEqual(care.amount([bill(80_000, disease="M51.202")], 1), 105_011)
        self.assertEqual([care.names(bill(fund, disease="M51.202")) for fund in (52_505, 52_506)], [False, True])


class Prices(unittest.TestCase):
    """Chuxiong's pool of 1,000 yuan with 50 to adjust it, which every method is paid of; `a` was given thrice of `b`."""

    def cleared(self, yuan: int, has_points: bool = False) -> prices.Cleared:
        return prices.clear(CHUXIONG, (100_000, 5_000), {"a": yuan * 75, "b": yuan * 25}, has_points)

    def test_cx_2_1_what_prices_exceed_the_pool_by_is_shared_by_bands(self):
        # 70 % of the first 50 and half of the next 30 are 50, all that was kept.
        over = self.cleared(1_080)
        self.assertEqual((over.overspend_fund, over.overspend_borne, over.surplus_kept), (5_000, 3_000, 0))
        self.assertEqual(over.beyond, {"a": -2_250, "b": -750})
        # 35 + 25 are wanted, 50 were kept.
        self.assertEqual(self.cleared(1_200).overspend_borne, 15_000)

    def test_cx_1_2_what_prices_leave_of_a_pool_is_kept_by_bands_unless_points_share_it(self):
        # All of the first 150, half of the next 50.
        self.assertEqual(self.cleared(800).beyond, {"a": 13_125, "b": 4_375})
        self.assertEqual(self.cleared(800, has_points=True).surplus_kept, 0)
        self.assertEqual(prices.clear(CHUXIONG, (100_000, 5_000), {"a": 0}, False).surplus_kept, 0)

    def test_cx_2_1_what_is_priced_is_no_part_of_what_points_share(self):
        # 400 of 1,050 are priced; points share 650, and `b` gives back what it does not get.
        members = {"a": pool.Added(priced=40_000), "b": pool.Added(points=Fraction(1))}
        pools = pool.Pools(CHUXIONG, {"inpatient": (100_000, 5_000)}, {"inpatient": {"": members}}, [])
        self.assertEqual({code: pay for code, [(_, _, pay, _)] in pools.year().items()}, {"a": 40_000, "b": 65_000})


class Coverage(unittest.TestCase):
    """Two of five hospitals are paid by a rate; a list pays appendicitis."""

    def computed(self, fund_year: int) -> dict[str, tuple]:
        rated = month.Care([month.Term({"disease_standards": [{"disease_code": "K35"}]}), month.Term({"rate_fen": 1})])
        care = {(f"H{n}", "employee", "inpatient"): rated if n < 3 else month.Care([]) for n in range(1, 6)}
        groups, bills = {}, []
        for n, disease, group, n_bills, yuan in [
            (1, "I21", "ES15", 100, 6_000), (1, "K35", "GE19", 20, 6_000), (2, "J18", "GB13", 60, 2_500),
            (2, "Z94", "AH19", 5, 14_000), (2, "R69", "0000", 15, 4_000), *((n, "J18", "ES15", 40, 5_000) for n in (3, 4, 5)),
        ]:
            for _ in range(n_bills):
                bills.append(replace(bill(yuan * 100, disease=disease), institution=f"H{n}", setl_id=str(len(bills))))
                groups[f"H{n}", bills[-1].setl_id] = group
        found = coverage.computed(CHUXIONG_PACK, fund_year, bills, care, groups, TARIFF)
        series = {one["id"]: (one["covered"], one["all"], one["least"], one["reached"]) for one in found["series"]}
        return series | {one["method"]: one["share"] for one in found["methods"]}

    def test_cx_2_2_each_share_stands_beside_its_years_step(self):
        of = self.computed(2022)
        self.assertEqual(of["institutions"], (2, 5, Fraction("0.40"), True))
        # A weight pays ES15 and GB13; the list pays GE19, AH19 is reviewed.
        self.assertEqual(of["diseases"], (2, 4, Fraction("0.70"), False))
        self.assertEqual(of["fund"], (75_000_000, 160_000_000, Fraction("0.30"), True))
        self.assertEqual(of["entry_rate"], (185, 200, Fraction("0.90"), True))

    def test_cx_2_2_the_steps_of_institutions_add_up_and_the_goal_follows_the_last(self):
        asked = lambda id: [coverage.asked(CHUXIONG, fund_year, id)[0] for fund_year in range(2021, 2026)]
        self.assertEqual(asked("institutions"), [None, Fraction(2, 5), Fraction(7, 10), 1, 1])
        self.assertEqual(asked("diseases"), [None, *map(Fraction, ("0.70", "0.80", "0.90", "0.90"))])

    def test_cx_1_3_what_each_method_pays_of_all_care(self):
        of = self.computed(2022)
        shares = [of[method] for method in ("drg_rate", "fee_for_service", "by_disease")]
        self.assertEqual(shares, [Fraction("0.55"), Fraction("0.375"), Fraction("0.075")])


class Comparing(unittest.TestCase):
    def test_a_fund_lines_own_parameter_stands_in_place_of_the_general_one(self):
        general = {"a": {"rate": {"value": "1"}, "other": {"value": "2"}}}
        own = {"a": {"rate": {"value": "3"}}}
        self.assertEqual(merged(general, own), {"a": {"rate": {"value": "3"}, "other": {"value": "2"}}})

    def test_a_fen_more_a_missing_and_an_unknown_amount_are_told_with_their_paths(self):
        computed = {"lines": [{"id": "employee", "target_fen": 5, "k": Fraction("1.05")}]}
        self.assertEqual(differences({"lines": [{"id": "employee", "target_fen": 5, "k": "1.0500"}]}, computed),
                         (2, []))
        _, wrong = differences({"lines": [{"id": "employee", "target_fen": 6, "x_fen": 0}]}, computed)
        self.assertEqual(wrong, [
            "lines[employee].k: not in the JSON, computed 21/20",
            "lines[employee].target_fen: 6 in the JSON, 5 computed",
            "lines[employee].x_fen: only in the JSON, 0",
        ])

    def test_what_was_received_must_be_the_final_amount(self):
        months = [{"month": f"2017-{m:02}", "payable_fen": 10, "paid_fen": 10, "deferred_fen": 0}
                  for m in range(1, 13)]
        clearing_ = {"standard_fen": 130, "payable_fen": 120, "surplus_kept_fen": 10, "overspend_fen": 0,
                     "prepaid_difference_fen": 0, "overspend_fund_fen": 0, "overspend_borne_fen": 0, "deductions_fen": 1, "final_fen": 129,
                     "payment_fen": -6}
        institution = {"months": months, "clearing": clearing_, "adjusted_quota_fen": 130,
                       "working_capital_fen": 10, "clean_record_fen": 5}
        self.assertEqual([c for c in of_institution("i", institution) if c[1] != c[2]], [])
        clearing_["payment_fen"] = -5
        self.assertEqual([c[0] for c in of_institution("i", institution) if c[1] != c[2]], ["i: what it received"])


if __name__ == "__main__":
    unittest.main()
