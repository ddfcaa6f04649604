//! What a difference is called, on small directories written by hand: between two states of one, and between two
//! workspaces of one.

use phone_dir::diff::{Changes, intent, revisions};
use phone_dir::model::directory::Reading;
use phone_dir::model::{AgentVersion, AgentWeight, Directory, Weight};

use crate::validate::project::*;

fn changed(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = Reading::of(&Project::healthy().files).directory;
    change(&mut directory);
    directory
}

fn share(id: &str, weight: f64, version: Option<u64>) -> AgentWeight {
    let agent_version = version.map(AgentVersion::Number);
    AgentWeight { agent_id: agent_id(id), weight: Weight::new(weight).unwrap(), agent_version }
}

/// The shares of the inbound calls in staging.
fn split(first: (f64, Option<u64>), second: (f64, Option<u64>)) -> Directory {
    changed(|directory| {
        let assignment = assigned(directory, "staging", FIRST);
        assignment.inbound_agents = Some(vec![
            share("agent_staging_customer_service", first.0, first.1),
            share("agent_staging_sales", second.0, second.1),
        ]);
        let largest = if second.0 > first.0 { "agent_staging_sales" } else { "agent_staging_customer_service" };
        (assignment.inbound_agent_id, assignment.agent_id) = (Some(agent_id(largest)), Some(agent_id(largest)));
    })
}

/// Each change as its place, its kind and the names of its fields.
fn told(changes: &Changes) -> Vec<String> {
    let line = |change: &phone_dir::diff::Change| {
        let place = change.workspace.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
        let fields: Vec<_> = change.fields.iter().map(|field| field.field.as_str()).collect();
        format!("{}{place} {}: {}", change.phone_number, change.kind, fields.join(" "))
    };
    changes.list.iter().map(line).collect()
}

fn between(from: &Directory, to: &Directory) -> Vec<String> {
    told(&revisions::between(from, to))
}

#[test]
fn the_same_agents_in_other_shares_are_rerouted_even_if_another_one_leads() {
    let (before, after) = (split((0.8, None), (0.2, None)), split((0.2, None), (0.8, None)));
    assert_eq!(
        between(&before, &after),
        [format!("{FIRST} in staging rerouted: agent_id inbound_agent_id inbound_agents")]
    );
    assert_eq!(
        between(&split((0.8, Some(1)), (0.2, None)), &split((0.8, Some(2)), (0.2, None))),
        [format!("{FIRST} in staging rerouted: inbound_agents")]
    );
}

#[test]
fn another_agent_in_a_list_is_a_reassignment_in_either_direction() {
    let one = changed(|_| {});
    assert_eq!(
        between(&one, &split((0.8, None), (0.2, None))),
        [format!("{FIRST} in staging reassigned: inbound_agents")]
    );
    let caller = changed(|directory| {
        assigned(directory, "staging", FIRST).outbound_agent_id = Some(agent_id("agent_staging_sales"));
    });
    assert_eq!(between(&one, &caller), [format!("{FIRST} in staging reassigned: outbound_agent_id")]);
}

#[test]
fn each_setting_that_routes_calls_reroutes_and_no_other_does() {
    let healthy = changed(|_| {});
    let kind = |change: fn(&mut phone_dir::model::RegistryEntry)| {
        between(&healthy, &changed(|directory| change(registry(directory, "staging", FIRST))))
    };
    let one = |what: &str| [format!("{FIRST} in staging {what}")];
    assert_eq!(kind(|it| it.fallback_number = Some(number(SECOND))), one("rerouted: fallback_number"));
    assert_eq!(
        kind(|it| it.allowed_inbound_country_list = Some(vec!["US".to_owned()])),
        one("rerouted: allowed_inbound_country_list")
    );
    assert_eq!(
        kind(|it| it.allowed_outbound_country_list = Some(vec!["US".to_owned()])),
        one("rerouted: allowed_outbound_country_list")
    );
    assert_eq!(
        kind(|it| it.inbound_webhook_url = Some(Some("https://hooks.example.com/calls".to_owned()))),
        one("rerouted: inbound_webhook_url")
    );
    assert_eq!(kind(|it| it.nickname = None), one("updated: nickname"));
    assert_eq!(kind(|it| it.termination_uri = None), one("updated: termination_uri"));
    assert_eq!(kind(|it| it.last_modified = None), one("updated: last_modified"));
}

fn intended(directory: &Directory) -> Vec<String> {
    told(&intent::between(directory, &name("staging"), &name("production")))
}

