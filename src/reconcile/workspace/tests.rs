//! A workspace's two files from what Retell says, field by field, beside what the files said before.

#![allow(clippy::unnecessary_wraps)] // fields may be absent, and tables say what they hold

#[cfg(test)]
mod files;

use super::*;
use crate::model::made_up::{assignment, number, registry_entry, workspace};
use crate::model::{AgentPath, AgentWeight, AssignmentType, Weight};
use crate::reconcile::binding::{WrittenAgents, text_agents, voice_agents};

const NOW: &str = "2026-05-01T00:00:00Z";
const THEN: &str = "2026-01-01T00:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn share(agent: &str, weight: f64) -> AgentWeight {
    AgentWeight { agent_id: agent.parse().unwrap(), weight: Weight::new(weight).unwrap(), agent_version: None }
}

fn only(agent: &str) -> Vec<AgentWeight> {
    vec![share(agent, 1.0)]
}

fn said(change: impl FnOnce(&mut RetellNumber)) -> RetellNumber {
    let mut number = RetellNumber::bare(number(101));
    change(&mut number);
    number
}

fn written_before(change: impl FnOnce(&mut RegistryEntry)) -> RegistryEntry {
    let mut entry = registry_entry(101);
    change(&mut entry);
    entry
}

/// The entry of a number that Retell has like this, beside the one that the file had.
fn entry(number: &RetellNumber, old: Option<&RegistryEntry>) -> RegistryEntry {
    super::registry_entry(number, old, time(NOW))
}

#[test]
fn how_a_number_came_and_who_carries_it_follow_from_retells_type() {
    let twilio = "a.pstn.twilio.com";
    for (kind, uri, method, provider, unknown) in [
        (RetellType::Custom, None, ImportMethod::SipTrunk, Provider::Custom, None),
        (RetellType::Custom, Some(twilio), ImportMethod::SipTrunk, Provider::Twilio, None),
        (RetellType::Custom, Some("sip.example.com"), ImportMethod::SipTrunk, Provider::Custom, None),
        (RetellType::RetellTwilio, None, ImportMethod::DirectPurchase, Provider::Twilio, None),
        (RetellType::RetellTelnyx, None, ImportMethod::DirectPurchase, Provider::Telnyx, None),
        (RetellType::RetellTelnyx, Some(twilio), ImportMethod::DirectPurchase, Provider::Twilio, None),
        (RetellType::Unknown("new".to_owned()), None, ImportMethod::DirectPurchase, Provider::Custom, text("new")),
    ] {
        let number = said(|it| (it.retell_type, it.settings.termination_uri) = (kind.clone(), uri.map(str::to_owned)));
        let made = entry(&number, None);
        assert_eq!(
            (made.import_method, made.provider, made.retell_type.clone()),
            (method, provider, unknown),
            "{kind:?}"
        );
        let carrier_is =
            if method == ImportMethod::SipTrunk && uri != Some(twilio) { Provider::Custom } else { provider };
        assert_eq!(carrier(&made), carrier_is, "{kind:?}");
    }
    // The provider that a registry was given for a trunk does not count.
    let given = written_before(|it| it.provider = Provider::Telnyx);
    assert_eq!(carrier(&given), Provider::Custom);
}

#[test]
fn dates_are_kept_and_a_new_number_was_first_seen_now() {
    let new = entry(&said(|_| {}), None);
    assert_eq!((new.import_date, new.last_modified), (Some(time(NOW)), None));
    assert_eq!((new.phone_number, new.phone_number_pretty.as_str()), (number(101), "(415) 555-0101"));
    assert_eq!((new.assigned, new.live.is_none()), (false, true));
    let undated = written_before(|it| it.last_modified = Some(time(THEN)));
    let kept = entry(&said(|_| {}), Some(&undated));
    assert_eq!((kept.import_date, kept.last_modified), (None, Some(time(THEN))));
    let dated = written_before(|it| it.import_date = Some(time(THEN)));
    let kept = entry(&said(|it| it.last_modified = Some(time(NOW))), Some(&dated));
    assert_eq!((kept.import_date, kept.last_modified), (Some(time(THEN)), Some(time(NOW))));
}

