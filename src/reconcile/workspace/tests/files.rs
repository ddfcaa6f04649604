//! Whole files of a workspace: what of them stays where Retell says nothing, and what a decision makes of them.

use serde_json::json;

use super::*;

/// Files of a workspace with numbers 101 and 102, both answered by `a`.
fn files() -> WorkspaceFiles {
    let mut files = WorkspaceFiles::empty(&workspace("staging"));
    files.numbers.numbers = vec![registry_entry(101), registry_entry(102)];
    files.assignments.assignments = vec![assignment(101, "a"), assignment(102, "a")];
    files
}

fn numbers_of(files: &WorkspaceFiles) -> [Vec<PhoneNumber>; 2] {
    [
        files.numbers.numbers.iter().map(|entry| entry.phone_number).collect(),
        files.assignments.assignments.iter().map(|entry| entry.phone_number).collect(),
    ]
}

#[test]
fn a_number_in_a_spelling_that_cannot_be_read_keeps_its_entries() {
    let mut before = directory();
    before.workspaces.insert(workspace("staging"), files());
    let made = |numbers: &[u32], left_out: &[String]| {
        let numbers = numbers.iter().map(|line| RetellNumber {
            settings: Settings { inbound_agents: only("b"), ..Settings::default() },
            ..RetellNumber::bare(number(*line))
        });
        let read =
            RetellWorkspace { numbers: numbers.collect(), left_out: left_out.to_vec(), ..RetellWorkspace::default() };
        from_retell(&workspace("staging"), &read, &before, time(NOW))
    };
    let spelled = [format!("{}x", number(101)), format!("{}x", number(102)), format!("{}x", number(103))];
    let both = |lines: &[u32]| [(); 2].map(|()| lines.iter().map(|line| number(*line)).collect::<Vec<_>>());
    assert_eq!(numbers_of(&made(&[], &[])), both(&[]));
    assert_eq!(numbers_of(&made(&[], &spelled[..1])), both(&[101]));
    assert_eq!(numbers_of(&made(&[102], &spelled[..1])), both(&[101, 102]));
    let read = made(&[101], &spelled);
    assert_eq!(numbers_of(&read), both(&[101, 102]));
    assert_eq!(read.assignments.assignments[0].inbound_agent_id, "b".parse().ok());
    assert_eq!(read.assignments.assignments[1], assignment(102, "a"));
}

