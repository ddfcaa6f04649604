//! When two spellings of a value mean the same, and which of them is canonical: the one home of both.
//!
//! Providers and hands write the same in more than one way: a weighted list in another order, an agent in two halves, a
//! country in lower case, a version as a number or as its digits, a host with capitals or with the usual port. No comparison may call that a difference, or it would
//! be found again in every run; and what comes in is written in one form, so that it is found once at the most.

use serde_json::Value;
use url::Url;

use super::assignments::Assignment;
use super::field_value::FieldValue;
use super::routing::{AgentVersion, AgentWeight, Weight, may_stand_for, principal};

/// A weighted list in canonical form: each agent in a version once, by weight, the largest first, then agent id, then
/// version, each in its shortest form.
pub fn canonical_agents(list: &[AgentWeight]) -> Vec<AgentWeight> {
    let shortest = |agent: &AgentWeight| AgentWeight {
        agent_id: agent.agent_id.clone(),
        weight: agent.weight.shortest(),
        agent_version: agent.agent_version.as_ref().map(AgentVersion::shortest),
    };
    let mut list = each_once(list.iter().map(shortest));
    list.sort_by(|one, other| {
        let by_weight = other.weight.share().total_cmp(&one.weight.share());
        by_weight.then_with(|| (&one.agent_id, &one.agent_version).cmp(&(&other.agent_id, &other.agent_version)))
    });
    list
}

/// The list with the shares of one agent in one version added up; where they would be more than the whole, they stay.
fn each_once(list: impl Iterator<Item = AgentWeight>) -> Vec<AgentWeight> {
    let mut once: Vec<AgentWeight> = Vec::new();
    for agent in list {
        let is_same = |known: &&mut AgentWeight| {
            (&known.agent_id, &known.agent_version) == (&agent.agent_id, &agent.agent_version)
        };
        match once.iter_mut().find(is_same).map(|known| (known.weight.plus(agent.weight), known)) {
            Some((Some(sum), known)) => known.weight = sum,
            _ => once.push(agent),
        }
    }
    once
}

/// A list of countries in canonical form: in capitals, sorted, each once.
pub fn canonical_countries(list: &[String]) -> Vec<String> {
    let mut list: Vec<_> = list.iter().map(|country| country.trim().to_ascii_uppercase()).collect();
    list.sort();
    list.dedup();
    list
}

/// Whether two weighted lists mean the same.
pub fn same_agents(one: &[AgentWeight], other: &[AgentWeight]) -> bool {
    one == other || canonical_agents(one) == canonical_agents(other)
}

/// Whether two lists of countries mean the same.
pub fn same_countries(one: &[String], other: &[String]) -> bool {
    one == other || canonical_countries(one) == canonical_countries(other)
}

/// Whether two texts that may be absent mean the same, as addresses: hosts and URLs.
pub fn same_address(one: Option<&str>, other: Option<&str>) -> bool {
    let comparable = |text: Option<&str>| text.map(comparable_address).unwrap_or_default();
    one == other || comparable(one) == comparable(other)
}

/// An address in the form in which it is compared: schemes and hosts know no capitals, and a slash or a dot at the end
/// leads nowhere else.
fn comparable_address(text: &str) -> String {
    let text = text.trim();
    if let Ok(url) = Url::parse(text)
        && url.has_host()
    {
        return without_needless_escapes(url.as_str().trim_end_matches('/'));
    }
    let text = text.trim_end_matches('/');
    // Without a scheme a SIP address is one of `sip:`.
    let text = match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("sip:") => rest.trim_start_matches("//"),
        _ => text,
    };
    // `user@host:port;transport=tls`: a user's name is as it was written.
    let (user, host) = text.rsplit_once('@').map_or(("", text), |(user, host)| (user, host));
    let host = without_usual_port(&host.to_ascii_lowercase());
    let host = host.trim_end_matches('.');
    if user.is_empty() { host.to_owned() } else { format!("{user}@{host}") }
}

/// A URL whose escapes are written in one way: none for what needs none (RFC 3986, 2.3), capitals in the others.
fn without_needless_escapes(url: &str) -> String {
    let mut parts = url.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(byte.into());
                plain.push_str(&part[2..]);
            }
            Some(byte) => plain.push_str(&format!("%{byte:02X}{}", &part[2..])),
            None => plain.push_str(&format!("%{part}")),
        }
    }
    plain
}

