//! What a server brings with it: passwords, certificates, roles, connections that end; and the programs that use one.

use std::fs;

use phone_dir::activity::rank::CallStage;
use phone_dir::error::Error;
use phone_dir::store::calls::{CallStore, StorePlace};

use super::Trial;
use super::model::{NOW, calls, event, keep};
use super::server::{PASSWORD, new_database, server};
use crate::cli::fixture::Project;
use crate::usage::privacy::canaries_in;
use crate::usage::with_calls;
use crate::webhook::receiver::{Receiver, events_of};

fn refused(address: &str) -> Error {
    let place = StorePlace::named(address).unwrap();
    CallStore::open_to_ask(&place).err().or_else(|| CallStore::open(&place).err()).expect(address)
}

fn told(error: &Error) -> String {
    format!("{error} {:?} {:?} {error:?}", error.causes(), error.hint_text())
}

#[test]
fn whatever_is_wrong_with_a_server_is_told_without_its_password() {
    let Some(server) = server() else { return };
    let good = new_database().unwrap();
    let database = good.rsplit('/').next().unwrap();
    let port = server.port;
    for (address, word) in [
        (format!("postgres://calls:{PASSWORD}x@127.0.0.1:{port}/{database}"), "password authentication failed"),
        (format!("postgres://nobody:{PASSWORD}@127.0.0.1:{port}/{database}"), "password authentication failed"),
        (format!("postgres://calls:{PASSWORD}@127.0.0.1:{port}/nowhere"), "does not exist"),
        (format!("postgres://calls:{PASSWORD}@127.0.0.1:1/{database}"), "refused"),
        (format!("postgres://calls@127.0.0.1:{port}/{database}"), "password"),
    ] {
        let error = refused(&address);
        let told = told(&error);
        assert!(told.contains(word) && !told.contains(PASSWORD), "{address}: {told}");
        assert!(error.kind().exit_code() == 2 && told.contains("PHONE_DIR_STORE"), "{told}");
    }
}

