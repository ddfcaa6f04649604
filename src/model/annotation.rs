//! What people write on a number: tags and notes. No sync changes them; this is how a person does.

use super::ParseError;
use super::master::NumberEntry;

/// A tag: one line of text without blanks around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    const EXPECTED: &'static str = "a tag: one line of text, not empty, without blanks around it";

    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let plain = !text.is_empty() && text.trim() == text && !text.contains(char::is_control);
        if plain { Ok(Self(text.to_owned())) } else { Err(ParseError::expected(Self::EXPECTED)) }
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&self.0)
    }
}

impl std::str::FromStr for Tag {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A change to what people wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Tags to put at the end, unless they are there.
    pub add: Vec<Tag>,
    /// Tags to take away, where they are there.
    pub remove: Vec<Tag>,
    /// New notes, in place of the old ones.
    pub notes: Option<String>,
}

impl Annotation {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && self.notes.is_none()
    }

    /// Applies the change to a number; the second time it changes nothing.
    pub fn apply(&self, entry: &mut NumberEntry) {
        entry.tags.retain(|tag| !self.remove.iter().any(|gone| gone.0 == *tag));
        for Tag(tag) in &self.add {
            if !entry.tags.contains(tag) {
                entry.tags.push(tag.clone());
            }
        }
        if let Some(notes) = &self.notes {
            entry.notes.clone_from(notes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn a_tag_is_one_line_without_blanks_around_it() {
        assert!(Tag::parse("customer service").is_ok() && Tag::parse("日本").is_ok());
        for bad in ["", " sales", "sales\n", "a\u{1b}b"] {
            assert!(Tag::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn tags_go_and_come_at_the_end_and_the_second_time_nothing_changes() {
        use super::Annotation;
        use crate::model::made_up::number_entry;
        let tags = |all: &[&str]| all.iter().map(|tag| Tag::parse(tag).unwrap()).collect::<Vec<_>>();
        let mut entry = number_entry(1);
        entry.tags = ["a", "b", "c", "a"].map(str::to_owned).to_vec();
        let change = Annotation { add: tags(&["d", "b"]), remove: tags(&["a", "x"]), notes: None };
        for _ in 0..2 {
            change.apply(&mut entry);
            assert_eq!((entry.tags.clone(), entry.notes.as_str()), (["b", "c", "d"].map(str::to_owned).to_vec(), ""));
        }
        let noted = Annotation { notes: Some("new".to_owned()), ..Annotation::default() };
        noted.apply(&mut entry);
        assert_eq!((entry.tags.len(), entry.notes.as_str()), (3, "new"));
        assert!(Annotation::default().is_empty() && !noted.is_empty() && !change.is_empty());
        assert!(!Annotation { add: vec![], ..change }.is_empty());
    }
}
