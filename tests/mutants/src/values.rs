//! What a function may give back instead of what it computes, by its type.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// Values of the type that a function returns, as code.
pub fn of_return(output: &ReturnType) -> Vec<String> {
    match output {
        ReturnType::Default => vec!["()".to_owned()],
        ReturnType::Type(_, of) => of_type(of),
    }
}

fn of_type(of: &Type) -> Vec<String> {
    match of {
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Vec::new() };
            of_name(&last.ident.to_string(), &arguments(&last.arguments))
        }
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => texts("\"\"", "\"xyzzy\""),
            Type::Slice(_) => vec!["&[]".to_owned()],
            inner => of_type(inner).iter().map(|value| format!("Box::leak(Box::new({value}))")).collect(),
        },
        Type::Tuple(tuple) if tuple.elems.is_empty() => vec!["()".to_owned()],
        Type::Tuple(tuple) => {
            let values: Vec<_> = tuple.elems.iter().map(of_type).collect();
            let most = values.iter().map(Vec::len).max().unwrap_or_default();
            let row = |at: usize| values.iter().map(|of| of.get(at).or(of.last()).cloned()).collect::<Option<Vec<_>>>();
            (0..most).filter_map(row).map(|row| format!("({})", row.join(", "))).collect()
        }
        Type::ImplTrait(_) => vec!["::std::iter::empty()".to_owned()],
        _ => Vec::new(),
    }
}

fn texts(empty: &str, full: &str) -> Vec<String> {
    vec![empty.to_owned(), full.to_owned()]
}

fn of_name(name: &str, inner: &[&Type]) -> Vec<String> {
    let of_inner = |wrap: &str| -> Vec<String> {
        inner.first().copied().map(of_type).unwrap_or_default().iter().map(|value| wrap.replace('_', value)).collect()
    };
    match name {
        "bool" => texts("false", "true"),
        "String" => texts("String::new()", "\"xyzzy\".to_owned()"),
        "usize" | "u8" | "u16" | "u32" | "u64" => texts("0", "1"),
        "isize" | "i8" | "i16" | "i32" | "i64" => vec!["0".to_owned(), "1".to_owned(), "-1".to_owned()],
        "f32" | "f64" => vec!["0.0".to_owned(), "1.0".to_owned()],
        "Option" => [vec!["None".to_owned()], of_inner("Some(_)")].concat(),
        "Result" => of_inner("Ok(_)"),
        "Box" => of_inner("Box::new(_)"),
        "Vec" => [vec!["Vec::new()".to_owned()], of_inner("vec![_]")].concat(),
        "Cow" => vec!["\"xyzzy\".into()".to_owned()],
        _ => vec!["Default::default()".to_owned()],
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return Vec::new() };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(of) => Some(of),
        _ => None,
    });
    types.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: &str) -> Vec<String> {
        of_return(&syn::parse_str(&format!("-> {of}")).unwrap())
    }

    #[test]
    fn a_value_has_the_type_that_is_asked_for() {
        assert_eq!(values("Option<bool>"), ["None", "Some(false)", "Some(true)"]);
        assert_eq!(
            values("Result<Vec<String>, Error>"),
            ["Ok(Vec::new())", "Ok(vec![String::new()])", "Ok(vec![\"xyzzy\".to_owned()])"]
        );
        assert_eq!(values("(usize, bool)"), ["(0, false)", "(1, true)"]);
        assert_eq!(values("&'static str"), ["\"\"", "\"xyzzy\""]);
    }
}
