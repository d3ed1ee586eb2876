use super::kinds::{DISTRICT_NAMES, KINDS};

/// About how many bills a month an institution has for a fund line where volumes are those of a small region.
const USUAL_BILLS: i64 = 17;

/// Institutions of a district, where there are districts enough.
const IN_A_DISTRICT: usize = 10;

/// How many institutions a region has and how busy they are.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    n_institutions: usize,
    n_bills: i64,
}

impl Crowd {
    /// The fewest institutions: as many as it takes to have hospitals and primary institutions.
    pub const LEAST: usize = 4;

    /// The most institutions: every kind in every district.
    pub const MOST: usize = DISTRICT_NAMES.len() * KINDS.len();

    /// `n_institutions` that have about `n_bills` a month together.
    ///
    /// # Panics
    ///
    /// If there are fewer institutions than [`Crowd::LEAST`] or more than [`Crowd::MOST`].
    #[must_use]
    pub fn new(n_institutions: usize, n_bills: i64) -> Self {
        assert!((Self::LEAST..=Self::MOST).contains(&n_institutions), "{n_institutions} institutions");
        Self { n_institutions, n_bills }
    }

    pub(super) fn n_districts(self) -> usize {
        self.n_institutions.div_ceil(IN_A_DISTRICT).min(DISTRICT_NAMES.len())
    }

    /// Whether the district at `place` has an institution of the kind at `kind`: a few of every sort.
    pub(super) fn has(self, place: usize, kind: usize) -> bool {
        let (each, left) =
            (self.n_institutions / self.n_districts(), self.n_institutions % self.n_districts());
        let n_here = each + usize::from(place < left);
        (0..n_here).any(|i| i * KINDS.len() / n_here == kind)
    }

    /// What admissions are multiplied by, in thousandths of the small region's.
    pub(super) fn volume_per_mille(self, n_lines: usize) -> i64 {
        let usual = i64::try_from(self.n_institutions * n_lines).expect("a few hundred") * USUAL_BILLS;
        (self.n_bills * 1_000 / usual.max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_share_the_institutions_and_each_has_hospitals_and_primary_ones() {
        for n in Crowd::LEAST..=Crowd::MOST {
            let crowd = Crowd::new(n, 1_000);
            let mut sum = 0;
            for place in 0..crowd.n_districts() {
                let here: Vec<_> = (0..KINDS.len()).filter(|kind| crowd.has(place, *kind)).collect();
                assert!(here.iter().any(|kind| KINDS[*kind].primary), "{n}");
                assert!(here.iter().any(|kind| !KINDS[*kind].primary), "{n}");
                sum += here.len();
            }
            assert_eq!(sum, n);
        }
    }
}
