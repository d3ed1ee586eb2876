use super::Value;
use crate::read::Spot;

/// A list that is not empty and repeats nothing.
impl<T: Value + PartialEq> Value for Vec<T> {
    const IS_RATE: bool = T::IS_RATE;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let items = spot.list()?;
        if items.is_empty() {
            spot.wrong("must not be empty");
            return None;
        }
        let read: Vec<Option<T>> = items.iter().map(T::read).collect();
        let mut repeated = false;
        for (n, (item, at)) in read.iter().zip(&items).enumerate() {
            if item.is_some() && read[..n].contains(item) {
                at.wrong(format!(
                    "`{}` stands twice in the list",
                    item.as_ref().map_or_else(String::new, T::show)
                ));
                repeated = true;
            }
        }
        let read = read.into_iter().collect::<Option<Vec<T>>>()?;
        (!repeated).then_some(read)
    }

    fn show(&self) -> String {
        self.iter().map(T::show).collect::<Vec<_>>().join("; ")
    }
}

/// A range, both ends in, written `[1, 2]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    /// The least.
    pub least: T,
    /// The most.
    pub most: T,
}

impl<T: PartialOrd> Span<T> {
    /// Whether `value` lies in the range.
    #[must_use]
    pub fn contains(&self, value: &T) -> bool {
        self.least <= *value && *value <= self.most
    }
}

impl<T: Value + PartialOrd> Value for Span<T> {
    const IS_RATE: bool = T::IS_RATE;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let items = spot.list()?;
        let [least, most] = items.as_slice() else {
            spot.wrong(format!(
                "must be a range of two, the least and the most, not a list of {}",
                items.len()
            ));
            return None;
        };
        let (least, most) = (T::read(least), T::read(most));
        let (least, most) = (least?, most?);
        if least > most {
            spot.wrong(format!("the least, {}, is more than the most, {}", least.show(), most.show()));
            return None;
        }
        Some(Self { least, most })
    }

    fn show(&self) -> String {
        format!("{} to {}", self.least.show(), self.most.show())
    }
}
