//! `phone-dir rules`

use clap::Args;
use serde::Serialize;

use super::{Exit, Session};
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::render::table;
use crate::validate::{RULES, Severity};

/// List the rules that `validate` checks
///
/// `phone-dir explain CODE` says more of each. `[rules]` in phone-dir.toml sets one to off, warning or error.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    output: OutputFormat,
}

#[derive(Serialize)]
struct RulesJson {
    format_version: u32,
    rules: Vec<RuleJson>,
}

#[derive(Serialize)]
struct RuleJson {
    rule: &'static str,
    severity: Severity,
    summary: &'static str,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    if arguments.output.is_json() {
        let rules =
            RULES.iter().map(|rule| RuleJson { rule: rule.code, severity: rule.severity, summary: rule.summary });
        let output = RulesJson { format_version: 1, rules: rules.collect() };
        let text = serde_json::to_string_pretty(&output)
            .map_err(|error| Error::failed("cannot print the rules").caused_by(error))?;
        session.print(&format!("{text}\n"))?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = RULES
        .iter()
        .map(|rule| vec![rule.code.to_owned(), rule.severity.to_string(), rule.summary.to_owned()])
        .collect();
    session.print(&table::columns(&rows, session.room()).iter().map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(Exit::Done)
}
