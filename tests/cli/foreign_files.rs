//! Files of other tools that are half-edited, or saved by another editor: they cost one agent, and no command.

use crate::cli::fixture::Project;

/// Texts that no JSON reader takes for an agent's file.
const BROKEN: [&[u8]; 11] = [
    b"{\n  \"agent_name\": \"Draft\",\n}\n",
    b"// who answers\n{\"agent_name\": \"Draft\"}\n",
    b"",
    b"\xff\xfe{\0}\0",
    b"{\0\"\0a\0\"\0",
    b"\xef\xbb\xbf \n",
    b"{'agent_name': 'Draft'}",
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

#[test]
fn comments_and_utf_16_without_a_mark_are_called_what_they_are() {
    let project = Project::synced();
    for (text, said) in [
        (b"{\"agent_name\": \"A\" // who answers\n}".as_slice(), "comments are no part of it"),
        (b"{\0\"\0a\0\"\0:\x001\0}\0", "is UTF-16, not UTF-8"),
        (b"{\0\0\0}\0\0\0", "is UTF-32, not UTF-8"),
        (b"\xff\xfe\0\0{\0\0\0}\0\0\0", "is UTF-32, not UTF-8"),
        (b"\xef\xbb\xbf", "the file is empty"),
    ] {
        project.write_bytes("agents/draft/agent.json", text);
        let (_, report) = project.json(&["validate"]);
        let of_file = |found: &&serde_json::Value| found["file"] == "agents/draft/agent.json";
        let found: Vec<_> = report["diagnostics"].as_array().unwrap().iter().filter(of_file).collect();
        assert!(found.len() == 1 && found[0]["message"].as_str().unwrap().contains(said), "{found:?}");
    }
}

/// Whether the system lets this user read everything, so that nothing can be closed to it.
#[cfg(unix)]
fn reads_everything(project: &Project) -> bool {
    project.write("probe", "");
    close(project, "probe");
    std::fs::read(project.path("probe")).is_ok()
}

#[cfg(unix)]
fn close(project: &Project, path: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(project.path(path), std::fs::Permissions::from_mode(0o000)).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_closed_to_this_user_costs_one_finding_and_no_question() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::synced();
    if reads_everything(&project) {
        eprintln!("skipped: this user reads every file");
        return;
    }
    project.write("agents/draft/agent.json", "{}");
    project.write("workspaces.json", "{\"staging\": {}, \"production\": {}}");
    for path in ["agents/draft/agent.json", "agents/draft", "workspaces.json"] {
        close(&project, path);
        for words in [&["list"][..], &["show", "+14155550101"], &["status"], &["diff", "staging", "production"]] {
            let run = project.run(words);
            assert_eq!(run.code, 0, "{words:?} {path}: {}", run.stderr);
        }
        let found = project.run(&["validate"]).stdout;
        assert_eq!(found.matches(&format!("`{path}` is closed to this user")).count(), 1, "{found}");
        let sync = project.run(&["sync", "--all"]);
        assert_eq!(sync.code, if path == "workspaces.json" { 2 } else { 0 }, "{path}: {}", sync.stderr);
        std::fs::set_permissions(project.path(path), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_dotenv_that_cannot_be_read_is_told_and_stops_no_sync_that_needs_nothing_of_it() {
    let project = Project::synced();
    std::fs::create_dir(project.path(".env")).unwrap();
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stderr.contains("`.env` cannot be read: it is a folder"), "{sync}");
    std::fs::remove_dir(project.path(".env")).unwrap();
    project.write_bytes(".env", b"# Schl\xfcssel\nGREETING=Gr\xfc\xdfe\nX=1\n");
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stderr.contains("line 2 of `.env` has letters that are not UTF-8"), "{sync}");
    assert!(!sync.stderr.contains("line 1"), "{sync}");
}

#[test]
fn a_list_behind_a_name_is_named_and_names_beside_it_are_read() {
    let project = Project::synced();
    let list = "\"production\": [{\"id\": \"ws_prod_1\", \"api_key_env\": \"RETELL_PRODUCTION_API_KEY\"}]";
    let named = "\"production\": {\"east\": {\"api_key_env\": \"RETELL_PRODUCTION_API_KEY\"}, \"west\": {\"api_key_env\": \"RETELL_X\"}}";
    for (text, names) in [(list, "(`ws_prod_1`)"), (named, "(`east`, `west`)")] {
        project.write(
            "workspaces.json",
            &format!("{{\"staging\": {{\"api_key_env\": \"RETELL_STAGING_API_KEY\"}}, {text}}}"),
        );
        let sync = project.run(&["sync", "--all", "--dry-run"]);
        assert!(sync.code == 2 && sync.stderr.contains(names) && sync.stderr.contains("not supported"), "{sync}");
        assert_eq!(project.run(&["list"]).code, 0);
        assert_eq!(project.run(&["sync", "--workspace", "staging", "--dry-run"]).code, 0);
    }
}
