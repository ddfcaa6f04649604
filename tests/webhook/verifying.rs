//! `webhook verify` and Retell's own signatures: 19 bodies that the official Python client signed.

use std::path::Path;

use serde_json::Value;

use crate::cli::fixture::Place;

/// A directory whose workspace `production` has this webhook key, and no other key.
fn place(key: &str) -> Place {
    let mut place = Place::with_git();
    place.succeed(&["init", "--quiet"]);
    place.set("RETELL_PRODUCTION_WEBHOOK_KEY", key);
    place
}

#[test]
fn the_signatures_of_the_official_client_are_judged_as_it_judges_them() {
    let named = std::env::var("PHONE_DIR_OPENAPI").map(Into::into);
    let folder = named.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/openapi"));
    let Ok(text) = std::fs::read_to_string(folder.join("retell_webhook_vectors.json")) else {
        eprintln!("skipped: the signed examples are not here; set PHONE_DIR_OPENAPI to their folder");
        return;
    };
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 19);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let place = place(text("key"));
        place.write_bytes("body.json", text("body").as_bytes());
        let at = vector["now_ms"].to_string();
        let words = ["webhook", "verify", "--body", "body.json", "--signature", text("signature"), "--at", &at];
        let (code, answer) = place.json(&words);
        let valid = vector["valid"].as_bool().unwrap();
        assert_eq!(code, i32::from(!valid), "{}: {answer}", text("name"));
        assert_eq!(answer["workspace"].as_str(), valid.then_some("production"), "{}", text("name"));
    }
}

#[test]
fn what_signs_nothing_is_an_error_and_a_moved_digit_is_named() {
    let body = br#"{"event":"call_ended","call":{"call_id":"call_1"}}"#;
    let place = place(concat!("key_test_", "0123456789abcdef"));
    place.write_bytes("body.json", body);
    let digest = "2c30e10c3020a778e53a2708c38b3fc03e8c8c388926c9f37c5e308bbe85c232";
    let signature = format!("v=1700000000000,d={digest}");
    let verify = |body: &str, signature: &str, at: &str| {
        place.run(&["webhook", "verify", "--body", body, "--signature", signature, "--at", at])
    };
    let run = verify("body.json", &signature, "1700000000000");
    assert_eq!((run.code, run.stdout.as_str()), (0, "Signed with a key of production\n"));
    assert_eq!(verify("body.json", &signature, "1700000300001").code, 1);
    assert_eq!(verify("absent.json", &signature, "1700000000000").code, 2);
    place.write_bytes("moved.json", &[&body[..], b"1"].concat());
    let run = verify("moved.json", &format!("v=700000000000,d={digest}"), "700000000000");
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains("the receiver refuses the body all the same"), "{run}");
    let bare = Place::with_git();
    bare.succeed(&["init", "--quiet"]);
    bare.write_bytes("body.json", body);
    let run = bare.run(&["webhook", "verify", "--body", "body.json", "--signature", &signature]);
    assert!(run.code == 2 && run.stderr.contains("no key to verify events with"), "{run}");
}
