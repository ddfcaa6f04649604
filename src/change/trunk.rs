//! What is asked about a SIP trunk and stands in no file: the password and the transport.

use crate::model::workspaces_file::ApiKey;

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
