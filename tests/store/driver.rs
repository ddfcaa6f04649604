//! Runs one store operation in a process of its own, for tests that need another environment or a sudden end.
//!
//! The test binary calls itself: [`driver`] is ignored in an ordinary run, and does what `STORE_DRIVER` says.

use std::path::Path;
use std::process::{Command, Output};

use phone_dir::snapshot::Content;
use phone_dir::store::fault::EXIT_CODE;
use phone_dir::store::git::{GitRepository, Uncommitted};
use phone_dir::store::project::Project;
use phone_dir::store::transaction::{FileChange, Transaction};

use crate::store::fixture::{DIRECTORY, Fixture, STAGING, request, seal};

/// A sealed command that runs `operation` for the fixture's project.
pub fn command(fixture: &Fixture, operation: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    seal(&mut command, fixture.home());
    command.args(["--exact", "store::driver::driver", "--ignored", "--nocapture"]);
    command.env("STORE_DRIVER", operation).current_dir(&fixture.root);
    command
}

/// Runs `operation`; `output` has `text` after `key: ` for what the operation reported.
#[must_use]
pub fn run(fixture: &Fixture, operation: &str, environment: &[(&str, &str)]) -> Output {
    command(fixture, operation).envs(environment.iter().copied()).output().unwrap()
}

/// Runs `operation` up to a fault, which has to end it there.
pub fn killed_at(fixture: &Fixture, operation: &str, point: &str) {
    let output = run(fixture, operation, &[("PHONE_DIR_FAULT", point)]);
    assert_eq!(output.status.code(), Some(EXIT_CODE), "{point}: {output:?}");
}

/// The line that starts with `key: `.
pub fn answer(output: &Output, key: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let start = format!("{key}: ");
    text.lines().find_map(|line| line.split_once(&start).map(|(_, rest)| rest.to_owned()))
}

#[test]
#[ignore = "only other tests run it, as a process of its own"]
fn driver() {
    let Ok(operation) = std::env::var("STORE_DRIVER") else { return };
    let here = Path::new(".");
    let result = match operation.as_str() {
        "index" => print_index(here),
        "commit" => commit(here),
        "write" => write(here),
        "recover" => recover(here),
        other => panic!("no operation `{other}`"),
    };
    if let Err(error) = result {
        println!(
            "error: {error} [{:?}] {} {}",
            error.kind(),
            error.hint_text().unwrap_or(""),
            error.causes().join(" ")
        );
    }
}

fn print_index(here: &Path) -> phone_dir::error::Result<()> {
    let project = Project::find(here)?;
    let repository = GitRepository::discover(project.root())?.unwrap();
    let snapshot = repository.index().read_index()?;
    for (path, content) in &snapshot.files {
        match content {
            Content::Bytes(bytes) => println!("{path}: {}", String::from_utf8_lossy(bytes).trim_end()),
            Content::Irregular(reason) => println!("{path}: is {reason}"),
        }
    }
    Ok(())
}

fn changes() -> Vec<FileChange> {
    vec![
        FileChange::write(DIRECTORY, "{\"v\": 2}\n").unwrap(),
        FileChange::remove(STAGING).unwrap(),
        FileChange::write("phone-numbers/production/numbers.json", "[2]\n").unwrap(),
    ]
}

fn commit(here: &Path) -> phone_dir::error::Result<()> {
    let project = Project::find(here)?;
    let mut transaction = Transaction::begin(&project)?;
    report_recovery(&transaction);
    let repository = GitRepository::discover(project.root())?.unwrap();
    let ready = repository.preflight(Uncommitted::Refuse)?;
    let committed = transaction.write_and_commit(&changes(), &repository, &request(&ready))?;
    println!("committed: {}", committed.map_or_else(|| "nothing".to_owned(), |committed| committed.id.to_string()));
    Ok(())
}

fn write(here: &Path) -> phone_dir::error::Result<()> {
    let mut transaction = Transaction::begin(&Project::find(here)?)?;
    report_recovery(&transaction);
    println!("written: {}", transaction.write(&changes())?.len());
    Ok(())
}

fn recover(here: &Path) -> phone_dir::error::Result<()> {
    report_recovery(&Transaction::begin(&Project::find(here)?)?);
    Ok(())
}

fn report_recovery(transaction: &Transaction) {
    if let Some(recovery) = transaction.recovered() {
        println!("recovered: {recovery}");
    }
}
