//! Faults of expressions: operators, conditions, arms, values of fields.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Arm, BinOp, Expr, ExprBinary, ExprIf, ExprMatch, ExprStruct, ExprUnary, Lit, Macro, Pat, Token, UnOp};

use super::Finder;
use crate::fault::{Form, Size};

/// What stands in `matches!`.
struct Matches {
    value: Expr,
    pattern: Pat,
    guard: Option<Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.parse::<Option<Token![if]>>()?.is_some() { Some(input.parse()?) } else { None };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { value, pattern, guard })
    }
}

impl Finder<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Binary(binary) => self.binary(binary),
            Expr::Unary(unary) => self.unary(unary),
            Expr::If(branch) => self.branch(branch),
            Expr::Match(of) => self.arms(of),
            Expr::Struct(of) => self.values_of_fields(of),
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.arguments(call),
            Expr::Field(field) => self.sibling(field),
            Expr::Path(path) => self.other_word(path),
            Expr::Lit(literal) => self.literal(&literal.lit),
            _ => {}
        }
    }

    fn binary(&mut self, binary: &ExprBinary) {
        let span = binary.span();
        let (left, right) = (self.text(binary.left.span()).to_owned(), self.text(binary.right.span()).to_owned());
        if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) {
            let neutral = if matches!(binary.op, BinOp::And(_)) { "true" } else { "false" };
            for side in [&binary.left, &binary.right] {
                if !has_let(side) && !is_chain(side, &binary.op) {
                    self.replace(Size::Subtle, side.span(), &format!("side is {neutral}"), neutral);
                }
            }
        }
        if has_let(&binary.left) || has_let(&binary.right) {
            return;
        }
        for (size, operator) in others(&binary.op) {
            let mutated = if operator.ends_with('=') && operator.len() == 2 && !"!=<=>===".contains(operator) {
                format!("{left} {operator} {right}")
            } else {
                format!("({left}) {operator} ({right})")
            };
            self.replace(*size, span, &format!("with {operator}"), &mutated);
        }
    }

    fn unary(&mut self, unary: &ExprUnary) {
        if matches!(unary.op, UnOp::Not(_) | UnOp::Neg(_)) {
            let inner = self.text(unary.expr.span()).to_owned();
            self.replace(Size::Gross, unary.span(), "operator deleted", &inner);
        }
    }

    fn branch(&mut self, branch: &ExprIf) {
        let form =
            if has_let(&branch.cond) { Form::around("!MUTANT && ", "") } else { Form::around("!MUTANT && (", ")") };
        self.add(Size::Subtle, branch.cond.span(), "never so", vec![form]);
    }

    fn arms(&mut self, of: &ExprMatch) {
        let catches_all = |arm: &Arm| {
            let is_name = matches!(&arm.pat, Pat::Ident(name) if name.subpat.is_none()
                && name.ident.to_string().starts_with(|first: char| first.is_lowercase()));
            arm.guard.is_none() && (matches!(arm.pat, Pat::Wild(_)) || is_name)
        };
        let last = of.arms.iter().position(catches_all).unwrap_or_default();
        for arm in &of.arms[..last] {
            if arm.guard.is_none() {
                self.add(Size::Gross, arm.pat.span(), "arm deleted", vec![Form::around("", " if !MUTANT")]);
            }
        }
        for arm in &of.arms {
            let Some((_, guard)) = &arm.guard else { continue };
            if !has_let(guard) {
                self.replace(Size::Gross, guard.span(), "guard is true", "true");
                self.replace(Size::Gross, guard.span(), "guard is false", "false");
            }
        }
    }

    fn values_of_fields(&mut self, of: &ExprStruct) {
        let fields: Vec<(Span, String)> =
            of.fields.iter().map(|field| (field.span(), self.text(field.span()).to_owned())).collect();
        let path = self.text(of.path.span()).to_owned();
        for (at, field) in of.fields.iter().enumerate() {
            let text = fields[at].1.clone();
            if let Some(rest) = &of.rest {
                let others = fields.iter().enumerate().filter(|(other, _)| *other != at);
                let others: String = others.map(|(_, (_, text))| format!("{text}, ")).collect();
                let mutated = format!("{path} {{ {others}..{} }}", self.text(rest.span()));
                self.replace(Size::Gross, of.span(), &format!("without the field `{text}`"), &mutated);
            }
            let value = self.text(field.expr.span());
            if matches!(value, "None" | "false") || value.ends_with("::default()") || value.ends_with("::new()") {
                continue;
            }
            let form = match field.colon_token {
                Some(_) => Form::instead("Default::default()"),
                None => Form::around(&format!("{text}: match MUTANT {{ false => "), ", true => Default::default() }"),
            };
            self.add(Size::Subtle, field.expr.span(), "field is empty", vec![form]);
        }
    }

    fn literal(&mut self, literal: &Lit) {
        match literal {
            Lit::Int(number) => {
                let Ok(value) = number.base10_parse::<u64>() else { return };
                let next = format!("{}{}", value + 1, number.suffix());
                self.replace(Size::Subtle, number.span(), &format!("is {next}"), &next);
            }
            Lit::Bool(value) => {
                let other = (!value.value).to_string();
                self.replace(Size::Subtle, value.span(), &format!("is {other}"), &other);
            }
            _ => {}
        }
    }

    /// `matches!` without one of its patterns, or without its guard.
    pub(super) fn alternatives(&mut self, of: &Macro) {
        if !of.path.is_ident("matches") {
            return;
        }
        let Ok(Matches { value, pattern, guard }) = of.parse_body::<Matches>() else { return };
        let (value, span) = (self.text(value.span()).to_owned(), of.span());
        let condition = guard.as_ref().map(|guard| format!(" if {}", self.text(guard.span()))).unwrap_or_default();
        let texts: Vec<String> = match &pattern {
            Pat::Or(or) => or.cases.iter().map(|case| self.text(case.span()).to_owned()).collect(),
            _ => vec![self.text(pattern.span()).to_owned()],
        };
        for at in 0..texts.len() {
            let others = texts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, text)| text.as_str());
            let others = others.collect::<Vec<_>>().join(" | ");
            let mutated =
                if others.is_empty() { "false".to_owned() } else { format!("matches!({value}, {others}{condition})") };
            self.replace(Size::Subtle, span, &format!("without `{}`", texts[at]), &mutated);
        }
        if guard.is_some() {
            self.replace(Size::Subtle, span, "without its guard", &format!("matches!({value}, {})", texts.join(" | ")));
        }
    }
}

