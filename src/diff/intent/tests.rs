//! Two workspaces that mean the same, but for one thing: each difference with both of its values.

#![allow(clippy::needless_for_each, clippy::type_complexity, clippy::unnecessary_wraps)] // tables of what is told

use super::*;
use crate::diff::FieldValue;
use crate::model::AgentVersion;
use crate::model::made_up::{agent_id, assigned, number, registered, share, two_workspaces, workspace};

fn changed(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = two_workspaces();
    change(&mut directory);
    directory
}

/// Every difference: the number, its kind, and each field with both values.
fn told(directory: &Directory) -> Vec<(PhoneNumber, ChangeKind, Vec<(NumberField, FieldValue, FieldValue)>)> {
    let [from, to] = [("staging", "production"), ("production", "staging")]
        .map(|(from, to)| between(directory, &workspace(from), &workspace(to)).list);
    // Seen from the other side, the values stand the other way round.
    let turned = |change: &Change| {
        let mut change = change.clone();
        for field in &mut change.fields {
            std::mem::swap(&mut field.from, &mut field.to);
        }
        change.kind = match change.kind {
            ChangeKind::OnlyInFrom => ChangeKind::OnlyInTo,
            ChangeKind::OnlyInTo => ChangeKind::OnlyInFrom,
            kind => kind,
        };
        change
    };
    assert_eq!(to.iter().map(turned).collect::<Vec<_>>(), from);
    assert!(from.iter().all(|change| change.workspace.is_none() && !change.keeps_a_direction));
    let fields = |change: Change| change.fields.into_iter().map(|field| (field.field, field.from, field.to)).collect();
    from.into_iter().map(|change| (change.phone_number, change.kind, fields(change))).collect()
}

/// The only difference of the second number.
fn one(change: impl FnOnce(&mut Directory)) -> Vec<(NumberField, FieldValue, FieldValue)> {
    let mut told = told(&changed(change));
    assert_eq!(told.len(), 1, "{told:?}");
    let (of, kind, fields) = told.remove(0);
    assert_eq!((of, kind), (number(2), ChangeKind::Different));
    fields
}

fn folder(name: &str) -> Option<AgentPath> {
    Some(AgentPath::of_folder(name).unwrap())
}

fn part(name: Option<&str>, weight: f64, version: Option<AgentVersion>) -> FolderShare {
    FolderShare { agent_path: name.and_then(folder), weight: Weight::new(weight).unwrap(), agent_version: version }
}

fn path(name: &str) -> FieldValue {
    FieldValue::AgentPath(folder(name).unwrap())
}

#[test]
fn the_same_intent_under_other_ids_names_and_dates_is_no_difference() {
    assert_eq!(told(&two_workspaces()), []);
    let same = changed(|it| {
        registered(it, "staging", 2).nickname = Some("A".to_owned());
        registered(it, "staging", 2).import_date = "2026-01-01T00:00:00Z".parse().ok();
        registered(it, "staging", 2).transport = Some("TCP".to_owned());
        registered(it, "staging", 2).codecs = Some(Vec::new());
        assigned(it, "staging", 2).agent_name = Some("A".to_owned());
        assigned(it, "staging", 2).inbound_agents = Some(vec![share(&agent_id("staging", "a"), 1.0, None)]);
    });
    assert_eq!(told(&same), []);
    // Two agents, and halves in whatever order.
    let halves = |it: &mut Directory, name: &str, folders: [&str; 2]| {
        let bound = assigned(it, name, 2);
        bound.inbound_agents = Some(folders.map(|folder| share(&agent_id(name, folder), 0.5, None)).to_vec());
        bound.inbound_agent_id = Some(agent_id(name, folders[0]));
        (bound.agent_id, bound.agent_path) = (bound.inbound_agent_id.clone(), folder(folders[0]));
    };
    let same = changed(|it| {
        halves(it, "staging", ["a", "b"]);
        halves(it, "production", ["b", "a"]);
    });
    assert_eq!(told(&same), []);
}

