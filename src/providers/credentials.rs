//! Who asks each provider, and with which key: decided from values only, and never printed.
//!
//! Files must not steer credentials. A base address comes from the process environment; `workspaces.json` may
//! repeat Retell's own or name this machine, and may take keys only from `RETELL_…` variables.

mod account;

use std::collections::BTreeMap;
use std::fmt;

pub use account::{TwilioCredentials, twilio, twilio_pricing};

use super::base_url::BaseUrl;
use super::environment::{Environment, Variable, VariablePlace};
use crate::activity::signature::SigningKey;
use crate::error::{Error, Result};
use crate::model::WorkspaceName;
use crate::model::workspaces_file::{ApiKey, KeyPlace, WorkspaceSettings, WorkspacesFile};

const RETELL_HOST: &str = "api.retellai.com";

/// Where a key came from, so that an error can name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A variable, in the environment or in `.env`.
    Variable { name: String, place: VariablePlace },
    /// The `api_key` of a workspace in `workspaces.json`.
    WorkspacesFile,
}

impl fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable { name, place } => write!(formatter, "`{name}` in {place}"),
            Self::WorkspacesFile => formatter.write_str("`api_key` in `workspaces.json`"),
        }
    }
}

impl From<&Variable> for KeySource {
    fn from(variable: &Variable) -> Self {
        Self::Variable { name: variable.name.clone(), place: variable.place }
    }
}

/// How to ask Retell about one workspace.
#[derive(Clone, Debug)]
pub struct RetellCredentials {
    pub workspace: WorkspaceName,
    /// The API key, which decides which workspace answers.
    pub key: ApiKey,
    /// Where the key came from.
    pub source: KeySource,
    pub base: BaseUrl,
}

/// Finds the key of one workspace: what `workspaces.json` says of it, or else `RETELL_<WORKSPACE>_API_KEY`.
pub fn retell(
    environment: &Environment,
    file: Option<&WorkspacesFile>,
    workspace: &WorkspaceName,
) -> Result<RetellCredentials> {
    refuse_several(file, workspace)?;
    refuse_text(file, workspace)?;
    let settings = file.and_then(|file| file.workspaces.get(workspace));
    let (key, source) = retell_key(environment, settings, workspace)?;
    let base = retell_base(environment, settings, workspace)?;
    Ok(RetellCredentials { workspace: workspace.clone(), key, source, base })
}

/// One name here is one workspace of Retell, with one key: no number says which of several it is in.
fn refuse_several(file: Option<&WorkspacesFile>, workspace: &WorkspaceName) -> Result<()> {
    let Some(names) = file.and_then(|file| file.several.get(workspace)) else { return Ok(()) };
    let shown: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let which = if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) };
    let is_named = |name: &String| WorkspaceName::parse(name).is_ok_and(|name| is_own(file, &name));
    let message = format!(
        "`{workspace}` in `workspaces.json` stands for several workspaces of Retell{which}, which is not supported"
    );
    if !names.is_empty() && names.iter().all(is_named) {
        return Err(Error::failed(message).hint(format!(
            "each has a name of its own there, and the directory still has `{workspace}`: `phone-dir workspaces remove {workspace} --yes` \
             takes it out, and leaves that file as it is; the next sync brings the numbers under the new names"
        )));
    }
    let example = names.first().cloned().unwrap_or_else(|| format!("{workspace}-east"));
    Err(Error::failed(message).hint(format!(
        "give each a name of its own beside `{workspace}`, such as `\"{example}\": {{\"api_key_env\": \"RETELL_…\"}}`; or \
         name other workspaces with `--workspace`"
    )))
}

fn is_own(file: Option<&WorkspacesFile>, name: &WorkspaceName) -> bool {
    file.is_some_and(|file| file.workspaces.contains_key(name) && !file.several.contains_key(name))
}

/// Beside the workspaces stand settings of other tools; one of a workspace's name was meant as the workspace.
fn refuse_text(file: Option<&WorkspacesFile>, workspace: &WorkspaceName) -> Result<()> {
    if file.is_none_or(|file| !file.settings.contains(workspace)) {
        return Ok(());
    }
    Err(Error::failed(format!("`{workspace}` in `workspaces.json` is not an object with a workspace's settings"))
        .hint(format!("write `\"{workspace}\": {{\"api_key_env\": \"{}\"}}`", default_variable(workspace))))
}

/// Finds the keys that sign a workspace's events: `RETELL_<WORKSPACE>_WEBHOOK_KEY`, or else the API key; and, while keys
/// change, `RETELL_<WORKSPACE>_WEBHOOK_KEY_OLD`. None at all is no error.
pub fn signing_keys(
    environment: &Environment,
    file: Option<&WorkspacesFile>,
    workspace: &WorkspaceName,
) -> Result<Vec<SigningKey>> {
    let stem = default_variable(workspace).replace("_API_KEY", "_WEBHOOK_KEY");
    let settings = file.and_then(|file| file.workspaces.get(workspace));
    let is_said = |settings: &WorkspaceSettings| settings.key_place().is_some();
    let key = match filled(environment, &stem) {
        Some(own) => Some(own.value),
        None if settings.is_some_and(is_said) || filled(environment, &default_variable(workspace)).is_some() => {
            Some(retell_key(environment, settings, workspace)?.0)
        }
        None => None,
    };
    let old = filled(environment, &format!("{stem}_OLD")).map(|old| old.value);
    Ok(key.into_iter().chain(old).map(|key| SigningKey { workspace: workspace.clone(), key }).collect())
}

