//! The settings of a number as arguments, and what they ask for.

use clap::Args;

use crate::change::{Allowed, Binding, Edit, Objection, Setting, Settings, Transport, binding, values};
use crate::commands::completing;
use crate::error::{Error, Result};
use crate::model::{AgentFolders, AgentVersion};

/// The settings of a number as arguments.
#[derive(Args, Clone, Debug, Default)]
pub struct Fields {
    /// Who answers calls: `agents/NAME` or an id, `@VERSION` behind it, several with weights
    /// (`agents/a=0.8,agents/b=0.2`), or `none`
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    inbound_agent: Option<Binding>,
    /// Who makes calls, written in the same way
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    outbound_agent: Option<Binding>,
    /// The version or tag of the inbound agent
    #[arg(long, value_name = "VERSION", value_parser = binding::parse_version, requires = "inbound_agent")]
    inbound_version: Option<AgentVersion>,
    /// The version or tag of the outbound agent
    #[arg(long, value_name = "VERSION", value_parser = binding::parse_version, requires = "outbound_agent")]
    outbound_version: Option<AgentVersion>,
    /// The name for people; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    nickname: Option<String>,
    /// The webhook that decides on each inbound call, or `none`
    #[arg(long, value_name = "URL", value_parser = webhook)]
    webhook: Option<Webhook>,
    /// How Retell talks to the SIP trunk: TLS, TCP or UDP
    #[arg(long, value_name = "PROTOCOL")]
    transport: Option<Transport>,
    /// The user name at the SIP trunk
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
}

/// A webhook as it was given: none, or an address.
#[derive(Clone, Debug)]
pub struct Webhook(Option<String>);

fn webhook(text: &str) -> Result<Webhook, String> {
    values::webhook(text).map(Webhook)
}

impl Fields {
    /// Asks `edit` for what was given.
    pub fn apply(&self, edit: &mut Edit, folders: &AgentFolders, allowed: &Allowed) -> Result<()> {
        let agents = |binding: &Option<Binding>, version: &Option<AgentVersion>| {
            let Some(binding) = binding.clone() else { return Ok(None) };
            let binding = match version.clone() {
                Some(version) => binding.with_version(version).map_err(Error::failed)?,
                None => binding,
            };
            binding.resolve(folders, &edit.workspace, allowed).map(Some).map_err(Objection::into_error)
        };
        let inbound = agents(&self.inbound_agent, &self.inbound_version)?;
        let outbound = agents(&self.outbound_agent, &self.outbound_version)?;
        let given = Given { inbound, outbound, nickname: self.nickname.clone(), webhook: self.webhook.clone() };
        given.apply(edit);
        if self.username.is_some() {
            edit.ask(
                Setting::AuthUsername,
                &Settings { auth_username: filled(self.username.clone()), ..Settings::default() },
            );
        }
        edit.trunk.transport = self.transport;
        Ok(())
    }

    /// Whether a user name at the trunk is given.
    pub fn has_username(&self) -> bool {
        self.username.is_some()
    }
}

/// Settings that were given, resolved.
#[derive(Debug, Default)]
pub struct Given {
    /// Who answers calls.
    pub inbound: Option<Vec<crate::model::AgentWeight>>,
    /// Who makes calls.
    pub outbound: Option<Vec<crate::model::AgentWeight>>,
    /// The name for people; an empty one is none.
    pub nickname: Option<String>,
    /// The webhook.
    pub webhook: Option<Webhook>,
}

impl Given {
    /// Asks `edit` for what was given.
    pub fn apply(self, edit: &mut Edit) {
        let asked = [
            (Setting::InboundAgents, self.inbound.is_some()),
            (Setting::OutboundAgents, self.outbound.is_some()),
            (Setting::Nickname, self.nickname.is_some()),
            (Setting::InboundWebhookUrl, self.webhook.is_some()),
        ];
        let settings = Settings {
            inbound_agents: self.inbound.unwrap_or_default(),
            outbound_agents: self.outbound.unwrap_or_default(),
            nickname: filled(self.nickname),
            inbound_webhook_url: self.webhook.and_then(|webhook| webhook.0),
            ..Settings::default()
        };
        for (setting, is_asked) in asked {
            if is_asked {
                edit.ask(setting, &settings);
            }
        }
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