#[test]
fn each_setting_is_a_difference_with_both_values() {
    let texts: [(NumberField, fn(&mut RegistryEntry, Option<String>)); 5] = [
        (NumberField::TerminationUri, |it, text| it.termination_uri = text),
        (NumberField::AuthUsername, |it, text| it.auth_username = Some(text)),
        (NumberField::Transport, |it, text| it.transport = text),
        (NumberField::InboundWebhookUrl, |it, text| it.inbound_webhook_url = Some(text)),
        (NumberField::InboundSmsWebhookUrl, |it, text| it.inbound_sms_webhook_url = Some(text)),
    ];
    for (field, set) in texts {
        let fields = one(|it| set(registered(it, "staging", 2), Some("https://example.com/a".to_owned())));
        assert_eq!(fields, [(field, "https://example.com/a".into(), FieldValue::Absent)]);
    }
    let list = || vec!["US".to_owned()];
    let lists: [(NumberField, fn(&mut RegistryEntry, Vec<String>)); 3] = [
        (NumberField::Codecs, |it, list| it.codecs = Some(list)),
        (NumberField::AllowedInboundCountryList, |it, list| it.allowed_inbound_country_list = Some(list)),
        (NumberField::AllowedOutboundCountryList, |it, list| it.allowed_outbound_country_list = Some(list)),
    ];
    for (field, set) in lists {
        let fields = one(|it| set(registered(it, "staging", 2), list()));
        assert_eq!(fields, [(field, FieldValue::List(list().into()), FieldValue::Absent)]);
    }
    let fields = one(|it| registered(it, "staging", 2).fallback_number = Some(number(9)));
    assert_eq!(fields, [(NumberField::FallbackNumber, "+14155550009".into(), FieldValue::Absent)]);
    let fields = one(|it| registered(it, "staging", 2).import_method = ImportMethod::DirectPurchase);
    assert_eq!(fields, [(NumberField::ImportMethod, "direct-purchase".into(), "sip-trunk".into())]);
    let fields = one(|it| assigned(it, "staging", 2).assignment_type = AssignmentType::InboundOnly);
    assert_eq!(fields, [(NumberField::AssignmentType, "inbound-only".into(), "inbound-outbound".into())]);
}

#[test]
fn agents_are_compared_by_folder_share_and_version() {
    let bind = |it: &mut Directory, folder: &str| {
        let id = Some(agent_id("staging", folder));
        let bound = assigned(it, "staging", 2);
        (bound.agent_path, bound.agent_id) = (self::folder(folder), id.clone());
        (bound.inbound_agent_id, bound.outbound_agent_id) = (id.clone(), id);
    };
    // One plain agent on either side: its path says it all.
    assert_eq!(one(|it| bind(it, "b")), [(NumberField::AgentPath, path("b"), path("a"))]);
    // Another one calls than answers.
    assert_eq!(
        one(|it| assigned(it, "staging", 2).outbound_agent_id = Some(agent_id("staging", "b"))),
        [(
            NumberField::OutboundAgents,
            FieldValue::Folders(vec![part(Some("b"), 1.0, None)].into()),
            FieldValue::Folders(vec![part(Some("a"), 1.0, None)].into())
        )]
    );
    for (field, set) in [
        (
            NumberField::InboundAgents,
            (|it, list| it.inbound_agents = Some(list)) as fn(&mut Assignment, Vec<AgentWeight>),
        ),
        (NumberField::OutboundAgents, |it, list| it.outbound_agents = Some(list)),
    ] {
        let whole = FieldValue::Folders(vec![part(Some("a"), 1.0, None)].into());
        let three = Some(AgentVersion::Number(3));
        let list = vec![share(&agent_id("staging", "a"), 1.0, three.clone())];
        assert_eq!(
            one(|it| set(assigned(it, "staging", 2), list)),
            [(field, FieldValue::Folders(vec![part(Some("a"), 1.0, three)].into()), whole.clone())]
        );
        // The largest first, then by folder.
        let list = [("c", 0.25), ("b", 0.25), ("a", 0.5)]
            .map(|(name, weight)| share(&agent_id("staging", name), weight, None));
        let parts = [("a", 0.5), ("b", 0.25), ("c", 0.25)].map(|(name, weight)| part(Some(name), weight, None));
        assert_eq!(
            one(|it| set(assigned(it, "staging", 2), list.to_vec())),
            [(field, FieldValue::Folders(parts.to_vec().into()), whole)]
        );
    }
    for (field, set) in [
        (
            NumberField::InboundSmsAgents,
            (|it, list| it.inbound_sms_agents = Some(list)) as fn(&mut Assignment, Vec<AgentWeight>),
        ),
        (NumberField::OutboundSmsAgents, |it, list| it.outbound_sms_agents = Some(list)),
    ] {
        let list = vec![share(&agent_id("staging", "b"), 1.0, None)];
        let parts = FieldValue::Folders(vec![part(Some("b"), 1.0, None)].into());
        assert_eq!(one(|it| set(assigned(it, "staging", 2), list)), [(field, parts, FieldValue::Absent)]);
    }
    // Of two halves, the first by folder stands for all.
    let halves = one(|it| {
        let bound = assigned(it, "staging", 2);
        bound.inbound_agents = Some(["c", "b"].map(|name| share(&agent_id("staging", name), 0.5, None)).to_vec());
        (bound.agent_id, bound.agent_path) = (Some(agent_id("staging", "c")), folder("c"));
    });
    assert_eq!(
        halves,
        [
            (NumberField::AgentPath, path("b"), path("a")),
            (
                NumberField::InboundAgents,
                FieldValue::Folders(vec![part(Some("b"), 0.5, None), part(Some("c"), 0.5, None)].into()),
                FieldValue::Folders(vec![part(Some("a"), 1.0, None)].into())
            ),
        ]
    );
}

