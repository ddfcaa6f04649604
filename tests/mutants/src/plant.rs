//! Writes chosen faults into the text of a file, each behind its switch.

use std::cmp::Reverse;
use std::ops::Range;

use crate::fault::Form;

/// A fault that is to be written, with its number and the form that was chosen.
pub struct Planted<'a> {
    pub number: usize,
    pub range: Range<usize>,
    pub form: &'a Form,
}

/// The text with the faults in it, and the bytes that each has there now.
///
/// Ranges lie in each other or beside each other, as expressions do; of two with the same range, the first is outside.
pub fn plant(text: &str, faults: &[Planted<'_>]) -> (String, Vec<(usize, Range<usize>)>) {
    let mut order: Vec<&Planted<'_>> = faults.iter().collect();
    order.sort_by_key(|fault| (fault.range.start, !fault.range.is_empty(), Reverse(fault.range.end), fault.number));
    let mut out = String::with_capacity(text.len() * 2);
    let (mut at, mut open, mut places) = (0, Vec::<(&Planted<'_>, usize)>::new(), Vec::new());
    let mut close = |until: usize, at: &mut usize, out: &mut String, open: &mut Vec<(&Planted<'_>, usize)>| {
        while let Some((fault, start)) = open.pop_if(|(fault, _)| fault.range.end <= until) {
            out.push_str(&text[*at..fault.range.end]);
            *at = fault.range.end;
            out.push_str(&fault.form.after(fault.number));
            places.push((fault.number, start..out.len()));
        }
    };
    for fault in order {
        close(fault.range.start, &mut at, &mut out, &mut open);
        out.push_str(&text[at..fault.range.start]);
        at = fault.range.start;
        open.push((fault, out.len()));
        out.push_str(&fault.form.before(fault.number));
    }
    close(text.len(), &mut at, &mut out, &mut open);
    out.push_str(&text[at..]);
    (out, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_lie_in_each_other_and_beside_each_other() {
        let (outer, inner) = (Form::around("(", ")"), Form::around("[", "]"));
        let inserted = Form::around("!", "");
        let faults = [
            Planted { number: 1, range: 0..5, form: &outer },
            Planted { number: 2, range: 0..1, form: &inner },
            Planted { number: 3, range: 4..5, form: &inner },
            Planted { number: 4, range: 4..4, form: &inserted },
            Planted { number: 5, range: 9..10, form: &outer },
        ];
        let (text, places) = plant("a + b; c + d", &faults);
        assert_eq!(text, "([a] + ![b]); c (+) d");
        assert_eq!(&text[places.iter().find(|(number, _)| *number == 3).unwrap().1.clone()], "[b]");
    }

    #[test]
    fn of_two_in_one_place_the_first_is_outside() {
        let (first, second) = (Form::around("(", ")"), Form::around("[", "]"));
        let faults =
            [Planted { number: 2, range: 0..1, form: &second }, Planted { number: 1, range: 0..1, form: &first }];
        assert_eq!(plant("a", &faults).0, "([a])");
    }
}
