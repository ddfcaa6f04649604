//! Markdown tables whose cells hold text that others wrote.

use super::escape;

/// A text as a table's cell: a code span, in which nothing is a link, a mention, a tag or markup.
///
/// A text of plain letters, digits and a few harmless signs is left as it is.
pub fn cell(text: &str) -> String {
    let line = text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
    if line.is_empty() {
        return line;
    }
    if line.chars().all(is_harmless) && !line.contains("://") && !line.to_lowercase().contains("www.") {
        return line;
    }
    // A table takes `|` for its own, also inside of a code span.
    escape::markdown_cell(&line)
}

fn is_harmless(letter: char) -> bool {
    // A Hangul filler is a letter to Unicode, and nothing to the eye.
    letter.is_alphanumeric() && !escape::is_treacherous(letter) || " +-().,/:'".contains(letter)
}

/// Writes a table; cells have to be safe already ([`cell`]).
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("| {} |\n|{}\n", headings.join(" | "), " --- |".repeat(headings.len()));
    text.extend(rows.into_iter().map(|row| line(&row)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_becomes_a_code_span() {
        assert_eq!(cell("(415) 555-0123"), "(415) 555-0123");
        assert_eq!(cell("@team <b>"), "`@team <b>`");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(cell("see https://example.com"), "`see https://example.com`");
        assert_eq!(cell("two\nlines"), "two lines");
        assert_eq!(cell("a\u{3164}b"), "`a\\u{3164}b`");
        assert_eq!(cell("a ``b"), "```a ``b```");
    }

    #[test]
    fn a_table_has_a_line_per_row() {
        assert_eq!(table(&["A", "B"], [vec!["1".into(), "2".into()]]), "| A | B |\n| --- | --- |\n| 1 | 2 |\n");
    }
}
