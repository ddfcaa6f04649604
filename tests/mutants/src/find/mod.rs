//! Finds the faults that a file could have: what a function computes, what stands in a condition, what is left out.
//!
//! A fault is only a text that may be right Rust; what does not compile is left out later, by the compiler.

mod expressions;
mod methods;
mod words;

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, ImplItemConst, ImplItemFn, ItemConst, ItemFn, ItemImpl, ItemMod, ItemStatic};
use syn::{Macro, Pat, Signature, Stmt, TraitItemFn, Type};

use crate::fault::{Fault, Form, Size};
use crate::source::{Names, Source, is_test};
use crate::values;

/// How much of a text a name shows.
const SHOWN: usize = 90;

/// Every fault of a file, in the order of its text.
pub fn faults(source: &Source, names: &Names) -> Vec<Fault> {
    let mut finder = Finder { source, names, inside: Vec::new(), found: Vec::new() };
    finder.visit_file(&source.syntax);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for fault in &mut finder.found {
        let count = seen.entry(fault.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            fault.name = format!("{} ({count})", fault.name);
        }
    }
    finder.found
}

struct Finder<'a> {
    source: &'a Source,
    names: &'a Names,
    /// The type and the functions that the walk is in.
    inside: Vec<String>,
    found: Vec<Fault>,
}

impl Finder<'_> {
    fn text(&self, span: Span) -> &str {
        &self.source.text[span.byte_range()]
    }

    /// Adds a fault around a piece of the text; `what` says what becomes of it.
    fn add(&mut self, size: Size, span: Span, what: &str, forms: Vec<Form>) {
        let text = self.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let cut = if text.chars().count() > SHOWN { "…" } else { "" };
        let text: String = text.chars().take(SHOWN).collect();
        let name = format!("{}: {}: {what}: {text}{cut}", self.source.path, self.inside.join("::"));
        self.found.push(Fault { line: span.start().line, size, name, range: span.byte_range(), forms });
    }

    /// Adds a fault that is another expression in the same place.
    fn replace(&mut self, size: Size, span: Span, what: &str, mutated: &str) {
        self.add(size, span, what, vec![Form::instead(mutated)]);
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        // What runs while compiling cannot ask which fault is on.
        if is_test(attributes) || signature.constness.is_some() {
            return;
        }
        self.inside.push(signature.ident.to_string());
        if !block.stmts.is_empty() {
            let at = block.brace_token.span.open().byte_range().end;
            for value in values::of_return(&signature.output) {
                let name = format!("{}: {}: gives {value}", self.source.path, self.inside.join("::"));
                let forms = vec![Form::inserted(&format!(" if MUTANT {{ return {value}; }} "))];
                let line = block.brace_token.span.open().start().line;
                self.found.push(Fault { line, size: Size::Gross, name, range: at..at, forms });
            }
        }
        self.visit_block(block);
        self.inside.pop();
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let of_trait = item.trait_.as_ref().map(|(_, path, _)| path);
        let is_debug = of_trait.and_then(|path| path.segments.last()).is_some_and(|last| last.ident == "Debug");
        if is_test(&item.attrs) || is_debug {
            return;
        }
        let name = match (&*item.self_ty, of_trait) {
            (Type::Path(path), None) => path.path.segments.last().map(|last| last.ident.to_string()),
            (of, Some(_)) => Some(self.text(of.span()).to_owned()),
            _ => None,
        };
        self.inside.extend(name.clone());
        visit::visit_item_impl(self, item);
        if name.is_some() {
            self.inside.pop();
        }
    }

    // What is computed while compiling, and what is no expression, has no place for a switch.
    fn visit_item_const(&mut self, _: &'ast ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast ImplItemConst) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_type(&mut self, _: &'ast Type) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(expression, end) = statement {
            let acts = matches!(expression, Expr::MethodCall(_) | Expr::Call(_) | Expr::Try(_) | Expr::Assign(_));
            let counts = matches!(expression, Expr::Binary(_));
            if end.is_some() && (acts || counts) || matches!(expression, Expr::ForLoop(_)) {
                let form = Form::around("if !MUTANT { ", " }");
                self.add(Size::Subtle, statement.span(), "left out", vec![form]);
            }
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_macro(&mut self, of: &'ast Macro) {
        self.alternatives(of);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.expression(expression);
        visit::visit_expr(self, expression);
    }

    // A field without a value of its own is no expression that could be written otherwise.
    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if field.colon_token.is_some() {
            visit::visit_field_value(self, field);
        }
    }

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }
}
