//! How far a long read has come, on the terminal's error stream. It decides nothing.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The lines of all reads.
#[derive(Debug)]
pub struct Progress {
    lines: MultiProgress,
}

impl Progress {
    /// A line for each read, on standard error, while it runs.
    pub fn shown() -> Self {
        Self { lines: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()) }
    }

    /// Where no person watches, or would gain anything by it.
    pub fn silent() -> Self {
        Self { lines: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()) }
    }

    /// Does something else on the terminal, such as printing, while no line stands in its way.
    pub fn aside<T>(&self, action: impl FnOnce() -> T) -> T {
        self.lines.suspend(action)
    }

    pub(crate) fn line(&self, label: String) -> ProgressLine {
        let bar = self.lines.add(ProgressBar::new_spinner());
        let style = ProgressStyle::with_template("{spinner} {prefix}: {pos} items").expect("the template is constant");
        bar.set_style(style);
        bar.set_prefix(label);
        if !self.lines.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        ProgressLine { bar }
    }

    /// A line for a read of a known length; a short one is done before it would be seen.
    pub fn line_of(&self, label: String, length: usize) -> ProgressLine {
        let bar = self.lines.add(ProgressBar::new(length as u64));
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}").expect("the template is constant");
        bar.set_style(style);
        bar.set_prefix(label);
        ProgressLine { bar }
    }
}

/// One read's line; it disappears with its value.
#[derive(Debug)]
pub struct ProgressLine {
    bar: ProgressBar,
}

impl ProgressLine {
    /// Notes that so many more are read.
    pub fn advance(&self, items: usize) {
        self.bar.inc(items as u64);
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
