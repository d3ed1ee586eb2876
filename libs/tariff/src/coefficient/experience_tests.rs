use medfund_money::Fen;
use proptest::prelude::*;

use super::*;

fn code(text: &str) -> GroupCode {
    text.parse().unwrap()
}

fn hospital(number: usize) -> InstitutionCode {
    format!("H000000{number}").parse().unwrap()
}

fn coefficient(text: &str) -> Coefficient {
    text.parse().unwrap()
}

/// Levels, and cases of FR15 with their mean cost in yuan, of hospitals 1, 2, ….
fn region(hospitals: &[(u8, u64, i64)]) -> (Totals, BTreeMap<InstitutionCode, Level>) {
    let (mut totals, mut levels) = (Totals::default(), BTreeMap::new());
    for (i, (level, n_cases, mean)) in hospitals.iter().enumerate() {
        let cost = Fen::from_yuan(mean * i64::try_from(*n_cases).unwrap());
        levels.insert(hospital(i + 1), Level::try_from(*level).unwrap());
        if *n_cases > 0 {
            let sum = Sum { n_cases: *n_cases, cost, ..Sum::default() };
            totals.add_sum((&hospital(i + 1), None), &code("FR15"), sum);
        }
    }
    (totals, levels)
}

fn made(hospitals: &[(u8, u64, i64)], parameters: &Parameters, number: usize) -> (String, How) {
    let (totals, levels) = region(hospitals);
    let made = Experience::new(&totals, &levels).made(parameters, &hospital(number), &code("FR15")).unwrap();
    assert_eq!(made.derivation.re_evaluate().unwrap().to_string(), made.coefficient.to_string());
    (made.coefficient.to_string(), made.how)
}

fn level(number: u8) -> Level {
    Level::try_from(number).unwrap()
}

#[test]
fn a_table_gives_each_level_its_coefficient() {
    let table = [(level(3), coefficient("1.2")), (level(2), coefficient("1.02"))].into();
    let parameters = Parameters::of(Form::Level(table));
    let hospitals = [(3, 10, 100), (2, 10, 100), (1, 10, 100)];
    assert_eq!(made(&hospitals, &parameters, 1), ("1.2".to_owned(), How::LevelTable));
    assert_eq!(made(&hospitals, &parameters, 3), ("1".to_owned(), How::LevelTable));
    let basic = Parameters { basic_groups: [code("FR15")].into(), ..parameters };
    assert_eq!(made(&hospitals, &basic, 1), ("1".to_owned(), How::Basic));
}

#[test]
fn a_table_that_leaves_out_a_level_of_an_institution_makes_no_coefficients() {
    let (totals, mut levels) = region(&[(3, 10, 100), (2, 10, 100), (1, 0, 0)]);
    levels.remove(&hospital(2));
    let of = |table: &[u8]| {
        let table = table.iter().map(|number| (level(*number), coefficient("1.2"))).collect();
        Experience::new(&totals, &levels).coefficients(&Parameters::of(Form::Level(table)))
    };
    let left_out = [0, 1].map(|number| ParametersError::LevelLeftOut(level(number)));
    assert_eq!(of(&[3, 2]), Err(left_out.to_vec()));
    assert!(of(&[3, 1, 0]).is_ok());
}

#[test]
fn a_hospital_counts_by_its_mean_and_a_new_group_by_1() {
    // The region's mean is (10 × 120 + 30 × 80) / 40 = 90.
    let hospitals = [(3, 10, 120), (2, 30, 80), (2, 0, 0)];
    let parameters = Parameters::of(Form::Hospital);
    assert_eq!(made(&hospitals, &parameters, 1), ("1.3333".to_owned(), How::Hospital));
    assert_eq!(made(&hospitals, &parameters, 2), ("0.8889".to_owned(), How::Hospital));
    assert_eq!(made(&hospitals, &parameters, 3), ("1".to_owned(), How::NoCases));
}

#[test]
fn a_fifth_counts_by_the_level_and_the_rest_by_the_hospital() {
    // The region: 10 × 120 + 10 × 100 + 20 × 90 = 4,000 in 40, a mean of 100. Level 3: 2,200 / 20 = 110.
    // 0.2 × 1.1 + 0.8 × 1.2 = 1.18 and 0.2 × 1.1 + 0.8 × 1 = 1.02.
    let hospitals = [(3, 10, 120), (3, 10, 100), (2, 20, 90)];
    let parameters = Parameters::of(Form::Blended(Blended::default()));
    assert_eq!(made(&hospitals, &parameters, 1), ("1.18".to_owned(), How::Blended));
    assert_eq!(made(&hospitals, &parameters, 2), ("1.02".to_owned(), How::Blended));
}

