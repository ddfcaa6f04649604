//! Retell's number, field by field, into the model's types.
//!
//! Source: the published description of `PhoneNumberResponse` and `AgentWeight`; the single-agent fields are
//! those of the API before weighted routing.

use serde_json::Value;

use crate::model::registry::unusual_transport;
use crate::model::{AgentId, AgentVersion, AgentWeight, PhoneNumber, Settings, Timestamp, Weight};
use crate::providers::answer::{Field, Object};
use crate::providers::failure::shown;
use crate::reconcile::live::{Oddity, RetellNumber, RetellType};

/// An item of the numbers; none, and an oddity, where it is not an E.164 number.
pub(super) fn number(item: &Object<'_>, oddities: &mut Vec<Oddity>) -> Field<Option<RetellNumber>> {
    let written = item.required("phone_number")?;
    let Ok(phone_number) = PhoneNumber::parse(written) else {
        oddities.push(odd(written, "Retell has it as a number, but it is not in E.164 form; it is left out"));
        return Ok(None);
    };
    let trunk = item.object("sip_outbound_trunk_config")?;
    let of_trunk = |name| trunk.as_ref().map_or(Ok(None), |trunk| trunk.owned(name));
    let codecs = trunk.as_ref().map_or(Ok(Vec::new()), |trunk| trunk.texts("codecs"))?;
    let fallback = fallback(item, written, oddities)?;
    Ok(Some(RetellNumber {
        phone_number,
        retell_type: retell_type(item, written, oddities)?,
        settings: Settings {
            inbound_agents: agents(item, "inbound_agent")?,
            outbound_agents: agents(item, "outbound_agent")?,
            inbound_sms_agents: agents(item, "inbound_sms_agent")?,
            outbound_sms_agents: agents(item, "outbound_sms_agent")?,
            termination_uri: of_trunk("termination_uri")?,
            auth_username: of_trunk("auth_username")?,
            transport: of_trunk("transport")?.as_deref().and_then(unusual_transport).map(str::to_owned),
            codecs: Some(codecs).filter(|codecs| !codecs.is_empty()),
            nickname: item.owned("nickname")?,
            inbound_webhook_url: item.owned("inbound_webhook_url")?,
            inbound_sms_webhook_url: item.owned("inbound_sms_webhook_url")?,
            fallback_number: fallback.flatten(),
            allowed_inbound_country_list: item.texts("allowed_inbound_country_list")?,
            allowed_outbound_country_list: item.texts("allowed_outbound_country_list")?,
        },
        has_unread_fallback: fallback == Some(None),
        last_modified: last_modified(item, written, oddities),
    }))
}

fn retell_type(item: &Object<'_>, number: &str, oddities: &mut Vec<Oddity>) -> Field<RetellType> {
    let written = item.required("phone_number_type")?;
    Ok(match written.to_ascii_lowercase().as_str() {
        "custom" => RetellType::Custom,
        "retell-twilio" => RetellType::RetellTwilio,
        "retell-telnyx" => RetellType::RetellTelnyx,
        _ => {
            let message = format!("Retell gives it the type `{}`, which is not known here", shown(written, &[]));
            oddities.push(odd(number, &message));
            RetellType::Unknown(written.to_owned())
        }
    })
}

/// The weighted list, or else the single agent of the older API: `inbound_agents`, or `inbound_agent_id`.
fn agents(item: &Object<'_>, stem: &str) -> Field<Vec<AgentWeight>> {
    let listed = item.objects(&format!("{stem}s"))?.unwrap_or_default();
    if !listed.is_empty() {
        return listed.iter().map(agent_weight).collect();
    }
    let Some(agent_id) = item.parsed(&format!("{stem}_id"), parse_agent, AgentId::EXPECTED)? else {
        return Ok(Vec::new());
    };
    let agent_version = version(item, &format!("{stem}_version"))?;
    Ok(vec![AgentWeight { agent_version, ..AgentWeight::only(agent_id) }])
}

fn agent_weight(item: &Object<'_>) -> Field<AgentWeight> {
    let weight = item.value("weight").and_then(Value::as_f64).and_then(Weight::new);
    Ok(AgentWeight {
        agent_id: item.required_parsed("agent_id", parse_agent, AgentId::EXPECTED)?,
        weight: weight.ok_or_else(|| item.wrong("weight", "a number greater than 0 and at most 1"))?,
        agent_version: version(item, "agent_version")?,
    })
}

