//! Reads a `.env` file as the readers for Node and Python do: a quote that does not close is a character, and a line
//! that is no assignment costs that line alone.

/// What a `.env` file says, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// The assignments, a later one of the same name being the one that counts.
    pub assignments: Vec<Assigned>,
    /// What may not be what its author meant.
    pub oddities: Vec<Oddity>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Assigned {
    pub name: String,
    pub value: String,
    /// Whether `${NAME}` in the value stands for another variable.
    pub expands: bool,
}

impl std::fmt::Debug for Assigned {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Assigned").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A place that may not be what its author meant; it is told by line, because the line itself may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The line is neither an assignment nor a comment.
    NoAssignment(usize),
    /// The line holds bytes that are not UTF-8, which stand as `\u{fffd}` in what was read.
    NotUnicode(usize),
    /// A quote that opens on the first line closes on the last, so that nothing between is an assignment.
    Spans(usize, usize),
}

impl std::fmt::Display for Oddity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoAssignment(line) => write!(formatter, "line {line} of `.env` is not `NAME=value` and is ignored"),
            Self::NotUnicode(line) => {
                write!(formatter, "line {line} of `.env` has letters that are not UTF-8: save the file as UTF-8")
            }
            Self::Spans(first, last) => {
                write!(formatter, "lines {first} to {last} of `.env` are one value: a quote opens and closes there")
            }
        }
    }
}

/// Reads the text of a `.env` file.
pub fn read(text: &str) -> Entries {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut entries = Entries::default();
    let (mut rest, mut line) = (text.as_str(), 1);
    while !rest.is_empty() {
        let length = entries.read_entry(rest, line);
        let (entry, after) = rest.split_at(length);
        line += entry.matches('\n').count();
        rest = after;
    }
    entries
}

impl Entries {
    /// Reads what begins a text, and says how long it is, with the line's end.
    fn read_entry(&mut self, text: &str, line: usize) -> usize {
        let whole_line = text.find('\n').map_or(text.len(), |end| end + 1);
        let first = text[..whole_line].trim();
        if first.is_empty() || first.starts_with('#') {
            return whole_line;
        }
        let Some((name, value)) = assignment(text) else {
            self.oddities.push(Oddity::NoAssignment(line));
            return whole_line;
        };
        let name = name.to_owned();
        let Some(quoted) = Quoted::at_start_of(value) else {
            let value = unquoted(value.lines().next().unwrap_or_default());
            self.note_letters(value, line);
            self.assignments.push(Assigned { name, value: value.to_owned(), expands: true });
            return whole_line;
        };
        let end = text.len() - value.len() + quoted.length;
        let inner_lines = text[..end].trim_end().matches('\n').count();
        if inner_lines > 0 {
            self.oddities.push(Oddity::Spans(line, line + inner_lines));
        }
        self.note_letters(quoted.inner, line);
        self.assignments.push(Assigned { name, value: quoted.value(), expands: quoted.mark == '"' });
        end
    }

    fn note_letters(&mut self, value: &str, line: usize) {
        if value.contains(char::REPLACEMENT_CHARACTER) {
            self.oddities.push(Oddity::NotUnicode(line));
        }
    }
}

/// The name of the assignment that begins a text, and everything from its value on.
fn assignment(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let exported = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let text = exported.map_or(text, blanks_skipped);
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let end = text.find(|letter| !is_of_name(letter)).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let value = match rest.strip_prefix(':') {
        Some(value) => value.starts_with([' ', '\t']).then_some(value)?,
        None => blanks_skipped(rest).strip_prefix('=')?,
    };
    Some((name, blanks_skipped(value)))
}

fn blanks_skipped(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// A value without quotes ends before a comment; quotes around all of it are not its own.
fn unquoted(line: &str) -> &str {
    let is_comment = |at: &usize| line[..*at].chars().next_back().is_none_or(char::is_whitespace);
    let comment = line.match_indices('#').map(|(at, _)| at).find(is_comment);
    let value = line[..comment.unwrap_or(line.len())].trim();
    let inner = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    MARKS.into_iter().find_map(inner).unwrap_or(value)
}

const MARKS: [char; 3] = ['"', '\'', '`'];

/// A value in quotes, perhaps over several lines.
struct Quoted<'a> {
    mark: char,
    inner: &'a str,
    /// How long it is, with what follows it on its last line.
    length: usize,
}

