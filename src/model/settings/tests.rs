//! Each setting by itself: read, written, compared, told and taken over, and no other with it.

#![allow(clippy::items_after_statements)] // each table uses the names of the settings

use super::super::made_up::{agent_id, assigned, number, registered, share, two_workspaces, workspace};
use super::super::{AgentVersion, LiveRecord};
use super::*;

/// Every setting with two values that mean something else, as files write them.
fn values() -> Vec<(Setting, Value, Value)> {
    use Setting::*;
    let agents = |id: &str| json!([{"agent_id": id, "weight": 1}]);
    let all = [
        (InboundAgents, agents("a"), agents("b")),
        (OutboundAgents, agents("c"), agents("d")),
        (InboundSmsAgents, agents("e"), agents("f")),
        (OutboundSmsAgents, agents("g"), agents("h")),
        (TerminationUri, json!("a.example.com"), json!("b.example.com")),
        (AuthUsername, json!("user"), json!("other")),
        (Transport, json!("TLS"), json!("UDP")),
        (Codecs, json!(["PCMU"]), json!(["OPUS", "PCMU"])),
        (Nickname, json!("A"), json!("B")),
        (InboundWebhookUrl, json!("https://example.com/a"), json!("https://example.com/b")),
        (InboundSmsWebhookUrl, json!("https://example.com/c"), json!("https://example.com/d")),
        (FallbackNumber, json!("+14155550101"), json!("+14155550102")),
        (AllowedInboundCountryList, json!(["US"]), json!(["DE", "US"])),
        (AllowedOutboundCountryList, json!(["FR"]), json!(["GB", "US"])),
    ];
    assert_eq!(all.iter().map(|(setting, ..)| *setting).collect::<Vec<_>>(), Setting::ALL);
    all.to_vec()
}

/// Settings of which each has its first value.
fn full() -> Settings {
    let mut settings = Settings::default();
    for (setting, value, _) in values() {
        assert!(settings.read_value(setting, &value), "{setting:?}");
    }
    settings
}

#[test]
fn a_setting_is_read_and_taken_over_alone() {
    let (none, full) = (Settings::default(), full());
    for (setting, value, other) in values() {
        let mut one = Settings::default();
        assert!(one.is_unset(setting) && one.read_value(setting, &value));
        assert_eq!(one.value(setting), value);
        let mut taken = Settings::default();
        taken.take(&full, setting);
        assert_eq!(taken, one);
        for each in Setting::ALL {
            assert_eq!(one.is_unset(*each), *each != setting, "{setting:?} {each:?}");
            assert_eq!(one.agrees(&none, *each), *each != setting, "{setting:?} {each:?}");
            assert_eq!(one.field_value(*each).is_absent() || one.is_unset(*each), *each != setting);
        }
        let mut changed = full.clone();
        assert!(changed.read_value(setting, &other));
        assert_eq!(Setting::ALL.iter().filter(|each| !changed.agrees(&full, **each)).collect::<Vec<_>>(), [&setting]);
        assert!(!changed.read_value(setting, &json!({"no": "value"})) && changed.value(setting) == other);
    }
}

#[test]
fn names_and_kinds_of_settings() {
    let names: Vec<_> = Setting::ALL.iter().map(|setting| setting.as_str()).collect();
    let written: Vec<String> =
        serde_json::to_value(Settings::default()).unwrap().as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, written);
    let of = |is: fn(Setting) -> bool| Setting::ALL.iter().copied().filter(|it| is(*it)).collect::<Vec<_>>();
    use Setting::*;
    assert_eq!(of(Setting::is_agents), [InboundAgents, OutboundAgents, InboundSmsAgents, OutboundSmsAgents]);
    assert_eq!(of(|it| !it.is_decision()), [AuthUsername]);
    assert_eq!(
        of(|it| !it.is_carried_by_import()),
        [InboundSmsAgents, OutboundSmsAgents, InboundSmsWebhookUrl, FallbackNumber]
    );
    assert_eq!(Setting::decisions().collect::<Vec<_>>(), of(Setting::is_decision));
    for setting in Setting::ALL {
        assert_eq!(Setting::decision(setting.as_str()), Some(*setting).filter(|it| *it != AuthUsername));
        let fields: Vec<_> = setting.fields().map(|field| field.as_str()).collect();
        let short = match setting {
            InboundAgents => vec!["inbound_agents", "inbound_agent_id"],
            OutboundAgents => vec!["outbound_agents", "outbound_agent_id"],
            other => vec![other.as_str()],
        };
        assert_eq!(fields, short);
    }
    assert_eq!(Setting::decision("notes"), None);
}