fn parse_agent(text: &str) -> Option<AgentId> {
    AgentId::parse(text).ok()
}

fn version(item: &Object<'_>, name: &str) -> Field<Option<AgentVersion>> {
    let wrong = || item.wrong(name, "a version number, or a tag that is not empty");
    item.value(name).map(|value| serde_json::from_value(value.clone()).map_err(|_| wrong())).transpose()
}

/// The fallback, if there is one; of one that is not an E.164 number only that it is there.
fn fallback(item: &Object<'_>, number: &str, oddities: &mut Vec<Oddity>) -> Field<Option<Option<PhoneNumber>>> {
    let Some(written) = item.text("fallback_number")?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let parsed = PhoneNumber::parse(written).ok();
    if parsed.is_none() {
        let message = format!(
            "its fallback number `{}` is not in E.164 form; what the directory has of it stays",
            shown(written, &[])
        );
        oddities.push(odd(number, &message));
    }
    Ok(Some(parsed))
}

/// Milliseconds since 1970; what is none of them is left out and told of.
fn last_modified(item: &Object<'_>, number: &str, oddities: &mut Vec<Oddity>) -> Option<Timestamp> {
    let name = "last_modification_timestamp";
    let value = item.value(name)?;
    let moment = value.as_i64().and_then(Timestamp::from_unix_millis);
    if moment.is_none() {
        oddities.push(odd(number, &format!("its `{name}` is not a time that can be read; it is left out")));
    }
    moment
}

