//! The live page and the metrics: what they show, to whom, and what of nobody.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::receiver::{Receiver, events_of, exchange};
use crate::cli::fixture::{Project, files_below};

/// The next state that the page is told.
fn told(receiver: &Receiver) -> Value {
    let mut stream = TcpStream::connect(&receiver.admin).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", receiver.admin).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let data = lines.into_iter().find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    serde_json::from_str(&data).unwrap()
}

#[test]
fn a_call_appears_on_the_page_and_ends_there() {
    let receiver = Receiver::start();
    let [started, ended, analyzed] = events_of("call_1");
    assert_eq!(told(&receiver)["ongoing"], 0);
    assert_eq!(receiver.send(&started).status, 204);
    let seen = told(&receiver);
    assert_eq!((&seen["ongoing"], &seen["last_hour"]), (&1.into(), &1.into()), "{seen}");
    assert_eq!(seen["lines"][0]["phone_number"], "+14155550101");
    assert_eq!(seen["minutes"].as_array().unwrap().len(), 60);
    assert!(receiver.get("/metrics").body.contains("phone_dir_calls_ongoing{workspace=\"production\"} 1"));
    assert_eq!(receiver.send(&ended).status, 204);
    assert_eq!(receiver.send(&analyzed).status, 204);
    let seen = told(&receiver);
    assert_eq!((&seen["ongoing"], &seen["last_hour"]), (&0.into(), &1.into()), "{seen}");
}

#[test]
fn the_page_is_one_file_and_nothing_of_a_person_is_seen_anywhere() {
    let receiver = Receiver::start();
    for event in events_of("call_1") {
        assert_eq!(receiver.send(&event).status, 204);
    }
    let page = receiver.get("/");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-security-policy: default-src 'none'; connect-src 'self'"), "{}", page.head);
    assert!(
        !page.body.contains("http://")
            || page.body.matches("http://").count() == page.body.matches("http://www.w3.org/").count()
    );
    assert!(!page.body.contains("https://"));
    let metrics = receiver.get("/metrics").body;
    assert!(metrics.contains("phone_dir_webhook_commit_seconds_count 3"), "{metrics}");
    let mut seen = vec![page.body.into_bytes(), metrics.into_bytes(), told(&receiver).to_string().into_bytes()];
    seen.extend(files_below(&receiver.project.root, &receiver.project.path(".git/phone-dir")).into_values());
    for canary in ["+12025550123", "Ada", "asked about", "transcript", "key_sandbox"] {
        let holds = |bytes: &Vec<u8>| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!seen.iter().any(holds), "{canary}");
    }
}

#[test]
fn only_this_machine_or_a_token_opens_the_page() {
    let mut project = Project::synced();
    project.place.set("PAGE_TOKEN", "a-made-up-token-of-the-tests");
    let run = project.run(&["webhook", "serve", "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"]);
    assert!(run.code == 2 && run.stderr.contains("can be reached from other machines"), "{run}");
    let receiver = Receiver::of(project, &["--admin-token-env", "PAGE_TOKEN"]);
    assert_eq!(receiver.get("/").status, 401);
    assert_eq!(receiver.get("/?token=a-made-up-token-of-the-testz").status, 401);
    assert_eq!(receiver.get("/?token=a-made-up-token-of-the-tests").status, 200);
    let open = Receiver::start();
    let foreign = "GET /events HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(&open.admin, foreign, b"").unwrap().status, 401, "a name of another site leads here");
}
