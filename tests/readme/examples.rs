//! The examples that end each command's help are run, in order, in the demo's project.

use std::fs;

use phone_dir::commands::examples;

use super::terminal::Terminal;

/// `sandbox` and `webhook serve` wait for Ctrl-C, `resolve` for a merge with a conflict, no call has the id of the example, and no
/// event is kept aside.
const NOT_RUN: [&str; 5] = ["sandbox", "resolve", "usage call", "webhook serve", "webhook verify"];
/// What tells of findings by its exit code: here, of the clone that `setup --remove` has just undone.
const FINDS: [&str; 1] = ["doctor"];

#[test]
fn the_examples_of_the_help_work_as_they_stand() {
    let mut terminal = Terminal::open();
    terminal.run("phone-dir demo --quiet");
    terminal.run("cd phone-dir-demo");
    let lists = [
        ("numbers.csv", "phone_number,agent\n+14155550110,agents/support-tier1\n"),
        ("new-numbers.csv", "phone_number,termination_uri\n+13125550107,main-retell.pstn.twilio.com\n"),
    ];
    for (name, text) in lists {
        fs::write(terminal.folder().join(name), text).unwrap();
    }
    for (command, examples) in examples::all().filter(|(command, _)| !NOT_RUN.contains(command)) {
        for (_, line) in *examples {
            let (code, text) = terminal.finish(line);
            assert_eq!(code, Some(i32::from(FINDS.contains(command))), "$ {line}\n{text}");
        }
    }
}
