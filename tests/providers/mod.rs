//! The providers' clients against a server that answers, stalls, breaks and lies on command. Nothing leaves
//! loopback.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod against_sandbox;
mod changes;
mod faults;
mod retell;
mod server;
mod tls;
mod twilio;

use std::collections::BTreeMap;
use std::time::Duration;

use phone_dir::change::{Action, Edit, Setting, Settings};
use phone_dir::model::{AgentId, PhoneNumber, WorkspaceName};
use phone_dir::providers::credentials::{self, RetellCredentials, TwilioCredentials};
use phone_dir::providers::environment::Environment;
use phone_dir::providers::progress::Progress;
use phone_dir::providers::retell::{Answered, Workspace};
use phone_dir::providers::retry::RetryLimits;
use phone_dir::providers::{ReadPlan, Reads, read};
use phone_dir::reconcile::live::{Outcome, Read, RetellWorkspace, TwilioAccount};

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "made-up-token";
const KEY: &str = "key_made_up";

/// An edit that asks for these settings of `target`.
pub fn edit(action: Action, number: PhoneNumber, settings: &[Setting], target: &Settings) -> Edit {
    let mut edit = Edit::new(action, WorkspaceName::parse("staging").unwrap(), number);
    for setting in settings {
        edit.ask(*setting, target);
    }
    edit
}

/// Sends one edit.
pub fn send(workspace: &Workspace, edit: &Edit) -> Answered {
    workspace.change_each(&[edit], &Progress::silent()).answers.remove(0).expect("it is sent")
}

/// The real limits with waits that a test can sit out.
fn quick() -> RetryLimits {
    RetryLimits {
        base_delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(4),
        attempt: Duration::from_secs(5),
        ..RetryLimits::default()
    }
}

fn environment(base: &str) -> Environment {
    let variables = [
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("RETELL_STAGING_API_KEY", KEY),
        ("RETELL_PRODUCTION_API_KEY", "key_other_made_up"),
        ("TWILIO_API_URL", base),
        ("TWILIO_TRUNKING_URL", base),
        ("RETELL_BASE_URL", base),
    ];
    let process: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Environment::new(&process, None)
}

fn twilio_credentials(base: &str) -> TwilioCredentials {
    credentials::twilio(&environment(base)).unwrap()
}

fn retell_credentials(base: &str, workspace: &str) -> RetellCredentials {
    credentials::retell(&environment(base), None, &WorkspaceName::parse(workspace).unwrap()).unwrap()
}

fn run(plan: &ReadPlan, needs_name: &dyn Fn(&AgentId) -> bool) -> Reads {
    let progress = Progress::silent();
    read(plan, &|_, agent| needs_name(agent), &progress).unwrap()
}

fn read_twilio(base: &str) -> Read<TwilioAccount> {
    let plan = ReadPlan { twilio: Some(twilio_credentials(base)), limits: quick(), ..ReadPlan::default() };
    run(&plan, &|_| false).twilio.unwrap()
}

fn read_retell(base: &str, limits: RetryLimits, needs_name: &dyn Fn(&AgentId) -> bool) -> Read<RetellWorkspace> {
    let plan = ReadPlan { retell: vec![retell_credentials(base, "staging")], limits, ..ReadPlan::default() };
    let mut read = run(&plan, needs_name).retell.remove(0);
    // The question for the key's organisation, which is asked once whatever becomes of the pages.
    read.requests -= 1;
    read
}

fn complete<T: std::fmt::Debug>(read: Read<T>) -> T {
    match read.outcome {
        Outcome::Complete(value) => value,
        other => panic!("expected a complete read: {other:?}"),
    }
}

/// The message and hint of a read that ended early, with `partial: ` or `failed: ` before it.
fn ending<T: std::fmt::Debug>(read: &Read<T>) -> String {
    let (word, error) = match &read.outcome {
        Outcome::Complete(value) => panic!("expected a read that ended early: {value:?}"),
        Outcome::Partial(error) => ("partial", error),
        Outcome::Failed(error) => ("failed", error),
    };
    let whole = format!("{word}: {error}; {}", error.hint_text().unwrap_or("no hint"));
    for secret in [TOKEN, KEY] {
        assert!(!format!("{whole} {error:?}").contains(secret), "a secret in {whole}");
    }
    whole
}
