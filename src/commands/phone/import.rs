//! `phone-dir phone import NUMBER TERMINATION_URI`

use super::fields::{self, SettingFields, TrunkFields};
use super::number;
use super::password::PasswordOptions;
use crate::change::bulk::Annotations;
use crate::change::{Action, Allowed, Edit, Setting, Settings};
use crate::commands::batch::{Batch, ChangeOptions, Confirmation, PlanRole};
use crate::commands::desk::{WritingDesk, names};
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};

/// Import a number into Retell over its SIP trunk, and write it down
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The number, in E.164 form
    #[arg(value_name = "NUMBER")]
    number: String,
    /// The SIP trunk's termination URI, such as mytrunk.pstn.twilio.com
    #[arg(value_name = "TERMINATION_URI", value_parser = fields::reader(Setting::TerminationUri))]
    termination_uri: Box<Settings>,
    /// The workspace that gets the number
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: String,
    #[command(flatten)]
    fields: SettingFields,
    #[command(flatten)]
    trunk: TrunkFields,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    options: ChangeOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let phone_number = number::new(&arguments.number)?;
    let password = arguments.password.fetch(session)?;
    if password.is_some() && !arguments.trunk.has_username() {
        return Err(Error::failed("a password needs a user name").hint("give it with `--username`"));
    }
    let locked = WritingDesk::open(session, arguments.options.purpose())?;
    let workspace = names::workspace(&locked.before, &arguments.workspace)?;
    let mut edit = Edit::new(Action::Import, workspace.clone(), phone_number);
    edit.ask(Setting::TerminationUri, &arguments.termination_uri);
    arguments.fields.apply(&mut edit, &locked.before.agents, &arguments.options.allowed())?;
    arguments.trunk.apply(&mut edit);
    edit.trunk.password = password;
    let batch = Batch {
        annotations: Annotations::new(),
        action: "import",
        source: format!("phone import --workspace {workspace}"),
        edits: vec![edit],
        impossible: Vec::new(),
        notices: Vec::new(),
        allowed: Allowed::default(),
        confirmation: Confirmation::AtOnce,
        plan: PlanRole::None,
    };
    locked.carry_out(&batch, &arguments.options)
}
