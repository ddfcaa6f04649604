//! `phone-dir phone update NUMBER`

use super::fields::{self, LaterFields, SettingFields, TrunkFields};
use super::number::Target;
use super::password::PasswordOptions;
use crate::change::bulk::Annotations;
use crate::change::{Action, Allowed, Edit, Setting, Settings};
use crate::commands::batch::{Batch, ChangeOptions, Confirmation, PlanOutput};
use crate::commands::desk::WritingDesk;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};

/// Change a number in Retell, and write it down
///
/// Only what is given changes. Nothing is overwritten that was changed in Retell since the last sync.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    fields: SettingFields,
    #[command(flatten)]
    trunk: TrunkFields,
    #[command(flatten)]
    later: LaterFields,
    /// The SIP trunk's termination URI
    #[arg(long, value_name = "HOST", value_parser = fields::reader(Setting::TerminationUri))]
    termination_uri: Option<Box<Settings>>,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    plan: PlanOutput,
    #[command(flatten)]
    options: ChangeOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let password = arguments.password.fetch(session)?;
    let locked = WritingDesk::open(session, arguments.options.purpose())?;
    let (workspace, phone_number) = arguments.target.find(&locked.before)?;
    let mut edit = Edit::new(Action::Update, workspace.clone(), phone_number);
    arguments.fields.apply(&mut edit, &locked.before.agents, &arguments.options.allowed())?;
    arguments.later.apply(&mut edit, &locked.before.agents, &arguments.options.allowed())?;
    arguments.trunk.apply(&mut edit);
    if let Some(settings) = &arguments.termination_uri {
        edit.ask(Setting::TerminationUri, settings);
    }
    edit.trunk.password = password;
    if edit.is_empty() {
        return Err(Error::failed("nothing to change was given").hint("see `phone-dir phone update --help`"));
    }
    let batch = Batch {
        annotations: Annotations::new(),
        action: "update",
        source: format!("phone update --workspace {workspace}"),
        edits: vec![edit],
        impossible: Vec::new(),
        notices: Vec::new(),
        allowed: Allowed::default(),
        confirmation: Confirmation::AtOnce,
        plan: arguments.plan.role(),
    };
    locked.carry_out(&batch, &arguments.options)
}
