//! Reading a workspace: pages, agents' names, older forms of the API.

use phone_dir::model::AgentId;
use serde_json::{Value, json};

use crate::providers::server::{Reply, Request, Server};
use crate::providers::{KEY, complete, ending, quick, read_retell};

fn number(digits: u64, agent: &str) -> Value {
    json!({
        "phone_number": format!("+1{digits}"),
        "phone_number_type": "retell-twilio",
        "inbound_agents": [{"agent_id": agent, "weight": 1}],
        "last_modification_timestamp": 1_700_000_000_000_i64,
    })
}

fn one_page(agent: &str) -> Reply {
    Reply::json(&json!({"items": [number(4_155_550_123, agent)], "has_more": false}))
}

#[test]
fn pages_follow_their_key_to_the_end() {
    let server = Server::start(|request, _| {
        let page: u64 = request.query("pagination_key").map_or(0, |key| key.parse().unwrap());
        let items: Vec<_> = (0..1000).map(|index| number(4_155_550_000 + page * 1000 + index, "agent_a")).collect();
        Reply::json(&json!({"items": items, "has_more": page < 2, "pagination_key": (page + 1).to_string()}))
    });
    let read = read_retell(&server.base, quick(), &|_| false);
    assert_eq!((read.requests, read.items), (3, 3000));
    let workspace = complete(read);
    assert_eq!(workspace.numbers.len(), 3000);
    assert!(workspace.numbers.is_sorted_by_key(|number| number.phone_number));
    for request in server.requests() {
        assert_eq!((request.method.as_str(), request.path()), ("GET", "/v2/list-phone-numbers"));
        assert_eq!(request.query("limit"), Some("1000"));
        assert_eq!(request.authorization, format!("Bearer {KEY}"));
    }
}

#[test]
fn a_key_that_repeats_and_a_missing_key_are_incomplete() {
    let repeating =
        Server::start(|_, _| Reply::json(&json!({"items": [], "has_more": true, "pagination_key": "same"})));
    let read = read_retell(&repeating.base, quick(), &|_| false);
    assert!(
        ending(&read).starts_with("partial: Retell (workspace `staging`) sent the key of a page for a second time")
    );
    assert_eq!(read.requests, 2);
    let missing = Server::start(|_, _| Reply::json(&json!({"items": [], "has_more": true})));
    assert!(ending(&read_retell(&missing.base, quick(), &|_| false)).contains("without the key of the next one"));
}

#[test]
fn a_number_that_comes_twice_is_kept_once_and_reported() {
    let server = Server::start(|_, _| {
        let twice = number(4_155_550_123, "agent_a");
        Reply::json(&json!({"items": [twice, twice], "has_more": false}))
    });
    let workspace = complete(read_retell(&server.base, quick(), &|_| false));
    assert_eq!((workspace.numbers.len(), workspace.oddities.len()), (1, 1));
}

#[test]
fn agents_are_asked_for_only_when_one_has_no_folder() {
    let server = Server::start(|_, _| one_page("agent_a"));
    assert!(complete(read_retell(&server.base, quick(), &|_| false)).agent_names.is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn names_come_from_the_newer_list_page_by_page() {
    let server = Server::start(|request: &Request, _| match (request.path(), request.query("pagination_key")) {
        ("/v2/list-phone-numbers", _) => one_page("agent_b"),
        ("/v2/list-agents", None) => Reply::json(&json!({
            "items": [{"agent_id": "agent_a", "agent_name": "A", "channel": "voice"}],
            "has_more": true,
            "pagination_key": "k",
        })),
        ("/v2/list-agents", Some("k")) => Reply::json(
            &json!({"items": [{"agent_id": "agent_b", "agent_name": "B", "is_suspended": true}], "has_more": false}),
        ),
        _ => Reply::status(500, ""),
    });
    let workspace = complete(read_retell(&server.base, quick(), &|_| true));
    let names: Vec<_> = workspace.agent_names.into_iter().collect();
    assert_eq!(names, [(AgentId::parse("agent_b").unwrap(), "B".to_owned())]);
    let asked = &server.requests()[1];
    assert_eq!((asked.method.as_str(), asked.body.as_str(), asked.query("limit")), ("POST", "{}", Some("1000")));
}

#[test]
fn an_api_without_the_newer_list_is_asked_in_the_older_way() {
    for status in [404, 405] {
        let server =
            Server::start(move |request: &Request, _| match (request.path(), request.query("pagination_key")) {
                ("/v2/list-phone-numbers", _) => one_page("agent_last"),
                ("/v2/list-agents", _) => Reply::status(status, "{}"),
                ("/list-agents", None) => {
                    let full: Vec<_> = (0..1000)
                        .map(|index| json!({"agent_id": format!("agent_{index}"), "version": 4, "agent_name": "x"}))
                        .collect();
                    Reply::json(&Value::Array(full))
                }
                ("/list-agents", Some("agent_999")) => {
                    assert_eq!(request.query("pagination_key_version"), Some("4"));
                    Reply::json(&json!([{"agent_id": "agent_last", "version": 0, "agent_name": "Last"}]))
                }
                _ => Reply::status(500, ""),
            });
        let read = read_retell(&server.base, quick(), &|_| true);
        assert_eq!(read.requests, 4);
        let workspace = complete(read);
        assert_eq!(workspace.agent_names.values().collect::<Vec<_>>(), ["Last"]);
        assert_eq!(server.requests()[2].query("is_latest"), Some("true"));
    }
}

#[test]
fn an_older_list_that_ignores_its_key_comes_to_an_end() {
    let server = Server::start(|request: &Request, _| match request.path() {
        "/v2/list-phone-numbers" => one_page("agent_nowhere"),
        "/list-agents" => {
            let full: Vec<_> =
                (0..1000).map(|index| json!({"agent_id": format!("agent_{index}"), "version": 0})).collect();
            Reply::json(&Value::Array(full))
        }
        _ => Reply::status(404, "{}"),
    });
    let read = read_retell(&server.base, quick(), &|_| true);
    assert_eq!(read.requests, 4);
    assert!(complete(read).agent_names.is_empty());
}

#[test]
fn names_that_cannot_be_read_make_the_read_partial() {
    let server = Server::start(|request: &Request, _| match request.path() {
        "/v2/list-phone-numbers" => one_page("agent_a"),
        _ => Reply::status(500, ""),
    });
    assert!(ending(&read_retell(&server.base, quick(), &|_| true)).contains("`POST /v2/list-agents` 5 times"));
}
