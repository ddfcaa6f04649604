//! Data inside of a page, and counts.

use serde::Serialize;

use crate::render::escape;

/// A value as JSON that can stand in a `script` element: no text in it can end the element or begin a comment.
pub fn data<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("the page's data always serializes");
    escape::json(json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// A count with separators: `10,000`.
pub fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_that_it_stands_in() {
        let hostile = "</script><!-- & \u{2028}";
        let json = data(&[hostile]);
        assert!(!json.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [hostile]);
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }
}
