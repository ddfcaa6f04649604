//! Keys, passwords and tokens go in by every door and come out of none: not on standard output or error, not in a file
//! that was written, not in a git object, not in the arguments or the environment of a program that was started.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::thread;

use assert_cmd::cargo::cargo_bin;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use phone_dir::sandbox::{ACCOUNT_SID, AUTH_TOKEN, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY};

use crate::fixture::{Project, Run};

const SPARE: &str = "+13125550107";
const TRUNK: &str = "main-retell.pstn.twilio.com";

/// One unique secret a door.
const TOKEN: &str = "canary-token-3f1d9a";
const API_SECRET: &str = "canary-secret-77b0c2";
const STAGING_KEY: &str = "canary-staging-5e2f41";
const PRODUCTION_KEY: &str = "canary-production-90aa1c";
const FILE_KEY: &str = "canary-file-c41e07";
const DOTENV_TOKEN: &str = "canary-dotenv-1b6d35";
const ARGUMENT: &str = "canary-argument-d20f8b";
const INPUT: &str = "canary-input-64e9a3";
const VARIABLE: &str = "canary-variable-8c7710";
const ADDRESS: &str = "canary-address-2fe546";

const CANARIES: [&str; 13] = [
    TOKEN,
    API_SECRET,
    STAGING_KEY,
    PRODUCTION_KEY,
    FILE_KEY,
    DOTENV_TOKEN,
    ARGUMENT,
    INPUT,
    VARIABLE,
    ADDRESS,
    AUTH_TOKEN,
    RETELL_STAGING_KEY,
    RETELL_PRODUCTION_KEY,
];

/// The files that are doors themselves.
const DOORS: [&str; 2] = [".env", "workspaces.json"];

/// How a secret may be written, whose plain form is found anyway.
fn forms() -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for canary in CANARIES {
        forms.push((canary.to_owned(), canary.as_bytes().to_vec()));
        for user in [ACCOUNT_SID, "SK00000000000000005a4db0c500000009"] {
            let encoded = BASE64_STANDARD.encode(format!("{user}:{canary}"));
            forms.push((format!("{canary} in base64"), encoded.into_bytes()));
        }
    }
    forms
}

fn holds(bytes: &[u8]) -> Option<String> {
    let found = |form: &[u8]| bytes.windows(form.len()).any(|window| window == form);
    forms().into_iter().find(|(_, form)| found(form)).map(|(name, _)| name)
}

/// A project whose git writes down how it was started.
fn watched() -> Project {
    let mut project = Project::synced();
    let (folder, real) = (project.home.join("bin"), project.variables["PATH"].clone());
    fs::create_dir(&folder).unwrap();
    let log = project.home.join("children");
    let script = format!(
        "#!/bin/sh\ngrep -q phone-dir /proc/$PPID/comm && {{ echo \"$*\"; env; }} >> '{}'\nPATH='{real}' exec git \"$@\"\n",
        log.display()
    );
    fs::write(folder.join("git"), script).unwrap();
    fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    project.place.set("PATH", format!("{}:{real}", folder.display()));
    // Whatever can be made to talk, talks.
    project.place.set("RUST_LOG", "trace");
    project.place.set("RUST_BACKTRACE", "full");
    project
}

/// Fails if a canary is anywhere that the tool wrote to.
fn clean(run: &Run) {
    assert_eq!(holds(run.stdout.as_bytes()), None, "standard output of {}", run.words);
    assert_eq!(holds(run.stderr.as_bytes()), None, "standard error of {}", run.words);
}

fn nothing_written(project: &Project) {
    let objects = project.command("git", &["cat-file", "--batch-all-objects", "--batch"]).output().unwrap().stdout;
    assert!(objects.len() > 10_000, "there are objects to look at");
    assert_eq!(holds(&objects), None, "a git object");
    for folder in [&project.root, &project.home] {
        let listed = project.command("find", &[folder.to_str().unwrap(), "-type", "f"]).output().unwrap();
        for path in String::from_utf8(listed.stdout).unwrap().lines() {
            let name = Path::new(path).file_name().unwrap().to_str().unwrap();
            if !DOORS.contains(&name) {
                assert_eq!(holds(&fs::read(path).unwrap()), None, "{path}");
            }
        }
    }
}

