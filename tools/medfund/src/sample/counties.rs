//! The counties of areas whose samples have their own.

/// A county by its six-digit code and its name.
pub(super) type County = (&'static str, &'static str);

/// The prefecture whose notice is `chuxiong-2022`: its ten counties, the seat first.
const CHUXIONG: [County; 10] = [
    ("532301", "楚雄市"),
    ("532302", "禄丰市"),
    ("532322", "双柏县"),
    ("532323", "牟定县"),
    ("532324", "南华县"),
    ("532325", "姚安县"),
    ("532326", "大姚县"),
    ("532327", "永仁县"),
    ("532328", "元谋县"),
    ("532329", "武定县"),
];

/// The kinds of institutions of the seat, by their places: two hospitals of level 3 and two primary institutions.
const OF_THE_SEAT: [usize; 4] = [0, 1, 7, 9];

/// Those of another county: its hospital and a primary institution.
const OF_A_COUNTY: [usize; 2] = [2, 9];

/// What admissions are multiplied by in each of many counties, in thousandths of a region's only district.
pub(super) const VOLUME_PER_MILLE: i64 = 250;

/// The counties of an area; none where its districts are drawn.
pub(super) fn of(area: &str) -> &'static [County] {
    if area == "532300" { &CHUXIONG } else { &[] }
}

/// Whether the county at `place` has an institution of the kind at `kind`.
pub(super) fn has(place: usize, kind: usize) -> bool {
    if place == 0 { OF_THE_SEAT.contains(&kind) } else { OF_A_COUNTY.contains(&kind) }
}
