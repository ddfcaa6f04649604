//! How a person writes the settings of a number that are not agents.

/// Reads a webhook: `none`, `null`, nothing, or an http address.
pub fn webhook(text: &str) -> Result<Option<String>, String> {
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

/// Reads the address of a SIP trunk: a host, perhaps with a port, without blanks.
pub fn termination_uri(text: &str) -> Result<String, String> {
    let is_plain = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic());
    if is_plain && !text.contains("//") && !text.contains('@') {
        return Ok(text.to_owned());
    }
    Err("expected a SIP trunk's host, such as `mytrunk.pstn.twilio.com`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{termination_uri, webhook};

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
        for bad in ["", "a b", "https://x", "user@host", "tränk"] {
            assert!(termination_uri(bad).is_err(), "{bad}");
        }
    }
}
