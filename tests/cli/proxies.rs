//! A proxy of the environment that says no: what is wrong is the proxy, so it is named.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::cli::fixture::{Place, Run};

/// A proxy that gives every connection the same answer.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            let _length = stream.read(&mut asked).unwrap();
            let _gone = stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes());
        }
    });
    address
}

fn sync_through(variable: &str, value: &str) -> Run {
    let mut place = Place::with_git();
    place.succeed(&["init"]);
    place.set("RETELL_STAGING_API_KEY", "key_made_up");
    place.set(variable, value);
    place.run(&["sync-retell", "--workspace", "staging"])
}

#[test]
fn a_proxy_that_says_no_is_named_with_its_variable_and_without_its_password() {
    for (answer, did) in [
        ("407 Proxy Authentication Required", "asks for a user and a password (status 407)"),
        ("403 Forbidden", "refused to connect"),
        ("502 Bad Gateway", "refused to connect"),
    ] {
        for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
            let address = proxy(answer);
            let run = sync_through(variable, &format!("http://made-up:secret@{address}"));
            let named = format!("the proxy in `{variable}` ({address}) {did}");
            assert!(run.code == 2 && run.stderr.contains(&named), "{answer} {run}");
            assert!(run.stderr.contains("NO_PROXY") && !run.stderr.contains("secret"), "{run}");
        }
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for value in [format!("http://{gone}"), gone.to_string()] {
        let run = sync_through("HTTPS_PROXY", &value);
        assert!(run.stderr.contains(&format!("the proxy in `HTTPS_PROXY` ({gone}) cannot be reached")), "{run}");
    }
}
