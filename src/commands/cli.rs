//! The command line: the table of subcommands. Each subcommand's own arguments stand beside it.

use clap::{Parser, Subcommand};

use super::options::Global;
use crate::commands;

/// Which agent answers which number, who moved it and when: a phone number directory in your git repository.
///
/// Exit codes: 0 done; 1 findings or differences; 2 an error or a refusal; 3 the answer cannot be known
/// (an incomplete read, shallow history, no directory here).
#[derive(Debug, Parser)]
#[command(name = "phone-dir", version, propagate_version = true, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Defines the subcommands once: the heading that it stands below in the help, the variant, and which file runs it. What is
/// hidden is called by git or by packagers.
macro_rules! commands {
    (
        $($heading:literal: $($variant:ident($($module:ident)::+),)+)+
        [hidden] $($hidden:ident($hidden_module:ident),)+
    ) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(
                #[allow(missing_docs)] // the help text stands at the arguments
                $variant(commands::$($module)::+::Arguments),
            )+)+
            $(
                #[allow(missing_docs)] // the help text stands at the arguments
                #[command(hide = true)]
                $hidden(commands::$hidden_module::Arguments),
            )+
        }

        impl Command {
            /// Runs the command.
            pub fn run(&self, session: &commands::Session) -> crate::error::Result<commands::Exit> {
                let ended = match self {
                    $($(Self::$variant(arguments) => commands::$($module)::+::run(arguments, session),)+)+
                    $(Self::$hidden(arguments) => commands::$hidden_module::run(arguments, session),)+
                };
                session.close();
                ended
            }
        }

        /// The headings of the help, and the names of the commands below each.
        pub fn groups() -> Vec<(&'static str, Vec<String>)> {
            let name = |module: &str| module.replace(' ', "").replace("::", "-").replace('_', "-");
            vec![$(($heading, [$(stringify!($($module)::+)),+].map(name).to_vec())),+]
        }
    };
}

commands! {
    "Keep in step":
    Init(init),
    Sync(sync),
    SyncTwilio(sync::twilio),
    SyncRetell(sync::retell),
    Status(status),
    Drift(drift),
    "Ask":
    List(list),
    Show(show),
    AgentNumbers(agent_numbers),
    Unassigned(unassigned),
    Search(search),
    Trunks(trunks),
    Report(report),
    Pools(pools),
    Capacity(capacity),
    Usage(usage),
    Cost(cost),
    Webhook(webhook),
    "Look back":
    Diff(diff),
    History(history),
    Blame(blame),
    "Check":
    Validate(validate),
    Rules(rules),
    Explain(explain),
    Fmt(fmt),
    Schema(schema),
    "Change":
    Edit(edit),
    Plan(plan),
    Apply(apply),
    Phone(phone),
    BulkAssign(bulk_assign),
    BulkImport(bulk_import),
    Promote(promote),
    Rollback(rollback),
    Workspaces(workspaces),
    Resolve(resolve),
    "This clone":
    Setup(setup),
    Doctor(doctor),
    Hook(hook),
    Completions(completions),
    Version(version),
    "Try":
    Demo(demo),
    Sandbox(sandbox),
    [hidden]
    Man(man),
    MergeDriver(merge_driver),
    DiffDriver(diff_driver),
}

impl Command {
    /// Whether standard output is JSON, so that a failure is printed as JSON too; `is_asked` is what `--json` and `--format`
    /// say.
    pub fn prints_json(&self, is_asked: bool) -> bool {
        match self {
            // A file may take the report, a line be no document, and `--output` name the format.
            Self::Report(arguments) => arguments.is_json(),
            Self::History(arguments) => arguments.is_json(),
            Self::Validate(arguments) => arguments.is_json(),
            _ => is_asked,
        }
    }
}
