//! The sections whose settings are lists of texts: `[workspaces]` and `[sip]`.

use toml::{Spanned, Value};

use super::Table;
use crate::model::WorkspaceName;
use crate::validate::settings::{Settings, WrittenNames};

impl Settings {
    /// Takes `[workspaces]`: which workspaces are protected.
    pub(super) fn take_workspaces(&mut self, section: Table<Spanned<Value>>) {
        for (key, value) in section {
            if key.get_ref() != "protected" {
                self.unknown_key(&key, "`[workspaces]` has `protected`");
            } else if let Some(names) = self.texts(&value, r#"["production"]"#) {
                self.take_protected(&names, &value);
            }
        }
    }

    fn take_protected(&mut self, names: &[String], value: &Spanned<Value>) {
        let parsed: Result<Vec<_>, _> = names.iter().map(|name| WorkspaceName::parse(name)).collect();
        match parsed {
            Ok(names) => {
                self.protected = names.iter().cloned().collect();
                self.protected_written = Some(WrittenNames { names, span: value.span() });
            }
            Err(error) => self.problem(&error.to_string(), value.span(), None),
        }
    }

    /// Takes `[sip]`: the hosts, beside Retell's, that calls may be sent to.
    pub(super) fn take_sip(&mut self, section: Table<Spanned<Value>>) {
        for (key, value) in section {
            if key.get_ref() != "hosts" {
                self.unknown_key(&key, "`[sip]` has `hosts`");
            } else if let Some(hosts) = self.texts(&value, r#"["sbc.example.com"]"#) {
                self.take_hosts(&hosts, &value);
            }
        }
    }

    fn take_hosts(&mut self, hosts: &[String], value: &Spanned<Value>) {
        match hosts.iter().find(|host| !is_host(host)) {
            Some(host) => {
                let message = format!("`{}` is not a host name", host.escape_debug());
                let help = "give the name alone, without `sip:`, user and port";
                self.problem(&message, value.span(), Some(help.to_owned()));
            }
            None => self.sip_hosts = hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        }
    }

    /// The texts of a list; what is none is a problem, and leaves the setting as it was.
    fn texts(&mut self, value: &Spanned<Value>, example: &str) -> Option<Vec<String>> {
        let list = value.get_ref().as_array();
        let texts = list.and_then(|list| list.iter().map(|it| it.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.problem(&format!("expected a list of texts such as `{example}`"), value.span(), None);
        }
        texts
    }

    pub(super) fn unknown_key(&mut self, key: &Spanned<String>, help: &str) {
        self.problem(&format!("there is no setting `{}`", key.get_ref()), key.span(), Some(help.to_owned()));
    }
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    text.split('.').all(is_label)
}
