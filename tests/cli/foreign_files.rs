//! Files of other tools that are half-edited, or saved by another editor: they cost one agent, and no command.

use crate::cli::fixture::Project;

/// Texts that no JSON reader takes for an agent's file.
const BROKEN: [&[u8]; 8] = [
    b"{\n  \"agent_name\": \"Draft\",\n}\n",
    b"// who answers\n{\"agent_name\": \"Draft\"}\n",
    b"",
    b"\xff\xfe{\0}\0",
    b"[1, 2]",
    b"{\"agent_name\": [\"Draft\"], \"agent_id\": 5}",
    b"<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n",
    b"\"text\"",
];

#[test]
fn a_broken_file_of_an_unused_agent_stops_no_question_and_no_sync() {
    let project = Project::synced();
    for text in BROKEN {
        for file in ["agents/draft/agent.json", "agents/draft/production.json"] {
            project.write_bytes(file, text);
            for words in [&["list"][..], &["show", "+14155550101"], &["status"], &["report", "--format", "json"]] {
                let run = project.run(words);
                assert_eq!(run.code, 0, "{words:?} {file}: {}", run.stderr);
                assert!(run.stderr.contains(file), "{words:?} {file}: {}", run.stderr);
            }
            let sync = project.run(&["sync", "--all"]);
            assert_eq!((sync.code, sync.stdout.contains("Nothing changed")), (0, true), "{}", sync.stderr);
            std::fs::remove_file(project.path(file)).unwrap();
        }
    }
}

#[test]
fn a_broken_file_of_a_bound_agent_neither_unbinds_its_numbers_nor_takes_its_name() {
    let project = Project::synced();
    let (agent, settings) = ("agents/customer-service/agent.json", "agents/customer-service/production.json");
    let listed = project.succeed(&["list", "--json"]);
    let before = project.files("phone-numbers");
    let findings = || -> Vec<String> {
        let (_, report) = project.json(&["validate"]);
        let files =
            report["diagnostics"].as_array().unwrap().iter().map(|found| found["file"].as_str().unwrap().to_owned());
        // Whether the log is fresh is not what this is about.
        let mut files: Vec<String> = files.filter(|file| !file.ends_with("sync.json")).collect();
        files.sort();
        files
    };
    let known = findings();
    for text in BROKEN {
        project.write_bytes(agent, text);
        project.write_bytes(settings, text);
        assert_eq!(project.run(&["list", "--json"]).stdout, listed);
        let sync = project.run(&["sync", "--all"]);
        assert_eq!((sync.code, sync.stdout.contains("Nothing changed")), (0, true), "{}{}", sync.stdout, sync.stderr);
        let changed = crate::cli::fixture::differences(&before, &project.files("phone-numbers"));
        assert!(changed.lines().all(|line| line.contains("sync.json") || line.is_empty()), "{changed}");
        let found = findings();
        let mut expected = known.clone();
        expected.extend([agent, settings].map(str::to_owned));
        expected.sort();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_before_an_agents_file_is_read_past_and_found_once() {
    let project = Project::synced();
    let file = "agents/draft/agent.json";
    project.write_bytes(file, b"\xef\xbb\xbf{\"agent_name\": \"Draft\"}\n");
    assert_eq!(project.run(&["list"]).stderr, "");
    let found = project.run(&["validate"]).stdout;
    assert_eq!(found.matches("starts with a byte order mark").count(), 1, "{found}");
}
