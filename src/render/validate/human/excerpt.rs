//! The source lines under a finding, drawn by miette.

use std::fmt;
use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use crate::inert::LetterReader;
use crate::render::escape;
use crate::validate::Diagnostic;
use crate::validate::diagnostic::Excerpt;

/// What is drawn for a character that would do something.
const REPLACEMENT: char = '\u{fffd}';
const INDENT: &str = "    ";
const WIDTH: usize = 200;

/// Draws the lines around a diagnostic, indented; empty where they cannot be drawn.
pub fn render(excerpt: &Excerpt, diagnostic: &Diagnostic) -> String {
    let (text, span) = inert_lines(excerpt);
    let start = diagnostic.location.start;
    let name = escape::terminal(&diagnostic.location.file).into_owned();
    let lines = ExcerptLines { text, name, first_line: excerpt.first_line, column: start.column };
    let label = LabeledSpan::new_primary_with_span(None, SourceSpan::from((span.start, span.len())));
    let report = Excerpted { lines, label };
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(WIDTH).without_cause_chain();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &report).is_err() {
        return String::new();
    }
    // The first lines are miette's heading, which the check list has said already.
    let lines = drawn.lines().skip_while(|line| !line.contains('╭')).filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{INDENT}{}\n", line.trim_end())).collect()
}

/// The lines without active characters, and where the span is then.
fn inert_lines(excerpt: &Excerpt) -> (String, Range<usize>) {
    let mut text = String::with_capacity(excerpt.text.len());
    let (mut span, mut reading) = (0..0, LetterReader::default());
    for (at, letter) in excerpt.text.char_indices() {
        if at <= excerpt.span.start {
            span.start = text.len();
        }
        if at <= excerpt.span.end {
            span.end = text.len();
        }
        let acts = reading.acts(letter) && !matches!(letter, '\n' | '\t');
        text.push(if acts { REPLACEMENT } else { letter });
    }
    (text, span)
}

struct ExcerptLines {
    text: String,
    name: String,
    first_line: usize,
    column: usize,
}

impl SourceCode for ExcerptLines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.text.as_str().read_span(span, before, after)?;
        // miette counts from the start of the excerpt; people look in the file.
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            part.data(),
            *part.span(),
            part.line() + self.first_line - 1,
            if before == 0 { self.column - 1 } else { part.column() },
            part.line_count(),
        )))
    }
}

struct Excerpted {
    lines: ExcerptLines,
    label: LabeledSpan,
}

impl miette::Diagnostic for Excerpted {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.lines)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

impl std::error::Error for Excerpted {}

impl fmt::Display for Excerpted {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Debug for Excerpted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Excerpted")
    }
}