/// A provider that repeats everything it is told, in another kind of answer each time.
fn parrot() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            // Whoever hangs up early has had its answer.
            let _ = repeat(stream.unwrap(), number);
        }
    });
    address
}

fn repeat(mut stream: TcpStream, number: usize) -> std::io::Result<()> {
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&heard) {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        heard.extend_from_slice(&buffer[..count]);
    }
    let heard = String::from_utf8_lossy(&heard);
    let words = heard.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization"));
    let credentials = words.and_then(|line| line.rsplit(' ').next()).unwrap_or_default();
    let decoded = BASE64_STANDARD.decode(credentials).map_or(String::new(), |bytes| String::from_utf8(bytes).unwrap());
    let plain = decoded.split_once(':').map_or(credentials, |(_, secret)| secret);
    let message = serde_json::to_string(&format!("{plain} {decoded} {heard}")).unwrap();
    let json = format!(
        "{{\"message\": {message}, \"status\": {message}, \"code\": 7, \"{plain}\": {message}, \"items\": {message}}}"
    );
    let (status, extra, body) = match number % 9 {
        0 => ("400 Bad Request", String::new(), json),
        1 => ("401 Unauthorized", String::new(), json),
        2 => ("403 Forbidden", String::new(), json),
        3 => ("404 Not Found", String::new(), json),
        4 => ("422 Unprocessable", String::new(), json),
        5 => ("302 Found", format!("Location: http://{plain}.example/{plain}?{plain}\r\n"), json),
        6 => ("200 OK", String::new(), json),
        7 => ("200 OK", "Content-Type: text/html\r\n".to_owned(), format!("<html>{plain}</html>")),
        _ => ("200 OK", String::new(), format!("[{{\"phone_number\": \"{plain}\", \"nickname\": 5}}, {plain}]")),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{extra}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// Whether a request has arrived with its whole body.
fn is_whole(heard: &[u8]) -> bool {
    let text = String::from_utf8_lossy(heard).to_ascii_lowercase();
    let Some((top, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        top.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
    body.len() >= length
}

/// Commands that ask a provider, at the highest verbosity.
const ASKING: [&[&str]; 11] = [
    &["sync", "--all", "-vvv"],
    &["sync", "--all", "-vvv", "--json"],
    &["sync", "--all", "-vvv", "--dry-run"],
    &["sync-twilio", "-vvv"],
    &["sync-retell", "-vvv", "--json"],
    &["drift", "-vvv"],
    &["diff", "@worktree", "@live", "-vvv"],
    &["phone", "list", "-w", "staging", "-vvv"],
    &["phone", "get", "+14155550101", "-w", "production", "-vvv", "--json"],
    &["phone", "update", "+14155550101", "-w", "staging", "--nickname", "New", "-vvv"],
    &["phone", "delete", "+14155550101", "-w", "staging", "--yes", "-vvv"],
];

/// Imports a number with a password that comes through each of its doors.
fn import_by_every_door(project: &Project) {
    let words = ["phone", "import", SPARE, TRUNK, "-w", "staging", "--username", "u", "-vvv"];
    for extra in [
        ["--password", ARGUMENT].as_slice(),
        &["--password-stdin"],
        &["--password-env", "TRUNK_PASSWORD"],
        &["--password-env", "TRUNK_PASSWORD", "--json"],
    ] {
        let words = [&words, extra].concat();
        let mut command = project.command(cargo_bin("phone-dir"), &words);
        if extra.contains(&"--password-env") {
            command.env("TRUNK_PASSWORD", VARIABLE);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(INPUT.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let shown: Vec<&str> = words.iter().copied().filter(|word| *word != ARGUMENT).collect();
        clean(&project.finish(&shown, &output));
        clean(&project.run(&["phone", "delete", SPARE, "-w", "staging", "--yes"]));
    }
}

/// The same through a list, which names the variable; a list that holds a password is refused without repeating it.
fn import_by_list(project: &Project) {
    let by_variable = format!(
        "phone_number,termination_uri,workspace,username,password_env\n{SPARE},{TRUNK},staging,u,TRUNK_PASSWORD\n"
    );
    let by_value =
        format!("phone_number,termination_uri,workspace,username,password\n{SPARE},{TRUNK},staging,u,{ARGUMENT}\n");
    for list in [by_variable, by_value] {
        let words = ["bulk-import", "-", "--yes", "-vvv"];
        let mut command = project.command(cargo_bin("phone-dir"), &words);
        command.env("TRUNK_PASSWORD", VARIABLE).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
        clean(&project.finish(&words, &child.wait_with_output().unwrap()));
        clean(&project.run(&["phone", "delete", SPARE, "-w", "staging", "--yes"]));
    }
}

#[test]
fn providers_that_repeat_every_secret_bring_none_of_them_out() {
    let mut project = watched();
    let parrot = parrot();
    for name in ["TWILIO_API_URL", "TWILIO_TRUNKING_URL", "RETELL_BASE_URL"] {
        project.place.set(name, &parrot);
    }
    project.place.set("TWILIO_AUTH_TOKEN", TOKEN);
    project.place.set("RETELL_STAGING_API_KEY", STAGING_KEY);
    project.place.set("RETELL_PRODUCTION_API_KEY", PRODUCTION_KEY);
    // Each command meets each kind of answer.
    for round in 0..9 {
        for words in ASKING.iter().skip(round % 3).step_by(3) {
            clean(&project.run(words));
        }
    }
    project.place.set("TWILIO_API_KEY", "SK00000000000000005a4db0c500000009");
    project.place.set("TWILIO_API_SECRET", API_SECRET);
    clean(&project.run(ASKING[3]));
    import_by_every_door(&project);
    import_by_list(&project);
    nothing_written(&project);
}

#[test]
fn a_good_run_leaves_no_secret_anywhere() {
    let project = watched();
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    for words in ASKING {
        clean(&project.run(words));
    }
    import_by_every_door(&project);
    import_by_list(&project);
    for words in [["setup"].as_slice(), &["hook", "run"], &["validate", "--json"], &["report"], &["history", "--json"]]
    {
        clean(&project.run(words));
    }
    nothing_written(&project);
}

#[test]
fn files_that_hold_secrets_are_read_and_never_shown() {
    let mut project = watched();
    let variables = ["TWILIO_AUTH_TOKEN", "RETELL_STAGING_API_KEY", "RETELL_PRODUCTION_API_KEY"];
    project.place.variables.retain(|name, _| !variables.contains(&name.as_str()));
    let dotenv = format!(
        "TWILIO_AUTH_TOKEN={DOTENV_TOKEN}\nBROKEN {DOTENV_TOKEN}\nRETELL_BASE_URL=https://{DOTENV_TOKEN}.example\n"
    );
    let workspace =
        |rest: &str| format!("{{\"staging\": {{\"name\": \"Staging\", \"api_key\": \"{FILE_KEY}\"{rest}}}}}");
    for file in [
        workspace(""),
        workspace(", \"base_url\": \"https://me:canary-address-2fe546@example.com\""),
        workspace(", \"api_key_env\": 5"),
        workspace(", \"canary-file-c41e07\": \"canary-file-c41e07\""),
        workspace("}"),
        format!("{{\"staging\": \"{FILE_KEY}\"}}"),
        format!("{{\"staging\": {{\"name\": \"Staging\", \"api_key_env\": \"{FILE_KEY}\"}}}}"),
    ] {
        project.write("workspaces.json", &file);
        project.write(".env", &dotenv);
        for words in ASKING.iter().chain(&[
            ["validate"].as_slice(),
            &["validate", "--json"],
            &["validate", "--format", "sarif"],
            &["status"],
            &["list"],
        ]) {
            clean(&project.run(words));
        }
    }
    project.git(&["add", "--force", ".env", "workspaces.json"]);
    for words in [["validate", "--staged"].as_slice(), &["hook", "run"], &["sync", "--all"], &["diff", "--staged"]] {
        clean(&project.run(words));
    }
    project.git(&["rm", "--quiet", "--cached", "-f", ".env", "workspaces.json"]);
    project.git(&["reflog", "expire", "--expire=now", "--all"]);
    project.git(&["gc", "--quiet", "--prune=now"]);
    nothing_written(&project);
}

#[test]
fn addresses_with_passwords_are_refused_or_shown_without_them() {
    let mut project = watched();
    let with_password = format!("http://me:{ADDRESS}@127.0.0.1:1");
    for name in ["TWILIO_API_URL", "TWILIO_TRUNKING_URL", "RETELL_BASE_URL"] {
        project.place.set(name, &with_password);
    }
    for words in &ASKING[..6] {
        clean(&project.run(words));
    }
    project.git(&["config", "remote.origin.url", &format!("http://me:{ADDRESS}@127.0.0.1:1/x.git")]);
    clean(&project.run(&["sync", "--all", "--push", "--remote", "origin", "-vvv"]));
    clean(&project.run(&["doctor", "-vvv"]));
    project.git(&["config", "--unset", "remote.origin.url"]);
    nothing_written(&project);
}

#[test]
fn a_key_that_somebody_typed_as_a_name_is_not_written_down() {
    let project = watched();
    let named = project.run(&["phone", "update", "+14155550101", "-w", "staging", "--nickname", "Harmless"]);
    assert_eq!(named.code, 0, "{named}");
    rename(&project, RETELL_STAGING_KEY);
    for words in [["sync", "--all", "--dry-run"].as_slice(), &["sync", "--all", "--json"], &["sync", "--all", "-vv"]] {
        let run = project.run(words);
        clean(&run);
        assert_eq!(run.code, 2, "{run}");
    }
    nothing_written(&project);
}

/// Questions that show what a provider says, in each of their formats.
const SHOWING: [&[&str]; 9] = [
    &["drift"],
    &["drift", "--json"],
    &["drift", "--format", "markdown"],
    &["diff", "@worktree", "@live"],
    &["diff", "@worktree", "@live", "--json"],
    &["phone", "list", "-w", "staging"],
    &["phone", "list", "-w", "staging", "--json"],
    &["phone", "get", "+14155550101", "-w", "staging"],
    &["phone", "get", "+14155550101", "-w", "staging", "--json"],
];

#[test]
fn a_key_that_a_provider_repeats_is_masked_where_it_is_shown_and_refused_where_it_would_be_written() {
    let project = watched();
    let basic = BASE64_STANDARD.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}"));
    for key in [AUTH_TOKEN, RETELL_STAGING_KEY, RETELL_PRODUCTION_KEY, &basic] {
        rename(&project, &format!("our {key} line"));
        for words in SHOWING {
            let run = project.run(words);
            clean(&run);
            assert!(run.stdout.contains("our [a key] line"), "{run}");
            if words.contains(&"--json") {
                serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
            }
        }
        for words in [
            ["sync", "--all"].as_slice(),
            &["phone", "update", "+14155550101", "-w", "staging", "--webhook", "https://hooks.example.com/a"],
            &["phone", "update", "+14155550101", "-w", "staging", "--webhook", "none", "--dry-run"],
            &["phone", "update", "+14155550102", "-w", "staging", "--nickname", key],
        ] {
            let run = project.run(words);
            assert_eq!((holds(run.stdout.as_bytes()), holds(run.stderr.as_bytes())), (None, None), "{words:?}");
            assert_eq!(run.code, 2, "{}", run.stderr);
            assert!(run.stderr.contains("`nickname`"), "{}", run.stderr);
        }
    }
    rename(&project, "Harmless");
    nothing_written(&project);
}

/// Gives a number of staging a nickname, as somebody in the dashboard would.
fn rename(project: &Project, nickname: &str) {
    let host = project.sandbox.base_url().replace("http://", "");
    let body = format!("{{\"nickname\": \"{nickname}\"}}");
    let length = body.len();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "PATCH /update-phone-number/+14155550101 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {RETELL_STAGING_KEY}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn this_judge_finds_a_secret_in_each_of_its_forms() {
    assert_eq!(holds(format!("…{TOKEN}…").as_bytes()).as_deref(), Some(TOKEN));
    assert!(holds(BASE64_STANDARD.encode(format!("{ACCOUNT_SID}:{TOKEN}")).as_bytes()).is_some());
    assert_eq!(holds(b"nothing"), None);
}
