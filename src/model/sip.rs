//! SIP addresses: whose host it is. The hosts of Retell are data, with the day on which one was retired.

use std::borrow::Cow;

/// The hosts that Retell answers calls at; a name below one of them counts as well.
const RETELL_HOSTS: [&str; 1] = ["sip.retellai.com"];

/// A host that Retell answered calls at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetiredHost {
    pub host: &'static str,
    /// The day since which calls to it may no longer connect, `YYYY-MM-DD`.
    pub since: &'static str,
    /// What took its place.
    pub instead: &'static str,
}

/// The hosts that Retell has retired.
pub const RETIRED_HOSTS: [RetiredHost; 1] =
    [RetiredHost { host: "5t4n6j0wnrl.sip.livekit.cloud", since: "2026-09-30", instead: "sip.retellai.com" }];

/// The host of a SIP URI or of a bare address, in lower case: without scheme, user, port and parameters.
pub fn host(uri: &str) -> Cow<'_, str> {
    let rest = uri.trim();
    let rest = ["sip:", "sips:"].iter().find_map(|scheme| strip_prefix(rest, scheme)).unwrap_or(rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = rest.split([':', ';', '/', '?']).next().unwrap_or_default();
    let host = host.trim_end_matches('.');
    if host.bytes().any(|letter| letter.is_ascii_uppercase()) { host.to_ascii_lowercase().into() } else { host.into() }
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Whether calls to a host arrive at Retell.
pub fn is_of_retell(host: &str) -> bool {
    RETELL_HOSTS.iter().any(|own| host == *own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')))
}

/// The host as Retell's retired one, if it is.
pub fn retired(host: &str) -> Option<RetiredHost> {
    RETIRED_HOSTS.into_iter().find(|known| known.host == host)
}

/// Whether an address lies under Twilio's domain for trunks, of any region: `pstn.twilio.com`,
/// `pstn.dublin.twilio.com`.
pub fn is_twilio(uri: &str) -> bool {
    trunk_domain(uri).is_some()
}

/// The trunk's domain that an address stands for, without its region: `NAME.pstn.dublin.twilio.com` is a way to the trunk
/// `NAME.pstn.twilio.com`. None where it is not Twilio's.
pub fn trunk_domain(uri: &str) -> Option<Cow<'_, str>> {
    let host = host(uri);
    let rest = host.strip_suffix(".twilio.com")?;
    if is_trunk(rest) {
        return Some(host);
    }
    let (trunk, _region) = rest.rsplit_once('.')?;
    is_trunk(trunk).then(|| format!("{trunk}.twilio.com").into())
}

/// Whether the last label is that of Twilio's trunks.
fn is_trunk(labels: &str) -> bool {
    labels.rsplit('.').next() == Some("pstn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_its_name_alone() {
        for uri in [
            "sip.example.com",
            "SIP:sip.example.com",
            "sips:+14155550123@SIP.example.com.:5061;transport=tls",
            "sip:sip.example.com:5060?x=y",
        ] {
            assert_eq!(host(uri), "sip.example.com", "{uri}");
        }
    }

    #[test]
    fn only_hosts_under_pstn_twilio_com_are_twilios_with_a_region_or_without() {
        for (uri, domain) in [
            ("mytrunk.pstn.twilio.com", "mytrunk.pstn.twilio.com"),
            ("MYTRUNK.pstn.twilio.com:5061", "mytrunk.pstn.twilio.com"),
            ("sip:trunk.pstn.twilio.com;transport=tls", "trunk.pstn.twilio.com"),
            ("mytrunk.pstn.dublin.twilio.com", "mytrunk.pstn.twilio.com"),
            ("sip:a.b.pstn.us1.twilio.com:5061", "a.b.pstn.twilio.com"),
            ("a.pstn.ie1.twilio.com.pstn.twilio.com", "a.pstn.ie1.twilio.com.pstn.twilio.com"),
        ] {
            assert_eq!(trunk_domain(uri).as_deref(), Some(domain), "{uri}");
        }
        for no in [
            "pstn.twilio.com.example.net",
            "notpstn.twilio.com",
            "a.notpstn.dublin.twilio.com",
            "a.pstn.b.c.twilio.com",
            "pstn.example.com",
            "sip.example.net",
            "",
        ] {
            assert!(!is_twilio(no), "{no}");
        }
    }

    #[test]
    fn retells_hosts_are_known_and_so_is_the_one_that_it_retired() {
        assert!(is_of_retell("sip.retellai.com") && is_of_retell("eu.sip.retellai.com"));
        assert!(!is_of_retell("sip.retellai.com.example.net") && !is_of_retell("notsip.retellai.com"));
        assert_eq!(retired("5t4n6j0wnrl.sip.livekit.cloud").unwrap().since, "2026-09-30");
    }
}
