//! The address of a PostgreSQL server, as users of libpq write it. The password in it is never told.

use std::fmt;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::certificates::ServerTrust;
use crate::error::{Error, Result};

/// How long a server may take to accept a connection, unless the address says otherwise.
const CONNECT: Duration = Duration::from_secs(10);
/// How long data may be on its way without a sign of the server.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a connection rests before it is asked whether the server is there, and how long it waits for each answer.
const IDLE: Duration = Duration::from_secs(30);
const PROBE: Duration = Duration::from_secs(10);
/// How often it is asked.
const PROBES: u32 = 3;

/// A server, its database, the user, and how far it is trusted.
#[derive(Clone)]
pub struct ServerAddress {
    config: Config,
    trust: ServerTrust,
    name: String,
}

impl ServerAddress {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`.
    pub fn parse(address: &str) -> Result<Self> {
        let unreadable = || {
            Error::failed("`PHONE_DIR_STORE` is no address of a PostgreSQL server that can be read").hint(
                "write `postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full`, with every other character of the \
                 password than letters and digits as `%XX`",
            )
        };
        // A password that is not escaped would be read as a host, and then be told with it.
        let (_, rest) = address.split_once("://").ok_or_else(unreadable)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if rest.matches('@').count() != authority.matches('@').count() || authority.matches('@').count() > 1 {
            return Err(unreadable());
        }
        let (plain, tls) = split_settings(address);
        let mut config: Config = plain.parse().map_err(|_| unreadable())?;
        let is_local =
            !config.get_hosts().is_empty() && config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)));
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(unreadable());
        }
        let trust = ServerTrust::of(&tls)?;
        // As with libpq, a socket of this machine needs no TLS.
        config.ssl_mode(if is_local { SslMode::Disable } else { trust.mode() });
        set_limits(&mut config);
        let name = name(&config);
        Ok(Self { config, trust, name })
    }

    /// How to connect, the password among it.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn trust(&self) -> &ServerTrust {
        &self.trust
    }

    /// The server and the database: without the user, whose name is private, and the password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ServerAddress").field(&self.name).finish()
    }
}

/// The settings of TLS, which are ours to judge, and the address without them.
fn split_settings(address: &str) -> (String, Vec<(String, String)>) {
    let Some((place, settings)) = address.split_once('?') else { return (address.to_owned(), Vec::new()) };
    let is_ours =
        |pair: &&str| ["sslmode=", "sslrootcert=", "sslcert=", "sslkey="].iter().any(|name| pair.starts_with(name));
    let (ours, others): (Vec<&str>, Vec<&str>) = settings.split('&').filter(|pair| !pair.is_empty()).partition(is_ours);
    let read = url::form_urlencoded::parse(ours.join("&").as_bytes()).into_owned().collect();
    let mark = if others.is_empty() { "" } else { "?" };
    (format!("{place}{mark}{}", others.join("&")), read)
}

fn set_limits(config: &mut Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_idle(IDLE).keepalives_interval(PROBE).keepalives_retries(PROBES);
    }
    if config.get_application_name().is_none() {
        config.application_name("phone-dir");
    }
}

fn name(config: &Config) -> String {
    let ports = config.get_ports();
    let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
    let host = |(at, host): (usize, &Host)| match host {
        Host::Tcp(name) if name.contains(':') => format!("[{name}]:{}", port(at)),
        Host::Tcp(name) => format!("{name}:{}", port(at)),
        #[cfg(unix)]
        Host::Unix(folder) => format!("{}:{}", folder.display(), port(at)),
    };
    let hosts: Vec<String> = match config.get_hosts() {
        [] => config.get_hostaddrs().iter().map(|address| format!("{address}:{}", port(0))).collect(),
        hosts => hosts.iter().enumerate().map(host).collect(),
    };
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgres://{}/{database}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_password_however_it_is_told() {
        for address in [
            "postgres://calls:hunter2@db.example.com/calls?sslmode=require",
            "postgresql://calls:hunter2@db.example.com:6543,[::1]:5432/calls",
            "postgres://db.example.com/calls?user=calls&password=hunter2",
            "postgres://calls:hunter2@%2Fvar%2Frun%2Fpostgresql/calls",
        ] {
            let read = ServerAddress::parse(address).unwrap();
            let told = format!("{read:?} {}", read.name());
            assert!(!told.contains("hunter2") && told.contains("/calls"), "{told}");
            assert_eq!(read.config().get_password(), Some(&b"hunter2"[..]));
        }
        let read = ServerAddress::parse("postgres://calls@db.example.com:6543,[::1]/calls").unwrap();
        assert_eq!(read.name(), "postgres://db.example.com:6543,[::1]:5432/calls");
    }

    #[test]
    fn a_password_that_would_be_read_as_a_host_is_refused_without_a_word_of_it() {
        for address in [
            "postgres://calls:hun@ter2@db.example.com/calls",
            "postgres://calls:1?hunter2@db.example.com/calls",
            "postgres://calls:1/hunter2@db.example.com/calls",
            "postgres://calls:hunter2#@db.example.com/calls",
            "postgres://calls:hunter2",
            "postgres:///hunter2",
            "postgres://db.example.com/calls?hunter2=1",
            "postgres://db.example.com/calls?sslmode=hunter2",
        ] {
            let error = ServerAddress::parse(address).unwrap_err();
            let told = format!("{error} {:?} {:?}", error.causes(), error.hint_text());
            assert!(!told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn tls_is_as_the_address_asks_and_none_over_a_socket_of_this_machine() {
        let mode = |address: &str| ServerAddress::parse(address).unwrap().config().get_ssl_mode();
        assert_eq!(mode("postgres://db.example.com/calls"), SslMode::Prefer);
        assert_eq!(mode("postgres://db.example.com/calls?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://db.example.com/calls?connect_timeout=3&sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres://db.example.com/calls?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgres://%2Ftmp/calls?sslmode=verify-full"), SslMode::Disable);
    }
}
