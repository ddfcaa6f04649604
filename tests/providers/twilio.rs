//! Reading an account: pages on two hosts, side by side and bounded, and everything that hangs together.

use std::time::{Duration, Instant};

use phone_dir::model::master::NumberType;
use phone_dir::providers::ReadPlan;
use serde_json::{Value, json};

use crate::providers::server::{Reply, Request, Server};
use crate::providers::{ACCOUNT, complete, ending, quick, read_twilio, retell_credentials, run, twilio_credentials};

const PAGE: u64 = 1000;

fn sid(kind: &str, index: u64) -> String {
    format!("{kind}{index:032x}")
}

fn number(index: u64, trunk: Option<u64>) -> Value {
    json!({
        "sid": sid("PN", index),
        "phone_number": format!("+1{}", 4_155_000_000_u64 + index),
        "friendly_name": format!("Line {index}"),
        "type": "local",
        "capabilities": {"voice": true, "sms": true, "mms": false, "fax": false},
        "trunk_sid": trunk.map(|trunk| sid("TK", trunk)),
        "date_created": "Thu, 30 Jul 2015 23:19:04 +0000",
    })
}

fn trunk(index: u64) -> Value {
    json!({
        "sid": sid("TK", index),
        "friendly_name": "Main",
        "domain_name": format!("trunk{index}.pstn.twilio.com"),
        "auth_type": "CREDENTIAL_LIST",
        "date_created": "2015-07-30T23:19:04Z",
        "date_updated": "2016-07-30T23:19:04Z",
    })
}

fn numbers_page(numbers: &[Value], next: Option<&str>) -> Reply {
    Reply::json(&json!({"incoming_phone_numbers": numbers, "next_page_uri": next}))
}

fn trunking_page(key: &str, items: &[Value], next: Option<&str>) -> Reply {
    Reply::json(&json!({key: items, "meta": {"key": key, "next_page_url": next}}))
}

fn is_numbers(request: &Request) -> bool {
    request.path().ends_with("IncomingPhoneNumbers.json")
}

/// An account of `count` numbers on `trunks` trunks, each with one origination URL and one list of its own.
fn account(request: &Request, count: u64, trunks: u64) -> Reply {
    let parts: Vec<&str> = request.path().trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["2010-04-01", "Accounts", ACCOUNT, "IncomingPhoneNumbers.json"] => {
            let page: u64 = request.query("Page").map_or(0, |page| page.parse().unwrap());
            let numbers: Vec<_> =
                (page * PAGE..count.min((page + 1) * PAGE)).map(|index| number(index, Some(index % trunks))).collect();
            let path = request.path();
            let next = format!("{path}?PageSize=1000&Page={}&PageToken=PA{page}", page + 1);
            numbers_page(&numbers, ((page + 1) * PAGE < count).then_some(next.as_str()))
        }
        ["v1", "Trunks"] => trunking_page("trunks", &(0..trunks).rev().map(trunk).collect::<Vec<_>>(), None),
        ["v1", "Trunks", of, "OriginationUrls"] => {
            let url = json!({"sid": of.replace("TK", "OU"), "sip_url": "sip:sip.example", "priority": 1, "weight": 1, "enabled": true, "friendly_name": "O"});
            trunking_page("origination_urls", &[url], None)
        }
        ["v1", "Trunks", of, "CredentialLists"] => {
            trunking_page("credential_lists", &[json!({"sid": of.replace("TK", "CL"), "friendly_name": "C"})], None)
        }
        [.., "SIP", "CredentialLists", _, "Credentials.json"] => Reply::json(
            &json!({"credentials": [{"username": "retell_user"}, {"username": "another"}], "next_page_uri": null}),
        ),
        _ => Reply::status(404, "{}"),
    }
}

/// Answers everything but the numbers with an account without trunks.
fn only_numbers(page: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(
        move |request, _| if is_numbers(request) { page(request) } else { trunking_page("trunks", &[], None) },
    )
}

