use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// Writes a pack's text, drawing as it goes.
pub(super) struct Writer {
    rng: ChaCha12Rng,
    text: String,
}

impl Writer {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: ChaCha12Rng::seed_from_u64(seed), text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn section(&mut self, name: &str) {
        let _ = writeln!(self.text, "\n[{name}]");
    }

    /// A parameter with a drawn source; `value` is TOML.
    pub(super) fn param(&mut self, key: &str, value: &str) {
        let source = if self.happens() {
            format!("clause = \"四({}){}\"", ["一", "二", "三"][self.below(3)], self.between(1, 9))
        } else {
            "default = \"drawn at random\"".to_owned()
        };
        let _ = writeln!(self.text, "{key} = {{ value = {value}, {source} }}");
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.param(key, &format!("\"{value}\""));
    }

    /// A rate or coefficient drawn from `low` to `high` thousandths.
    pub(super) fn thousandths(&mut self, key: &str, low: u32, high: u32) -> u32 {
        let drawn = self.between(low, high);
        self.param(key, &quoted(drawn));
        drawn
    }

    pub(super) fn whole(&mut self, key: &str, low: u32, high: u32) -> u32 {
        let drawn = self.between(low, high);
        self.param(key, &drawn.to_string());
        drawn
    }

    /// A range around the factor that changes nothing.
    pub(super) fn range_around_one(&mut self, key: &str) {
        let (least, most) = (self.between(800, 1000), self.between(1000, 1200));
        self.param(key, &format!("[{}, {}]", quoted(least), quoted(most)));
    }

    pub(super) fn flag(&mut self, key: &str) -> bool {
        let drawn = self.happens();
        self.param(key, &drawn.to_string());
        drawn
    }

    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        self.rng.random_range(low..=high)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    pub(super) fn happens(&mut self) -> bool {
        self.rng.random_bool(0.5)
    }

    /// Between `least` and all of `items`, in their order, as a TOML list.
    pub(super) fn some_of(&mut self, items: &[&str], least: usize) -> String {
        let wanted = least + self.below(items.len() - least + 1);
        let mut left: Vec<&str> = items.to_vec();
        while left.len() > wanted {
            let at = self.below(left.len());
            left.remove(at);
        }
        list(&left)
    }
}

pub(super) fn quoted(thousandths: u32) -> String {
    format!("\"{}.{:03}\"", thousandths / 1000, thousandths % 1000)
}

pub(super) fn list(items: &[&str]) -> String {
    format!("[{}]", items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(", "))
}