impl<'a> Quoted<'a> {
    /// Finds the quote's end: nothing but a comment may follow it on its line.
    fn at_start_of(text: &'a str) -> Option<Self> {
        let mark = text.chars().next().filter(|mark| MARKS.contains(mark))?;
        let inner = &text[1..];
        // A backslash before the last quote may be the value's own: `'C:\'`.
        let ends = [closing(inner, mark, Backslash::Escapes), closing(inner, mark, Backslash::IsPlain)];
        ends.into_iter().flatten().find_map(|end| {
            let after = &inner[end + 1..];
            let rest = after.find('\n').map_or(after.len(), |at| at + 1);
            let follows = after[..rest].trim();
            let is_end = follows.is_empty() || follows.starts_with('#');
            is_end.then(|| Self { mark, inner: &inner[..end], length: end + 2 + rest })
        })
    }

    fn value(&self) -> String {
        match self.mark {
            '"' => unescaped(self.inner, |letter| match letter {
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                '"' | '\\' => Some(letter),
                _ => None,
            }),
            '\'' => unescaped(self.inner, |letter| matches!(letter, '\'' | '\\').then_some(letter)),
            _ => self.inner.to_owned(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Escapes,
    IsPlain,
}

fn closing(text: &str, mark: char, backslash: Backslash) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        if letter == mark && !is_escaped {
            return Some(at);
        }
        is_escaped = backslash == Backslash::Escapes && letter == '\\' && !is_escaped;
    }
    None
}

fn unescaped(text: &str, meaning: impl Fn(char) -> Option<char>) -> String {
    let mut plain = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escape = if letter == '\\' { letters.peek().copied().and_then(&meaning) } else { None };
        if escape.is_some() {
            letters.next();
        }
        plain.push(escape.unwrap_or(letter));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, String)> {
        read(text).assignments.into_iter().map(|it| (it.name, it.value)).collect()
    }

    fn value(line: &str) -> String {
        let mut all = values(&format!("{line}\nBELOW=here\n"));
        assert_eq!(all.pop(), Some(("BELOW".to_owned(), "here".to_owned())), "{line}");
        all.pop().unwrap_or_default().1
    }

    #[test]
    fn a_lone_quote_is_a_character_and_hides_nothing_below_it() {
        for (line, expected) in [
            ("A=Bob's Pizza", "Bob's Pizza"),
            ("A=Say \"hi", "Say \"hi"),
            ("A=it's", "it's"),
            ("A='tis", "'tis"),
            ("A=\"open", "\"open"),
            ("A=`open", "`open"),
            ("A=6ft 2\"", "6ft 2\""),
            ("A=\"a\"b\"", "a\"b"),
            ("A='a' b", "'a' b"),
            ("A=Hello there friend", "Hello there friend"),
            ("A='C:\\'", "C:\\"),
            ("# it's a comment", ""),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }

    #[test]
    fn values_are_what_the_readers_for_node_and_python_see() {
        for (line, expected) in [
            ("A=", ""),
            ("A = b ", "b"),
            ("export A=b", "b"),
            ("A: b", "b"),
            ("A=b # c", "b"),
            ("A= # c", ""),
            ("A=b#c", "b#c"),
            ("A='b # c' # d", "b # c"),
            ("A=\"b\\nc\\\"\"#d", "b\nc\""),
            ("A='b\\nc'", "b\\nc"),
            ("A=a$b=c", "a$b=c"),
            ("A=b\r", "b"),
            ("A-B.C=b", "b"),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
        assert_eq!(values("\u{feff}A=1\rB=2\r\nC=3"), [("A", "1"), ("B", "2"), ("C", "3")].map(owned));
    }

    fn owned((name, value): (&str, &str)) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_value_over_several_lines_is_read_and_told() {
        let entries = read("X=1\nKEY=\"-----BEGIN\nabc=\n-----END\" # key\nB=2\n");
        assert_eq!(entries.assignments[1].value, "-----BEGIN\nabc=\n-----END");
        assert_eq!(entries.assignments[2].value, "2");
        assert_eq!(entries.oddities, [Oddity::Spans(2, 4)]);
    }

    #[test]
    fn a_value_in_an_older_encoding_is_told_and_a_comment_in_one_is_not() {
        let entries = read("# Schl\u{fffd}ssel\nA=B\u{fffd}ro\nB='x\u{fffd}'\nC=1\n");
        assert_eq!(entries.oddities, [2, 3].map(Oddity::NotUnicode));
        assert_eq!(entries.assignments.len(), 3);
    }

    #[test]
    fn a_line_that_is_no_assignment_is_named_by_its_number_in_the_file() {
        let entries = read("A='1\n2'\nnonsense\n\n=x\nB C=1\nD:1\nE=2");
        let lines = [3, 5, 6, 7].map(Oddity::NoAssignment);
        assert_eq!(entries.oddities, [&[Oddity::Spans(1, 2)][..], &lines].concat());
        assert_eq!(entries.assignments.len(), 2);
    }
}
