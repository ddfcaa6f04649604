//! Changes are sent once, and say whether they were made, not made, or may have been made.

use std::time::Duration;

use phone_dir::change::{Action, Edit, Setting, Settings};
use phone_dir::model::workspaces_file::ApiKey;
use phone_dir::model::{AgentId, AgentWeight, PhoneNumber};
use phone_dir::providers::retell::{ChangeError, Workspace};
use phone_dir::providers::retry::RetryLimits;
use serde_json::{Value, json};

use crate::providers::server::{Reply, Server};
use crate::providers::{edit, quick, retell_credentials, send};

fn number() -> PhoneNumber {
    PhoneNumber::parse("+14155550123").unwrap()
}

fn answer() -> Value {
    json!({"phone_number": "+14155550123", "phone_number_type": "custom", "last_modification_timestamp": 1_700_000_000_000_i64})
}

fn workspace(server: &Server, limits: RetryLimits) -> Workspace {
    Workspace::new(retell_credentials(&server.base, "staging"), limits).unwrap()
}

fn update() -> Edit {
    let agents = vec![AgentWeight::only(AgentId::parse("agent_a").unwrap())];
    let target = Settings { inbound_agents: agents, ..Settings::default() };
    edit(Action::Update, number(), &[Setting::InboundAgents, Setting::OutboundAgents], &target)
}

fn import() -> Edit {
    let target = Settings { termination_uri: Some("made-up.pstn.twilio.com".to_owned()), ..Settings::default() };
    edit(Action::Import, number(), &[Setting::TerminationUri], &target)
}

fn delete() -> Edit {
    edit(Action::Delete, number(), &[], &Settings::default())
}

#[test]
fn each_change_is_one_request_of_the_documented_form() {
    let server = Server::start(|request, _| match request.method.as_str() {
        "DELETE" => Reply::Raw(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec()),
        _ => Reply::json(&answer()),
    });
    let workspace = workspace(&server, quick());
    assert_eq!(workspace.get(number()).unwrap().unwrap().phone_number, number());
    for edit in [import(), update(), delete()] {
        send(&workspace, &edit).unwrap();
    }
    let sent: Vec<_> =
        server.requests().into_iter().map(|it| format!("{} {} {}", it.method, it.target, it.body)).collect();
    assert_eq!(
        sent,
        [
            "GET /get-phone-number/+14155550123 ",
            r#"POST /import-phone-number {"phone_number":"+14155550123","termination_uri":"made-up.pstn.twilio.com"}"#,
            r#"PATCH /update-phone-number/+14155550123 {"inbound_agents":[{"agent_id":"agent_a","weight":1}],"outbound_agents":null}"#,
            "DELETE /delete-phone-number/+14155550123 ",
        ]
    );
}

#[test]
fn a_number_that_the_workspace_does_not_have_is_none() {
    for status in [404, 422] {
        let server = Server::start(move |_, _| Reply::status(status, "{}"));
        assert_eq!(workspace(&server, quick()).get(number()).unwrap(), None);
    }
}

#[test]
fn a_refused_change_was_not_made() {
    for status in [400, 401, 404, 422, 429, 302] {
        let server = Server::start(move |_, _| Reply::status(status, r#"{"message": "no"}"#));
        let error = send(&workspace(&server, quick()), &update()).unwrap_err();
        assert!(matches!(&error, ChangeError::NotMade(error) if error.kind().exit_code() == 2), "{status}: {error:?}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[test]
fn a_change_without_a_clear_answer_is_unknown_and_never_repeated() {
    let truncated = Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{".to_vec());
    let html = Reply::status(200, "<html>");
    for reply in [Reply::status(500, ""), Reply::Close, Reply::Hang(Duration::from_secs(2)), truncated, html] {
        let name = format!("{reply:?}");
        let server = Server::start(move |_, _| reply.clone());
        let limits = RetryLimits { total: Duration::from_millis(500), ..quick() };
        let error = send(&workspace(&server, limits), &update()).unwrap_err();
        let ChangeError::Unknown(error) = error else { panic!("{name}: {error:?}") };
        assert!(error.message().contains("unknown whether the change was made"), "{error}");
        assert_eq!(error.kind().exit_code(), 3);
        assert_eq!(server.requests().len(), 1, "{name}");
    }
}

#[test]
fn a_change_that_found_no_connection_was_not_made() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let workspace = Workspace::new(retell_credentials(&base, "staging"), quick()).unwrap();
    assert!(matches!(send(&workspace, &delete()), Err(ChangeError::NotMade(_))));
}

#[test]
fn a_password_that_a_provider_repeats_is_not_shown() {
    let server = Server::start(|request, _| {
        let password = serde_json::from_str::<Value>(&request.body).unwrap()["sip_trunk_auth_password"].clone();
        Reply::status(400, &json!({"message": format!("weak: {}", password.as_str().unwrap())}).to_string())
    });
    let mut import = import();
    import.trunk.password = Some(ApiKey::new("hunter2"));
    let error = send(&workspace(&server, quick()), &import).unwrap_err();
    assert!(format!("{error:?}").contains("weak: …") && !format!("{error:?}").contains("hunter2"), "{error:?}");
}