#[test]
fn an_account_is_read_whole_and_hangs_together() {
    let server = Server::start(|request, _| account(request, 2500, 3));
    let read = read_twilio(&server.base);
    assert_eq!(read.requests, 3 + 1 + 3 * 3);
    assert_eq!(read.items, 2500 + 3 + 3 + 3 + 6);
    let account = complete(read);
    assert_eq!(account.oddities, []);
    assert_eq!(account.numbers.len(), 2500);
    assert_eq!(account.numbers[0].number_type, Some(NumberType::Local));
    assert_eq!(account.trunks.len(), 3);
    let first = &account.trunks[0];
    assert_eq!((first.trunk_sid.to_string(), first.auth_type.as_str()), (sid("TK", 0), "credential_list"));
    assert_eq!(first.date_updated.unwrap().as_str(), "2016-07-30T23:19:04Z");
    assert_eq!(first.credential_list_sid.unwrap().to_string(), sid("CL", 0));
    assert_eq!((first.credential_list_sids.clone(), first.origination_urls[0].enabled), (None, None));
    assert_eq!(account.trunks.iter().map(|trunk| trunk.phone_numbers.len()).sum::<usize>(), 2500);
    assert!(account.trunks.iter().all(|trunk| trunk.phone_numbers.is_sorted_by_key(|number| number.phone_number)));
    assert_eq!(account.credentials.len(), 3);
    assert_eq!(account.credentials[0].usernames, ["retell_user", "another"]);
    assert!(account.credentials[0].note.contains("Passwords not stored"));
    for request in server.requests() {
        assert_eq!(request.query("PageSize"), Some("1000"));
        assert!(request.authorization.starts_with("Basic "));
    }
}

#[test]
fn ten_thousand_numbers_take_little_longer_than_their_own_pages() {
    let server = Server::start(|request, _| {
        std::thread::sleep(Duration::from_millis(100));
        account(request, 10_000, 25)
    });
    let start = Instant::now();
    let read = read_twilio(&server.base);
    let whole = start.elapsed();
    assert_eq!(read.requests, 10 + 1 + 25 * 3);
    assert_eq!(complete(read).numbers.len(), 10_000);
    assert!(server.most_under_way() <= 8, "{}", server.most_under_way());
    assert!(server.most_under_way() >= 4, "requests run side by side: {}", server.most_under_way());
    let pages: Vec<_> = server.requests().into_iter().filter(is_numbers).collect();
    let chain = pages[9].at - pages[0].at + Duration::from_millis(100);
    assert!(whole <= chain.mul_f64(1.5), "{whole:?} for a chain of {chain:?}");
}

#[test]
fn a_list_that_several_trunks_share_is_asked_for_once() {
    let server = Server::start(|request, _| {
        if request.path().starts_with("/v1/") && request.path().ends_with("/CredentialLists") {
            let lists = [7, 8].map(|index| json!({"sid": sid("CL", index), "friendly_name": "shared"}));
            return trunking_page("credential_lists", &lists, None);
        }
        account(request, 10, 4)
    });
    let account = complete(read_twilio(&server.base));
    assert_eq!(account.credentials.len(), 2);
    assert!(account.trunks.iter().all(|trunk| trunk.credential_list_sids.as_ref().is_some_and(|more| more.len() == 1)));
    assert_eq!(server.requests().iter().filter(|request| request.path().ends_with("Credentials.json")).count(), 2);
}

#[test]
fn origination_urls_stand_in_the_order_in_which_they_are_tried() {
    let server = Server::start(|request, _| {
        if request.path().ends_with("/OriginationUrls") {
            let url = |index, priority, weight, enabled| json!({"sid": sid("OU", index), "sip_url": "sip:x@sip.example", "priority": priority, "weight": weight, "enabled": enabled});
            return trunking_page(
                "origination_urls",
                &[url(1, 20, 1, true), url(2, 10, 5, false), url(3, 10, 9, true)],
                None,
            );
        }
        account(request, 1, 1)
    });
    let account = complete(read_twilio(&server.base));
    let urls = &account.trunks[0].origination_urls;
    assert_eq!(
        urls.iter().map(|url| url.sid.to_string()).collect::<Vec<_>>(),
        [sid("OU", 3), sid("OU", 2), sid("OU", 1)]
    );
    assert_eq!(urls.iter().map(|url| url.enabled).collect::<Vec<_>>(), [None, Some(false), None]);
}

#[test]
fn trunking_pages_follow_their_absolute_link() {
    let server = Server::start(|request, _| match (request.path(), request.query("Page")) {
        ("/v1/Trunks", None) => {
            // The server is asked under the address that the test gave, so that is where the link leads.
            Reply::json(
                &json!({"trunks": [trunk(0)], "meta": {"next_page_url": "/v1/Trunks?PageSize=1000&Page=1&PageToken=x"}}),
            )
        }
        ("/v1/Trunks", Some(_)) => trunking_page("trunks", &[trunk(1)], None),
        _ => account(request, 1, 1),
    });
    assert_eq!(complete(read_twilio(&server.base)).trunks.len(), 2);
}

