//! Options that every command takes, and those that most commands share.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// When to use colour: auto, always or never; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = true)]
    pub color: Color,
    /// Print data and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more; twice for still more
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// The choice in the terms of the output streams.
    pub fn choice(self) -> anstream::ColorChoice {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
    }
}

/// How a command prints what it found: in one of its own formats; for people unless another is asked for.
#[derive(Args, Clone, Copy, Debug)]
pub struct FormatOf<F: ValueEnum + Clone + Send + Sync + 'static> {
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<F>,
}

/// The formats of a command that has no others.
pub type OutputFormat = FormatOf<TextOrJson>;

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For people
    Human,
    /// For programs
    Json,
}

const JSON: &str = "json";

impl<F: ValueEnum + Clone + Send + Sync + 'static> FormatOf<F> {
    /// The format of a command that has `--json` alone.
    pub fn of_flag(json: bool) -> Self {
        Self { json, format: None }
    }

    /// The format that was asked for; none where nothing was said.
    pub fn asked(&self) -> Option<F> {
        if self.json { F::from_str(JSON, false).ok() } else { self.format.clone() }
    }

    /// The format that was asked for, or the first, which is for people.
    pub fn chosen(&self) -> F {
        self.asked().unwrap_or_else(|| F::value_variants()[0].clone())
    }

    pub fn is_json(&self) -> bool {
        let value = self.asked().and_then(|format| format.to_possible_value());
        value.is_some_and(|value| value.get_name() == JSON)
    }
}

impl<F: ValueEnum + Clone + Send + Sync + 'static> Default for FormatOf<F> {
    fn default() -> Self {
        Self::of_flag(false)
    }
}