#[test]
fn few_cases_count_as_the_level_and_a_level_with_few_as_its_neighbour() {
    let parameters = Parameters::of(Form::Blended(Blended::default()));
    // Hospital 1 has five cases: its level's 1,000 / 15 in relation to 1,600 / 25: 66.67 / 64.
    let hospitals = [(3, 5, 80), (3, 10, 60), (2, 10, 60)];
    assert_eq!(made(&hospitals, &parameters, 1), ("1.0417".to_owned(), How::Level(level(3))));
    // Level 1 has five cases, level 2 has none: the next higher with more is level 3, with 100 / 90.
    let hospitals = [(1, 5, 40), (3, 25, 100), (2, 0, 0)];
    assert_eq!(made(&hospitals, &parameters, 1), ("1.1111".to_owned(), How::Level(level(3))));
    // Level 3 has five cases: no higher one, so the next lower with more.
    let hospitals = [(3, 5, 400), (2, 6, 100), (1, 9, 100)];
    assert_eq!(made(&hospitals, &parameters, 1), ("0.5714".to_owned(), How::Level(level(2))));
    // No level has more than five.
    assert_eq!(made(&[(3, 5, 400), (2, 5, 100)], &parameters, 1), ("1".to_owned(), How::NoCases));
}

#[test]
fn a_coefficient_stays_within_its_bounds() {
    let parameters = Parameters::of(Form::Blended(Blended::default()));
    let hospitals = [(3, 10, 1_000), (1, 90, 10)];
    assert_eq!(made(&hospitals, &parameters, 1).0, "1.6279");
    assert_eq!(made(&hospitals, &parameters, 2).0, "0.3902");
}

#[test]
fn a_tree_tells_which_of_its_numbers_are_defaults() {
    let mut parameters = Parameters::blended();
    parameters.by_default.remove("high");
    let (totals, levels) = region(&[(3, 10, 120), (3, 10, 100), (2, 20, 90)]);
    let experience = Experience::new(&totals, &levels);
    let tree = experience.made(&parameters, &hospital(1), &code("FR15")).unwrap().derivation;
    let clause = |name: &str| tree.find(name).map(|node| node.clause.as_str());
    let expected = Some("default: Shaoxing 2020");
    assert_eq!([clause("level_share"), clause("hospital_share"), clause("low")], [expected; 3]);
    assert_eq!(clause("high"), Some(""));
}

#[test]
fn all_bad_parameters_are_told_at_once() {
    let crossed = Blended { low: coefficient("2"), ..Blended::default() };
    let parameters = Parameters { decimals: 9, ..Parameters::of(Form::Blended(crossed)) };
    let (totals, levels) = region(&[]);
    assert_eq!(Experience::new(&totals, &levels).coefficients(&parameters).unwrap_err().len(), 2);
}

#[test]
fn a_hospital_with_a_level_and_no_case_yet_is_paid_what_is_explained() {
    let hospitals = [(3, 10, 120), (3, 10, 100), (2, 20, 90), (3, 0, 0)];
    let (totals, levels) = region(&hospitals);
    let experience = Experience::new(&totals, &levels);
    for (form, expected) in [
        (
            Form::Level([(level(3), coefficient("1.2")), (level(2), Coefficient::ONE)].into()),
            ("1.2", How::LevelTable),
        ),
        // Level 3: 2,200 / 20 = 110 in relation to 4,000 / 40 = 100.
        (Form::Blended(Blended::default()), ("1.1", How::Level(level(3)))),
        (Form::Hospital, ("1", How::NoCases)),
    ] {
        let parameters = Parameters::of(form);
        let table = experience.coefficients(&parameters).unwrap();
        assert_eq!(table.get(&hospital(4), &code("FR15")).to_string(), expected.0);
        assert_eq!(made(&hospitals, &parameters, 4), (expected.0.to_owned(), expected.1));
        // One that nobody knows is neither paid nor told another one.
        assert_eq!(table.get(&hospital(5), &code("FR15")), Coefficient::ONE);
        assert_eq!(made(&hospitals, &parameters, 5), ("1".to_owned(), How::NoCases));
        assert_eq!(experience.n_coefficients(&parameters), table.general().len() + table.by_group().count());
    }
}

