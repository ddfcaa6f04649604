//! Faults of calls: a filter or a fallback that is left out, a method that is another one's sibling, arguments swapped.

use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall};

use super::{Finder, words};
use crate::fault::{Form, Size};

/// What a closure says when the method that takes it might as well not be there.
const CONDITIONS: [(&str, &str); 13] = [
    ("filter", "true"),
    ("take_while", "true"),
    ("map_while", "true"),
    ("skip_while", "false"),
    ("retain", "true"),
    ("any", "false"),
    ("all", "true"),
    ("find", "true"),
    ("position", "true"),
    ("rposition", "true"),
    ("is_some_and", "true"),
    ("is_ok_and", "true"),
    ("is_none_or", "true"),
];
/// Methods without which the type is the same.
const LEFT_OUT: [&str; 9] =
    ["or", "or_else", "min", "max", "trim", "trim_start", "trim_end", "to_ascii_lowercase", "to_lowercase"];
/// Methods that are mistaken for each other.
const PAIRS: [(&str, &str); 8] = [
    ("is_some", "is_none"),
    ("is_ok", "is_err"),
    ("any", "all"),
    ("first", "last"),
    ("min", "max"),
    ("starts_with", "ends_with"),
    ("is_some_and", "is_none_or"),
    ("min_by_key", "max_by_key"),
];

impl Finder<'_> {
    pub(super) fn method(&mut self, call: &ExprMethodCall) {
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        if let [argument] = arguments[..] {
            if let Some((_, value)) = CONDITIONS.iter().find(|(of, _)| *of == name) {
                self.condition(&name, argument, value);
            }
            match name.as_str() {
                "skip" => self.replace(Size::Subtle, argument.span(), "skips nothing", "0"),
                "take" => self.replace(Size::Subtle, argument.span(), "takes all", "usize::MAX"),
                "chain" => {
                    let form = Form::around("(", ").into_iter().filter(|_| !MUTANT)");
                    self.add(Size::Subtle, argument.span(), "chains nothing", vec![form]);
                }
                "then" | "then_some" => self.replace(Size::Subtle, call.receiver.span(), "is true", "true"),
                _ => {}
            }
        }
        let receiver = self.text(call.receiver.span()).to_owned();
        if LEFT_OUT.contains(&name.as_str()) {
            self.replace(Size::Subtle, call.span(), &format!("without `{name}`"), &receiver);
        }
        if name == "is_empty" {
            let mutated = format!("!{}", self.text(call.span()));
            self.replace(Size::Gross, call.span(), "the opposite", &mutated);
        }
        let both_ways = PAIRS.iter().flat_map(|(one, other)| [(one, other), (other, one)]);
        let paired = both_ways.filter(|(from, _)| name == **from).map(|(_, to)| (*to).to_owned());
        let sibling = words::sibling(&name).filter(|other| self.names.functions.contains(other));
        for other in paired.chain(sibling) {
            let text = self.text(call.span());
            let start = call.method.span().byte_range().start - call.span().byte_range().start;
            let mutated = format!("{}{other}{}", &text[..start], &text[start + name.len()..]);
            self.replace(Size::Subtle, call.span(), &format!("with `{other}` for `{name}`"), &mutated);
        }
        self.swap(call.span(), &arguments);
    }

    fn condition(&mut self, method: &str, argument: &Expr, value: &str) {
        let (span, form) = match argument {
            Expr::Closure(closure) => (closure.body.span(), Form::instead(value)),
            _ if value == "true" => (argument.span(), Form::around("|it| MUTANT || (", ")(it)")),
            _ => (argument.span(), Form::around("|it| !MUTANT && (", ")(it)")),
        };
        self.add(Size::Subtle, span, &format!("`{method}` is always {value}"), vec![form]);
    }

    pub(super) fn arguments(&mut self, call: &ExprCall) {
        self.swap(call.span(), &call.args.iter().collect::<Vec<_>>());
    }

    /// The first two arguments in the other order, where both are names.
    fn swap(&mut self, call: proc_macro2::Span, arguments: &[&Expr]) {
        let [first, second, ..] = arguments else { return };
        if !is_name(first) || !is_name(second) {
            return;
        }
        let (start, text) = (call.byte_range().start, self.text(call));
        let (one, other) = (first.span().byte_range(), second.span().byte_range());
        let mutated = format!(
            "{}{}{}{}{}",
            &text[..one.start - start],
            &text[other.start - start..other.end - start],
            &text[one.end - start..other.start - start],
            &text[one.start - start..one.end - start],
            &text[other.end - start..]
        );
        self.replace(Size::Subtle, call, "arguments swapped", &mutated);
    }
}

fn is_name(expression: &Expr) -> bool {
    match expression {
        Expr::Path(_) | Expr::Field(_) => true,
        Expr::Reference(reference) => is_name(&reference.expr),
        _ => false,
    }
}
