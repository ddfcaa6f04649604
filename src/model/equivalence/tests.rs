//! What means the same in whatever spelling, and what does not.

use serde_json::json;

use super::*;

#[test]
fn what_is_written_in_another_way_means_the_same() {
    let share = |agent: &str, weight: f64| json!({"agent_id": agent, "weight": weight});
    for (field, one, other) in [
        ("inbound_agents", json!([share("a", 0.5), share("b", 0.5)]), json!([share("b", 0.5), share("a", 0.5)])),
        ("inbound_agents", json!([share("a", 0.1 + 0.2)]), json!([share("a", 0.3)])),
        (
            "outbound_sms_agents",
            json!([{"agent_id": "a", "weight": 1, "agent_version": 3}]),
            json!([{"agent_id": "a", "weight": 1.0, "agent_version": "3"}]),
        ),
        (
            "inbound_agents",
            json!([{"agent_id": "a", "weight": 1, "agent_version": "03"}]),
            json!([{"agent_id": "a", "weight": 1, "agent_version": 3}]),
        ),
        ("inbound_agents", json!([share("a", 0.5), share("a", 0.5)]), json!([share("a", 1.0)])),
        (
            "inbound_sms_agents",
            json!([share("a", 0.1), share("b", 0.7), share("a", 0.2)]),
            json!([share("b", 0.7), share("a", 0.3)]),
        ),
        ("inbound_sms_agents", json!([]), Value::Null),
        ("allowed_inbound_country_list", json!(["us", "CA"]), json!(["CA", "US"])),
        ("allowed_outbound_country_list", json!([]), Value::Null),
        ("sip_config.termination_uri", json!("Trunk.PSTN.twilio.com."), json!("trunk.pstn.twilio.com")),
        ("termination_uri", json!("sip:trunk.pstn.twilio.com"), json!("trunk.pstn.twilio.com")),
        ("termination_uri", json!("SIP:User@h.example:5061"), json!("User@H.example:5061")),
        ("origination_uri", json!("sip:SIP.example.com;transport=TLS"), json!("sip:sip.example.com;transport=tls")),
        ("termination_uri", json!("trunk.pstn.twilio.com:5060"), json!("trunk.pstn.twilio.com")),
        (
            "origination_uri",
            json!("sip:sip.example.com.:5060;transport=udp"),
            json!("sip:sip.example.com;transport=udp"),
        ),
        (
            "origination_uri",
            json!("sip:sip.example.com:5061;transport=tls"),
            json!("sip:sip.example.com;transport=tls"),
        ),
        ("origination_uri", json!("sips:sip.example.com:5061"), json!("sips:sip.example.com")),
        ("origination_uri", json!("sip:[2001:db8::1]:5060"), json!("sip:[2001:DB8::1]")),
        ("inbound_webhook_url", json!("https://hooks.example.com:443/in"), json!("https://hooks.example.com/in")),
        ("inbound_webhook_url", json!("https://h.example/a%7eb%2fc%"), json!("https://h.example/a~b%2Fc%")),
        ("inbound_webhook_url", json!("https://Hooks.Example.com"), json!("https://hooks.example.com/")),
        ("inbound_webhook_url", json!("https://hooks.example.com/in/"), json!("https://hooks.example.com/in")),
        ("nickname", json!(""), Value::Null),
    ] {
        assert!(same_value(field, &one, &other) && same_value(field, &other, &one), "{field}: {one} {other}");
    }
}

#[test]
fn what_means_something_else_stays_a_difference() {
    let share = |agent: &str, weight: f64| json!({"agent_id": agent, "weight": weight});
    for (field, one, other) in [
        ("inbound_agents", json!([{"agent_id": "a", "weight": 1}]), json!([{"agent_id": "b", "weight": 1}])),
        (
            "inbound_agents",
            json!([{"agent_id": "a", "weight": 0.5, "agent_version": 3}, {"agent_id": "a", "weight": 0.5}]),
            json!([{"agent_id": "a", "weight": 1}]),
        ),
        ("inbound_agents", json!([share("a", 0.5), share("a", 0.6)]), json!([share("a", 1.0)])),
        ("termination_uri", json!("sip:h.example:5061"), json!("sip:h.example")),
        ("termination_uri", json!("sip:h.example:5060;transport=tls"), json!("sip:h.example;transport=tls")),
        ("inbound_agents", json!([{"agent_id": "a", "weight": 0.3}]), json!([{"agent_id": "a", "weight": 0.301}])),
        ("allowed_inbound_country_list", json!(["US"]), json!(["US", "CA"])),
        ("inbound_webhook_url", json!("https://h.example/a%2Fb"), json!("https://h.example/a/b")),
        ("inbound_webhook_url", json!("https://h.example/In"), json!("https://h.example/in")),
        ("termination_uri", json!("sip:User@h.example"), json!("sip:user@h.example")),
        ("termination_uri", json!("sips:h.example"), json!("h.example")),
        ("nickname", json!("Sales"), json!("sales")),
        ("notes", json!(""), Value::Null),
    ] {
        assert!(!same_value(field, &one, &other), "{field}: {one} {other}");
    }
}

