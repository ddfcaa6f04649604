//! Faults of names: a sibling's field, the other direction, the other side of a comparison.

use syn::spanned::Spanned;
use syn::{ExprField, ExprPath, Member};

use super::Finder;
use crate::fault::{Form, Size};

/// Words that are mistaken for each other in names.
const PAIRS: [(&str, &str); 12] = [
    ("inbound", "outbound"),
    ("Inbound", "Outbound"),
    ("before", "after"),
    ("old", "new"),
    ("ours", "theirs"),
    ("left", "right"),
    ("added", "removed"),
    ("today", "then"),
    ("first", "second"),
    ("earlier", "later"),
    ("Twilio", "Retell"),
    ("start", "end"),
];

/// The name with a word's sibling in its place.
pub(super) fn sibling(name: &str) -> Option<String> {
    let swapped = |from: &str, to: &str| {
        let is_word = |word: &str| word == from || from.starts_with(char::is_uppercase) && word.contains(from);
        name.split('_').any(is_word).then(|| name.replacen(from, to, 1))
    };
    PAIRS.iter().find_map(|(one, other)| swapped(one, other).or_else(|| swapped(other, one)))
}

impl Finder<'_> {
    /// A field of the same type in the same struct, read or written where it stands.
    pub(super) fn sibling(&mut self, field: &ExprField) {
        let Member::Named(name) = &field.member else { return };
        let Some(siblings) = self.names.siblings.get(&name.to_string()) else { return };
        // One of several, the same one each time.
        let at = field.span().byte_range().start % siblings.len().max(1);
        let Some(other) = siblings.iter().nth(at).cloned() else { return };
        let mutated = format!("{}.{other}", self.text(field.base.span()));
        let forms = vec![Form::place(&mutated, "&"), Form::instead(&mutated), Form::place(&mutated, "&mut")];
        self.add(Size::Subtle, field.span(), &format!("`{other}` for `{name}`"), forms);
    }

    pub(super) fn other_word(&mut self, path: &ExprPath) {
        let Some(last) = path.path.segments.last() else { return };
        let name = last.ident.to_string();
        let Some(other) = sibling(&name) else { return };
        let text = self.text(path.span()).to_owned();
        let start = last.ident.span().byte_range().start - path.span().byte_range().start;
        let mutated = format!("{}{other}{}", &text[..start], &text[start + name.len()..]);
        let forms = vec![Form::instead(&mutated), Form::place(&mutated, "&"), Form::place(&mutated, "&mut")];
        self.add(Size::Subtle, path.span(), &format!("`{other}` for `{name}`"), forms);
    }
}

#[cfg(test)]
mod tests {
    use super::sibling;

    #[test]
    fn a_word_of_a_name_has_its_sibling() {
        assert_eq!(sibling("inbound_agents").as_deref(), Some("outbound_agents"));
        assert_eq!(sibling("after").as_deref(), Some("before"));
        assert_eq!(sibling("OutboundSms").as_deref(), Some("InboundSms"));
        assert_eq!(sibling("hold"), None);
    }
}