#[test]
fn what_means_the_same_stays_as_it_is_written() {
    let number = said(|it| {
        (it.settings.termination_uri, it.settings.nickname, it.settings.inbound_webhook_url) =
            (text("a.example.com"), None, text("https://example.com/a"));
        (it.settings.inbound_sms_webhook_url, it.settings.transport, it.settings.codecs) =
            (text("https://example.com/b"), None, None);
        it.settings.allowed_inbound_country_list = vec!["us".to_owned(), "DE".to_owned()];
        it.settings.allowed_outbound_country_list = vec!["us".to_owned(), "FR".to_owned()];
    });
    let old = written_before(|it| {
        (it.termination_uri, it.nickname) = (text("A.example.com."), text(""));
        (it.inbound_webhook_url, it.inbound_sms_webhook_url) =
            (Some(text("https://EXAMPLE.com/a/")), Some(text("https://EXAMPLE.com/b/")));
        (it.transport, it.codecs) = (text("tcp"), Some(Vec::new()));
        it.allowed_inbound_country_list = Some(vec!["US".to_owned(), "DE".to_owned()]);
        it.allowed_outbound_country_list = Some(vec!["US".to_owned(), "FR".to_owned()]);
    });
    let kept = entry(&number, Some(&old));
    let expected = RegistryEntry {
        phone_number_pretty: kept.phone_number_pretty.clone(),
        provider: Provider::Custom,
        ..old.clone()
    };
    assert_eq!(kept, expected);
    let new = entry(&number, None);
    assert_eq!((new.termination_uri, new.nickname), (text("a.example.com"), None));
    assert_eq!(
        (new.inbound_webhook_url, new.inbound_sms_webhook_url),
        (Some(text("https://example.com/a")), Some(text("https://example.com/b")))
    );
    assert_eq!((new.transport, new.codecs), (None, None));
    let countries = |all: [&str; 2]| Some(all.map(str::to_owned).to_vec());
    assert_eq!(new.allowed_inbound_country_list, countries(["DE", "US"]));
    assert_eq!(new.allowed_outbound_country_list, countries(["FR", "US"]));
}

#[test]
fn what_means_something_else_is_as_retell_says_it() {
    let number = said(|it| {
        (it.settings.termination_uri, it.settings.nickname) = (text("b.example.com"), text("New"));
        (it.settings.inbound_webhook_url, it.settings.inbound_sms_webhook_url) =
            (text("https://example.com/c"), text("https://example.com/d"));
        (it.settings.transport, it.settings.codecs) = (text("TLS"), Some(vec!["PCMU".to_owned()]));
        (it.settings.auth_username, it.settings.fallback_number) = (text("user"), Some(number(102)));
        it.settings.allowed_inbound_country_list = vec!["GB".to_owned()];
        it.settings.allowed_outbound_country_list = vec!["IE".to_owned()];
    });
    let old = written_before(|it| {
        (it.termination_uri, it.nickname, it.transport) = (text("a.example.com"), text("Old"), text("UDP"));
        (it.inbound_webhook_url, it.inbound_sms_webhook_url) =
            (Some(text("https://a.example")), Some(text("https://b.example")));
        (it.codecs, it.auth_username) = (Some(vec!["PCMA".to_owned()]), Some(text("old")));
        (it.allowed_inbound_country_list, it.allowed_outbound_country_list) =
            (Some(vec!["US".to_owned()]), Some(vec!["DE".to_owned()]));
        it.fallback_number = Some(self::number(103));
    });
    let told = entry(&number, Some(&old));
    for made in [&told, &entry(&number, None)] {
        assert_eq!((made.termination_uri.clone(), made.nickname.clone()), (text("b.example.com"), text("New")));
        assert_eq!(made.inbound_webhook_url, Some(text("https://example.com/c")));
        assert_eq!(made.inbound_sms_webhook_url, Some(text("https://example.com/d")));
        assert_eq!((made.transport.clone(), made.codecs.clone()), (text("TLS"), Some(vec!["PCMU".to_owned()])));
        assert_eq!((made.auth_username.clone(), made.fallback_number), (Some(text("user")), Some(self::number(102))));
        assert_eq!(made.allowed_inbound_country_list, Some(vec!["GB".to_owned()]));
        assert_eq!(made.allowed_outbound_country_list, Some(vec!["IE".to_owned()]));
    }
    // And what Retell does not have any more is gone.
    let bare = entry(&said(|_| {}), Some(&old));
    assert_eq!((bare.termination_uri, bare.nickname, bare.transport, bare.codecs), (None, None, None, None));
    assert_eq!(
        (bare.auth_username, bare.inbound_webhook_url, bare.inbound_sms_webhook_url),
        (Some(None), Some(None), None)
    );
    assert_eq!(
        (bare.allowed_inbound_country_list, bare.allowed_outbound_country_list, bare.fallback_number),
        (None, None, None)
    );
    let unread = entry(&said(|it| it.has_unread_fallback = true), Some(&old));
    assert_eq!(unread.fallback_number, Some(self::number(103)));
}

