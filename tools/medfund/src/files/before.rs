use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What stood in a result's place before a command ran.
pub(crate) struct Before(Option<(PathBuf, Metadata)>);

impl Before {
    /// Of the place that a command will write to, if it will.
    pub(crate) fn of(place: Option<&Path>) -> Self {
        let stood = place.and_then(|place| Some((place.to_owned(), place.metadata().ok()?)));
        Self(stood.filter(|(_, metadata)| metadata.is_file()))
    }

    /// The failure of the command, which says where an earlier result still stands, lest it is taken for this one's.
    pub(crate) fn told(&self, failure: anyhow::Error) -> anyhow::Error {
        let Some((place, before)) = &self.0 else { return failure };
        let of = |now: &Metadata| (now.ino(), now.len(), now.mtime(), now.mtime_nsec());
        if place.metadata().is_ok_and(|now| of(&now) == of(before)) {
            let place = place.display();
            anyhow::anyhow!("{failure:#}\n{place} is still the file of before, and no result of this command")
        } else {
            failure
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_that_an_earlier_result_still_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("answers.csv");
        let told = |before: &Before| before.told(anyhow::anyhow!("no list")).to_string();
        assert_eq!(told(&Before::of(Some(&place))), "no list");
        assert_eq!(told(&Before::of(None)), "no list");
        std::fs::write(&place, "earlier").unwrap();
        let before = Before::of(Some(&place));
        assert!(
            told(&before).ends_with("answers.csv is still the file of before, and no result of this command")
        );
        std::fs::remove_file(&place).unwrap();
        std::fs::write(&place, "anew").unwrap();
        assert_eq!(told(&before), "no list");
    }
}
