//! How a person writes the settings of a number that are not agents.

use std::collections::BTreeSet;

use super::{Setting, Settings, Transport};
use crate::model::PhoneNumber;

/// Reads a setting that is no list of agents, as options, lists and texts write it.
pub fn read(setting: Setting, text: &str) -> Result<Settings, String> {
    let mut given = Settings::default();
    match setting {
        Setting::TerminationUri => given.termination_uri = Some(termination_uri(text)?),
        Setting::AuthUsername => given.auth_username = Some(text.to_owned()).filter(|text| text != "none"),
        Setting::Transport => given.transport = text.parse::<Transport>()?.setting(),
        Setting::Codecs => given.codecs = codecs(text)?,
        Setting::Nickname => given.nickname = nickname(text),
        Setting::InboundWebhookUrl => given.inbound_webhook_url = webhook(text)?,
        Setting::InboundSmsWebhookUrl => given.inbound_sms_webhook_url = webhook(text)?,
        Setting::FallbackNumber => given.fallback_number = fallback(text)?,
        Setting::AllowedInboundCountryList => given.allowed_inbound_country_list = countries(text)?,
        Setting::AllowedOutboundCountryList => given.allowed_outbound_country_list = countries(text)?,
        Setting::InboundAgents | Setting::OutboundAgents | Setting::InboundSmsAgents | Setting::OutboundSmsAgents => {
            return Err(format!("`{}` is a list of agents", setting.as_str()));
        }
    }
    Ok(given)
}

/// Reads a webhook: `none`, `null`, nothing, or an http address.
fn webhook(text: &str) -> Result<Option<String>, String> {
    if matches!(text, "" | "none" | "null") {
        return Ok(None);
    }
    match url::Url::parse(text) {
        Ok(address) if matches!(address.scheme(), "http" | "https") && address.host().is_some() => {
            Ok(Some(text.to_owned()))
        }
        _ => Err("expected an address such as `https://hooks.example.com/calls`, or `none`".to_owned()),
    }
}

/// Reads a name for people: nothing, or `none`, takes it away.
fn nickname(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !matches!(text.as_str(), "" | "none"))
}

/// Reads a fallback: `none`, `null`, or a number in E.164 form.
fn fallback(text: &str) -> Result<Option<PhoneNumber>, String> {
    if matches!(text, "none" | "null") {
        return Ok(None);
    }
    let wrong = |_| "expected a number in E.164 form, such as `+14155550123`, or `none`".to_owned();
    PhoneNumber::parse(text).map(Some).map_err(wrong)
}

/// Reads countries with commas between them, in any case and order; `none` or `null` for all.
fn countries(text: &str) -> Result<Vec<String>, String> {
    if matches!(text, "none" | "null") {
        return Ok(Vec::new());
    }
    let country = |text: &str| {
        let code = text.trim().to_ascii_uppercase();
        let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        is_code.then_some(code).ok_or_else(|| "expected countries such as `US,CA`, or `none` for all".to_owned())
    };
    let list: BTreeSet<String> = text.split(',').map(country).collect::<Result<_, _>>()?;
    Ok(list.into_iter().collect())
}

/// Reads codecs with commas between them, in their order; `none` or `null` leaves the choice to the gateway.
fn codecs(text: &str) -> Result<Option<Vec<String>>, String> {
    if matches!(text, "none" | "null") {
        return Ok(None);
    }
    let codec = |text: &str| {
        let name = text.trim();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        is_name.then(|| name.to_owned()).ok_or_else(|| "expected codecs such as `PCMU,OPUS`, or `none`".to_owned())
    };
    text.split(',').map(codec).collect::<Result<_, _>>().map(Some)
}

/// Reads the address of a SIP trunk as Retell takes it: a host, perhaps with a port, and nothing before or behind.
fn termination_uri(text: &str) -> Result<String, String> {
    if is_host_and_port(text) && !matches!(text, "none" | "null") {
        return Ok(text.to_owned());
    }
    let bare = text.split_once(':').filter(|(scheme, _)| matches!(*scheme, "sip" | "sips"));
    let bare = bare.map(|(_, rest)| rest.trim_start_matches("//")).filter(|rest| is_host_and_port(rest));
    Err(match bare {
        Some(host) => format!("expected a SIP trunk's host without `sip:`: write `{host}`"),
        None => "expected a SIP trunk's host, such as `mytrunk.pstn.twilio.com` or `sip.example.com:5061`".to_owned(),
    })
}

fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':').filter(|_| !text.ends_with(']')) {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_digit = |letter: char| letter.is_ascii_digit();
    let is_port = |port: &str| port.chars().all(is_digit) && port.parse::<u16>().is_ok_and(|port| port > 0);
    let is_label = |label: &str| {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        !label.is_empty() && label.chars().all(is_plain)
    };
    let is_address = matches!(url::Host::parse(host), Ok(url::Host::Ipv6(_)));
    (is_address || host.split('.').all(is_label)) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::{countries, fallback, nickname, termination_uri, webhook};

    #[test]
    fn none_takes_a_name_a_fallback_and_countries_away() {
        assert_eq!((nickname("none"), nickname(""), nickname("None")), (None, None, Some("None".to_owned())));
        assert_eq!((fallback("none"), countries("none")), (Ok(None), Ok(Vec::new())));
        assert!(fallback("+14155550199").unwrap().is_some() && fallback("555-0199").is_err());
    }

    #[test]
    fn countries_are_a_set_in_capitals() {
        assert_eq!(countries("us, ca,US"), Ok(vec!["CA".to_owned(), "US".to_owned()]));
        for bad in ["", "USA", "US,", "u1", "ÜS"] {
            assert!(countries(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_webhook_is_an_http_address_or_none() {
        assert_eq!(webhook("none"), Ok(None));
        assert_eq!(webhook("https://hooks.example.com/a"), Ok(Some("https://hooks.example.com/a".to_owned())));
        for bad in ["hooks.example.com", "ftp://example.com", "https://", "not an address"] {
            assert!(webhook(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_termination_uri_is_a_host() {
        assert!(termination_uri("mytrunk.pstn.twilio.com").is_ok() && termination_uri("sip.example.com:5061").is_ok());
        assert!(termination_uri("203.0.113.7:5060").is_ok() && termination_uri("[2001:db8::1]:5060").is_ok());
        assert!(termination_uri("[2001:db8::1]").is_ok());
        for bad in ["", "a b", "https://x", "user@host", "tränk", "a..b", "host:", "host:0", "host:+5", "h:1:2", "none"]
        {
            assert!(termination_uri(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_sip_uri_is_answered_with_the_host_that_it_means() {
        for (bad, host) in
            [("sip:sip.example.com", "`sip.example.com`"), ("sips:sip.example.com:5061", "`sip.example.com:5061`")]
        {
            let said = termination_uri(bad).unwrap_err();
            assert!(said.contains("without `sip:`") && said.contains(host), "{said}");
        }
        assert!(termination_uri("sip:user@sip.example.com").unwrap_err().contains("such as"));
    }

    #[test]
    fn codecs_keep_their_order_and_countries_and_webhooks_have_two_words_for_none() {
        use super::codecs;
        let list = |names: [&str; 2]| Some(names.map(str::to_owned).to_vec());
        assert_eq!(
            (codecs("PCMU, OPUS"), codecs("OPUS,PCMU")),
            (Ok(list(["PCMU", "OPUS"])), Ok(list(["OPUS", "PCMU"])))
        );
        assert_eq!((codecs("none"), codecs("null")), (Ok(None), Ok(None)));
        for bad in ["", "PCMU,", "a b", "PCMU,Ö"] {
            assert_eq!(codecs(bad), Err("expected codecs such as `PCMU,OPUS`, or `none`".to_owned()), "{bad}");
        }
        assert_eq!(
            (countries("null"), webhook("null"), webhook(""), fallback("null")),
            (Ok(vec![]), Ok(None), Ok(None), Ok(None))
        );
        assert_eq!(webhook("http://a.example/x"), Ok(Some("http://a.example/x".to_owned())));
    }
}