#[test]
fn the_canonical_form_is_by_weight_then_agent_then_version() {
    let list = json!([
        {"agent_id": "b", "weight": 0.2},
        {"agent_id": "c", "weight": 0.4, "agent_version": "7"},
        {"agent_id": "a", "weight": 0.4},
    ]);
    let list: Vec<AgentWeight> = serde_json::from_value(list).unwrap();
    let canonical = canonical_agents(&list);
    let text = serde_json::to_string(&canonical).unwrap();
    assert_eq!(
        text,
        r#"[{"agent_id":"a","weight":0.4},{"agent_id":"c","weight":0.4,"agent_version":7},{"agent_id":"b","weight":0.2}]"#
    );
    assert_eq!(canonical_agents(&canonical), canonical);
    assert_eq!(canonical_countries(&["us".into(), "CA".into(), "US".into()]), ["CA", "US"]);
}

#[test]
fn what_two_assignments_say_in_other_words_is_of_the_directions_that_mean_the_same() {
    use crate::model::made_up::{assignment, share};
    let (a, b) = ("a".parse().unwrap(), "b".parse().unwrap());
    let halves = |first: &crate::model::AgentId, other: &crate::model::AgentId| {
        Some(vec![share(first, 0.5, None), share(other, 0.5, None)])
    };
    let both = |first: &crate::model::AgentId, other: &crate::model::AgentId| Assignment {
        inbound_agents: halves(first, other),
        outbound_agents: halves(first, other),
        ..assignment(1, first.as_str())
    };
    let (one, other) = (both(&a, &b), both(&b, &a));
    let (inbound, outbound) = (["inbound_agents", "inbound_agent_id"], ["outbound_agents", "outbound_agent_id"]);
    let whole = ["agent_id", "agent_path", "agent_name", "assigned_date"];
    let all: Vec<&str> = inbound.into_iter().chain(outbound).chain(whole).collect();
    assert_eq!(restated_fields(&one, &other), all);
    assert_eq!(restated_fields(&one, &one), all[..4]);
    // One direction means something else, or its single agent does not stand for the list.
    let unlike =
        Assignment { outbound_agents: Some(vec![share(&b, 0.6, None), share(&a, 0.4, None)]), ..other.clone() };
    assert_eq!(restated_fields(&one, &unlike), inbound);
    let unlike = Assignment { inbound_agents: Some(vec![share(&b, 0.6, None), share(&a, 0.4, None)]), ..other.clone() };
    assert_eq!(restated_fields(&one, &unlike), outbound);
    for wrong in ["c".parse().ok(), None] {
        let unlike = Assignment { inbound_agent_id: wrong.clone(), ..other.clone() };
        assert_eq!(
            (restated_fields(&one, &unlike), restated_fields(&unlike, &one)),
            (outbound.to_vec(), outbound.to_vec())
        );
        let unlike = Assignment { outbound_agent_id: wrong, ..other.clone() };
        assert_eq!(
            (restated_fields(&one, &unlike), restated_fields(&unlike, &one)),
            (inbound.to_vec(), inbound.to_vec())
        );
    }
    // The agent that stands for all is not the one of the directions.
    let odd = Assignment { agent_id: "c".parse().ok(), ..other.clone() };
    assert_eq!((restated_fields(&one, &odd), restated_fields(&odd, &one)), (all[..4].to_vec(), all[..4].to_vec()));
    // Without calls in, the caller stands for all.
    let caller = |known: &Assignment| Assignment { inbound_agents: None, inbound_agent_id: None, ..known.clone() };
    assert_eq!(restated_fields(&caller(&one), &caller(&other)), all);
}

#[test]
fn one_value_stands_for_another_where_the_agent_that_follows_is_the_same() {
    let list = |first: &str, other: &str, weight: f64| json!([{"agent_id": first, "weight": weight}, {"agent_id": other, "weight": 1.0 - weight}]);
    let is = |one: &Value, other: &Value| is_interchangeable("inbound_agents", one, other);
    assert!(is(&list("a", "b", 0.75), &list("b", "a", 0.25)) && !is(&list("a", "b", 0.5), &list("b", "a", 0.5)));
    assert!(!is(&list("a", "b", 0.75), &list("a", "b", 0.5)));
    assert!(
        is_interchangeable("nickname", &json!(""), &Value::Null)
            && !is_interchangeable("nickname", &json!("a"), &json!("b"))
    );
    assert_eq!(kept(Some(&1), 2, |_, _| true), 1);
    assert_eq!((kept(Some(&1), 2, |_, _| false), kept(None, 2, |_, _| true)), (2, 2));
}
