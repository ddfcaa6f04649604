//! The formats of `validate` on the command line, and where they are written.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

use crate::commands::desk::Desk;
use crate::error::{Error, Result};
use crate::render::validate::{Detail, FindingsFormat};
use crate::validate::ValidationReport;

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// A check list for people; `-v` shows the source lines
    Human,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations, as GitHub's workflow commands
    Github,
    /// A summary for a job or a comment
    Markdown,
}

impl ReportFormat {
    pub fn text(self, report: &ValidationReport, verbosity: u8) -> Result<String> {
        let format = match self {
            Self::Human if verbosity > 0 => FindingsFormat::Human(Detail::Full),
            Self::Human => FindingsFormat::Human(Detail::Brief),
            Self::Json => FindingsFormat::Json,
            Self::Sarif => FindingsFormat::Sarif,
            Self::Github => FindingsFormat::Github,
            Self::Markdown => FindingsFormat::Markdown,
        };
        let mut text = Vec::new();
        format.write(report, &mut text).map_err(|error| Error::failed("cannot write the report").caused_by(error))?;
        String::from_utf8(text).map_err(|error| Error::failed("the report is not UTF-8").caused_by(error))
    }
}

/// A format and the file that it is written to.
#[derive(Clone, Debug)]
pub struct FileOutput {
    format: ReportFormat,
    file: PathBuf,
}

impl FileOutput {
    /// Whether it is `-`: standard output, in place of the report that is printed there otherwise.
    pub fn is_printed(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    pub fn format(&self) -> ReportFormat {
        self.format
    }

    /// Writes the report to the file, without styles.
    pub fn write(&self, report: &ValidationReport, desk: &Desk<'_>) -> Result<()> {
        let text = self.format.text(report, 0)?;
        let plain = anstream::adapter::strip_str(&text).to_string();
        desk.write_masked(&self.file, &plain)
    }
}

impl FromStr for FileOutput {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (format, file) = text.split_once('=').ok_or("expected `FORMAT=FILE`, such as `sarif=report.sarif`")?;
        let format = ReportFormat::from_str(format, false)?;
        if file.is_empty() {
            Err("the file's name is missing".to_owned())
        } else {
            Ok(Self { format, file: file.into() })
        }
    }
}