#[test]
fn agents_of_a_setting_are_its_own_and_other_settings_have_none() {
    let agents = |id: &str| vec![AgentWeight::only(id.parse().unwrap())];
    for (setting, id) in Setting::AGENTS.into_iter().zip(["a", "b", "c", "d"]) {
        let settings = Settings::default().with_agents(setting, agents(id));
        for other in Setting::ALL {
            let expected = if *other == setting { agents(id) } else { Vec::new() };
            assert_eq!(settings.agents(*other), expected, "{setting:?} {other:?}");
        }
    }
    assert_eq!(Settings::default().with_agents(Setting::Nickname, agents("a")), Settings::default());
}

#[test]
fn a_setting_in_words_is_what_flags_take() {
    use Setting::*;
    let texts = [
        "folder-a",
        "folder-c",
        "folder-e",
        "folder-g",
        "a.example.com",
        "user",
        "TLS",
        "PCMU",
        "A",
        "https://example.com/a",
        "https://example.com/c",
        "+14155550101",
        "US",
        "FR",
    ];
    let (full, none) = (full(), Settings::default());
    let folder = |id: &AgentId| Cow::from(format!("folder-{id}"));
    for (setting, text) in Setting::ALL.iter().zip(texts) {
        assert_eq!(full.text(*setting, &folder), text, "{setting:?}");
        assert_eq!(full.describe(*setting), format!("`{}`", text.trim_start_matches("folder-")), "{setting:?}");
        let (empty, words) = if *setting == Transport { ("TCP", "`TCP`") } else { ("", "none") };
        assert_eq!(
            (none.text(*setting, &folder).as_str(), none.describe(*setting).as_str()),
            (empty, words),
            "{setting:?}"
        );
    }
    let several = Settings {
        codecs: Some(vec!["PCMU".to_owned(), "OPUS".to_owned()]),
        allowed_inbound_country_list: vec!["DE".to_owned(), "US".to_owned()],
        allowed_outbound_country_list: vec!["FR".to_owned(), "GB".to_owned()],
        ..Settings::default()
    };
    assert_eq!(
        [Codecs, AllowedInboundCountryList, AllowedOutboundCountryList].map(|it| several.text(it, &folder)),
        ["PCMU,OPUS", "DE,US", "FR,GB"]
    );
}

#[test]
fn the_directory_says_each_setting_in_one_of_its_two_entries() {
    let mut directory = two_workspaces();
    let staging = workspace("staging");
    let settings = |directory: &Directory, line| Settings::of_directory(directory, &staging, number(line));
    let bare = Settings {
        inbound_agents: vec![AgentWeight::only(agent_id("staging", "a"))],
        outbound_agents: vec![AgentWeight::only(agent_id("staging", "a"))],
        ..Settings::default()
    };
    assert_eq!(settings(&directory, 1), Some(bare));
    let full = full();
    let entry = registered(&mut directory, "staging", 1);
    (entry.termination_uri, entry.auth_username) = (full.termination_uri.clone(), Some(full.auth_username.clone()));
    (entry.transport, entry.codecs, entry.nickname) =
        (full.transport.clone(), full.codecs.clone(), full.nickname.clone());
    entry.inbound_webhook_url = Some(full.inbound_webhook_url.clone());
    entry.inbound_sms_webhook_url = Some(full.inbound_sms_webhook_url.clone());
    entry.fallback_number = full.fallback_number;
    entry.allowed_inbound_country_list = Some(full.allowed_inbound_country_list.clone());
    entry.allowed_outbound_country_list = Some(full.allowed_outbound_country_list.clone());
    let bound = assigned(&mut directory, "staging", 1);
    bound.inbound_agent_id = "a".parse().ok();
    bound.outbound_agents = Some(full.outbound_agents.clone());
    bound.inbound_sms_agents = Some(full.inbound_sms_agents.clone());
    bound.outbound_sms_agents = Some(full.outbound_sms_agents.clone());
    assert_eq!(settings(&directory, 1), Some(full));
    directory.workspace_mut(&staging).assignments.assignments.retain(|it| it.phone_number != number(2));
    assert_eq!(settings(&directory, 2), Some(Settings::default()));
    assert_eq!(settings(&directory, 9), None);
    assert_eq!(Settings::of_directory(&directory, &workspace("elsewhere"), number(1)), None);
}