/// Binds an agent without a folder to the second number in a workspace.
fn strange(it: &mut Directory, name: &str) {
    let bound = assigned(it, name, 2);
    let id = format!("{name}-stranger").parse().ok();
    (bound.agent_path, bound.agent_id) = (None, id.clone());
    (bound.inbound_agent_id, bound.outbound_agent_id) = (id.clone(), id);
}

#[test]
fn an_agent_without_a_folder_is_never_the_same_as_another() {
    let both = one(|it| ["staging", "production"].iter().for_each(|name| strange(it, name)));
    assert_eq!(both, [(NumberField::AgentPath, FieldValue::Absent, FieldValue::Absent)]);
    assert_eq!(one(|it| strange(it, "staging")), [(NumberField::AgentPath, FieldValue::Absent, path("a"))]);
    // Where another field names the callers' agents already, nothing is added; where one is not assigned, neither.
    let outbound = one(|it| {
        for name in ["staging", "production"] {
            strange(it, name);
        }
        assigned(it, "staging", 2).outbound_agent_id = Some(agent_id("staging", "b"));
    });
    let (b, none) = (part(Some("b"), 1.0, None), part(None, 1.0, None));
    assert_eq!(
        outbound,
        [(
            NumberField::OutboundAgents,
            FieldValue::Folders(vec![b].into()),
            FieldValue::Folders(vec![none.clone()].into())
        )]
    );
    let silent = one(|it| {
        ["staging", "production"].iter().for_each(|name| strange(it, name));
        let files = it.workspace_mut(&workspace("production"));
        files.assignments.assignments.retain(|bound| bound.phone_number != number(2));
    });
    assert_eq!(silent, [(NumberField::AssignmentType, "inbound-outbound".into(), "unassigned".into())]);
    for (field, set) in [
        (
            NumberField::InboundSmsAgents,
            (|it, list| it.inbound_sms_agents = list) as fn(&mut Assignment, Option<Vec<AgentWeight>>),
        ),
        (NumberField::OutboundSmsAgents, |it, list| it.outbound_sms_agents = list),
    ] {
        let stranger = |name: &str| Some(vec![share(&agent_id(name, "stranger"), 1.0, None)]);
        let texts =
            one(|it| ["staging", "production"].iter().for_each(|name| set(assigned(it, name, 2), stranger(name))));
        let folders = FieldValue::Folders(vec![none.clone()].into());
        assert_eq!(texts, [(field, folders.clone(), folders.clone())]);
        let texts = one(|it| set(assigned(it, "staging", 2), stranger("staging")));
        assert_eq!(texts, [(field, folders, FieldValue::Absent)]);
    }
}

#[test]
fn a_number_that_one_workspace_has_alone_is_told_with_what_it_means_there() {
    let directory = changed(|it| {
        let files = it.workspace_mut(&workspace("production"));
        files.numbers.numbers.retain(|entry| entry.phone_number != number(1));
        let files = it.workspace_mut(&workspace("staging"));
        files.numbers.numbers.retain(|entry| entry.phone_number != number(3));
    });
    let fields = |side: &dyn Fn(FieldValue) -> (FieldValue, FieldValue)| {
        let values = [
            (NumberField::AgentPath, path("a")),
            (NumberField::AssignmentType, "inbound-outbound".into()),
            (NumberField::ImportMethod, "sip-trunk".into()),
        ];
        values.map(|(field, value)| (field, side(value.clone()).0, side(value).1)).to_vec()
    };
    assert_eq!(
        told(&directory),
        [
            (number(1), ChangeKind::OnlyInFrom, fields(&|value| (value, FieldValue::Absent))),
            (number(3), ChangeKind::OnlyInTo, fields(&|value| (FieldValue::Absent, value))),
        ]
    );
    assert_eq!(between(&directory, &workspace("elsewhere"), &workspace("nowhere")).list, []);
}