#[test]
fn a_page_link_to_another_host_is_refused_and_not_asked() {
    let other = Server::start(|_, _| numbers_page(&[], None));
    for link in [format!("{}/x.json", other.base), "https://evil.example/x?t=1".into(), "//evil.example/x".into()] {
        let server = only_numbers(move |_| numbers_page(&[number(1, None)], Some(&link)));
        let message = ending(&read_twilio(&server.base));
        assert!(message.starts_with("partial: Twilio sent a page link to another address, `"), "{message}");
        assert!(!message.contains("t=1"));
    }
    let foreign = other.base.clone();
    let server = Server::start(move |request, _| match request.path() {
        "/v1/Trunks" => trunking_page("trunks", &[], Some(&format!("{foreign}/v1/Trunks?Page=1"))),
        _ => numbers_page(&[], None),
    });
    assert!(ending(&read_twilio(&server.base)).contains("to another address"));
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn a_page_link_that_repeats_is_incomplete() {
    let server = only_numbers(|request| numbers_page(&[], Some(&format!("{}?Page=1&PageToken=same", request.path()))));
    let read = read_twilio(&server.base);
    assert!(ending(&read).starts_with("partial: Twilio sent the key of a page for a second time"));
    assert_eq!(server.requests().iter().filter(|request| is_numbers(request)).count(), 2);
}

#[test]
fn an_answer_without_its_list_is_incomplete_and_one_without_a_link_is_the_last() {
    let without_list = only_numbers(|_| Reply::status(200, "{}"));
    assert!(ending(&read_twilio(&without_list.base)).contains("a wrong `incoming_phone_numbers`"));
    let without_link = only_numbers(|_| Reply::status(200, r#"{"incoming_phone_numbers": []}"#));
    assert!(complete(read_twilio(&without_link.base)).numbers.is_empty());
}

#[test]
fn odd_numbers_are_reported_and_a_malformed_sid_ends_the_read() {
    let odd = only_numbers(|_| {
        let mut short = number(2, None);
        short["phone_number"] = "72345".into();
        let mut satellite = number(3, Some(9));
        satellite["type"] = "satellite".into();
        numbers_page(&[number(1, None), short, satellite, number(1, None)], None)
    });
    let account = complete(read_twilio(&odd.base));
    assert_eq!(account.numbers.len(), 2);
    // Not E.164, an unknown type, a duplicate, a trunk that is not listed.
    assert_eq!(account.oddities.len(), 4, "{:?}", account.oddities);

    let malformed = only_numbers(|_| {
        let mut wrong = number(1, None);
        wrong["sid"] = "PNnot-hexadecimal".into();
        numbers_page(&[wrong], None)
    });
    let message = ending(&read_twilio(&malformed.base));
    assert!(
        message.starts_with("partial: Twilio sent a wrong `incoming_phone_numbers[0].sid`, expected a SID"),
        "{message}"
    );
}

#[test]
fn twilios_own_error_is_shown_with_its_code() {
    let server =
        Server::start(|_, _| Reply::status(401, r#"{"code": 20003, "message": "Authenticate", "status": 401}"#));
    let message = ending(&read_twilio(&server.base));
    assert!(message.contains("\"Authenticate\" (code 20003)") && message.contains("`TWILIO_AUTH_TOKEN`"), "{message}");
}

#[test]
fn twilio_and_every_workspace_are_read_side_by_side() {
    let server = Server::start(|request, _| {
        std::thread::sleep(Duration::from_millis(100));
        match request.path() {
            "/v2/list-phone-numbers" => Reply::json(&json!({"items": [], "has_more": false})),
            _ => account(request, 1, 1),
        }
    });
    let retell = ["production", "staging"].map(|workspace| retell_credentials(&server.base, workspace)).to_vec();
    let plan = ReadPlan { twilio: Some(twilio_credentials(&server.base)), retell, limits: quick() };
    let reads = run(&plan, &|_| false);
    assert_eq!(server.most_under_way(), 4);
    complete(reads.twilio.unwrap());
    let names: Vec<_> = reads.retell.iter().map(|read| read.workspace.as_ref().unwrap().to_string()).collect();
    assert_eq!(names, ["production", "staging"]);
}

#[test]
fn trunks_of_another_account_are_told_and_those_that_name_none_are_not() {
    let of = |sid: &str| {
        let mut trunk = trunk(0);
        trunk["account_sid"] = sid.into();
        trunk
    };
    let [own, other] = [of(ACCOUNT), of(&sid("AC", 9))];
    for (trunk, words) in [(own, None), (trunk(0), None), (other, Some("the trunks are this account's"))] {
        let server = Server::start(move |request, _| match request.path() {
            "/v1/Trunks" => trunking_page("trunks", std::slice::from_ref(&trunk), None),
            _ => account(request, 1, 1),
        });
        let account = complete(read_twilio(&server.base));
        assert_eq!(account.trunks.len(), 1);
        let told: Vec<_> = account.oddities.iter().map(|oddity| oddity.message.as_str()).collect();
        match words {
            None => assert_eq!(told, [""; 0]),
            Some(words) => assert!(told.len() == 1 && told[0].contains(words), "{told:?}"),
        }
    }
}