#[test]
fn what_was_left_to_the_provider_may_be_anything_and_what_was_asked_for_may_not() {
    let (a, b) = ("a".parse().unwrap(), "b".parse().unwrap());
    let version = |number| Some(AgentVersion::Number(number));
    let met = |asked: &[AgentWeight], given: &[AgentWeight]| {
        let of = |list: &[AgentWeight]| Settings { inbound_agents: list.to_vec(), ..Settings::default() };
        of(asked).is_met_by(&of(given), Setting::InboundAgents)
    };
    let asked = [share(&a, 0.6, None), share(&b, 0.4, version(2))];
    assert!(met(&asked, &[share(&b, 0.4, version(2)), share(&a, 0.6, version(7))]));
    assert!(!met(&asked, &[share(&b, 0.4, version(3)), share(&a, 0.6, None)]));
    assert!(!met(&asked, &[share(&b, 0.5, version(2)), share(&a, 0.5, None)]));
    assert!(!met(&asked, &[share(&a, 0.6, None)]));
    assert!(!met(&[share(&a, 1.0, None)], &[share(&b, 1.0, None)]));
    assert!(!met(&[], &[share(&a, 1.0, None)]) && met(&[], &[]));
    assert!(!met(&[share(&a, 1.0, version(1))], &[share(&a, 1.0, None)]));
    let named = |name: &str| Settings { nickname: Some(name.to_owned()), ..Settings::default() };
    assert!(
        named("A").is_met_by(&named("A"), Setting::Nickname) && !named("A").is_met_by(&named("B"), Setting::Nickname)
    );
}

#[test]
fn a_record_holds_both_halves_of_each_decision_and_of_no_other() {
    let (full, mut other) = (full(), Settings::default());
    for (setting, _, value) in values() {
        other.read_value(setting, &value);
    }
    for setting in Setting::decisions() {
        let mut record = LiveRecord::default();
        assert!(record.is_empty() && !record.has(setting));
        record.see(setting, &other);
        assert_eq!(record, LiveRecord::default());
        record.set(setting, &full, &full);
        assert!(record.has(setting) && !record.is_empty() && !record.is_conflict(setting));
        assert_eq!(record.fields().collect::<Vec<_>>(), [setting]);
        assert_eq!(record.is_about_calls(), matches!(setting, Setting::InboundAgents | Setting::OutboundAgents));
        record.see(setting, &other);
        assert!(record.is_conflict(setting));
        let written = json!({setting.as_str(): {"was": full.value(setting), "is": other.value(setting)}});
        assert_eq!(serde_json::to_value(&record).unwrap(), written);
        assert_eq!(serde_json::from_value::<LiveRecord>(written).unwrap(), record);
        let none = Settings::default();
        let one = |from: &Settings| {
            let mut one = none.clone();
            one.take(from, setting);
            one
        };
        assert_eq!((record.before_decisions(&none), record.live(&none)), (one(&full), one(&other)));
        record.clear(setting);
        assert_eq!(record, LiveRecord::default());
    }
    for wrong in [
        json!({}),
        json!([]),
        json!({"auth_username": {"was": null, "is": null}}),
        json!({"nickname": {"was": null}}),
        json!({"nickname": {"is": null}}),
        json!({"nickname": [null, null]}),
        json!({"nickname": {"was": null, "is": null, "more": null}}),
    ] {
        assert!(serde_json::from_value::<LiveRecord>(wrong.clone()).is_err(), "{wrong}");
    }
    for twice in [
        r#"{"nickname":{"was":null,"is":null},"nickname":{"was":null,"is":null}}"#,
        r#"{"nickname":{"was":null,"was":null,"is":null}}"#,
    ] {
        assert!(serde_json::from_str::<LiveRecord>(twice).is_err(), "{twice}");
    }
}

#[test]
fn two_versions_of_one_agent_are_met_in_whatever_order() {
    let a = "a".parse().unwrap();
    let version = |number| Some(AgentVersion::Number(number));
    let of = |list: &[AgentWeight]| Settings { inbound_agents: list.to_vec(), ..Settings::default() };
    let asked = of(&[share(&a, 0.7, version(2)), share(&a, 0.3, version(1))]);
    let given = |first: f64, second: f64| of(&[share(&a, first, version(1)), share(&a, second, version(2))]);
    assert!(asked.is_met_by(&given(0.3, 0.7), Setting::InboundAgents));
    assert!(!asked.is_met_by(&given(0.7, 0.3), Setting::InboundAgents));
}
