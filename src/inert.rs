//! Makes text inert: which characters and beginnings would steer a terminal, a log or a reader, and what stands for them.
//!
//! Names, notes, commit subjects and branches are typed by strangers. Nothing of them may move a cursor, reorder or hide
//! what stands beside it, or be a command to the log of a build. What a format adds (Markdown, CSV, HTML) is in
//! `render`.

use std::borrow::Cow;

/// One line without anything that acts: what would is spelled out, `\u{202e}`.
pub fn inert(text: &str) -> Cow<'_, str> {
    // Nearly every text is plain ASCII, and a long listing has many of them.
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'#');
    if is_plain && !text.trim_start().starts_with("::") || !acts(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut reading = LetterReader::default();
    for letter in text.chars() {
        if reading.acts(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Whether anything in a text acts.
pub fn acts(text: &str) -> bool {
    let mut reading = LetterReader::default();
    text.chars().any(|letter| reading.acts(letter))
}

/// A text that is read letter by letter: what a letter does depends on those before it.
#[derive(Default)]
pub struct LetterReader {
    start: LineStart,
    /// How many `#` stand before the word that is being read; two are as good as more.
    hashes: u8,
    previous: Option<char>,
}

/// How the line begins. GitHub takes `::name` for a command, also behind blanks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum LineStart {
    #[default]
    Blank,
    Colon,
    Past,
}

impl LetterReader {
    /// Whether the next letter acts. It belongs to the same line: a line feed is spelled out like other controls.
    pub fn acts(&mut self, letter: char) -> bool {
        let is_hidden = is_treacherous(letter) && !self.is_emoji_style(letter);
        let commands = self.begins_command(letter) | self.opens_command(letter);
        self.previous = Some(letter);
        is_hidden || commands
    }

    fn begins_command(&mut self, letter: char) -> bool {
        let start = self.start;
        self.start = match (start, letter) {
            (LineStart::Blank, blank) if blank.is_whitespace() && !blank.is_control() => LineStart::Blank,
            (LineStart::Blank, ':') => LineStart::Colon,
            _ => LineStart::Past,
        };
        start == LineStart::Colon && letter == ':'
    }

    /// `##[error]`, `##vso[task]`, `##teamcity[message`: build servers take these for commands wherever they stand.
    fn opens_command(&mut self, letter: char) -> bool {
        let opens = self.hashes == 2 && letter == '[';
        self.hashes = match letter {
            '#' => (self.hashes + 1).min(2),
            word if self.hashes == 2 && (word.is_alphanumeric() || "._-".contains(word)) => 2,
            _ => 0,
        };
        opens
    }

    /// U+FE0E and U+FE0F say whether a symbol before them is drawn as text or in colours; anywhere else they are hidden.
    fn is_emoji_style(&self, letter: char) -> bool {
        let is_symbol = |before: char| {
            matches!(before, '#' | '*' | '0'..='9' | '©' | '®' | '\u{203c}' | '\u{2049}' | '\u{2100}'..='\u{27bf}'
                | '\u{2900}'..='\u{2bff}' | '\u{3030}'..='\u{303d}' | '\u{3297}'..='\u{3299}' | '\u{1f000}'..='\u{1faff}')
        };
        matches!(letter, '\u{fe0e}' | '\u{fe0f}') && self.previous.is_some_and(is_symbol)
    }
}

/// Whether a character changes how others are shown, or is there without being seen.
///
/// C0 and C1 controls; Unicode's bidirectional and other format characters (category `Cf`), line and paragraph
/// separators, and what has the property `Default_Ignorable_Code_Point`: zero-width marks, fillers, variation
/// selectors and tags (Unicode 16, `DerivedCoreProperties.txt`). The blank Braille pattern is as invisible as they are.
pub fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}'
            | '\u{8E2}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_a_reader_is_spelled_out() {
        assert_eq!(inert("Support \u{1b}[2J\u{202e}x"), "Support \\u{1b}[2J\\u{202e}x");
        assert_eq!(inert("line\nbreak\u{9b}"), "line\\u{a}break\\u{9b}");
        for hidden in "\u{ad}\u{34f}\u{115f}\u{3164}\u{2800}\u{200d}\u{fe0f}\u{1d173}\u{2065}\u{e0041}\u{e0100}".chars()
        {
            assert_eq!(inert(&format!("a{hidden}")), format!("a\\u{{{:x}}}", u32::from(hidden)));
        }
    }

    #[test]
    fn no_command_of_a_build_log_is_left() {
        for (text, shown) in [
            ("::add-mask::x", ":\\u{3a}add-mask::x"),
            (" \u{a0}::error::x", " \u{a0}:\\u{3a}error::x"),
            ("##[error]x", "##\\u{5b}error]x"),
            ("a ###vso[task.x]y", "a ###vso\\u{5b}task.x]y"),
            ("##teamcity[message]", "##teamcity\\u{5b}message]"),
        ] {
            assert_eq!(inert(text), shown);
            assert_eq!(inert(&inert(text)), shown, "what is inert stays as it is");
        }
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["Kundenservice – Zürich ✓", "(415) 555-0123 für 電話 🙂", "☎️ a::b, #1 [x] ## [y]", ":phone: 3:1"]
        {
            assert!(matches!(inert(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