/// A SIP host with its parameters, in small letters, without the port at which calls arrive anyway: 5061 over TLS, else
/// 5060.
fn without_usual_port(text: &str) -> String {
    let end = text.find([';', '?']).unwrap_or(text.len());
    let (host, parameters) = text.split_at(end);
    let is_secure = host.starts_with("sips:") || parameters.split([';', '?', '&']).any(|it| it == "transport=tls");
    let usual = if is_secure { ":5061" } else { ":5060" };
    format!("{}{parameters}", host.strip_suffix(usual).unwrap_or(host).trim_end_matches('.'))
}

/// What the values of a field are, as far as it decides what is the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldMeaning {
    Agents,
    Countries,
    Address,
    /// A text for which empty and null are the same.
    OptionalText,
    AsWritten,
}

impl FieldMeaning {
    /// `field` may have its place before it: `sip_config.termination_uri`.
    pub(super) fn of(field: &str) -> Self {
        match field.rsplit('.').next().unwrap_or(field) {
            "inbound_agents" | "outbound_agents" | "inbound_sms_agents" | "outbound_sms_agents" => Self::Agents,
            "allowed_inbound_country_list" | "allowed_outbound_country_list" => Self::Countries,
            "termination_uri" | "origination_uri" | "inbound_webhook_url" | "inbound_sms_webhook_url" => Self::Address,
            "nickname" | "auth_username" => Self::OptionalText,
            _ => Self::AsWritten,
        }
    }
}

/// Whether two values of a field of our files mean the same.
pub fn same_value(field: &str, one: &Value, other: &Value) -> bool {
    one == other || FieldValue::of_json(one).says_the_same(&FieldValue::of_json(other), field)
}

/// Whether one value can stand for another in a file whose other fields stay: it means the same, and the principal agent
/// that follows from it is the same.
pub fn is_interchangeable(field: &str, one: &Value, other: &Value) -> bool {
    let first = |value: &Value| {
        let list = serde_json::from_value::<Vec<AgentWeight>>(value.clone()).unwrap_or_default();
        principal(&list).map(|agent| agent.agent_id.clone())
    };
    same_value(field, one, other) && (FieldMeaning::of(field) != FieldMeaning::Agents || first(one) == first(other))
}

/// The fields that two assignments of a number write differently and mean the same by: the order of a weighted list, and
/// with equal weights the agent that stands for it.
pub fn restated_fields(one: &Assignment, other: &Assignment) -> Vec<&'static str> {
    let directions = [
        (one.inbound(), other.inbound(), one.inbound_agent_id.as_ref(), other.inbound_agent_id.as_ref()),
        (one.outbound(), other.outbound(), one.outbound_agent_id.as_ref(), other.outbound_agent_id.as_ref()),
    ];
    let fields = [["inbound_agents", "inbound_agent_id"], ["outbound_agents", "outbound_agent_id"]];
    let same = directions.map(|(one, other, one_single, other_single)| {
        same_agents(&one, &other) && may_stand_for(one_single, &one) && may_stand_for(other_single, &other)
    });
    let mut restated: Vec<_> =
        fields.into_iter().zip(same).filter(|(_, same)| *same).flat_map(|(pair, _)| pair).collect();
    let stands_for_all = |known: &Assignment| {
        known.agent_id == known.inbound_agent_id.clone().or_else(|| known.outbound_agent_id.clone())
    };
    if same == [true, true] && one.agent_id != other.agent_id && stands_for_all(one) && stands_for_all(other) {
        restated.extend(["agent_id", "agent_path", "agent_name", "assigned_date"]);
    }
    restated
}

/// The value as it stands in a file where that means the same as what comes in; else the new one.
pub fn kept<T: Clone>(old: Option<&T>, new: T, same: impl FnOnce(&T, &T) -> bool) -> T {
    match old {
        Some(old) if same(old, &new) => old.clone(),
        _ => new,
    }
}

impl Weight {
    /// The weight without what adding decimal fractions leaves over: twelve digits.
    #[must_use]
    pub fn shortest(self) -> Self {
        Self::of_digits(self.share()).unwrap_or(self)
    }

    /// Both together; none where that is more than the whole.
    fn plus(self, other: Self) -> Option<Self> {
        Self::of_digits(self.share() + other.share())
    }

    fn of_digits(share: f64) -> Option<Self> {
        format!("{share:.11e}").parse().ok().and_then(Self::new)
    }
}

impl AgentVersion {
    /// A version that is written as digits is the number: no tag begins with a digit.
    #[must_use]
    pub fn shortest(&self) -> Self {
        match self {
            Self::Tag(tag) if tag.bytes().all(|byte| byte.is_ascii_digit()) => {
                Self::parse(tag).unwrap_or_else(|| self.clone())
            }
            _ => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
