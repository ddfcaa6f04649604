//! What is refused, by its status, and never by a word of why.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use phone_dir::activity::signature::signature;
use phone_dir::activity::time::Millis;
use phone_dir::model::workspaces_file::ApiKey;

use super::receiver::{NOW_MS, PATH, Receiver, events_of, exchange, signed};
use crate::usage::sql;

#[test]
fn a_request_that_no_key_signed_or_that_is_no_event_is_refused_without_a_reason() {
    let receiver = Receiver::of(crate::cli::fixture::Project::synced(), &["--max-body", "16"]);
    let body = events_of("call_1")[1].to_string().into_bytes();
    let cases: [(&str, Vec<u8>, Option<String>, u16); 8] = [
        ("no signature", body.clone(), None, 401),
        ("another key", body.clone(), Some(signature(&ApiKey::new("key_other"), &body, Millis(NOW_MS))), 401),
        ("too old", body.clone(), Some(signed(&body, NOW_MS - 300_001)), 401),
        ("too far ahead", body.clone(), Some(signed(&body, NOW_MS + 300_001)), 401),
        ("another body", [&body[..], b" "].concat(), Some(signed(&body, NOW_MS)), 401),
        ("two objects", [&body[..], b"{}"].concat(), Some(signed(&[&body[..], b"{}"].concat(), NOW_MS)), 400),
        ("no object", b"[]".to_vec(), Some(signed(b"[]", NOW_MS)), 400),
        ("too large", vec![b' '; 17 << 10], Some(signed(&vec![b' '; 17 << 10], NOW_MS)), 413),
    ];
    for (what, body, signature, status) in cases {
        let answer = receiver.deliver(&body, signature.as_deref());
        assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{what}");
    }
    assert_eq!(sql(&receiver.project, "SELECT count(*) FROM call"), "0");
    let other = |request: &str| {
        let head = format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        exchange(&receiver.address, &head, b"").unwrap().status
    };
    assert_eq!([other(&format!("GET {PATH}")), other("POST /elsewhere"), other("GET /metrics")], [405, 404, 404]);
    let metrics = receiver.get("/metrics").body;
    for line in
        ["signature_missing\"} 1", "signature_wrong\"} 2", "signature_old\"} 2", "no_event\"} 2", "too_large\"} 1"]
    {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
}

#[test]
fn both_keys_of_a_workspace_count_while_they_change() {
    let mut project = crate::cli::fixture::Project::synced();
    project.place.set("RETELL_PRODUCTION_WEBHOOK_KEY", concat!("key_made_up_", "new"));
    project.place.set("RETELL_PRODUCTION_WEBHOOK_KEY_OLD", concat!("key_made_up_", "old"));
    let receiver = Receiver::of(project, &["-w", "production"]);
    let body = events_of("call_1")[0].to_string().into_bytes();
    for (key, status) in [("key_made_up_new", 204), ("key_made_up_old", 204), ("key_sandbox_production", 401)] {
        let header = signature(&ApiKey::new(key), &body, Millis(NOW_MS));
        assert_eq!(receiver.deliver(&body, Some(&header)).status, status, "{key}");
    }
}

#[test]
fn a_sender_that_does_not_get_on_is_cut_off_and_others_are_served_meanwhile() {
    let receiver = Receiver::start();
    let started = Instant::now();
    let mut slow: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(&receiver.address).unwrap()).collect();
    slow[0].write_all(b"POST /webhook/retell HTTP/1.1\r\nHost: x\r\n").unwrap();
    slow[1].write_all(b"POST /webhook/retell HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{").unwrap();
    assert_eq!(receiver.send(&events_of("call_1")[0]).status, 204);
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer);
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 408"), "{text}");
    }
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}
