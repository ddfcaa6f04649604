//! What a difference is called, on small directories written by hand: between two states of one, and between two
//! workspaces of one.

use phone_dir::diff::delta::Delta;
use phone_dir::diff::limits::{AgentLimit, Limits};
use phone_dir::diff::{Changes, intent, revisions};
use phone_dir::model::directory::Reading;
use phone_dir::model::{AgentVersion, AgentWeight, Directory, Weight, derive};

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
    // The path of a single agent says it all.
    let sales = changed(|directory| rebind(directory, "staging", FIRST, Some("agents/sales"), "agent_staging_sales"));
    assert_eq!(intended(&sales), [format!("{FIRST} different: agent_path")]);
    // The usual transport is as good as none.
    assert_eq!(registered(&|it| it.transport = texts("TCP")), [] as [String; 0]);
    assert_eq!(bound(&|it| it.inbound_agents = own(None)), [] as [String; 0]);
}

/// The numbers that a delta is about, in `directory.json`, in the registries and in the assignments.
fn numbers_of(delta: &Delta) -> [Vec<String>; 3] {
    let files = || delta.workspaces.values();
    [
        delta.numbers.keys().map(ToString::to_string).collect(),
        files().flat_map(|files| files.registry.keys()).map(ToString::to_string).collect(),
        files().flat_map(|files| files.assignments.keys()).map(ToString::to_string).collect(),
    ]
}

#[test]
fn a_delta_comes_in_pieces_of_so_many_numbers_or_of_one_number_alone() {
    let delta = || Delta::between(&Directory::empty(), &changed(|_| {}));
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    // Two workspaces have each number.
    let alone = |text: &str| [texts(&[text]), texts(&[text, text]), texts(&[text, text])];
    let both =
        [texts(&[FIRST, SECOND]), texts(&[FIRST, SECOND, FIRST, SECOND]), texts(&[FIRST, SECOND, FIRST, SECOND])];
    for (size, expected) in [
        (0, vec![alone(FIRST), alone(SECOND)]),
        (1, vec![alone(FIRST), alone(SECOND)]),
        (2, vec![both.clone()]),
        (3, vec![both.clone()]),
    ] {
        assert_eq!(delta().pieces(size).map(|piece| numbers_of(&piece)).collect::<Vec<_>>(), expected, "{size}");
    }
    assert_eq!(Delta::default().pieces(0).count(), 0);
    let mut one = delta();
    one.retain(number(SECOND));
    assert_eq!(numbers_of(&one), alone(SECOND));
}

#[test]
fn a_question_is_about_one_number_one_workspace_or_one_agent_before_or_after() {
    let after = changed(|directory| {
        registry(directory, "staging", FIRST).nickname = None;
        master(directory, FIRST).notes = "the first line".to_owned();
        rebind(directory, "production", SECOND, Some("agents/customer-service"), "agent_production_customer_service");
    });
    let asked = |limits: &Limits| {
        let mut changes = revisions::between(&changed(|_| {}), &after);
        limits.apply(&mut changes);
        let places = told(&changes);
        let places: Vec<_> = places.iter().map(|line| line.split_once(':').unwrap().0.to_owned()).collect();
        (places, changes.numbers(), changes.is_empty())
    };
    let [notes, nickname, agent] = [
        format!("{FIRST} updated"),
        format!("{FIRST} in staging updated"),
        format!("{SECOND} in production reassigned"),
    ];
    let all = vec![notes.clone(), nickname.clone(), agent.clone()];
    assert_eq!(asked(&Limits::default()), (all, 2, false));
    let first = Limits { number: Some(number(FIRST)), ..Limits::default() };
    assert_eq!(asked(&first), (vec![notes, nickname.clone()], 1, false));
    let staging = Limits { workspace: Some(name("staging")), ..Limits::default() };
    assert_eq!(asked(&staging), (vec![nickname], 1, false));
    for (path, expected) in
        [("agents/sales", vec![agent.clone()]), ("agents/customer-service", vec![agent]), ("agents/other", vec![])]
    {
        let limit = AgentLimit::new(agent_path(path), &after.agents);
        let (count, is_empty) = (expected.len(), expected.is_empty());
        let limits = Limits { agent: Some(limit), ..Limits::default() };
        assert_eq!(asked(&limits), (expected, count, is_empty), "{path}");
    }
}

/// Each change as its kind and place, and every field of it with both values.
fn in_full(from: &Directory, to: &Directory) -> Vec<String> {
    let list = serde_json::to_value(&revisions::between(from, to).list).unwrap();
    let line = |change: &serde_json::Value| {
        let fields = change["fields"].as_array().unwrap().iter();
        let fields: Vec<_> = fields
            .map(|field| format!("{}: {} -> {}", field["field"].as_str().unwrap(), field["from"], field["to"]))
            .collect();
        let text = |name: &str| change[name].as_str().unwrap_or("directory").to_owned();
        [vec![format!("{} {} {}", text("kind"), text("phone_number"), text("workspace"))], fields].concat()
    };
    list.as_array().unwrap().iter().flat_map(line).collect()
}

#[test]
fn a_change_has_each_field_that_differs_once_and_with_both_values() {
    let derived = |change: fn(&mut Directory)| {
        changed(|directory| {
            change(directory);
            derive::recompute(directory);
        })
    };
    let healthy = derived(|_| {});
    let silent = in_full(&healthy, &derived(|directory| unassign(directory, "staging", FIRST)));
    assert_eq!(silent[0], format!("unassigned {FIRST} staging"));
    // A registered number without an assignment is one that no voice agent answers.
    assert!(silent.contains(&"assignment_type: \"inbound-outbound\" -> \"unassigned\"".to_owned()), "{silent:#?}");
    assert_eq!(
        in_full(&healthy, &derived(|directory| leave(directory, "staging", FIRST))),
        [
            format!("removed {FIRST} staging").as_str(),
            "agent_path: \"agents/customer-service\" -> null",
            "agent_name: \"Customer Service Agent\" -> null",
            "agent_id: \"agent_staging_customer_service\" -> null",
            "assignment_type: \"inbound-outbound\" -> null",
            "inbound_agent_id: \"agent_staging_customer_service\" -> null",
            "outbound_agent_id: \"agent_staging_customer_service\" -> null",
            "assigned_date: \"2025-11-16T09:00:00Z\" -> null",
            "last_modified: \"2025-11-18T15:30:00Z\" -> null",
            "phone_number_type: \"local\" -> null",
            "provider: \"twilio\" -> null",
            "import_method: \"sip-trunk\" -> null",
            "import_date: \"2025-11-16T09:00:00Z\" -> null",
            "termination_uri: \"mytrunk.pstn.twilio.com\" -> null",
            "nickname: \"A line\" -> null",
        ]
    );
    let by_hand = derived(|directory| {
        binding(directory, "staging", FIRST).agent_id = Some(agent_id("agent_staging_sales"));
    });
    assert_eq!(
        in_full(&healthy, &by_hand),
        [
            format!("reassigned {FIRST} staging").as_str(),
            "agent_id: \"agent_staging_customer_service\" -> \"agent_staging_sales\""
        ]
    );
    let tagged = derived(|directory| master(directory, SECOND).tags = vec!["vip".to_owned()]);
    assert_eq!(in_full(&healthy, &tagged), [format!("updated {SECOND} directory").as_str(), "tags: [] -> [\"vip\"]"]);
}