/// The variable that holds a workspace's key where nothing else is said: `eu-west` is `RETELL_EU_WEST_API_KEY`.
pub fn default_variable(workspace: &WorkspaceName) -> String {
    let upper = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    format!("RETELL_{}_API_KEY", workspace.as_str().chars().map(upper).collect::<String>())
}

/// The groups of workspaces that use one and the same key, which then answers for the same workspace twice.
pub fn shared_keys(credentials: &[RetellCredentials]) -> Vec<Vec<WorkspaceName>> {
    let mut by_key: BTreeMap<(&str, String), Vec<WorkspaceName>> = BTreeMap::new();
    for one in credentials {
        by_key.entry((one.key.reveal(), one.base.authority())).or_default().push(one.workspace.clone());
    }
    let mut groups: Vec<_> = by_key.into_values().filter(|group| group.len() > 1).collect();
    for group in &mut groups {
        group.sort();
    }
    groups.sort();
    groups
}

fn retell_key(
    environment: &Environment,
    settings: Option<&WorkspaceSettings>,
    workspace: &WorkspaceName,
) -> Result<(ApiKey, KeySource)> {
    let (key, source) = match settings.and_then(WorkspaceSettings::key_place) {
        Some(KeyPlace::File(key)) => (key, KeySource::WorkspacesFile),
        named => {
            let name = match named {
                Some(KeyPlace::Variable(name)) => retell_variable(&name, workspace)?,
                _ => default_variable(workspace),
            };
            let variable = required(environment, &name).map_err(|error| {
                error.hint(format!("set `{name}` to the API key of the Retell workspace `{workspace}`"))
            })?;
            let source = KeySource::from(&variable);
            (variable.value, source)
        }
    };
    if is_sendable(&key) {
        Ok((key, source))
    } else {
        Err(Error::failed(format!("{source} is not an API key: it is empty or has blanks or unusual characters"))
            .hint(format!("copy the key of the workspace `{workspace}` from the Retell dashboard again")))
    }
}

fn retell_variable(name: &str, workspace: &WorkspaceName) -> Result<String> {
    if name.starts_with("RETELL_") {
        return Ok(name.to_owned());
    }
    Err(Error::failed(format!(
        "`api_key_env` of workspace `{workspace}` in `workspaces.json` names a variable that does not start with `RETELL_`"
    ))
    .hint(format!("name it `{}`; other variables are never sent to Retell", default_variable(workspace))))
}

/// A key is one header value: visible ASCII.
fn is_sendable(key: &ApiKey) -> bool {
    !key.reveal().is_empty() && key.reveal().bytes().all(|byte| byte.is_ascii_graphic())
}

fn retell_base(
    environment: &Environment,
    settings: Option<&WorkspaceSettings>,
    workspace: &WorkspaceName,
) -> Result<BaseUrl> {
    if let Some(address) = environment.find_steering("RETELL_BASE_URL") {
        return BaseUrl::parse(address, "`RETELL_BASE_URL` in the environment");
    }
    let Some(address) = settings.and_then(|settings| settings.base_url.as_deref()) else {
        return Ok(BaseUrl::known("https://api.retellai.com"));
    };
    let base = BaseUrl::parse(address, &format!("`base_url` of workspace `{workspace}` in `workspaces.json`"))?;
    if base.is_host(RETELL_HOST) || base.is_loopback() {
        return Ok(base);
    }
    let message = format!(
        "`base_url` of workspace `{workspace}` in `workspaces.json` is neither Retell's (`https://{RETELL_HOST}`) nor on this machine"
    );
    Err(Error::failed(message).hint("a file may not say where keys are sent: set `RETELL_BASE_URL` in the environment"))
}

fn filled(environment: &Environment, name: &str) -> Option<Variable> {
    environment.find(name).filter(|variable| !variable.value.reveal().is_empty())
}

fn required(environment: &Environment, name: &str) -> Result<Variable> {
    match environment.find(name) {
        None => Err(unset(environment, name)),
        Some(variable) if variable.value.reveal().is_empty() => {
            Err(Error::failed(format!("{variable} is empty")).hint(format!("give `{name}` a value, or unset it there")))
        }
        Some(variable) => Ok(variable),
    }
}

fn unset(environment: &Environment, name: &str) -> Error {
    Error::failed(format!("`{name}` is not set ({})", environment.places()))
        .hint(format!("set `{name}` in the environment, or in `.env` at the project's root"))
}

#[cfg(test)]
#[path = "credentials_tests.rs"]
mod tests;
