//! Where the password of a SIP trunk comes from. It is sent to Retell and kept nowhere.

use std::convert::Infallible;
use std::io::Read;

use clap::Args;

use crate::commands::Session;
use crate::error::{Error, Result};
use crate::model::workspaces_file::ApiKey;
use crate::store::git::withhold;

/// Where the password of a SIP trunk comes from.
#[derive(Args, Clone, Debug, Default)]
pub struct PasswordOptions {
    /// The password at the SIP trunk; other users of this machine and the shell's history can see it here
    #[arg(long, value_name = "PASSWORD", value_parser = secret, group = "password_source")]
    password: Option<ApiKey>,
    /// Read the password from standard input
    #[arg(long, group = "password_source")]
    password_stdin: bool,
    /// Take the password from this environment variable
    #[arg(long, value_name = "NAME", group = "password_source")]
    password_env: Option<String>,
}

#[allow(clippy::unnecessary_wraps)] // the form that clap asks for
fn secret(text: &str) -> Result<ApiKey, Infallible> {
    Ok(ApiKey::new(text))
}

/// The most bytes that a password on standard input may have.
const LONGEST: u64 = 4096;

impl PasswordOptions {
    /// Fetches the password, if one is given at all.
    pub fn fetch(&self, session: &Session) -> Result<Option<ApiKey>> {
        if let Some(password) = &self.password {
            session.note(
                "warning: `--password` can be seen in the process list and in the shell's history; \
                 use `--password-stdin` or `--password-env`",
            );
            return filled(session, password.clone(), "`--password`").map(Some);
        }
        if let Some(name) = &self.password_env {
            return of_variable(session, name).map(Some);
        }
        self.password_stdin.then(|| of_standard_input(session)).transpose()
    }
}

/// Takes a password from a variable of the process environment.
pub fn of_variable(session: &Session, name: &str) -> Result<ApiKey> {
    withhold(name);
    let value = session.variable(name).ok_or_else(|| {
        Error::failed(format!("the environment variable `{name}` is not set"))
            .hint("set it to the SIP trunk's password")
    })?;
    filled(session, ApiKey::new(value), name)
}

fn of_standard_input(session: &Session) -> Result<ApiKey> {
    let mut text = String::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_string(&mut text)
        .map_err(|error| Error::failed("cannot read the password from standard input").caused_by(error))?;
    filled(session, ApiKey::new(text.trim_end_matches(['\r', '\n'])), "standard input")
}

fn filled(session: &Session, password: ApiKey, source: &str) -> Result<ApiKey> {
    if password.reveal().is_empty() {
        return Err(Error::failed(format!("the password from {source} is empty")));
    }
    session.withhold_password(&password);
    Ok(password)
}
