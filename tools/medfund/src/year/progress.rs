//! What a year's driver shows while it works.

use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressStyle};

/// Steps, one line each: moving on a terminal, plain elsewhere. All of it goes to standard error.
pub(crate) struct Progress {
    is_terminal: bool,
    begun: Instant,
}

/// A step that is under way; it may be at many things at a time.
pub(crate) struct Step {
    bar: Option<ProgressBar>,
    title: String,
    begun: Instant,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { is_terminal: Term::stderr().is_term(), begun: Instant::now() }
    }

    /// Begins a step; it is shown until [`Step::done`].
    pub(crate) fn step(&self, title: impl Into<String>) -> Step {
        let title = title.into();
        let bar = self.is_terminal.then(|| {
            let bar = ProgressBar::new_spinner().with_message(title.clone());
            bar.set_style(
                ProgressStyle::with_template("{spinner:.green} {msg}").expect("a template of indicatif"),
            );
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Step { bar, title, begun: Instant::now() }
    }

    /// Begins a step of `n` like things, each told by [`Step::advance`].
    pub(crate) fn count(&self, title: impl Into<String>, n: u64) -> Step {
        let step = self.step(title);
        if let Some(bar) = &step.bar {
            bar.set_length(n);
            let template = "{spinner:.green} {msg} {bar:30.green} {human_pos} of {human_len}, {per_sec:.0}";
            bar.set_style(ProgressStyle::with_template(template).expect("a template of indicatif"));
        }
        step
    }

    /// How long everything took so far.
    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

impl Step {
    /// Tells that `n` things of the step are done.
    pub(crate) fn advance(&self, n: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(n);
        }
    }

    /// Ends the step with what came of it.
    pub(crate) fn done(self, result: &str) {
        let dots = if result.is_empty() { "" } else { ": " };
        let line = format!("✓ {}{dots}{result} ({:.1} s)", self.title, self.begun.elapsed().as_secs_f32());
        match self.bar {
            Some(bar) => {
                bar.finish_and_clear();
                eprintln!("{line}");
            }
            None => eprintln!("{line}"),
        }
    }
}
