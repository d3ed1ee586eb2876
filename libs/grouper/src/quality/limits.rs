use std::fmt;

use serde::{Deserialize, Serialize};

/// Bounds of what can be (质控界限); beyond them is a slip of the pen. A scheme's `CHOICES.txt` says them, a
/// `name = value` line each.
///
/// They are part of the compiled scheme. The defaults, ours, hold where its file says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// `oldest_years = 124`: the greatest age in years.
    pub oldest_years: u16,
    /// `maternal_years = 9-64`: ages in years, both in, at which childbirth is no mistake.
    pub maternal_years: [u16; 2],
    /// `birth_weight_g = 100-9999`: birth weights in grams, both in.
    pub birth_weight_g: [u16; 2],
}

impl Default for Limits {
    fn default() -> Self {
        Self { oldest_years: 124, maternal_years: [9, 64], birth_weight_g: [100, 9999] }
    }
}

impl Limits {
    /// Sets one limit by its name and value; `None`: none is called so.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Option<Result<(), String>> {
        let unknown = || format!("`{name}` cannot be `{value}`");
        let set = |place: &mut [u16; 2]| {
            *place = range(value).ok_or_else(unknown)?;
            Ok(())
        };
        Some(match name {
            "oldest_years" => value.parse().map(|years| self.oldest_years = years).map_err(|_| unknown()),
            "maternal_years" => set(&mut self.maternal_years),
            "birth_weight_g" => set(&mut self.birth_weight_g),
            _ => return None,
        })
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { oldest_years, maternal_years: [youngest, oldest], birth_weight_g: [least, most] } = self;
        write!(
            f,
            "age to {oldest_years} years, childbirth at {youngest} to {oldest}, birth weight {least} to {most} g"
        )
    }
}

/// Reads `9-64`.
fn range(text: &str) -> Option<[u16; 2]> {
    let (least, most) = text.split_once('-')?;
    let range = [least.trim().parse().ok()?, most.trim().parse().ok()?];
    (range[0] <= range[1]).then_some(range)
}