#[test]
fn a_setting_that_is_not_there_is_null_for_a_trunk_absent_for_a_purchase_and_as_the_file_has_it() {
    let (trunk, bought) = (ImportMethod::SipTrunk, ImportMethod::DirectPurchase);
    for (value, method, old, expected) in [
        (text("x"), trunk, None, Some(text("x"))),
        (text("x"), bought, Some(Some(None)), Some(text("x"))),
        (None, trunk, None, Some(None)),
        (text(""), trunk, None, Some(None)),
        (None, bought, None, None),
        (None, trunk, Some(None), None),
        (None, bought, Some(Some(None)), Some(None)),
        (None, trunk, Some(Some(text("x"))), Some(None)),
        (None, bought, Some(Some(text("x"))), None),
    ] {
        assert_eq!(written(value.clone(), method, old.as_ref()), expected, "{value:?} {method} {old:?}");
    }
    // A file that says that there is no webhook of text messages stays as it is.
    let null = written_before(|it| it.inbound_sms_webhook_url = Some(None));
    assert_eq!(entry(&said(|_| {}), Some(&null)).inbound_sms_webhook_url, Some(None));
    assert_eq!(entry(&said(|_| {}), None).inbound_sms_webhook_url, None);
}

#[test]
fn lists_stay_as_they_are_written_where_they_mean_the_same() {
    let (written, said) = (vec![share("b", 0.4), share("a", 0.6)], vec![share("a", 0.6), share("b", 0.4)]);
    assert_eq!(text_agents(&said, Some(&Some(written.clone()))), Some(written.clone()));
    assert_eq!(text_agents(&written, None), Some(said.clone()));
    assert_eq!(text_agents(&written, Some(&Some(only("a")))), Some(said.clone()));
    assert_eq!([text_agents(&[], None), text_agents(&[], Some(&Some(written.clone())))], [None, None]);
    assert_eq!(text_agents(&[], Some(&Some(Vec::new()))), Some(Vec::new()));
    assert_eq!(countries(&[], Some(&Some(Vec::new()))), Some(Vec::new()));
    assert_eq!([countries(&[], None), countries(&[], Some(&Some(vec!["US".to_owned()])))], [None, None]);
    let (a, b): (AgentId, AgentId) = ("a".parse().unwrap(), "b".parse().unwrap());
    let old = |single| WrittenAgents { single, list: Some(&written), meant: written.clone() };
    assert_eq!(voice_agents(&said, Some(old(Some(&a)))), (Some(a.clone()), Some(written.clone())));
    // The single agent of the file does not stand for the list.
    assert_eq!(voice_agents(&said, Some(old(Some(&b)))), (Some(a.clone()), Some(said.clone())));
    assert_eq!(voice_agents(&only("b"), Some(old(Some(&a)))), (Some(b.clone()), None));
    assert_eq!(voice_agents(&written, None), (Some(a), Some(said)));
    assert_eq!(voice_agents(&[], None), (None, None));
}

/// A directory with folders: `a` with a name, `b` without one, both in staging; `elsewhere` is merely not here.
fn directory() -> Directory {
    let mut directory = Directory::empty();
    for name in ["a", "b"] {
        let path = AgentPath::of_folder(name).unwrap();
        directory.agents.add_id(&path, &workspace("staging"), name.parse().ok());
    }
    directory.agents.folder("agents/a".parse().unwrap()).name = text("Agent A");
    directory.agents.keep_elsewhere(["agents/elsewhere".parse().unwrap()].into());
    directory
}

/// The assignment of a number that Retell has like this, beside the one that the file had.
fn assigned(number: &RetellNumber, old: Option<&Assignment>) -> Option<Assignment> {
    let read = RetellWorkspace {
        agent_names: [("c".parse().unwrap(), "Agent C".to_owned())].into(),
        ..RetellWorkspace::default()
    };
    let staging = workspace("staging");
    BoundNumber { workspace: &staging, number, read: &read, directory: &directory() }.assignment(old, time(NOW))
}

#[test]
fn an_assignment_says_who_answers_and_calls_and_names_the_first_of_them() {
    assert_eq!(assigned(&said(|_| {}), None), None);
    let two = said(|it| {
        (it.settings.inbound_agents, it.settings.outbound_agents) = (only("a"), only("b"));
        it.last_modified = Some(time(THEN));
    });
    let expected = Assignment {
        agent_path: "agents/a".parse().ok(),
        agent_name: text("Agent A"),
        outbound_agent_id: "b".parse().ok(),
        assigned_date: Some(time(NOW)),
        last_modified: Some(time(THEN)),
        ..assignment(101, "a")
    };
    assert_eq!(assigned(&two, None), Some(expected));
    let caller = said(|it| it.settings.outbound_agents = vec![share("b", 0.5), share("c", 0.5)]);
    let expected = Assignment {
        agent_path: "agents/b".parse().ok(),
        assignment_type: AssignmentType::OutboundOnly,
        inbound_agent_id: None,
        outbound_agents: Some(vec![share("b", 0.5), share("c", 0.5)]),
        assigned_date: Some(time(NOW)),
        ..assignment(101, "b")
    };
    assert_eq!(assigned(&caller, None), Some(expected));
    for is_inbound in [true, false] {
        let texts = said(|it| {
            if is_inbound {
                it.settings.inbound_sms_agents = only("a");
            } else {
                it.settings.outbound_sms_agents = only("a");
            }
        });
        let made = assigned(&texts, None).unwrap();
        assert_eq!(
            (made.agent_id, made.agent_path, made.agent_name, made.assignment_type),
            (None, None, None, AssignmentType::Unassigned)
        );
        let lists = (made.inbound_sms_agents.is_some(), made.outbound_sms_agents.is_some());
        assert_eq!(lists, (is_inbound, !is_inbound));
    }
}

