//! What is asked about a SIP trunk and stands in no file: the password and the transport.

use std::fmt;

use crate::model::workspaces_file::ApiKey;
use crate::model::{PhoneNumber, WorkspaceName};

/// How Retell talks to a SIP trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Encrypted.
    Tls,
    /// Plain, over TCP.
    Tcp,
    /// Plain, over UDP.
    Udp,
}

impl Transport {
    /// The word of Retell's API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "TLS",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
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
    /// The transport.
    pub transport: Option<Transport>,
}

impl TrunkSecret {
    /// What this changes, if Retell has `transport` now. A password always counts: nobody can tell whether it is new.
    pub fn changes(&self, transport: Option<&str>) -> Vec<TrunkChange> {
        let password = self.password.as_ref().map(|_| TrunkChange::Password);
        let from = transport.and_then(|word| word.parse().ok());
        let to = self.transport.filter(|asked| transport != Some(asked.as_str()));
        password.into_iter().chain(to.map(|to| TrunkChange::Transport { from, to })).collect()
    }
}

/// A change of a SIP trunk that no file shows. It holds no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrunkChange {
    /// Another password, or the same once more.
    Password,
    /// Another transport; what it was where Retell says so.
    Transport {
        /// Before.
        from: Option<Transport>,
        /// After.
        to: Transport,
    },
}

impl TrunkChange {
    /// The name of what changes.
    pub fn field(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Transport { .. } => "transport",
        }
    }

    /// The values before and after, where they may be told.
    pub fn values(self) -> [Option<&'static str>; 2] {
        match self {
            Self::Password => [None, None],
            Self::Transport { from, to } => [from.map(Transport::as_str), Some(to.as_str())],
        }
    }
}

impl fmt::Display for TrunkChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password => formatter.write_str("SIP password set"),
            Self::Transport { from: Some(from), to } => {
                write!(formatter, "SIP transport {} → {}", from.as_str(), to.as_str())
            }
            Self::Transport { from: None, to } => write!(formatter, "SIP transport set to {}", to.as_str()),
        }
    }
}

/// A change of a number's SIP trunk that no file shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Unrecorded {
    /// The number.
    pub phone_number: PhoneNumber,
    /// Where.
    pub workspace: WorkspaceName,
    /// What.
    pub change: TrunkChange,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_that_is_there_already_is_no_change_and_a_password_always_is() {
        let asked = TrunkSecret { password: Some(ApiKey::new("hunter2")), transport: Some(Transport::Tls) };
        assert_eq!(asked.changes(Some("TLS")), [TrunkChange::Password]);
        let told: Vec<_> = asked.changes(Some("TCP")).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["SIP password set", "SIP transport TCP → TLS"]);
        let unknown = asked.changes(Some("quic\u{1b}"));
        assert_eq!(unknown[1].to_string(), "SIP transport set to TLS");
        assert!(TrunkSecret::default().changes(None).is_empty());
    }
}
