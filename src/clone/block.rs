//! A block of lines of ours in a file that is the user's: `.gitattributes`, `.prettierignore`.
//!
//! It stands between two marks at the end of the file. Everything else is the user's, and stays byte for byte; what
//! was at the end of the file before is noted in the first mark, so that taking the block out restores it.

/// How the first line of the block starts.
const BEGIN: &str = "# >>> phone-dir setup >>> (`phone-dir setup --remove` takes this block out)";
/// The last line of the block.
const END: &str = "# <<< phone-dir setup <<<";
/// Noted where the user's last line had no end.
const NO_NEWLINE: &str = " [the line above had no end]";
/// Noted where the file was there, and empty.
const WAS_EMPTY: &str = " [the file was empty]";

/// A file's text with the block at its end; `None` stands for no file. A block that is there is brought up to date.
pub fn with(text: Option<&str>, lines: &str) -> String {
    let Some(own) = without(text) else { return block("", lines) };
    let note = match own.as_str() {
        "" => WAS_EMPTY,
        text if text.ends_with('\n') => "",
        _ => NO_NEWLINE,
    };
    let end = if note == NO_NEWLINE { "\n" } else { "" };
    format!("{own}{end}{}", block(note, lines))
}

fn block(note: &str, lines: &str) -> String {
    format!("{BEGIN}{note}\n{lines}{END}\n")
}

/// A file's text without the block, as it was before; `None` where there was no file.
pub fn without(text: Option<&str>) -> Option<String> {
    let text = text?;
    let Some((start, end, note)) = find(text) else { return Some(text.to_owned()) };
    let mut before = &text[..start];
    if note == NO_NEWLINE {
        before = before.strip_suffix('\n').unwrap_or(before);
    }
    let rest = format!("{before}{}", &text[end..]);
    (!rest.is_empty() || note == WAS_EMPTY).then_some(rest)
}

/// Whether the block is there with exactly these lines.
pub fn is_current(text: Option<&str>, lines: &str) -> bool {
    text.is_some_and(|text| with(Some(text), lines) == text)
}

/// Whether two texts have the same block, or none, however their lines end.
pub fn is_alike(one: Option<&str>, other: Option<&str>) -> bool {
    let of = |text: Option<&str>| {
        let text = text?.replace("\r\n", "\n");
        find(&text).map(|(start, end, _)| text[start..end].trim_end().to_owned())
    };
    of(one) == of(other)
}

/// Where the block starts and ends, and what its first mark notes.
fn find(text: &str) -> Option<(usize, usize, &str)> {
    let start = text.match_indices(BEGIN).map(|(at, _)| at).find(|at| *at == 0 || text[..*at].ends_with('\n'))?;
    let first = text[start..].lines().next()?;
    let end = start + text[start..].find(END)? + END.len();
    let end = if text[end..].starts_with('\n') { end + 1 } else { end };
    Some((start, end, &first[BEGIN.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "/a diff=b\n/c diff=d\n";

    #[test]
    fn taking_the_block_out_restores_every_byte() {
        for before in [None, Some(""), Some("*.png binary\n"), Some("*.png binary"), Some("\r\n* text=auto\r\n\n")] {
            let with = with(before, LINES);
            assert!(is_current(Some(&with), LINES), "{before:?}");
            assert_eq!(super::with(Some(&with), LINES), with, "{before:?}");
            assert_eq!(without(Some(&with)).as_deref(), before);
        }
    }

    #[test]
    fn blocks_are_compared_whatever_stands_around_them() {
        let with = with(Some("*.png binary\n"), LINES);
        assert!(is_alike(Some(&with), Some(&with.replace('\n', "\r\n"))));
        assert!(is_alike(Some(&with), Some(&format!("{with}*.md text\n"))));
        assert!(is_alike(None, Some("*.png binary\n")));
        assert!(!is_alike(None, Some(&with)));
        assert!(!is_alike(Some(&with), Some(&with.replace("/c", "/d"))));
    }

    #[test]
    fn lines_that_the_user_adds_behind_the_block_stay() {
        let with = format!("{}*.md text\n", with(Some("*.png binary\n"), LINES));
        assert_eq!(without(Some(&with)).as_deref(), Some("*.png binary\n*.md text\n"));
        assert!(!is_current(Some(&with), "/c diff=d\n"));
    }
}
