//! The formats of a validation's report.

pub mod github;
pub mod human;
pub mod json;
pub mod markdown;
pub mod sarif;

use std::io::{self, Write};

use crate::validate::ValidationReport;
pub use human::Detail;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingsFormat {
    /// The check list for people.
    Human(Detail),
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations, as GitHub's workflow commands.
    Github,
    /// A summary for a job or a comment.
    Markdown,
}

impl FindingsFormat {
    /// Writes a report. Styles for a terminal are written where the format has any; the writer strips them.
    pub fn write(self, report: &ValidationReport, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human(detail) => human::write(report, detail, out),
            Self::Json => json::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Github => github::write(report, out),
            Self::Markdown => markdown::write(report, out),
        }
    }
}
