/// ICD-10 categories that men alone have: WHO ICD-10 volume 2, "categories limited to one sex".
pub(super) const MALE: [[&str; 2]; 14] = [
    ["B26.0", "B26.0"],
    ["C60", "C63"],
    ["D07.4", "D07.6"],
    ["D17.6", "D17.6"],
    ["D29", "D29"],
    ["D40", "D40"],
    ["E29", "E29"],
    ["E89.5", "E89.5"],
    ["I86.1", "I86.1"],
    ["L29.1", "L29.1"],
    ["N40", "N51"],
    ["Q53", "Q55"],
    ["R86", "R86"],
    ["S31.2", "S31.3"],
];

/// ICD-10 categories that women alone have, from the same place.
pub(super) const FEMALE: [[&str; 2]; 23] = [
    ["A34", "A34"],
    ["C51", "C58"],
    ["C79.6", "C79.6"],
    ["D06", "D06"],
    ["D07.0", "D07.3"],
    ["D25", "D28"],
    ["D39", "D39"],
    ["E28", "E28"],
    ["E89.4", "E89.4"],
    ["F53", "F53"],
    ["I86.3", "I86.3"],
    ["N70", "N77"],
    ["N80", "N98"],
    ["N99.2", "N99.3"],
    ["O00", "O99"],
    ["Q50", "Q52"],
    ["R87", "R87"],
    ["S31.4", "S31.4"],
    ["S37.4", "S37.6"],
    ["T19.2", "T19.3"],
    ["T83.3", "T83.3"],
    ["Z32", "Z36"],
    ["Z39", "Z39"],
];

/// ICD-9-CM-3 categories: operations on the male genital organs.
pub(super) const MALE_PROCEDURES: [[&str; 2]; 1] = [["60", "64"]];

/// ICD-9-CM-3 categories: operations on the female genital organs, and obstetrical procedures.
pub(super) const FEMALE_PROCEDURES: [[&str; 2]; 1] = [["65", "75"]];

/// Pregnancy, childbirth and the puerperium.
pub(super) const OBSTETRIC: [[&str; 2]; 1] = [["O00", "O99"]];

/// Conditions that originate in the perinatal period.
pub(super) const PERINATAL: [[&str; 2]; 1] = [["P00", "P96"]];

/// ICD-10 categories that say more of another diagnosis and never are the principal one: agents,
/// SIRS, resistance to drugs, external causes, the outcome of delivery.
///
/// Source: WHO ICD-10 volume 1, notes at B95–B98, R65, U82–U85, chapter XX and Z37.
pub(super) const COMPANIONS: [[&str; 2]; 5] =
    [["B95", "B98"], ["R65", "R65"], ["U82", "U85"], ["V01", "Y98"], ["Z37", "Z37"]];

/// Whether a code lies in one of the ranges, both ends in.
pub(super) fn lies_in(code: &str, ranges: &[[&str; 2]]) -> bool {
    let category = |length: usize| code.get(..length).unwrap_or(code);
    ranges.iter().any(|[from, to]| category(from.len()) >= *from && category(to.len()) <= *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lies_in_a_range_by_its_category() {
        for (code, male, female) in [
            ("N40.x00", true, false),
            ("N51.8x001", true, false),
            ("N52.x00", false, false),
            ("N78.000", false, false),
            ("D07.500", true, false),
            ("D07.300", false, true),
            ("D07", false, false),
            ("O80.000x001", false, true),
            ("C79.600", false, true),
            ("I10.x00", false, false),
            ("", false, false),
        ] {
            assert_eq!((lies_in(code, &MALE), lies_in(code, &FEMALE)), (male, female), "{code}");
        }
        assert!(lies_in("64.0x00", &MALE_PROCEDURES) && !lies_in("65.0100", &MALE_PROCEDURES));
    }
}
