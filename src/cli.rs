//! The command line: global options and the table of subcommands. Each subcommand's own arguments stand beside it.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

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

/// Options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// When to use colour: auto, always or never; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = true)]
    pub color: Color,
    /// Print data and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more; twice for still more
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// The choice in the terms of the output streams.
    pub fn choice(self) -> anstream::ColorChoice {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Defines the subcommands once: the heading that it stands below in the help, the variant, and which file runs it. What is
/// hidden is called by git or by packagers.
macro_rules! commands {
    (
        $($heading:literal: $($variant:ident($module:ident),)+)+
        [hidden] $($hidden:ident($hidden_module:ident),)+
    ) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(
                #[allow(missing_docs)] // the help text stands at the arguments
                $variant(commands::$module::Arguments),
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
                match self {
                    $($(Self::$variant(arguments) => commands::$module::run(arguments, session),)+)+
                    $(Self::$hidden(arguments) => commands::$hidden_module::run(arguments, session),)+
                }
            }
        }

        /// The headings of the help, and the names of the commands below each.
        pub fn groups() -> Vec<(&'static str, Vec<String>)> {
            let name = |module: &str| module.replace('_', "-");
            vec![$(($heading, [$(stringify!($module)),+].map(name).to_vec())),+]
        }
    };
}

commands! {
    "Keep in step":
    Init(init),
    Sync(sync),
    SyncTwilio(sync_twilio),
    SyncRetell(sync_retell),
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

/// How a command prints what it found.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct OutputFormat {
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
}

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

impl OutputFormat {
    /// The format of a command that has `--json` alone.
    pub fn of_flag(json: bool) -> Self {
        Self { json, format: None }
    }

    /// Whether JSON was asked for.
    pub fn is_json(self) -> bool {
        self.json || self.format == Some(Format::Json)
    }
}
