//! The settings of a number as arguments, and what they ask for.

use clap::Args;

use crate::change::{Allowed, Binding, Edit, Objection, Setting, Settings, Transport, binding, values};
use crate::commands::completing;
use crate::error::{Error, Result};
use crate::model::{AgentFolders, AgentVersion, PhoneNumber};

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
    #[arg(long, value_name = "TEXT")]
    nickname: Option<String>,
    /// The webhook that decides on each inbound call, or `none`
    #[arg(long, value_name = "URL", value_parser = webhook)]
    webhook: Option<Webhook>,
    /// The countries that may call, as two letters with commas between them, or `none` for all
    #[arg(long, value_name = "COUNTRIES", value_parser = countries)]
    inbound_countries: Option<Countries>,
    /// The countries that may be called, written in the same way
    #[arg(long, value_name = "COUNTRIES", value_parser = countries)]
    outbound_countries: Option<Countries>,
}

/// What a number over a SIP trunk can be given.
#[derive(Args, Clone, Debug, Default)]
pub struct TrunkFields {
    /// How Retell talks to the SIP trunk: TLS, TCP or UDP
    #[arg(long, value_name = "PROTOCOL")]
    transport: Option<Transport>,
    /// The codecs of the SIP trunk, preferred ones first, with commas between them; `none` leaves the choice to the gateway
    #[arg(long, value_name = "CODECS", value_parser = codecs)]
    codecs: Option<Codecs>,
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
    #[arg(long, value_name = "URL", value_parser = webhook)]
    sms_webhook: Option<Webhook>,
    /// Where calls go when all of the workspace's concurrency is in use, or `none`
    #[arg(long, value_name = "NUMBER", value_parser = fallback)]
    fallback: Option<Fallback>,
}

/// A webhook as it was given: none, or an address.
#[derive(Clone, Debug)]
struct Webhook(Option<String>);

fn webhook(text: &str) -> Result<Webhook, String> {
    values::webhook(text).map(Webhook)
}

/// Countries as they were given; none for all.
#[derive(Clone, Debug)]
struct Countries(Vec<String>);

fn countries(text: &str) -> Result<Countries, String> {
    values::countries(text).map(Countries)
}

/// Codecs as they were given; none for the gateway's choice.
#[derive(Clone, Debug)]
struct Codecs(Option<Vec<String>>);

fn codecs(text: &str) -> Result<Codecs, String> {
    values::codecs(text).map(Codecs)
}

/// A fallback number as it was given: none, or a number.
#[derive(Clone, Debug)]
struct Fallback(Option<PhoneNumber>);

fn fallback(text: &str) -> Result<Fallback, String> {
    values::fallback(text).map(Fallback)
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

    /// Asks `edit` for what was given.
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
        let given = Settings {
            nickname: self.nickname.as_deref().and_then(values::nickname),
            inbound_webhook_url: self.webhook.clone().and_then(|webhook| webhook.0),
            allowed_inbound_country_list: self.inbound_countries.clone().map(|list| list.0).unwrap_or_default(),
            allowed_outbound_country_list: self.outbound_countries.clone().map(|list| list.0).unwrap_or_default(),
            ..Settings::default()
        };
        let asked = [
            (Setting::Nickname, self.nickname.is_some()),
            (Setting::InboundWebhookUrl, self.webhook.is_some()),
            (Setting::AllowedInboundCountryList, self.inbound_countries.is_some()),
            (Setting::AllowedOutboundCountryList, self.outbound_countries.is_some()),
        ];
        ask(edit, &asked, &given);
        Ok(())
    }
}

impl TrunkFields {
    /// Asks `edit` for what was given.
    pub fn apply(&self, edit: &mut Edit) {
        let given = Settings {
            auth_username: self.username.clone().filter(|name| !name.is_empty()),
            transport: self.transport.and_then(Transport::setting),
            codecs: self.codecs.clone().and_then(|codecs| codecs.0),
            ..Settings::default()
        };
        let asked = [
            (Setting::AuthUsername, self.username.is_some()),
            (Setting::Transport, self.transport.is_some()),
            (Setting::Codecs, self.codecs.is_some()),
        ];
        ask(edit, &asked, &given);
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

    /// Asks `edit` for what was given.
    pub fn apply(&self, edit: &mut Edit, folders: &AgentFolders, allowed: &Allowed) -> Result<()> {
        ask_agents(edit, Setting::InboundSmsAgents, self.inbound_sms_agent.as_ref(), folders, allowed)?;
        ask_agents(edit, Setting::OutboundSmsAgents, self.outbound_sms_agent.as_ref(), folders, allowed)?;
        let given = Settings {
            inbound_sms_webhook_url: self.sms_webhook.clone().and_then(|webhook| webhook.0),
            fallback_number: self.fallback.clone().and_then(|fallback| fallback.0),
            ..Settings::default()
        };
        let asked = [
            (Setting::InboundSmsWebhookUrl, self.sms_webhook.is_some()),
            (Setting::FallbackNumber, self.fallback.is_some()),
        ];
        ask(edit, &asked, &given);
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

fn ask(edit: &mut Edit, asked: &[(Setting, bool)], given: &Settings) {
    for (setting, _) in asked.iter().filter(|(_, is_asked)| *is_asked) {
        edit.ask(*setting, given);
    }
}
