//! What the questions show: who answers in each direction, two workspaces side by side, trunks, dates as people say them.

use serde_json::{Value, json};

use crate::cli::fixture::Project;
use crate::terminal::Terminal;

/// The row of a number in a workspace.
fn row(rows: &Value, number: &str, workspace: &str) -> Value {
    let rows = rows.as_array().unwrap();
    rows.iter().find(|row| row["phone_number"] == number && row["workspace"] == workspace).unwrap().clone()
}

#[test]
fn machine_formats_name_the_agents_of_each_direction_with_their_shares() {
    let project = Project::synced();
    let (_, rows) = project.json(&["list"]);
    let shared = row(&rows, "+14155550102", "production");
    assert_eq!(shared["inbound_agent_path"], "agents/sales-agent");
    assert_eq!(shared["outbound_agent_path"], "agents/sales-agent");
    assert_eq!(shared["inbound_agent_id"], shared["agent_id"]);
    let told: Vec<_> = shared["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| (agent["direction"].clone(), agent["agent_path"].clone(), agent["weight"].clone()))
        .collect();
    let expected = [
        ("inbound", "agents/sales-agent", json!(0.8)),
        ("inbound", "agents/sales-trial", json!(0.2)),
        ("outbound", "agents/sales-agent", json!(1)),
    ];
    assert_eq!(told, expected.map(|(direction, path, weight)| (json!(direction), json!(path), weight)));
    let inbound = row(&rows, "+14155550104", "production");
    assert_eq!((&inbound["outbound_agent_path"], &inbound["outbound_agent_id"]), (&Value::Null, &Value::Null));
    assert_eq!(row(&rows, "+13125550108", "staging")["agents"], json!([]));

    let (_, shown) = project.json(&["show", "+14155550102"]);
    assert_eq!(shown["workspaces"]["production"]["agents"], shared["agents"]);
    assert_eq!(shown["workspaces"]["production"]["inbound_agent_id"], shared["agent_id"]);

    let table = project.succeed(&["list", "--format", "csv"]);
    assert!(
        table
            .lines()
            .next()
            .unwrap()
            .contains(",inbound_agent_path,inbound_agent_id,outbound_agent_path,outbound_agent_id,agents")
    );
    assert!(
        table.contains(
            "\"inbound agents/sales-agent=0.8, inbound agents/sales-trial=0.2, outbound agents/sales-agent=1\""
        ),
        "{table}"
    );
}

#[test]
fn show_names_both_directions_only_where_another_agent_answers_than_calls() {
    let project = Project::synced();
    assert!(!project.succeed(&["show", "+14155550101"]).contains("Inbound Agent:"));
    project.succeed(&["phone", "update", "+14155550101", "-w", "staging", "--outbound-agent", "agents/sales-agent"]);
    let shown = project.succeed(&["show", "+14155550101"]);
    let lines = "    Inbound Agent: agents/customer-service\n    Outbound Agent: agents/sales-agent\n";
    assert!(shown.contains(lines), "{shown}");
    let listed = project.succeed(&["list"]);
    assert!(listed.contains("agents/customer-service in, agents/sales-agent out"), "{listed}");
}

#[test]
fn two_workspaces_stand_side_by_side_and_what_differs_is_marked() {
    let project = Project::synced();
    let listed = project.succeed(&["list"]);
    let line = |number: &str| {
        listed.lines().find(|line| line.starts_with(number)).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(listed.starts_with("NUMBER"), "{listed}");
    assert_eq!(line("+14155550104"), "+14155550104 agents/support-tier2 (in) ≠ agents/support-tier1 (in) Support 2");
    assert_eq!(
        line("+14155550103"),
        "+14155550103 agents/support-tier1 (in) ≠ agents/support-tier1@prod (in) Support 1"
    );
    assert_eq!(line("+14155550110"), "+14155550110 unassigned –");
    assert!(line("+13125550108").contains("a webhook decides a webhook decides"), "{listed}");
    assert_eq!(listed.lines().filter(|line| line.starts_with("+14155550101")).count(), 1);
    assert!(project.succeed(&["list", "-w", "staging"]).starts_with("NUMBER         TYPE "));
    assert!(project.succeed(&["list", "--columns", "number,agent"]).starts_with("NUMBER         AGENT"));
}

#[test]
fn on_a_narrow_terminal_who_answers_is_never_cut_off() {
    let project = Project::synced();
    let program = assert_cmd::cargo::cargo_bin("phone-dir");
    let environment: Vec<_> = project.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let words = ["-c", "stty columns 80; exec \"$0\" list", program.to_str().unwrap()];
    let mut terminal = Terminal::start("/bin/sh", &words, &project.root, &environment);
    terminal.wait_for("+442079460113");
    assert!(terminal.shown.contains("STAGING") && !terminal.shown.contains("WORKSPACE"), "{}", terminal.shown);
    for agent in ["customer-service", "emergency-line", "support-tier2", "sales-agent"] {
        assert!(terminal.shown.contains(agent), "{}", terminal.shown);
    }
}

#[test]
fn trunks_are_listed_with_their_addresses_credentials_and_numbers() {
    let project = Project::synced();
    let text = project.succeed(&["trunks"]);
    assert!(text.contains("Domain: main-retell.pstn.twilio.com"), "{text}");
    assert!(text.contains("sip:sip.retellai.com") && text.contains("    +14155550101\n"), "{text}");
    let (_, trunks) = project.json(&["trunks"]);
    assert!(
        trunks
            .as_array()
            .unwrap()
            .iter()
            .all(|trunk| trunk["trunk_sid"].is_string() && trunk["phone_numbers"].is_array())
    );
    std::fs::remove_file(project.path("phone-numbers/twilio/trunks.json")).unwrap();
    let run = project.run(&["trunks"]);
    assert_eq!(run.code, 3, "{run}");
    assert!(run.stderr.contains("phone-dir sync-twilio"), "{run}");
}

#[test]
fn dates_are_taken_as_people_say_them() {
    let mut project = Project::synced();
    project.place.set("PHONE_DIR_NOW", "2025-11-22T12:00:00Z");
    let count = |words: &[&str]| project.json(words).1["commits"].as_array().unwrap().len();
    assert_eq!(count(&["history", "--since", "2 days ago"]), 0);
    assert_eq!(count(&["history", "--since", "1.week.ago"]), 1);
    assert_eq!(count(&["history", "--until", "last monday"]), 0);
    project.succeed(&["list", "--at", "yesterday"]);
    assert_eq!(project.run(&["list", "--at", "last month"]).code, 3);
    let run = project.run(&["history", "--since", "soon"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("a phrase such as `yesterday`"), "{run}");
    project.git(&["branch", "yesterday", "HEAD"]);
    project.succeed(&["list", "--at", "yesterday"]);
}

#[test]
fn columns_without_a_name_are_listed_and_a_near_name_is_proposed() {
    let project = Project::synced();
    let listed = project.succeed(&["list", "--columns"]);
    assert!(listed.contains("\ninbound_agent_path       inbound\n"), "{listed}");
    let near = project.run(&["list", "--columns", "nicknam"]);
    assert!(near.stderr.contains("did you mean `nickname`?"), "{near}");
    let far = project.run(&["list", "--columns", "zzzzzzzz"]);
    assert!(!far.stderr.contains("did you mean"), "{far}");
}

#[test]
fn the_doctor_asks_the_providers_only_when_told_to() {
    let project = Project::synced();
    let run = project.run(&["doctor", "--live"]);
    assert!(run.stdout.contains("    production: organisation org_"), "{run}");
    assert!(run.stdout.contains("✓ twilio-account\n    account AC"), "{run}");
    assert!(run.stdout.contains("✓ organisations\n    `production` and `staging` belong to different"), "{run}");
    assert!(
        run.stdout.contains("✓ agents\n    staging: ") && run.stdout.contains(" agents, 1 without a folder\n"),
        "{run}"
    );
    let pull = "Old IVR (made in the dashboard): `retell pull old-ivr-made-in-the-dashboard -w staging`";
    assert!(run.stdout.contains(pull), "{run}");
    project.fault("status:401,provider=retell");
    let run = project.run(&["doctor", "--live"]);
    assert!(run.code == 1 && run.stdout.contains("✗ workspace-keys"), "{run}");
    assert!(project.run(&["doctor"]).stdout.lines().all(|line| !line.contains("workspace-keys")));
}

#[test]
fn long_answers_go_through_the_users_pager_on_a_terminal_and_nowhere_else() {
    let mut project = Project::synced();
    project.place.set("TERM", "xterm");
    project.place.set("PHONE_DIR_PAGER", "sed 's/^/PAGED /'");
    assert!(!project.succeed(&["list"]).contains("PAGED"));
    let program = assert_cmd::cargo::cargo_bin("phone-dir");
    let environment: Vec<_> = project.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut terminal = Terminal::start(program.to_str().unwrap(), &["list"], &project.root, &environment);
    terminal.wait_for("PAGED +14155550101");
    project.git(&["config", "core.pager", "touch stranger; cat"]);
    project.place.set("PHONE_DIR_PAGER", "cat");
    let environment: Vec<_> = project.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut terminal = Terminal::start(program.to_str().unwrap(), &["list"], &project.root, &environment);
    terminal.wait_for("+442079460113");
    assert!(!project.path("stranger").exists());
    project.place.set("PHONE_DIR_PAGER", "no-such-pager --quiet");
    let environment: Vec<_> = project.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut terminal = Terminal::start(program.to_str().unwrap(), &["list"], &project.root, &environment);
    terminal.wait_for("warning: the pager `no-such-pager --quiet` cannot be started");
    terminal.wait_for("+442079460113");
}