fn odd(subject: &str, message: &str) -> Oddity {
    Oddity { subject: shown(subject, &[]), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::failure::Cause;

    fn read(value: &Value) -> (Field<Option<RetellNumber>>, Vec<Oddity>) {
        let mut oddities = Vec::new();
        let number = number(&Object::whole(value).unwrap(), &mut oddities);
        (number, oddities)
    }

    fn example() -> Value {
        json!({
            "phone_number": "+14155550123",
            "phone_number_type": "custom",
            "inbound_agents": [
                {"agent_id": "agent_a", "weight": 0.75, "agent_version": 3},
                {"agent_id": "agent_b", "weight": 0.25, "agent_version": "latest_published"},
            ],
            "outbound_agents": null,
            "allowed_inbound_country_list": [],
            "sip_outbound_trunk_config": {"termination_uri": "made-up.pstn.twilio.com", "auth_username": "user", "transport": "TCP"},
            "last_modification_timestamp": 1_703_413_636_133_i64,
            "something_new": true,
        })
    }

    #[test]
    fn a_number_is_read_with_its_weighted_agents() {
        let number = read(&example()).0.unwrap().unwrap();
        assert_eq!(number.settings.inbound_agents.len(), 2);
        assert_eq!(number.settings.inbound_agents[1].agent_version, Some(AgentVersion::Tag("latest_published".into())));
        assert_eq!(number.last_modified.unwrap().as_str(), "2023-12-24T10:27:16Z");
        assert_eq!(number.settings.termination_uri.as_deref(), Some("made-up.pstn.twilio.com"));
        assert!(number.settings.outbound_agents.is_empty() && number.settings.allowed_inbound_country_list.is_empty());
    }

    #[test]
    fn the_single_agent_of_the_older_api_is_one_agent_of_weight_1() {
        let mut value = example();
        value["outbound_agent_id"] = "agent_c".into();
        value["outbound_agent_version"] = 2.into();
        value["inbound_agent_id"] = "agent_ignored".into();
        let number = read(&value).0.unwrap().unwrap();
        assert_eq!(number.settings.outbound_agents[0].agent_id.as_str(), "agent_c");
        assert_eq!(number.settings.outbound_agents[0].agent_version, Some(AgentVersion::Number(2)));
        assert_eq!(number.settings.inbound_agents[0].agent_id.as_str(), "agent_a");
    }

    #[test]
    fn an_impossible_weight_is_an_error_that_names_its_place() {
        for weight in [json!(0), json!(1.5), json!(-0.5), json!("1"), json!(null)] {
            let mut value = example();
            value["inbound_agents"][1]["weight"] = weight;
            let expected = Cause::WrongType("inbound_agents[1].weight".into(), "a number greater than 0 and at most 1");
            assert_eq!(read(&value).0, Err(expected));
        }
    }

    #[test]
    fn a_fallback_in_another_spelling_is_there_and_not_read() {
        for (written, expected) in [
            (json!("4155550111"), (None, true, 1)),
            (json!("+14155550111"), (Some("+14155550111"), false, 0)),
            (json!(null), (None, false, 0)),
            (json!(""), (None, false, 0)),
        ] {
            let mut value = example();
            value["fallback_number"] = written;
            let (number, oddities) = read(&value);
            let number = number.unwrap().unwrap();
            let found = number.settings.fallback_number.as_ref().map(PhoneNumber::as_str);
            assert_eq!((found, number.has_unread_fallback, oddities.len()), expected);
        }
    }

    #[test]
    fn an_unknown_type_is_kept_and_a_pseudo_number_left_out_and_both_are_reported() {
        let mut value = example();
        value["phone_number_type"] = "retell-new".into();
        let (number, oddities) = read(&value);
        assert_eq!(number.unwrap().unwrap().retell_type, RetellType::Unknown("retell-new".into()));
        assert_eq!(oddities.len(), 1);

        value["phone_number"] = "internal-7".into();
        let (number, oddities) = read(&value);
        assert_eq!((number, oddities[0].subject.as_str()), (Ok(None), "internal-7"));
    }

    #[test]
    fn each_field_is_read_from_the_one_of_its_own_name() {
        let value = json!({
            "phone_number": "+14155550123", "phone_number_type": "retell-telnyx", "nickname": "A line",
            "inbound_agents": [{"agent_id": "agent_in", "weight": 1}],
            "outbound_agents": [{"agent_id": "agent_out", "weight": 1}],
            "inbound_sms_agents": [{"agent_id": "agent_sms_in", "weight": 1}],
            "outbound_sms_agents": [{"agent_id": "agent_sms_out", "weight": 1}],
            "inbound_webhook_url": "https://hooks.example.com/calls", "fallback_number": "+14155550199",
            "allowed_inbound_country_list": ["US", "CA"], "allowed_outbound_country_list": ["GB"],
            "sip_outbound_trunk_config": {"termination_uri": "sip.example.com", "auth_username": "user", "transport": "TLS"},
            "last_modification_timestamp": 1_703_413_636_133_i64,
        });
        let (number, oddities) = read(&value);
        let number = number.unwrap().unwrap();
        let agents = [
            &number.settings.inbound_agents,
            &number.settings.outbound_agents,
            &number.settings.inbound_sms_agents,
            &number.settings.outbound_sms_agents,
        ];
        let ids = agents.map(|list| list.iter().map(|agent| agent.agent_id.as_str()).collect::<Vec<_>>());
        assert_eq!(ids, [["agent_in"], ["agent_out"], ["agent_sms_in"], ["agent_sms_out"]]);
        let mut countries = number.settings.allowed_inbound_country_list.clone();
        countries.sort();
        assert_eq!(
            (countries.as_slice(), number.settings.allowed_outbound_country_list.as_slice()),
            (["CA".to_owned(), "US".to_owned()].as_slice(), ["GB".to_owned()].as_slice())
        );
        let texts = [
            &number.settings.nickname,
            &number.settings.inbound_webhook_url,
            &number.settings.termination_uri,
            &number.settings.auth_username,
            &number.settings.transport,
        ];
        let texts = texts.map(|text| text.as_deref().unwrap());
        assert_eq!(texts, ["A line", "https://hooks.example.com/calls", "sip.example.com", "user", "TLS"]);
        assert_eq!(number.settings.fallback_number.unwrap().as_str(), "+14155550199");
        assert_eq!((number.retell_type, oddities), (RetellType::RetellTelnyx, Vec::new()));
    }

    #[test]
    fn what_retell_leaves_out_is_not_set() {
        let (number, oddities) = read(&json!({"phone_number": "+14155550123", "phone_number_type": "custom"}));
        let number = number.unwrap().unwrap();
        assert!(number.settings == Settings::default(), "{number:?}");
        assert_eq!((number.settings.transport, number.last_modified, oddities), (None, None, Vec::new()));
    }

    #[test]
    fn a_time_that_cannot_be_read_costs_the_time_and_not_the_number() {
        for time in [json!("yesterday"), json!(i64::MAX), json!(1.5), json!({})] {
            let mut value = example();
            value["last_modification_timestamp"] = time;
            let (number, oddities) = read(&value);
            assert_eq!(number.unwrap().unwrap().last_modified, None);
            assert_eq!(oddities.len(), 1);
        }
    }
}
