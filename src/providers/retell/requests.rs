//! The bodies of changes: what is not asked for is not sent, and what is cleared is sent as null.
//!
//! Source: the request bodies of `import-phone-number` and `update-phone-number` in Retell's published description. Their
//! fields have the names of the settings, but for the user name and the password in an import.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::change::{Action, Edit, Setting, Settings};
use crate::model::registry::DEFAULT_TRANSPORT;
use crate::model::workspaces_file::ApiKey;

/// What is sent about one number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ChangeBody {
    fields: Map<String, Value>,
    /// The password at the SIP trunk, by the name that the request has for it.
    pub(super) password: Option<(&'static str, ApiKey)>,
}

impl ChangeBody {
    /// A number to bring into the workspace over a SIP trunk: what is empty is left to Retell.
    pub(super) fn import(edit: &Edit) -> Self {
        let uri = edit.target.termination_uri.as_deref().unwrap_or_default();
        let mut body = Self { password: named("sip_trunk_auth_password", edit), ..Self::default() };
        body.set("phone_number", json!(edit.phone_number));
        body.set("termination_uri", json!(uri));
        let others = edit.asked.iter().filter(|setting| {
            let is_given = **setting == Setting::Transport || !edit.target.is_unset(**setting);
            setting.is_carried_by_import() && is_given && **setting != Setting::TerminationUri
        });
        for setting in others {
            let name = if *setting == Setting::AuthUsername { "sip_trunk_auth_username" } else { setting.as_str() };
            body.set(name, value(&edit.target, *setting));
        }
        body
    }

    /// What changes about a number of the workspace. Neither the address nor the user name at the trunk can be cleared.
    pub(super) fn update(edit: &Edit) -> Self {
        let mut body = Self { password: named("auth_password", edit), ..Self::default() };
        let is_fixed = |setting| matches!(setting, Setting::TerminationUri | Setting::AuthUsername);
        for setting in edit.asked.iter().filter(|it| !(is_fixed(**it) && edit.target.is_unset(**it))) {
            body.set(setting.as_str(), value(&edit.target, *setting));
        }
        body
    }

    /// What was asked for and an import cannot carry.
    pub(super) fn later(edit: &Edit) -> Option<Self> {
        let mut rest = Edit::new(Action::Update, edit.workspace.clone(), edit.phone_number);
        let is_later = |it: &&Setting| !it.is_carried_by_import() && !edit.target.is_unset(**it);
        edit.asked.iter().filter(is_later).for_each(|setting| rest.ask(*setting, &edit.target));
        (!rest.is_empty()).then(|| Self::update(&rest))
    }

    fn set(&mut self, name: &str, value: Value) {
        self.fields.insert(name.to_owned(), value);
    }
}

fn named(name: &'static str, edit: &Edit) -> Option<(&'static str, ApiKey)> {
    edit.trunk.password.clone().map(|password| (name, password))
}

/// A setting as Retell takes it: null where it is cleared, which unbinds agents. The transport always has a word, and no
/// codecs are an empty list, which leaves the choice to the gateway.
fn value(target: &Settings, setting: Setting) -> Value {
    match setting {
        Setting::Transport => json!(target.transport.as_deref().unwrap_or(DEFAULT_TRANSPORT)),
        Setting::Codecs => json!(target.codecs.as_deref().unwrap_or_default()),
        _ if target.is_unset(setting) => Value::Null,
        _ => target.value(setting),
    }
}

impl Serialize for ChangeBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        self.password.iter().try_for_each(|(name, password)| map.serialize_entry(name, password))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::{number, workspace};
    use crate::model::{AgentId, AgentWeight};

    fn edit(action: Action, settings: &[Setting], target: &Settings) -> Edit {
        let mut edit = Edit::new(action, workspace("staging"), number(123));
        for setting in settings {
            edit.ask(*setting, target);
        }
        edit
    }

    fn sent(body: &ChangeBody) -> String {
        serde_json::to_string(body).unwrap()
    }

    fn bound() -> Settings {
        let agents = vec![AgentWeight::only(AgentId::parse("agent_a").unwrap())];
        Settings { inbound_agents: agents, ..Settings::default() }
    }

    #[test]
    fn what_is_kept_is_not_sent_and_what_is_cleared_is_null() {
        let update = |settings: &[Setting]| sent(&ChangeBody::update(&edit(Action::Update, settings, &bound())));
        assert_eq!(
            update(&[Setting::InboundAgents, Setting::OutboundAgents]),
            r#"{"inbound_agents":[{"agent_id":"agent_a","weight":1}],"outbound_agents":null}"#
        );
        assert_eq!(update(&[]), "{}");
        assert_eq!(
            update(Setting::ALL),
            r#"{"inbound_agents":[{"agent_id":"agent_a","weight":1}],"outbound_agents":null,"inbound_sms_agents":null,"outbound_sms_agents":null,"transport":"TCP","codecs":[],"nickname":null,"inbound_webhook_url":null,"inbound_sms_webhook_url":null,"fallback_number":null,"allowed_inbound_country_list":null,"allowed_outbound_country_list":null}"#
        );
    }

    #[test]
    fn an_import_leaves_out_what_is_empty_and_what_it_cannot_carry_comes_later() {
        let target = Settings {
            auth_username: Some("user".to_owned()),
            inbound_sms_webhook_url: Some("https://example.com/a".to_owned()),
            ..bound()
        };
        let edit = edit(Action::Import, Setting::ALL, &target);
        assert_eq!(
            sent(&ChangeBody::import(&edit)),
            r#"{"phone_number":"+14155550123","termination_uri":"","inbound_agents":[{"agent_id":"agent_a","weight":1}],"sip_trunk_auth_username":"user","transport":"TCP"}"#
        );
        let later = ChangeBody::later(&edit).unwrap();
        assert_eq!(sent(&later), r#"{"inbound_sms_webhook_url":"https://example.com/a"}"#);
    }

    #[test]
    fn a_password_is_sent_and_never_printed() {
        let mut edit = edit(Action::Import, &[], &Settings::default());
        edit.trunk.password = Some(ApiKey::new("hunter2"));
        let import = ChangeBody::import(&edit);
        assert!(sent(&import).contains(r#""sip_trunk_auth_password":"hunter2""#));
        assert!(sent(&ChangeBody::update(&edit)).contains(r#""auth_password":"hunter2""#));
        assert!(!format!("{import:?}").contains("hunter2"));
    }
}
