//! The settings of a number as arguments, and what they ask for.

use clap::Args;

use crate::change::{Allowed, Binding, Edit, Objection, Setting, Settings, binding, values};
use crate::commands::completing;
use crate::error::{Error, Result};
use crate::model::{AgentFolders, AgentVersion};

/// The settings of a number as arguments.
#[derive(Args, Clone, Debug, Default)]
pub struct SettingFields {
    /// Who answers calls: an agent by its folder, name or id, `@VERSION` behind it, several with weights
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
    /// The name for people, or `none`
    #[arg(long, value_name = "TEXT", value_parser = reader(Setting::Nickname))]
    nickname: Option<Box<Settings>>,
    /// The webhook that decides on each inbound call, or `none`
    #[arg(long, value_name = "URL", value_parser = reader(Setting::InboundWebhookUrl))]
    webhook: Option<Box<Settings>>,
    /// The countries that may call, as two letters with commas between them, or `none` for all
    #[arg(long, value_name = "COUNTRIES", value_parser = reader(Setting::AllowedInboundCountryList))]
    inbound_countries: Option<Box<Settings>>,
    /// The countries that may be called, written in the same way
    #[arg(long, value_name = "COUNTRIES", value_parser = reader(Setting::AllowedOutboundCountryList))]
    outbound_countries: Option<Box<Settings>>,
}

/// What a number over a SIP trunk can be given.
#[derive(Args, Clone, Debug, Default)]
pub struct TrunkFields {
    /// How Retell talks to the SIP trunk: TLS, TCP or UDP
    #[arg(long, value_name = "PROTOCOL", value_parser = reader(Setting::Transport))]
    transport: Option<Box<Settings>>,
    /// The codecs of the SIP trunk, preferred ones first, with commas between them; `none` leaves the choice to the gateway
    #[arg(long, value_name = "CODECS", value_parser = reader(Setting::Codecs))]
    codecs: Option<Box<Settings>>,
    /// The user name at the SIP trunk
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
}

/// What only a number that is in the workspace already can be given: an import has no place for it.
#[derive(Args, Clone, Debug, Default)]
pub struct LaterFields {
    /// Who answers text messages, written like `--inbound-agent`
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    inbound_sms_agent: Option<Binding>,
    /// Who sends text messages, written in the same way
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    outbound_sms_agent: Option<Binding>,
    /// The webhook that decides on each inbound text message, or `none`
    #[arg(long, value_name = "URL", value_parser = reader(Setting::InboundSmsWebhookUrl))]
    sms_webhook: Option<Box<Settings>>,
    /// Where calls go when all of the workspace's concurrency is in use, or `none`
    #[arg(long, value_name = "NUMBER", value_parser = reader(Setting::FallbackNumber))]
    fallback: Option<Box<Settings>>,
}

/// Reads the value of an option that is no list of agents.
pub fn reader(setting: Setting) -> impl Fn(&str) -> Result<Box<Settings>, String> + Clone + Send + Sync {
    move |text| values::read(setting, text).map(Box::new)
}

impl SettingFields {
    pub fn is_given(&self) -> bool {
        self.inbound_agent.is_some()
            || self.outbound_agent.is_some()
            || self.nickname.is_some()
            || self.webhook.is_some()
            || self.inbound_countries.is_some()
            || self.outbound_countries.is_some()
    }

    pub fn apply(&self, edit: &mut Edit, folders: &AgentFolders, allowed: &Allowed) -> Result<()> {
        let mut agents = |binding: &Option<Binding>, version: &Option<AgentVersion>, setting| {
            let binding = match (binding.clone(), version.clone()) {
                (Some(binding), Some(version)) => Some(binding.with_version(version).map_err(Error::failed)?),
                (binding, _) => binding,
            };
            ask_agents(edit, setting, binding.as_ref(), folders, allowed)
        };
        agents(&self.inbound_agent, &self.inbound_version, Setting::InboundAgents)?;
        agents(&self.outbound_agent, &self.outbound_version, Setting::OutboundAgents)?;
        ask(
            edit,
            [
                (Setting::Nickname, &self.nickname),
                (Setting::InboundWebhookUrl, &self.webhook),
                (Setting::AllowedInboundCountryList, &self.inbound_countries),
                (Setting::AllowedOutboundCountryList, &self.outbound_countries),
            ],
        );
        Ok(())
    }
}

impl TrunkFields {
    pub fn apply(&self, edit: &mut Edit) {
        let auth_username = self.username.clone().filter(|name| !name.is_empty());
        let username = self.username.as_ref().map(|_| Box::new(Settings { auth_username, ..Settings::default() }));
        ask(
            edit,
            [
                (Setting::AuthUsername, &username),
                (Setting::Transport, &self.transport),
                (Setting::Codecs, &self.codecs),
            ],
        );
    }

    /// Whether a user name at the trunk is given.
    pub fn has_username(&self) -> bool {
        self.username.is_some()
    }
}

impl LaterFields {
    pub fn is_given(&self) -> bool {
        self.inbound_sms_agent.is_some()
            || self.outbound_sms_agent.is_some()
            || self.sms_webhook.is_some()
            || self.fallback.is_some()
    }

    pub fn apply(&self, edit: &mut Edit, folders: &AgentFolders, allowed: &Allowed) -> Result<()> {
        ask_agents(edit, Setting::InboundSmsAgents, self.inbound_sms_agent.as_ref(), folders, allowed)?;
        ask_agents(edit, Setting::OutboundSmsAgents, self.outbound_sms_agent.as_ref(), folders, allowed)?;
        ask(edit, [(Setting::InboundSmsWebhookUrl, &self.sms_webhook), (Setting::FallbackNumber, &self.fallback)]);
        Ok(())
    }
}

fn ask_agents(
    edit: &mut Edit,
    setting: Setting,
    binding: Option<&Binding>,
    folders: &AgentFolders,
    allowed: &Allowed,
) -> Result<()> {
    if let Some(binding) = binding {
        let agents = binding.resolve(folders, &edit.workspace, allowed).map_err(Objection::into_error)?;
        edit.ask(setting, &Settings::default().with_agents(setting, agents));
    }
    Ok(())
}

fn ask<const N: usize>(edit: &mut Edit, given: [(Setting, &Option<Box<Settings>>); N]) {
    for (setting, given) in given {
        if let Some(given) = given {
            edit.ask(setting, given);
        }
    }
}