/// Whether a condition binds names.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

/// Whether a side is a longer chain of the same operator, whose own sides are looked at anyway.
fn is_chain(side: &Expr, operator: &BinOp) -> bool {
    matches!(side, Expr::Binary(binary) if binary.op == *operator)
}

/// What may stand in an operator's place.
fn others(operator: &BinOp) -> &'static [(Size, &'static str)] {
    use Size::{Gross, Subtle};
    match operator {
        BinOp::Eq(_) => &[(Gross, "!=")],
        BinOp::Ne(_) => &[(Gross, "==")],
        BinOp::Lt(_) => &[(Gross, "=="), (Gross, ">"), (Subtle, "<=")],
        BinOp::Gt(_) => &[(Gross, "=="), (Gross, "<"), (Subtle, ">=")],
        BinOp::Le(_) => &[(Gross, ">"), (Subtle, "<")],
        BinOp::Ge(_) => &[(Gross, "<"), (Subtle, ">")],
        BinOp::And(_) => &[(Gross, "||")],
        BinOp::Or(_) => &[(Gross, "&&")],
        BinOp::Add(_) => &[(Gross, "-"), (Gross, "*")],
        BinOp::Sub(_) => &[(Gross, "+"), (Gross, "/")],
        BinOp::Mul(_) => &[(Gross, "+"), (Gross, "/")],
        BinOp::Div(_) => &[(Gross, "%"), (Gross, "*")],
        BinOp::Rem(_) => &[(Gross, "/"), (Gross, "+")],
        BinOp::BitAnd(_) => &[(Gross, "|"), (Gross, "^")],
        BinOp::BitOr(_) => &[(Gross, "&"), (Gross, "^")],
        BinOp::AddAssign(_) => &[(Gross, "-="), (Gross, "*=")],
        BinOp::SubAssign(_) => &[(Gross, "+="), (Gross, "/=")],
        BinOp::BitOrAssign(_) => &[(Gross, "&="), (Gross, "^=")],
        BinOp::BitAndAssign(_) => &[(Gross, "|="), (Gross, "^=")],
        _ => &[],
    }
}
