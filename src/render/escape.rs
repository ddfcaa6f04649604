//! Which characters deceive a reader; [`inert`](super::inert) takes their effect away.

/// Whether a character changes how others are shown: C0, C1, bidirectional and zero-width marks, tags.
pub fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
