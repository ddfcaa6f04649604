//! Reading a workspace: pages, agents' names, the organisation.

use phone_dir::model::AgentId;
use phone_dir::reconcile::live::Organisation;
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
    let requests = server.requests();
    let asked = requests.iter().find(|request| request.path() == "/v2/list-agents").unwrap();
    assert_eq!((asked.method.as_str(), asked.body.as_str(), asked.query("limit")), ("POST", "{}", Some("1000")));
}

#[test]
fn an_api_without_the_list_of_agents_is_an_incomplete_read_that_names_it() {
    for status in [404, 405] {
        let server = Server::start(move |request: &Request, _| match request.path() {
            "/v2/list-phone-numbers" => one_page("agent_nowhere"),
            _ => Reply::status(status, "{}"),
        });
        let read = read_retell(&server.base, quick(), &|_| true);
        assert!(ending(&read).contains("`POST /v2/list-agents`"), "{}", ending(&read));
        assert!(server.requests().iter().all(|request| request.path() != "/list-agents"));
    }
}

#[test]
fn the_organisation_of_a_key_is_read_beside_and_nothing_depends_on_it() {
    let known = json!({"org_id": "org_made_up", "org_name": "Made up"});
    let answers =
        [(Reply::json(&known), true), (Reply::status(500, ""), false), (Reply::json(&json!({"org_id": 7})), false)];
    for (reply, is_known) in answers {
        let server = Server::start_with(reply, |_, _| one_page("agent_a"));
        let workspace = complete(read_retell(&server.base, quick(), &|_| false));
        assert_eq!(workspace.organisation.id(), is_known.then_some("org_made_up"));
        assert_eq!(server.key_infos(), 1);
        if let Organisation::NotKnown(why) = workspace.organisation {
            assert!(why.unwrap().contains("get-api-key-info"));
        }
    }
}

#[test]
fn names_that_cannot_be_read_make_the_read_partial() {
    let server = Server::start(|request: &Request, _| match request.path() {
        "/v2/list-phone-numbers" => one_page("agent_a"),
        _ => Reply::status(500, ""),
    });
    assert!(ending(&read_retell(&server.base, quick(), &|_| true)).contains("`POST /v2/list-agents` 5 times"));
}