#[test]
fn an_index_keeps_folders_that_are_merely_not_here_for_numbers_whose_agents_are_the_same() {
    let (mut new, mut old) = (files(), files());
    let (here, elsewhere): (AgentPath, AgentPath) = ("agents/a".parse().unwrap(), "agents/elsewhere".parse().unwrap());
    old.assignments.by_agent =
        [(here.clone(), vec![number(101)]), (elsewhere.clone(), vec![number(101), number(102)])].into();
    let agents = directory().agents;
    let index = |new: &WorkspaceFiles| {
        let mut new = new.clone();
        keep_elsewhere(&mut new, &old, &agents);
        new.assignments.by_agent.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(index(&new), [(elsewhere.clone(), vec![number(101), number(102)])]);
    new.assignments.assignments[1] = assignment(102, "b");
    assert_eq!(index(&new), [(elsewhere.clone(), vec![number(101)])]);
    new.assignments.by_agent =
        [(here.clone(), vec![number(102)]), (elsewhere.clone(), vec![number(101), number(102)])].into();
    assert_eq!(index(&new), [(here.clone(), vec![number(102)]), (elsewhere, vec![number(101), number(102)])]);
    new.assignments.assignments = vec![assignment(101, "b"), assignment(102, "b")];
    new.assignments.by_agent = [(here.clone(), vec![number(102)])].into();
    assert_eq!(index(&new), [(here, vec![number(102)])]);
}

fn record(field: &str) -> LiveRecord {
    let value = if field.contains("agents") { json!([]) } else { json!("A") };
    serde_json::from_value(json!({field: {"was": value, "is": value}})).unwrap()
}

#[test]
fn a_decision_about_calls_becomes_an_assignment_when_retell_has_it() {
    let date = |known: Option<&str>, read: Option<&str>| {
        let mut before = directory();
        let mut files = files();
        files.numbers.numbers[0].live = known.map(|field| Box::new(record(field)));
        files.assignments.assignments[0].assigned_date = Some(time(THEN));
        before.workspaces.insert(workspace("staging"), files);
        let number = said(|it| (it.settings.inbound_agents, it.settings.outbound_agents) = (only("a"), only("a")));
        let records = read.map(|field| (number.phone_number, record(field))).into_iter().collect();
        let read = RetellWorkspace { numbers: vec![number], records, ..RetellWorkspace::default() };
        let made = from_retell(&workspace("staging"), &read, &before, time(NOW));
        let live = made.numbers.numbers[0].live.is_some();
        (made.assignments.assignments[0].assigned_date, live)
    };
    let (then, now) = (Some(time(THEN)), Some(time(NOW)));
    assert_eq!(date(None, None), (then, false));
    assert_eq!(date(Some("inbound_agents"), None), (now, false));
    assert_eq!(date(Some("inbound_agents"), Some("nickname")), (now, true));
    assert_eq!(date(Some("inbound_agents"), Some("outbound_agents")), (then, true));
    assert_eq!(date(Some("nickname"), None), (then, false));
    assert_eq!(date(None, Some("inbound_agents")), (then, true));
}

#[test]
fn other_settings_change_what_they_say_and_no_fact_and_no_time() {
    let mut directory = directory();
    let mut files = files();
    let old = &mut files.numbers.numbers[0];
    (old.provider, old.import_date, old.last_modified) = (Provider::Telnyx, Some(time(THEN)), Some(time(NOW)));
    (old.auth_username, old.live) = (Some(text("user")), Some(Box::new(record("nickname"))));
    (old.phone_number_pretty, old.phone_number_type) = ("pretty".to_owned(), crate::model::NumberType::Voip);
    (old.import_method, old.retell_type) = (ImportMethod::DirectPurchase, text("new"));
    let old = old.clone();
    let bound = &mut files.assignments.assignments[0];
    (bound.assigned_date, bound.last_modified) = (Some(time(THEN)), Some(time(THEN)));
    files.assignments.assignments.remove(1);
    directory.workspaces.insert(workspace("staging"), files);
    let settings = Settings { nickname: text("New"), inbound_agents: only("b"), ..Settings::default() };
    let staging = workspace("staging");
    let expected = Assignment {
        agent_path: "agents/b".parse().ok(),
        assignment_type: AssignmentType::InboundOnly,
        outbound_agent_id: None,
        assigned_date: Some(time(THEN)),
        last_modified: Some(time(THEN)),
        ..assignment(101, "b")
    };
    let (entry, assignment) = restated(&staging, number(101), &settings, &directory).unwrap();
    assert_eq!(entry, RegistryEntry { nickname: text("New"), assigned: true, ..old.clone() });
    assert_eq!(assignment, Some(expected));
    let silent = restated(&staging, number(101), &Settings::default(), &directory).unwrap();
    assert_eq!(silent, (RegistryEntry { nickname: None, assigned: false, ..old }, None));
    // A number without an assignment takes the time of its entry, and a day that is not known.
    let (entry, assignment) = restated(&staging, number(102), &settings, &directory).unwrap();
    assert_eq!((entry.import_method, entry.inbound_webhook_url), (ImportMethod::SipTrunk, None));
    assert_eq!(assignment.map(|made| (made.assigned_date, made.last_modified)), Some((None, None)));
    assert_eq!(restated(&staging, number(103), &settings, &directory), None);
    assert_eq!(restated(&workspace("production"), number(101), &settings, &directory), None);
}

#[test]
fn a_webhook_that_is_taken_from_a_bought_number_leaves_no_null() {
    let mut directory = directory();
    let mut files = files();
    let old = &mut files.numbers.numbers[0];
    (old.import_method, old.inbound_webhook_url) = (ImportMethod::DirectPurchase, Some(text("https://example.com/a")));
    let expected = RegistryEntry { inbound_webhook_url: None, ..old.clone() };
    directory.workspaces.insert(workspace("staging"), files);
    let made = restated(&workspace("staging"), number(101), &Settings::default(), &directory);
    assert_eq!(made, Some((expected, None)));
}
