use chrono::NaiveDate;

/// Things of one kind, each in force from a day on until the next one is.
#[derive(Clone, Debug)]
pub struct InForce<T>(Vec<(NaiveDate, T)>);

impl<T> InForce<T> {
    /// Of things with their first days, in any order.
    #[must_use]
    pub fn new(mut since: Vec<(NaiveDate, T)>) -> Self {
        since.sort_by_key(|(day, _)| *day);
        Self(since)
    }

    /// The one in force on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&T> {
        let n_begun = self.0.partition_point(|(since, _)| *since <= day);
        self.0[..n_begun].last().map(|(_, thing)| thing)
    }
}

impl<T> Default for InForce<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_force_from_its_day_until_the_next_one_s() {
        let day = |day| NaiveDate::from_ymd_opt(2018, 1, day).unwrap();
        let adopted = InForce::new(vec![(day(20), "b"), (day(10), "a")]);
        let found = [9, 10, 19, 20, 31].map(|d| adopted.on(day(d)).copied());
        assert_eq!(found, [None, Some("a"), Some("a"), Some("b"), Some("b")]);
        assert_eq!(InForce::<()>::default().on(day(1)), None);
    }
}
