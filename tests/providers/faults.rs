//! Every fault that a read can meet has its own message, and makes the read incomplete.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use phone_dir::providers::retry::RetryLimits;
use phone_dir::reconcile::live::Outcome;
use serde_json::json;

use crate::providers::server::{Reply, Request, Server};
use crate::providers::{complete, ending, quick, read_retell};

/// A last page without numbers.
fn empty() -> Reply {
    Reply::json(&json!({"items": [], "has_more": false}))
}

/// A server that says the same to every request.
fn always(reply: Reply) -> Server {
    Server::start(move |_, _| reply.clone())
}

/// Reads once and gives the message and the number of requests that arrived.
fn meet(server: &Server) -> (String, usize) {
    let read = read_retell(&server.base, quick(), &|_| false);
    let arrived = server.requests().len();
    assert_eq!(read.requests, arrived, "what is counted is what was sent");
    (ending(&read), arrived)
}

#[test]
fn a_refused_key_is_asked_once_and_named_by_its_variable() {
    for status in [401, 403] {
        let server = always(Reply::status(status, r#"{"status":"error","message":"API key is missing or invalid."}"#));
        let (message, requests) = meet(&server);
        assert!(
            message.starts_with(&format!("failed: Retell (workspace `staging`) refused the key with status {status}"))
        );
        assert!(message.contains("`RETELL_STAGING_API_KEY` in the environment"), "{message}");
        assert!(message.contains("API key is missing or invalid."), "{message}");
        assert_eq!(requests, 1);
    }
}

#[test]
fn other_refusals_are_asked_once() {
    for (status, words) in [(404, "found nothing"), (400, "refused the request with status 400"), (422, "status 422")] {
        let (message, requests) = meet(&always(Reply::status(status, "{}")));
        assert!(message.starts_with("failed: ") && message.contains(words), "{message}");
        assert_eq!(requests, 1);
    }
}

#[test]
fn what_a_provider_says_is_shown_without_the_key_and_without_control_characters() {
    let body = json!({"message": "bad key_made_up \u{1b}[2J\u{202e}"}).to_string();
    let (message, _) = meet(&always(Reply::status(400, &body)));
    assert!(message.contains("bad … \\u{1b}[2J\\u{202e}"), "{message}");
}

#[test]
fn server_errors_are_asked_five_times() {
    for status in [500, 502, 503, 429] {
        let (message, requests) = meet(&always(Reply::status(status, "<html>oops</html>")));
        assert!(message.contains(&format!("status {status}")) && message.contains("5 times"), "{message}");
        assert_eq!(requests, 5);
    }
}

#[test]
fn a_read_survives_four_passing_faults() {
    let server = Server::start(|_, before| match before {
        0 => Reply::status(500, ""),
        1 => Reply::status(429, "{}"),
        2 => Reply::Close,
        3 => Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"items\":".to_vec()),
        _ => empty(),
    });
    let read = read_retell(&server.base, quick(), &|_| false);
    assert_eq!((read.requests, read.items), (5, 0));
    complete(read);
}

#[test]
fn retry_after_in_seconds_is_waited_for() {
    let server = Server::start(
        |_, before| if before == 0 { Reply::status(429, "{}").with("retry-after", "1") } else { empty() },
    );
    let start = Instant::now();
    complete(read_retell(&server.base, quick(), &|_| false));
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn retry_after_as_a_date_is_waited_for() {
    let server = Server::start(|_, before| {
        let date = (chrono::Utc::now() + chrono::Duration::seconds(2)).format("%a, %d %b %Y %H:%M:%S GMT");
        if before == 0 { Reply::status(503, "").with("retry-after", &date.to_string()) } else { empty() }
    });
    let start = Instant::now();
    complete(read_retell(&server.base, quick(), &|_| false));
    // The date has whole seconds, so up to one of the two is cut off.
    assert!(start.elapsed() >= Duration::from_millis(990));
}

#[test]
fn a_wait_beyond_the_limit_of_the_request_ends_it_at_once() {
    let server = always(Reply::status(429, "{}").with("retry-after", "3600"));
    let start = Instant::now();
    let (message, requests) = meet(&server);
    assert!(message.contains("asks to wait 3600 s"), "{message}");
    assert_eq!(requests, 1);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn all_attempts_and_waits_of_a_request_share_one_limit() {
    let server = always(Reply::Hang(Duration::from_secs(3)));
    let limits = RetryLimits { attempt: Duration::from_millis(200), total: Duration::from_millis(500), ..quick() };
    let start = Instant::now();
    let read = read_retell(&server.base, limits, &|_| false);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let message = ending(&read);
    assert!(message.starts_with("failed: Retell (workspace `staging`) did not answer in time"), "{message}");
    assert!((2..=3).contains(&read.requests), "{}", read.requests);
}

#[test]
fn a_redirect_is_named_by_its_host_and_not_followed() {
    let other = always(empty());
    let reply = Reply::status(302, "").with("location", "https://login.example/in?token=abc");
    let (message, requests) = meet(&always(reply));
    assert!(message.contains("a redirect to `login.example` (status 302)"), "{message}");
    assert!(!message.contains("token=abc"));
    assert_eq!(requests, 1);
    let target = other.base.clone();
    meet(&Server::start(move |_, _| Reply::status(307, "").with("location", &target)));
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn html_with_status_200_is_no_answer() {
    let typed = Reply::status(200, "{}").with("content-type", "text/html; charset=utf-8");
    let untyped = Reply::status(200, "\n <!doctype html><p>Sign in</p>");
    for reply in [typed, untyped] {
        let (message, requests) = meet(&always(reply));
        assert!(message.contains("answered HTML instead of JSON with status 200"), "{message}");
        assert_eq!(requests, 1);
    }
}

#[test]
fn a_body_that_ends_early_is_noticed_however_it_ends() {
    let short_length = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"items\": []".to_vec();
    let short_chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ite\r\n".to_vec();
    let no_length = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"items\": [".to_vec();
    let nothing = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec();
    for bytes in [short_length, short_chunks, no_length, nothing] {
        let (message, requests) = meet(&always(Reply::Raw(bytes)));
        assert!(message.contains("sent an answer that ends early (status 200)"), "{message}");
        assert_eq!(requests, 5);
    }
}

#[test]
fn a_body_larger_than_the_limit_is_not_read() {
    let limits = RetryLimits { body: 1000, ..quick() };
    let announced = Reply::status(200, &" ".repeat(2000));
    let mut chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    chunked.extend(format!("7d0\r\n{}\r\n0\r\n\r\n", " ".repeat(2000)).into_bytes());
    for reply in [announced, Reply::Raw(chunked)] {
        let server = always(reply);
        let message = ending(&read_retell(&server.base, limits, &|_| false));
        assert!(message.contains("an answer of more than 1000 bytes"), "{message}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn what_is_not_json_or_has_a_wrong_field_is_named_without_its_value() {
    let (message, _) = meet(&always(Reply::status(200, "{\"items\": hunter2}")));
    assert!(message.contains("is not JSON, at line 1, column 11") && !message.contains("hunter2"), "{message}");
    let (message, _) = meet(&always(Reply::status(200, r#"{"items": "hunter2", "has_more": false}"#)));
    assert!(message.contains("sent a wrong `items`, expected a list") && !message.contains("hunter2"), "{message}");
    let (message, _) = meet(&always(Reply::status(200, r#"{"has_more": false}"#)));
    assert!(message.starts_with("failed: ") && message.contains("sent a wrong `items`"), "{message}");
    let item =
        json!({"items": [{"phone_number": "+14155550123", "phone_number_type": "custom", "nickname": ["hunter2"]}]});
    let (message, _) = meet(&always(Reply::json(&item)));
    assert!(message.starts_with("partial: ") && message.contains("a wrong `items[0].nickname`"), "{message}");
    assert!(!message.contains("hunter2"));
}

#[test]
fn a_closed_port_is_unreachable_and_a_silent_close_is_a_broken_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let read = read_retell(&base, quick(), &|_| false);
    assert!(ending(&read).contains("cannot be reached: the connection was refused"));
    assert_eq!(read.requests, 5);
    let (message, requests) = meet(&always(Reply::Close));
    assert!(message.contains("closed the connection without an answer"), "{message}");
    assert_eq!(requests, 5);
}

#[test]
fn a_fault_after_the_first_page_makes_the_read_partial() {
    let server = Server::start(|request: &Request, _| match request.query("pagination_key") {
        None => Reply::json(&json!({"items": [], "has_more": true, "pagination_key": "next"})),
        Some(_) => Reply::status(500, ""),
    });
    let read = read_retell(&server.base, quick(), &|_| false);
    assert!(ending(&read).starts_with("partial: "));
    let Outcome::Partial(error) = &read.outcome else { unreachable!() };
    assert_eq!(error.kind().exit_code(), 3);
    assert_eq!(read.requests, 6);
}

#[test]
fn no_proxy_stands_between_us_and_this_machine() {
    // Variables of the own process cannot be set safely beside other tests, so this runs one of them once more.
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "providers::faults::a_read_survives_four_passing_faults"]);
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        again.env(variable, "http://127.0.0.1:1");
    }
    let output = again.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