#[test]
fn the_same_agent_keeps_its_date_and_another_one_is_a_new_assignment() {
    let by =
        |agent: &str| said(|it| (it.settings.inbound_agents, it.settings.outbound_agents) = (only(agent), only(agent)));
    let old = Assignment { assigned_date: Some(time(THEN)), last_modified: Some(time(THEN)), ..assignment(101, "a") };
    let date = |agent: &str| assigned(&by(agent), Some(&old)).map(|made| (made.assigned_date, made.last_modified));
    assert_eq!(date("a"), Some((Some(time(THEN)), Some(time(THEN)))));
    assert_eq!(date("b"), Some((Some(time(NOW)), Some(time(THEN)))));
    let undated = Assignment { assigned_date: None, ..old };
    assert_eq!(assigned(&by("a"), Some(&undated)).unwrap().assigned_date, None);
}

#[test]
fn folders_and_names_are_the_folders_own_else_retells_else_what_was_known() {
    let by = |agent: &str| said(|it| it.settings.inbound_agents = only(agent));
    let old = |agent: &str, path: &str| Assignment {
        agent_path: path.parse().ok(),
        agent_name: text("Old name"),
        outbound_agent_id: None,
        ..assignment(101, agent)
    };
    let named = |agent: &str, old: Option<&Assignment>| {
        let made = assigned(&by(agent), old).unwrap();
        (made.agent_path.map(|path| path.to_string()), made.agent_name)
    };
    assert_eq!(named("a", Some(&old("a", "agents/gone"))), (text("agents/a"), text("Agent A")));
    assert_eq!(named("b", Some(&old("b", "agents/b"))), (text("agents/b"), text("Old name")));
    assert_eq!(named("b", None), (text("agents/b"), None));
    // Retell's name before one that is only remembered, unless the folder is merely not here.
    assert_eq!(named("c", Some(&old("c", "agents/gone"))), (None, text("Agent C")));
    assert_eq!(named("c", Some(&old("c", "agents/elsewhere"))), (text("agents/elsewhere"), text("Old name")));
    assert_eq!(named("c", Some(&old("d", "agents/elsewhere"))), (None, text("Agent C")));
    assert_eq!(named("d", Some(&old("d", "agents/gone"))), (None, text("Old name")));
    assert_eq!(named("d", Some(&old("c", "agents/gone"))), (None, None));
    let needs = |agent: &str, name: &str| needs_name(&directory(), &workspace(name), &agent.parse().unwrap());
    assert_eq!(
        [needs("a", "staging"), needs("b", "staging"), needs("c", "staging"), needs("a", "production")],
        [false, true, true, true]
    );
}

#[test]
fn each_direction_of_a_file_is_held_to_its_own_list() {
    let list = |first: &str, other: &str| vec![share(first, 0.4), share(other, 0.6)];
    let turned = |first: &str, other: &str| vec![share(other, 0.6), share(first, 0.4)];
    let old = Assignment {
        inbound_agent_id: "b".parse().ok(),
        outbound_agent_id: "d".parse().ok(),
        inbound_agents: Some(list("a", "b")),
        outbound_agents: Some(list("c", "d")),
        inbound_sms_agents: Some(list("e", "f")),
        outbound_sms_agents: Some(list("g", "h")),
        ..assignment(101, "b")
    };
    let same = said(|it| {
        (it.settings.inbound_agents, it.settings.outbound_agents) = (turned("a", "b"), turned("c", "d"));
        (it.settings.inbound_sms_agents, it.settings.outbound_sms_agents) = (turned("e", "f"), turned("g", "h"));
    });
    let made = assigned(&same, Some(&old)).unwrap();
    assert_eq!((made.inbound_agents, made.outbound_agents), (old.inbound_agents.clone(), old.outbound_agents.clone()));
    assert_eq!(
        (made.inbound_sms_agents, made.outbound_sms_agents),
        (old.inbound_sms_agents.clone(), old.outbound_sms_agents.clone())
    );
    assert_eq!((made.inbound_agent_id, made.outbound_agent_id), (old.inbound_agent_id, old.outbound_agent_id));
}
