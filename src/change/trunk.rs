//! What is asked about a SIP trunk: how Retell talks to it, and the password, which stands in no file.

use std::fmt;

use crate::model::registry::unusual_transport;
use crate::model::workspaces_file::ApiKey;
use crate::model::{PhoneNumber, WorkspaceName};
use crate::words::word_enum;

word_enum! {
    /// How Retell talks to a SIP trunk.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Transport {
        Tls = "TLS",
        /// Plain, over TCP.
        Tcp = "TCP",
        /// Plain, over UDP.
        Udp = "UDP",
    }
}

impl Transport {
    /// The value of the setting: none for what Retell speaks unless it is told otherwise.
    pub fn setting(self) -> Option<String> {
        unusual_transport(self.as_str()).map(str::to_owned)
    }
}

impl std::str::FromStr for Transport {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_uppercase().as_str() {
            "TLS" => Ok(Self::Tls),
            "TCP" => Ok(Self::Tcp),
            "UDP" => Ok(Self::Udp),
            _ => Err("expected `TLS`, `TCP` or `UDP`"),
        }
    }
}

/// What is asked about the SIP trunk and stands in no file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrunkSecret {
    /// The password; Retell never tells it again.
    pub password: Option<ApiKey>,
}

impl TrunkSecret {
    /// What this changes. A password always counts: it cannot be told whether it is new.
    pub fn changes(&self) -> Option<TrunkChange> {
        self.password.as_ref().map(|_| TrunkChange::Password)
    }
}

/// A change of a SIP trunk that no file shows. It holds no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrunkChange {
    /// Another password, or the same once more.
    Password,
}

impl TrunkChange {
    pub fn field(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

impl fmt::Display for TrunkChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password => formatter.write_str("SIP password set"),
        }
    }
}

/// A change of a number's SIP trunk that no file shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Unrecorded {
    pub phone_number: PhoneNumber,
    pub workspace: WorkspaceName,
    pub change: TrunkChange,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_transport_is_not_set() {
        let setting = |word: &str| word.parse::<Transport>().unwrap().setting();
        assert_eq!((setting("tls"), setting("TCP"), setting("Udp")), (Some("TLS".into()), None, Some("UDP".into())));
        assert!("SCTP".parse::<Transport>().is_err());
    }

    #[test]
    fn a_password_is_a_change_of_which_nothing_is_told() {
        let asked = TrunkSecret { password: Some(ApiKey::new("hunter2")) };
        assert_eq!(asked.changes().map(|change| change.to_string()).as_deref(), Some("SIP password set"));
        assert_eq!(TrunkSecret::default().changes(), None);
    }
}
