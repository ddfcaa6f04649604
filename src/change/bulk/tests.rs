//! Rows of lists and what they ask for, cell by cell.

#![allow(clippy::type_complexity)] // tables of what is asked

use super::written_number::is_shortened;
use super::*;
use crate::change::list;
use crate::model::made_up::{agent_id, assigned, registered, two_workspaces, workspace};
use crate::model::{AgentWeight, WorkspaceName};

fn directory() -> Directory {
    let mut directory = two_workspaces();
    let entry = directory.master.numbers.get_mut(&"+14155550001".parse().unwrap()).unwrap();
    (entry.tags, entry.notes) = (vec!["old".to_owned(), "vip".to_owned()], "first".to_owned());
    registered(&mut directory, "staging", 1).nickname = Some("Front\ndesk".to_owned());
    registered(&mut directory, "staging", 1).inbound_webhook_url = Some(Some("https://example.com/a".to_owned()));
    directory
}

fn asked_of(
    directory: &Directory,
    text: &str,
    action: Action,
    default: Option<&WorkspaceName>,
    allowed: &Allowed,
) -> Result<Asked, Vec<(u64, String)>> {
    let columns: &[&'static str] = if action == Action::Import { &IMPORT_COLUMNS } else { &ASSIGN_COLUMNS };
    let list = list::read(text, columns).unwrap();
    let context = RowContext { directory, workspace: default, allowed };
    let finish = |row: &ListRow, _: &mut Edit| match row.text("nickname") {
        Some("refused") => Err(Objection::mistake("the end refuses it")),
        _ => Ok(()),
    };
    let result = context.edits(&list, action, finish);
    result.map_err(|objections| objections.into_iter().map(|(line, objection)| (line, objection.message)).collect())
}

/// What an update of staging asks for.
fn update(text: &str) -> Result<Asked, Vec<(u64, String)>> {
    asked_of(&directory(), text, Action::Update, Some(&workspace("staging")), &Allowed::new())
}

/// The edits in short: the line, the workspace, the number's last digit, the settings.
fn short(asked: &Asked) -> Vec<(u64, String, char, Vec<Setting>)> {
    let told = |edit: &Edit| {
        let digit = edit.phone_number.as_str().chars().last().unwrap();
        (edit.line.unwrap(), edit.workspace.to_string(), digit, edit.asked.iter().copied().collect())
    };
    asked.edits.iter().map(told).collect()
}

fn only(text: &str) -> Edit {
    let mut asked = update(text).unwrap();
    assert!(asked.annotations.is_empty());
    assert_eq!(asked.edits.len(), 1);
    asked.edits.remove(0)
}

fn agents(name: &str) -> Vec<AgentWeight> {
    vec![AgentWeight::only(agent_id("staging", name))]
}

#[test]
fn each_column_asks_for_its_setting() {
    use Setting::{InboundAgents, InboundWebhookUrl, Nickname, OutboundAgents};
    let edit = |columns: &str, cells: &str| only(&format!("phone_number,{columns}\n+14155550002,{cells}\n"));
    for (columns, cells, settings) in [
        ("agent", "agents/b", vec![InboundAgents, OutboundAgents]),
        ("inbound_agent", "agents/b", vec![InboundAgents]),
        ("outbound_agent", "agents/b", vec![OutboundAgents]),
        ("agent_path", "agents/b", vec![InboundAgents, OutboundAgents]),
        ("agent_path,assignment_type", "agents/b,inbound-only", vec![InboundAgents]),
        ("agent_path,assignment_type", "agents/b,outbound-only", vec![OutboundAgents]),
        ("agent_path,assignment_type", "agents/b,inbound-outbound", vec![InboundAgents, OutboundAgents]),
    ] {
        let edit = edit(columns, cells);
        assert_eq!(edit.asked.iter().copied().collect::<Vec<_>>(), settings, "{columns} {cells}");
        for setting in settings {
            assert_eq!(edit.target.agents(setting), agents("b"), "{columns} {cells}");
        }
    }
    let two = edit("inbound_agent,outbound_agent", "agents/b,none");
    assert_eq!((two.target.inbound_agents, two.target.outbound_agents, two.asked.len()), (agents("b"), vec![], 2));
    let named = edit("nickname,webhook", "Desk,none");
    assert_eq!(named.asked, [Nickname, InboundWebhookUrl].into());
    assert_eq!((named.target.nickname.as_deref(), named.target.inbound_webhook_url), (Some("Desk"), None));
    assert_eq!(
        edit("webhook", "https://example.com/b").target.inbound_webhook_url.as_deref(),
        Some("https://example.com/b")
    );
}

#[test]
fn an_import_has_its_own_columns() {
    let import =
        |text: &str| asked_of(&directory(), text, Action::Import, Some(&workspace("staging")), &Allowed::new());
    let asked =
        import("phone_number,termination_uri,username,transport\n+14155550009,sip.example.com,user,tls\n").unwrap();
    let edit = &asked.edits[0];
    assert_eq!(edit.asked, [Setting::TerminationUri, Setting::AuthUsername, Setting::Transport].into());
    let target = (
        edit.target.termination_uri.as_deref(),
        edit.target.auth_username.as_deref(),
        edit.target.transport.as_deref(),
    );
    assert_eq!(target, (Some("sip.example.com"), Some("user"), Some("TLS")));
    let none = import("phone_number,termination_uri,username\n+14155550009,sip.example.com,none\n").unwrap();
    assert_eq!((none.edits[0].target.auth_username.clone(), none.edits[0].asked.len()), (None, 2));
    assert_eq!(
        import("phone_number,nickname\n+14155550009,x\n").unwrap_err(),
        [(2, "`termination_uri` is missing".to_owned())]
    );
    let message = "`1` is not a number: expected an E.164 number such as `+14155550123`".to_owned();
    let refused = import("phone_number,termination_uri\n1,sip.example.com\n").unwrap_err();
    assert_eq!(refused[0].0, 2);
    assert!(refused[0].1.starts_with(&message[..20]), "{refused:?}");
}

#[test]
fn the_workspace_is_the_rows_else_that_of_the_list() {
    let places = |text: &str, default: Option<&str>| {
        let default = default.map(workspace);
        let asked = asked_of(&directory(), text, Action::Update, default.as_ref(), &Allowed::new())?;
        Ok(asked.edits.iter().map(|edit| edit.workspace.to_string()).collect::<Vec<_>>())
    };
    let text = "phone_number,workspace,nickname\n+14155550002,production,x\n+14155550002,,x\n+14155550003,none,x\n";
    assert_eq!(places(text, Some("staging")), Ok(["production", "staging", "staging"].map(str::to_owned).to_vec()));
    let nowhere = "the row names no workspace".to_owned();
    assert_eq!(places(text, None), Err(vec![(3, nowhere.clone()), (4, nowhere)]));
    let unknown = "phone_number,workspace,nickname\n+14155550002,live,x\n";
    assert_eq!(places(unknown, Some("staging")), Err(vec![(2, "unknown workspace `live`".to_owned())]));
}

#[test]
fn what_makes_no_sense_is_said_of_every_row_with_its_line() {
    let refused = |text: &str| update(text).unwrap_err();
    let line = |text: &str| refused(text).remove(0).1;
    let given = |columns: &str, cells: &str| line(&format!("phone_number,{columns}\n+14155550002,{cells}\n"));
    assert_eq!(line("phone_number,nickname\n,x\n"), "`phone_number` is missing");
    assert_eq!(given("agent,inbound_agent", "agents/a,agents/b"), "both `agent` and `inbound_agent` are given");
    assert_eq!(given("agent,outbound_agent", "agents/a,agents/b"), "both `agent` and `outbound_agent` are given");
    for other in ["agent", "inbound_agent", "outbound_agent"] {
        assert_eq!(
            given(&format!("agent_path,{other}"), "agents/b,agents/b"),
            format!("both `agent_path` and `{other}` are given")
        );
    }
    assert_eq!(given("agent", "agents/nobody"), "there is no agent `agents/nobody`");
    assert_eq!(given("agent", ""), "the row asks for nothing");
    assert_eq!(given("nickname", "refused"), "the end refuses it");
    assert!(given("webhook", "x").starts_with("expected an address"));
    assert_eq!(
        line("phone_number,nickname\n1.41556E+10,x\n"),
        "`1.41556E+10` is a number that a spreadsheet has shortened"
    );
    assert_eq!(line("phone_number,nickname\n+14155550009,x\n"), "number `+14155550009` is not in the directory");
    let twice = "phone_number,nickname\n+14155550002,x\n+14155550009,y\n+14155550002,z\nnobody,z\n";
    assert_eq!(
        refused(twice),
        [
            (3, "number `+14155550009` is not in the directory".to_owned()),
            (4, "+14155550002 is in the list twice for `staging`".to_owned()),
            (5, "number `nobody` is not in the directory".to_owned()),
        ]
    );
    assert_eq!(
        refused("phone_number,nickname\n+14155550002\n+14155550009,x\n").iter().map(|it| it.0).collect::<Vec<_>>(),
        [2, 3]
    );
}

#[test]
fn a_number_may_be_written_as_people_do_and_has_to_be_the_workspaces() {
    for written in ["+14155550002", "4155550002", "14155550002.0", "(415) 555-0002"] {
        assert_eq!(
            only(&format!("phone_number,nickname\n\"{written}\",x\n")).phone_number.as_str(),
            "+14155550002",
            "{written}"
        );
    }
    let mut without = directory();
    without.workspace_mut(&workspace("staging")).numbers.numbers.remove(1);
    let text = "phone_number,nickname\n+14155550002,x\n";
    let of = |directory: &Directory, allowed: &Allowed| {
        asked_of(directory, text, Action::Update, Some(&workspace("staging")), allowed)
    };
    assert_eq!(
        of(&without, &Allowed::new()).unwrap_err(),
        [(2, "+14155550002 is not imported in `staging`".to_owned())]
    );
    assert_eq!(of(&without, &Allowed::from([Rail::Overwriting])).unwrap().edits.len(), 1);
    without.master.numbers.remove(&"+14155550002".parse().unwrap());
    assert_eq!(of(&without, &Allowed::from([Rail::Overwriting])).unwrap().edits.len(), 1);
}

#[test]
fn tags_and_notes_are_written_on_the_number_and_ask_retell_for_nothing() {
    let annotated = |columns: &str, cells: &str| update(&format!("phone_number,{columns}\n+14155550001,{cells}\n"));
    let words = |asked: &Asked| {
        let annotation = &asked.annotations[&"+14155550001".parse().unwrap()];
        let tags = |list: &[Tag]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        (tags(&annotation.add), tags(&annotation.remove), annotation.notes.clone())
    };
    let list = |all: &[&str]| all.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let asked = annotated("tags", "\"vip, new; newer,,\"").unwrap();
    assert_eq!((words(&asked), asked.edits.len()), ((list(&["new", "newer"]), list(&["old"]), None), 0));
    assert_eq!(words(&annotated("tags", "none").unwrap()), (vec![], list(&["old", "vip"]), None));
    assert_eq!(words(&annotated("notes", "second").unwrap()), (vec![], vec![], Some("second".to_owned())));
    assert_eq!(words(&annotated("notes", "none").unwrap()), (vec![], vec![], Some(String::new())));
    let both = annotated("notes,nickname", "second,x").unwrap();
    assert_eq!((words(&both).2, short(&both).len()), (Some("second".to_owned()), 1));
    let twice = |first: &str, second: &str| {
        update(&format!(
            "phone_number,workspace,notes\n+14155550001,staging,{first}\n+14155550001,production,{second}\n"
        ))
    };
    assert_eq!(twice("a", "a").unwrap().annotations.len(), 1);
    let message = "the list says two things of the tags or notes of +14155550001".to_owned();
    assert_eq!(twice("a", "b").unwrap_err(), [(3, message)]);
    let unknown = update("phone_number,notes\n+14155550009,x\n").unwrap_err();
    assert_eq!(unknown, [(2, "number `+14155550009` is not in the directory".to_owned())]);
    assert!(annotated("tags", "a\u{7}b").unwrap_err()[0].1.starts_with("`a\u{7}b`: "));
}

#[test]
fn of_an_output_that_comes_back_only_what_was_edited_counts() {
    let header = "phone_number,workspace,agent_path,assignment_type,nickname,webhook,tags,notes,agent_name";
    let row = |cells: &str| update(&format!("{header}\n+14155550001,staging,{cells}\n"));
    let unchanged = "agents/a,inbound-outbound,Front desk,https://example.com/a,\"old, vip\",first,";
    let asked = row(unchanged).unwrap();
    assert_eq!((short(&asked), asked.annotations.len()), (vec![], 0));
    let edited = |from: &str, to: &str| {
        assert!(unchanged.contains(from));
        row(&unchanged.replacen(from, to, 1)).unwrap()
    };
    let settings = |asked: &Asked| asked.edits.iter().flat_map(|edit| edit.asked.iter().copied()).collect::<Vec<_>>();
    assert_eq!(settings(&edited("agents/a", "agents/b")), [Setting::InboundAgents, Setting::OutboundAgents]);
    assert_eq!(settings(&edited("Front desk", "Desk")), [Setting::Nickname]);
    assert_eq!(settings(&edited("Front desk", "none")), [Setting::Nickname]);
    assert_eq!(settings(&edited("https://example.com/a", "https://example.com/b")), [Setting::InboundWebhookUrl]);
    assert_eq!(edited("\"old, vip\"", "old").annotations.len(), 1);
    assert_eq!(edited("first", "second").annotations.len(), 1);
    // What is not there may be said by `none`.
    let bare =
        update(&format!("{header}\n+14155550002,staging,agents/a,inbound-outbound,none,none,none,none,\n")).unwrap();
    assert_eq!((short(&bare), bare.annotations.len()), (vec![], 0));
    // The same in a list that is no output asks for it.
    let asked = update("phone_number,nickname\n+14155550001,Front desk\n").unwrap();
    assert_eq!(settings(&asked), [Setting::Nickname]);
    // A number of several agents cannot be told by one folder.
    let mut several = directory();
    assigned(&mut several, "staging", 2).outbound_agent_id = Some(agent_id("staging", "b"));
    let text = "phone_number,agent_path\n+14155550002,agents/c\n";
    let refused = asked_of(&several, text, Action::Update, Some(&workspace("staging")), &Allowed::new()).unwrap_err();
    assert_eq!(refused, [(2, "+14155550002 has several agents in `staging`".to_owned())]);
}

#[test]
fn an_exponent_is_a_number_that_lost_its_digits() {
    for text in ["1.41556E+10", "1,41556e+10", " 1E10 "] {
        assert!(is_shortened(text), "{text}");
    }
    for text in ["14155550101", "+14155550101", "E", "Emma", "1.5", "nan", "infinity"] {
        assert!(!is_shortened(text), "{text}");
    }
    assert_eq!(tags_of("a; b,, c ").unwrap().iter().map(ToString::to_string).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(tags_of(NONE).unwrap(), []);
}

#[test]
fn a_cell_says_what_is_there_and_nothing_else_does() {
    let directory = directory();
    let (staging, allowed) = (workspace("staging"), Allowed::new());
    let context = RowContext { directory: &directory, workspace: None, allowed: &allowed };
    let says = |line: u32, column: &str, text: &str| {
        context.exported(crate::model::made_up::number(line), Some(&staging)).says(column, text)
    };
    for (line, column, text) in [
        (1, "notes", "first"),
        (1, "notes", " 'first "),
        (2, "notes", "none"),
        (2, "nickname", "none"),
        (1, "nickname", "Front desk"),
        (1, "agent_path", "agents/a"),
        (1, "webhook", "https://example.com/a"),
        (2, "tags", "none"),
        (2, "username", "none"),
    ] {
        assert!(says(line, column, text), "{line} {column} {text}");
    }
    for (line, column, text) in [
        (2, "notes", "x"),
        (2, "nickname", "x"),
        (1, "notes", "none"),
        (1, "nickname", "none"),
        (2, "tags", "x"),
        (1, "agent", "agents/a"),
        (1, "password_env", "none"),
        (1, "phone_number", "+14155550001"),
    ] {
        assert!(!says(line, column, text), "{line} {column} {text}");
    }
}
