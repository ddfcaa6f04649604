//! `phone-dir schema [NAME]`

use clap::Args;

use super::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::schema;

/// Print a JSON Schema of the directory's files, or list them
///
/// They are the schemas that this program checks with, draft 2020-12; editors and standard validators read them.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The schema; without it, all are listed with the files that they describe
    #[arg(value_name = "NAME", add = completing::schemas())]
    name: Option<String>,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let Some(name) = &arguments.name else {
        let rows: Vec<_> =
            schema::all().map(|schema| vec![schema.name.to_owned(), schema.applies_to.to_owned()]).collect();
        session.print(
            &crate::render::table::columns(&rows, session.room())
                .iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>(),
        )?;
        return Ok(Exit::Done);
    };
    let found = schema::named(name).ok_or_else(|| unknown(name))?;
    session.print(found.text)?;
    Ok(Exit::Done)
}

fn unknown(name: &str) -> Error {
    let names: Vec<_> = schema::all().map(|schema| format!("`{}`", schema.name)).collect();
    Error::failed(format!("no schema `{name}`")).hint(format!("the schemas are {}", names.join(", ")))
}