#[test]
fn totals_of_one_group_and_one_institution_make_that_coefficient_as_all_do() {
    // Hospital 3 has no level and cases of GZ15 alone; for FR15 the level above none that has cases is 2: 80 / 90.
    let (mut around, levels) = region(&[(3, 10, 120), (2, 30, 80)]);
    let sum = Sum { n_cases: 10, cost: Fen::from_yuan(700), ..Sum::default() };
    around.add_sum((&hospital(3), None), &code("GZ15"), sum);
    let mut all = around.clone();
    all.add_sum((&hospital(1), None), &code("GZ15"), sum);
    let parameters = Parameters::of(Form::Blended(Blended::default()));
    let [of_all, of_around] = [&all, &around]
        .map(|totals| Experience::new(totals, &levels).made(&parameters, &hospital(3), &code("FR15")));
    assert_eq!(of_around, of_all);
    let made = of_all.unwrap();
    assert_eq!((made.coefficient, made.how), (coefficient("0.8889"), How::Level(level(2))));
}

#[test]
fn a_coefficient_that_rounds_to_nothing_is_refused_and_not_taken_for_1() {
    let (totals, levels) = region(&[(3, 10, 40), (3, 10, 160)]);
    let experience = Experience::new(&totals, &levels);
    let parameters = Parameters { decimals: 0, ..Parameters::of(Form::Hospital) };
    let nothing = ParametersError::NoCoefficient {
        institution: hospital(1),
        group: code("FR15"),
        value: "0".parse().unwrap(),
    };
    assert_eq!(experience.coefficients(&parameters), Err(vec![nothing.clone()]));
    assert_eq!(experience.made(&parameters, &hospital(1), &code("FR15")), Err(vec![nothing]));
    let parameters = Parameters { decimals: 1, ..parameters };
    let table = experience.coefficients(&parameters).unwrap();
    assert_eq!(table.get(&hospital(1), &code("FR15")), coefficient("0.4"));
}

prop_compose! {
    fn hospitals()(drawn in prop::collection::vec((0..4_u8, 0..30_u64, 1..1_000_000_i64), 1..9))
        -> Vec<(u8, u64, i64)> { drawn }
}

proptest! {
    #[test]
    fn the_table_holds_what_each_one_alone_is(hospitals in hospitals(), form in 0..3) {
        let form = match form {
            0 => Form::Hospital,
            1 => Form::Blended(Blended::default()),
            _ => Form::Level(Level::ALL.map(|level| (level, coefficient("0.9"))).into()),
        };
        let parameters = Parameters::of(form);
        let (totals, levels) = region(&hospitals);
        let experience = Experience::new(&totals, &levels);
        let table = experience.coefficients(&parameters).unwrap();
        for institution in (1..=9).map(hospital) {
            let institution = &institution;
            let made = experience.made(&parameters, institution, &code("FR15")).unwrap();
            prop_assert_eq!(table.get(institution, &code("FR15")), made.coefficient);
            prop_assert_eq!(made.derivation.re_evaluate().unwrap(), made.coefficient.into());
            if let Form::Blended(Blended { low, high, .. }) = parameters.form
                && made.how != How::NoCases
            {
                prop_assert!((low..=high).contains(&made.coefficient));
            }
        }
    }

    #[test]
    fn hospitals_cases_times_coefficients_are_the_regions_cases(hospitals in hospitals()) {
        let (totals, levels) = region(&hospitals);
        let experience = Experience::new(&totals, &levels);
        let parameters = Parameters { decimals: 8, ..Parameters::of(Form::Hospital) };
        let mut sum = medfund_money::Exact::zero();
        for (institution, groups) in totals.institutions() {
            let made = experience.made(&parameters, institution, &code("FR15")).unwrap();
            sum = sum + count(groups[&code("FR15")].n_cases) * made.coefficient.into();
        }
        // To within half a unit of 10^-8 a case.
        let off = sum - count(totals.all().n_cases);
        let most = count(totals.all().n_cases) * "0.000000005".parse().unwrap();
        prop_assert!(off <= most && medfund_money::Exact::zero() <= &off + &most);
    }
}
