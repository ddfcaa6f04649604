//! `phone-dir explain CODE`

use clap::Args;

use super::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::render::escape;
use crate::render::rules::explanation;
use crate::validate::rules;

/// Explain a rule: what it checks, why, what breaks it, and how to fix that
#[derive(Args, Debug)]
pub struct Arguments {
    /// The rule's code, such as `orphaned-assignment`; `phone-dir rules` lists them
    #[arg(value_name = "CODE", add = completing::rules())]
    code: String,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let rule = rules::named(&arguments.code).ok_or_else(|| unknown(&arguments.code))?;
    session.print(&session.fitted(&explanation(rule)))?;
    Ok(Exit::Done)
}

fn unknown(code: &str) -> Error {
    let hint = rules::nearest(code)
        .map_or_else(|| "`phone-dir rules` lists the codes".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
    Error::failed(format!("there is no rule `{}`", escape::terminal(code))).hint(hint)
}
