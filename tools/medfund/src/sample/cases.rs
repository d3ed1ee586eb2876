//! Discharges with their diagnoses and procedures, for grouping without a suite.

use chrono::{Days, NaiveDate};
use medfund_money::Fen;

use super::diseases::{COMPANIONS, GENERAL};
use super::draw::{Draw, per_mille};

/// The columns of [`cases`].
pub(crate) const CASES_HEADING: &str = "id,sex,age_years,age_days,birth_weight_g,diagnoses,procedures,admission_date,\
discharge_date,discharge,total_cost_yuan,stay_days,fixmedins_code";

/// The mean cost of a discharge in fen.
const MEAN_COST_FEN: i64 = 900_000;

/// The institutions that the cases are of, each with how many in a hundred: a hospital of level 3, two of level 2, two
/// of level 1.
const INSTITUTIONS: [(&str, i64); 5] = [
    ("H44070300001", 45),
    ("H44070300002", 20),
    ("H44070300003", 15),
    ("H44070300004", 12),
    ("H44070300005", 8),
];

/// Draws `n` lines of a case list: usual cases of general hospitals, and now and then a newborn, an unknown
/// code or a newborn without its weight, as lists have them.
pub(crate) fn cases(seed: u64, n: u64) -> impl Iterator<Item = String> {
    let (mut draw, mut of_institutions) =
        (Draw::new(seed, "cases"), Draw::new(seed, "institutions of cases"));
    let weights = GENERAL.map(|disease| disease.weight);
    let shares = INSTITUTIONS.map(|(_, share)| share);
    (1..=n).map(move |id| {
        let (institution, _) = INSTITUTIONS[of_institutions.by_weight(&shares)];
        format!("{},{institution}", line(&mut draw, &weights, id))
    })
}

fn line(draw: &mut Draw, weights: &[i64], id: u64) -> String {
    let disease = &GENERAL[draw.by_weight(weights)];
    let admitted = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + Days::new(draw.place(350) as u64);
    let n_days = 1 + draw.place(14) as u64;
    let tail = |n_days: u64, cost_fen: i64, discharge: i64| {
        let (discharged, cost) = (admitted + Days::new(n_days), Fen::new(cost_fen).to_yuan());
        format!("{admitted},{discharged},{discharge},{cost},{n_days}")
    };
    let cost_fen = per_mille(per_mille(MEAN_COST_FEN, disease.cost_per_mille), 500 + draw.around_one() / 2);
    if draw.happens(30) {
        let weight = if draw.happens(200) { String::new() } else { draw.between(1_200, 3_900).to_string() };
        let (sex, days) = (draw.between(1, 2), draw.between(1, 27));
        return format!("{id},{sex},0,{days},{weight},P59.901,,{}", tail(n_days, cost_fen, 1));
    }
    let of_childbirth = disease.code.starts_with("O8");
    let (sex, age) =
        if of_childbirth { (2, draw.between(20, 41)) } else { (draw.between(1, 2), draw.between(18, 88)) };
    let principal = if draw.happens(10) { "XX9.999" } else { disease.code };
    let mut diagnoses = vec![principal];
    let n_companions = if of_childbirth { 0 } else { draw.place(4) };
    for _ in 0..n_companions {
        let companion = COMPANIONS[draw.place(COMPANIONS.len())];
        if !diagnoses.contains(&companion) {
            diagnoses.push(companion);
        }
    }
    let operation = if draw.happens(850) { disease.operation } else { "" };
    let discharge = if draw.happens(20) { 5 } else { 1 };
    format!("{id},{sex},{age},,,{},{operation},{}", diagnoses.join("|"), tail(n_days, cost_fen, discharge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_cases_with_all_columns() {
        let drawn: Vec<String> = cases(7, 300).collect();
        assert_eq!(drawn, cases(7, 300).collect::<Vec<_>>());
        assert_ne!(drawn, cases(8, 300).collect::<Vec<_>>());
        let n_columns = CASES_HEADING.split(',').count();
        assert!(drawn.iter().all(|line| line.split(',').count() == n_columns));
        for (institution, _) in INSTITUTIONS {
            assert!(drawn.iter().any(|line| line.ends_with(&format!(",{institution}"))), "{institution}");
        }
        assert!(
            drawn.iter().any(|line| line.contains("XX9.999"))
                && drawn.iter().any(|line| line.contains("P59.901"))
        );
    }
}
