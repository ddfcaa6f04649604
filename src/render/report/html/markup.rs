//! Text as HTML, and data inside of a page.

use serde::Serialize;

use crate::render::escape;

/// A text as HTML, in an element or an attribute: nothing in it is markup, and nothing in it acts.
pub fn text(text: &str) -> String {
    let shown = escape::terminal(text);
    let mut safe = String::with_capacity(shown.len() + 16);
    for letter in shown.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

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
        assert_eq!(text("<b title='\"'>&\u{202e}"), "&lt;b title=&#39;&quot;&#39;&gt;&amp;\\u{202e}");
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