#[test]
fn a_certificate_is_asked_for_as_libpq_asks_for_it() {
    let Some(server) = server() else { return };
    let address = new_database().unwrap();
    let database = address.rsplit('/').next().unwrap().to_owned();
    let named = address.replace("127.0.0.1", "localhost");
    let folder = tempfile::tempdir().unwrap();
    let [root, other] = ["root.crt", "other.crt"].map(|name| folder.path().join(name));
    fs::write(&root, server.certificate()).unwrap();
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=other"])
        .args(["-keyout", "/dev/null", "-out"])
        .arg(&other)
        .output()
        .unwrap();
    assert!(made.status.success());
    let (root, other) = (root.display(), other.display());
    let is_encrypted = |address: &str| {
        let mut store = CallStore::open(&StorePlace::named(address).unwrap()).unwrap();
        keep(&mut store, "production", calls(1, 1, 1), 1);
        let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND \
                   application_name = 'phone-dir' AND datname = current_database()";
        server.psql(&database, sql) != "0"
    };
    for (address, encrypted) in [
        (format!("{address}?sslmode=disable"), false),
        (address.clone(), true),
        (format!("{address}?sslmode=require"), true),
        (format!("{address}?sslmode=verify-ca&sslrootcert={root}"), true),
        (format!("{named}?sslmode=verify-full&sslrootcert={root}"), true),
    ] {
        assert_eq!(is_encrypted(&address), encrypted, "{address}");
    }
    for address in [
        format!("{address}?sslmode=verify-full&sslrootcert={root}"),
        format!("{named}?sslmode=verify-full&sslrootcert={other}"),
        format!("{address}?sslmode=verify-ca&sslrootcert={other}"),
        format!("{address}?sslmode=require&sslrootcert={other}"),
        format!("{named}?sslmode=verify-full"),
    ] {
        let told = told(&refused(&address));
        assert!(told.contains("certificate") && told.contains("sslrootcert"), "{address}: {told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
}

#[test]
fn a_role_that_may_only_read_asks_everything_and_writes_nothing() {
    let Some(server) = server() else { return };
    let address = new_database().unwrap();
    let database = address.rsplit('/').next().unwrap();
    let place = StorePlace::named(&address).unwrap();
    keep(&mut CallStore::open(&place).unwrap(), "production", calls(1, 20, 9), 9);
    let reader = format!("reader_of_{database}");
    server.psql(database, &format!("CREATE ROLE {reader} LOGIN PASSWORD '{PASSWORD}'"));
    let read_only = address.replace("//calls:", &format!("//{reader}:"));
    let error = refused(&read_only);
    assert!(told(&error).contains("permission denied") && told(&error).contains("docs/calls.md"), "{}", told(&error));
    // What docs/calls.md lists for who only asks.
    server.psql(database, &format!("GRANT USAGE ON SCHEMA phone_dir TO {reader}"));
    server.psql(database, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA phone_dir TO {reader}"));
    let place = StorePlace::named(&read_only).unwrap();
    assert_eq!(CallStore::open_to_ask(&place).unwrap().unwrap().kept(NOW).unwrap().0, 20);
    let error = CallStore::open(&place).unwrap().keep_prices("{}").unwrap_err();
    assert!(told(&error).contains("permission denied") && error.kind().exit_code() == 2, "{}", told(&error));
}

#[test]
fn a_connection_that_ended_is_made_again_and_nothing_half_done_stays() {
    let Some(server) = server() else { return };
    let address = new_database().unwrap();
    let database = address.rsplit('/').next().unwrap();
    let mut store = CallStore::open(&StorePlace::named(&address).unwrap()).unwrap();
    keep(&mut store, "production", calls(1, 5, 9), 9);
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE application_name = 'phone-dir' AND datname = current_database()";
    assert_eq!(server.psql(database, end), "1");
    // The first attempt may be the one that finds out; it is told as such, and the next one connects.
    let reports = calls(2, 8, 9);
    let events: Vec<_> = reports.iter().map(|report| event("staging", report, CallStage::Ended)).collect();
    let kept = store.keep_events(&events).or_else(|error| {
        assert!(told(&error).contains("PHONE_DIR_STORE"), "{}", told(&error));
        store.keep_events(&events)
    });
    kept.unwrap();
    assert_eq!(store.kept(NOW).unwrap().0, 13);
    // No lock is left of what was broken off.
    let locks = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                 WHERE locktype = 'advisory' AND datname = current_database()";
    assert_eq!(server.psql(database, locks), "0");
}

#[test]
fn a_writer_waits_for_another_for_ten_seconds_and_a_question_for_none() {
    let Some(trial) = Trial::server() else { return };
    let mut store = CallStore::open(&trial.place).unwrap();
    keep(&mut store, "production", calls(1, 5, 9), 9);
    // Another session takes the lock of the whole store, as erasing does.
    let hold = "BEGIN; SELECT pg_advisory_xact_lock(1885628786, 0); SELECT pg_sleep(60)";
    let mut other =
        std::process::Command::new("psql").args(["-AtqX", "--command", hold, &trial.address]).spawn().unwrap();
    let locks = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                 WHERE locktype = 'advisory' AND granted AND datname = current_database()";
    let started = std::time::Instant::now();
    while trial.sql(locks) == "0" {
        assert!(started.elapsed().as_secs() < 30, "the lock was not taken");
    }
    let asked = CallStore::open_to_ask(&trial.place).unwrap().unwrap();
    assert_eq!(asked.kept(NOW).unwrap().0, 5);
    let started = std::time::Instant::now();
    let report = &calls(2, 1, 9)[0];
    let error = store.keep_events(&[event("production", report, CallStage::Ended)]).unwrap_err();
    let waited = started.elapsed().as_secs();
    assert!((9..30).contains(&waited), "{waited} s");
    assert!(
        told(&error).contains("another phone-dir writes to it") && error.kind().exit_code() == 2,
        "{}",
        told(&error)
    );
    trial.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()");
    other.wait().unwrap();
    store.keep_events(&[event("production", report, CallStage::Ended)]).unwrap();
}

/// The answers of commands, without what differs by the place of the store and by when it was asked.
fn answers(project: &Project) -> Vec<String> {
    let questions: [&[&str]; 9] = [
        &["usage", "--json"],
        &["usage", "--by", "day", "--json"],
        &["usage", "--by", "hour", "--json"],
        &["usage", "--by", "reason", "--json"],
        &["usage", "--by", "agent", "--json"],
        &["usage", "--idle", "5d", "--json"],
        &["usage", "export", "--format", "jsonl"],
        &["show", "+14155550101", "--json"],
        &["capacity", "--json"],
    ];
    questions
        .iter()
        .map(|words| {
            let run = project.run(words);
            format!("{} {}", run.code, run.stdout)
        })
        .collect()
}

#[test]
fn every_command_answers_from_a_server_as_from_a_file() {
    if server().is_none() {
        return;
    }
    let mut project = with_calls(60, 20);
    project.succeed(&["usage", "pull", "--quiet"]);
    let from_file = answers(&project);
    let address = new_database().unwrap();
    project.place.set("PHONE_DIR_STORE", &address);
    assert_eq!(project.run(&["usage"]).code, 3, "nothing was read into the server yet");
    project.sandbox.clear_faults();
    project.fault("html,path=list-calls,nth=2");
    assert_eq!(project.run(&["usage", "pull", "-v"]).code, 3);
    project.sandbox.clear_faults();
    let pull = project.run(&["usage", "pull", "-v"]);
    assert_eq!(pull.code, 0, "{pull}");
    assert_eq!(answers(&project), from_file);
    let (code, health) = project.json(&["usage", "doctor"]);
    assert_eq!((code, &health["status"]), (0, &serde_json::json!("ok")), "{health}");
    let doctor = project.run(&["usage", "doctor", "-v"]);
    assert!(doctor.stdout.contains("postgres://127.0.0.1:"), "{doctor}");
    let forget = project.run(&["usage", "forget", "--older-than", "10d"]);
    assert!(forget.code == 0 && forget.stdout.contains("erased"), "{forget}");
    assert_eq!(project.json(&["usage", "doctor"]).0, 0);
    for run in [pull, doctor, forget] {
        assert!(!format!("{run}").contains(PASSWORD), "{run}");
    }
    // A server that is away stops what is about calls, and nothing else.
    project.place.set("PHONE_DIR_STORE", format!("postgres://calls:{PASSWORD}@127.0.0.1:1/calls"));
    let (usage, show) = (project.run(&["usage", "-v"]), project.run(&["show", "+14155550101"]));
    assert!(usage.code == 2 && show.code == 0 && show.stderr.contains("Calls are left out"), "{usage} {show}");
    assert!(!format!("{usage} {show}").contains(PASSWORD));
}

#[test]
fn nothing_of_a_person_reaches_the_server() {
    let Some(server) = server() else { return };
    let address = new_database().unwrap();
    let database = address.rsplit('/').next().unwrap();
    // From here on the server writes down every statement with its values.
    server.psql("postgres", &format!("ALTER DATABASE {database} SET log_statement = 'all'"));
    let mut project = with_calls(120, 8);
    project.place.set("PHONE_DIR_STORE", &address);
    project.succeed(&["usage", "pull", "--quiet"]);
    let receiver = Receiver::of(project, &[]);
    for event in events_of("call_canary") {
        assert_eq!(receiver.send(&event).status, 204);
    }
    let page = format!("{:?} {:?}", receiver.get("/metrics"), receiver.get("/"));
    receiver.signal("-TERM");
    receiver.end();
    for (what, text) in [("rows", server.dump(database)), ("statements", server.log()), ("page", page)] {
        assert!(text.len() > 2_000, "{what}: {text}");
        assert_eq!(canaries_in(text.as_bytes()), [""; 0], "{what}");
    }
    assert!(server.dump(database).contains("call_canary") && server.log().contains("call_canary"));
}

#[test]
fn two_readings_and_two_receivers_share_a_server() {
    let Some(trial) = Trial::server() else { return };
    let mut projects = [with_calls(60, 20), with_calls(60, 20)];
    for project in &mut projects {
        project.place.set("PHONE_DIR_STORE", &trial.address);
    }
    std::thread::scope(|scope| {
        for project in &projects {
            scope.spawn(|| project.succeed(&["usage", "pull", "--quiet"]));
        }
    });
    let calls: usize = trial.sql("SELECT count(*) FROM call").parse().unwrap();
    let (_, usage) = projects[0].json(&["usage", "doctor"]);
    assert!(calls > 100 && usage["status"] == "ok", "{calls} {usage}");
    let receivers = projects.map(|project| Receiver::of(project, &[]));
    std::thread::scope(|scope| {
        for receiver in &receivers {
            scope.spawn(|| {
                for at in 0..20 {
                    for event in events_of(&format!("call_shared_{at}")) {
                        assert_eq!(receiver.send(&event).status, 204);
                    }
                }
            });
        }
    });
    // The page and the metrics are told from the server too.
    assert!(receivers[0].get("/metrics").body.contains("phone_dir"), "{:?}", receivers[0].get("/metrics"));
    assert_eq!(trial.sql("SELECT count(*) FROM call WHERE call_id LIKE 'call_shared_%'"), "20");
    // The server lets go of every connection, as when it is started again: the receivers come back by themselves.
    trial.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'phone-dir' AND datname = current_database()");
    for receiver in receivers {
        let event = &events_of("call_after")[1];
        let answer = receiver.send(event);
        assert!(answer.status == 204 || receiver.send(event).status == 204, "{answer:?}");
        receiver.signal("-TERM");
        let (project, code) = receiver.end();
        assert_eq!((code, project.json(&["usage", "doctor"]).0), (Some(0), 0));
    }
}