#[test]
fn two_agents_without_a_folder_are_never_the_same_in_whatever_direction() {
    assert_eq!(intended(&changed(|_| {})), [] as [String; 0]);
    let strangers = changed(|directory| {
        for workspace in ["staging", "production"] {
            let id = agent_id(&format!("agent_{workspace}_stranger"));
            assigned(directory, workspace, FIRST).outbound_agent_id = Some(id);
        }
    });
    assert_eq!(intended(&strangers), [format!("{FIRST} different: agent_path")]);
    let both = changed(|directory| {
        rebind(directory, "staging", FIRST, None, "agent_one");
        rebind(directory, "production", FIRST, None, "agent_other");
    });
    assert_eq!(intended(&both), [format!("{FIRST} different: agent_path")]);
}

#[test]
fn workspaces_are_compared_by_what_callers_notice() {
    let dates = changed(|directory| {
        let entry = registry(directory, "staging", FIRST);
        (entry.nickname, entry.import_date, entry.last_modified) = (Some("Another name".to_owned()), None, None);
        assigned(directory, "staging", FIRST).assigned_date = None;
    });
    assert_eq!(intended(&dates), [] as [String; 0]);
    let countries = changed(|directory| {
        registry(directory, "staging", FIRST).allowed_outbound_country_list = Some(vec!["GB".to_owned()]);
        registry(directory, "staging", SECOND).auth_username = Some(Some("user".to_owned()));
    });
    assert_eq!(
        intended(&countries),
        [format!("{FIRST} different: allowed_outbound_country_list"), format!("{SECOND} different: auth_username")]
    );
    let versions = changed(|directory| {
        let list = vec![share("agent_staging_customer_service", 1.0, Some(3))];
        assigned(directory, "staging", FIRST).inbound_agents = Some(list);
    });
    let fields = intended(&versions);
    assert!(fields.len() == 1 && fields[0].contains("inbound_agents"), "{fields:?}");
    let mut missing = changed(|_| {});
    leave(&mut missing, "staging", FIRST);
    leave(&mut missing, "production", SECOND);
    let kinds: Vec<_> = intended(&missing).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(kinds, [format!("{FIRST} only-in-to"), format!("{SECOND} only-in-from")]);
}

#[test]
fn each_setting_that_callers_notice_is_a_difference_of_its_own() {
    let texts = |text: &str| Some(text.to_owned());
    let registered = |change: &dyn Fn(&mut phone_dir::model::RegistryEntry)| {
        intended(&changed(|directory| change(registry(directory, "staging", FIRST))))
    };
    let bound = |change: &dyn Fn(&mut phone_dir::model::Assignment)| {
        intended(&changed(|directory| change(assigned(directory, "staging", FIRST))))
    };
    let sales = || Some(vec![share("agent_staging_sales", 1.0, None)]);
    let own = |version| Some(vec![share("agent_staging_customer_service", 1.0, version)]);
    for (told, field) in [
        (registered(&|it| it.termination_uri = texts("sip.carrier.example")), "termination_uri"),
        (registered(&|it| it.auth_username = Some(texts("user"))), "auth_username"),
        (registered(&|it| it.transport = texts("TLS")), "transport"),
        (registered(&|it| it.codecs = Some(vec!["PCMU".to_owned()])), "codecs"),
        (registered(&|it| it.inbound_webhook_url = Some(texts("https://example.com/a"))), "inbound_webhook_url"),
        (
            registered(&|it| it.inbound_sms_webhook_url = Some(texts("https://example.com/a"))),
            "inbound_sms_webhook_url",
        ),
        (registered(&|it| it.fallback_number = Some(number(SECOND))), "fallback_number"),
        (
            registered(&|it| it.allowed_inbound_country_list = Some(vec!["US".to_owned()])),
            "allowed_inbound_country_list",
        ),
        (
            registered(&|it| it.allowed_outbound_country_list = Some(vec!["US".to_owned()])),
            "allowed_outbound_country_list",
        ),
        (bound(&|it| it.inbound_sms_agents = sales()), "inbound_sms_agents"),
        (bound(&|it| it.outbound_sms_agents = sales()), "outbound_sms_agents"),
        (bound(&|it| it.inbound_agents = own(Some(3))), "inbound_agents"),
        (bound(&|it| it.outbound_agents = own(Some(3))), "outbound_agents"),
    ] {
        assert_eq!(told, [format!("{FIRST} different: {field}")]);
    }
    // The usual transport is as good as none.
    assert_eq!(registered(&|it| it.transport = texts("TCP")), [] as [String; 0]);
    assert_eq!(bound(&|it| it.inbound_agents = own(None)), [] as [String; 0]);
}
