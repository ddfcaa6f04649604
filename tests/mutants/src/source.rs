//! The files of a tree: which of them are tests, and which fields of the model could be taken for each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprLit, Fields, Item, ItemFn, ItemMod, ItemStruct, Lit, Meta};

/// One file, by its path from the root of the tree.
pub struct Source {
    pub path: String,
    pub text: String,
    pub syntax: syn::File,
}

/// What is known of the whole tree.
#[derive(Default)]
pub struct Names {
    /// By a field's name, the fields of the same type in the structs that have it.
    pub siblings: BTreeMap<String, BTreeSet<String>>,
    /// Names of functions and methods.
    pub functions: BTreeSet<String>,
}

/// Reads every Rust file below `src` that is not a test's.
pub fn read(root: &Path) -> Vec<Source> {
    let mut paths = Vec::new();
    below(&root.join("src"), &mut paths);
    paths.sort();
    let sources = paths.iter().map(|path| {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path = path.strip_prefix(root).expect("below the root").to_str().expect("plain names").to_owned();
        Source { path, text, syntax }
    });
    let sources: Vec<_> = sources.collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    sources.into_iter().filter(|source| !tests.contains(&source.path)).collect()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whether the code stands in a build of the tests only.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let of_tests = attribute.parse_args::<TokenStream>().is_ok_and(|words| words.to_string().contains("test"));
        attribute.path().is_ident("test") || attribute.path().is_ident("cfg") && of_tests
    })
}

/// The files of the modules that are tests and stand in files of their own.
fn test_modules(source: &Source) -> Vec<String> {
    let path = Path::new(&source.path);
    let folder = match path.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => path.parent().expect("in a folder").to_path_buf(),
        _ => path.with_extension(""),
    };
    let modules = source.syntax.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && is_test(&module.attrs) => Some(module),
        _ => None,
    });
    let files = modules.flat_map(|module| match path_attribute(module) {
        // Such a path is taken from the file's own folder.
        Some(file) => vec![path.parent().expect("in a folder").join(file)],
        None => {
            let name = module.ident.to_string();
            vec![folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")]
        }
    });
    files.map(|file| file.to_str().expect("plain names").to_owned()).collect()
}

/// The file that an attribute names for a module.
fn path_attribute(module: &ItemMod) -> Option<String> {
    let value = module.attrs.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => Some(&pair.value),
        _ => None,
    });
    match value? {
        Expr::Lit(ExprLit { lit: Lit::Str(file), .. }) => Some(file.value()),
        _ => None,
    }
}

impl Names {
    pub fn of(sources: &[Source]) -> Self {
        let mut names = Self::default();
        for source in sources {
            names.visit_file(&source.syntax);
        }
        names
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let Fields::Named(fields) = &item.fields else { return };
        let fields: Vec<_> = fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, &field.ty))).collect();
        for (name, of) in &fields {
            let others = fields.iter().filter(|(other, same)| other != name && same == of);
            let siblings = self.siblings.entry(name.to_string()).or_default();
            siblings.extend(others.map(|(other, _)| other.to_string()));
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.functions.insert(item.sig.ident.to_string());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.functions.insert(item.sig.ident.to_string());
        visit::visit_impl_item_fn(self, item);
    }
}
