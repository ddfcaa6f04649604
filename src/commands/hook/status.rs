//! `phone-dir hook status`

use clap::Args;

use super::place::{self, FoundHook};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::render::hook_status::{self, Hook, HookStatus};
use crate::store::hooks_folder::{HooksFolder, HooksReach};

/// How to print.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let repository = place::repository(session)?;
    if let Some(off) = repository.configuration().hooks_off()? {
        return print(options, session, &HookStatus::switched_off(&off));
    }
    let folder = HooksFolder::of(&repository)?;
    let found = place::look(&folder)?;
    let tool = place::tool(&folder, &found);
    let hooks_folder = folder.place().display().to_string();
    let status = HookStatus {
        hooks_folder: &hooks_folder,
        reach: match folder.reach() {
            HooksReach::Repository => "repository",
            HooksReach::Team => "team",
            HooksReach::Shared => "shared",
            HooksReach::Everywhere => "everywhere",
        },
        installed: place::is_complete(&found) || tool.is_some() && place::is_called(&repository),
        managed_by: tool.map(|tool| tool.name()),
        advice: tool.map(|tool| tool.advice()),
        hooks: found.iter().map(hook).collect(),
        switched_off: None,
    };
    print(options, session, &status)
}

fn print(options: &Arguments, session: &Session, status: &HookStatus<'_>) -> Result<Exit> {
    session.print(&if options.output.is_json() {
        hook_status::json(status)
    } else {
        session.fitted(&hook_status::text(status))
    })?;
    Ok(Exit::Done)
}

fn hook(found: &FoundHook) -> Hook {
    Hook { name: found.name, state: found.standing.as_str(), runs: found.runs, chained: found.has_before }
}
