//! The rules about files: what they are, how they are written, what they must not hold, and the settings.

use phone_dir::validate::Source;

use super::super::project::*;
use super::Branch;

/// A key in Retell's form, made up.
fn retell_key() -> String {
    format!("key_{}", "0a1b".repeat(8))
}

fn waive(project: &mut Project, rule: &str, phone_number: &str, expires: &str) {
    let text = format!(
        "[[waivers]]\nrule = \"{rule}\"\nphone_number = \"{phone_number}\"\nreason = \"known\"\nexpires = \"{expires}\"\n"
    );
    project.put(SETTINGS, &text);
}

pub const BROKEN: &[Branch] = &[
    Branch {
        rule: "encoding",
        what: "a byte order mark",
        change: |project| {
            let text = format!("\u{feff}{}", project.text(STAGING));
            project.put(STAGING, &text);
        },
    },
    Branch {
        rule: "encoding",
        what: "UTF-16, the other way round",
        change: |project| project.files.insert(STAGING, b"\xfe\xff\0{".as_slice()),
    },
    Branch {
        rule: "encoding",
        what: "one wrong byte inside",
        change: |project| project.files.insert("agents/sales/agent.json", b"{\"agent_name\": \"S\xe9\"}".as_slice()),
    },
    Branch {
        rule: "duplicate-key",
        what: "a number twice",
        change: |project| {
            let again = format!("  \"numbers\": {{\n    \"{FIRST}\": {{}},");
            project.replace(MASTER, "  \"numbers\": {", &again);
        },
    },
    Branch {
        rule: "schema",
        what: "in a list, of a number",
        change: |project| project.replace(STAGING_NUMBERS, "\"nickname\": \"A line\"", "\"nickname\": 7"),
    },
    Branch {
        rule: "schema",
        what: "in an assignment, of a number",
        change: |project| project.replace(PRODUCTION, "\"inbound-outbound\"", "\"outwards\""),
    },
    Branch {
        rule: "schema",
        what: "outside of any number's entry",
        change: |project| project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": -2"),
    },
    Branch {
        rule: "schema",
        what: "in a list of an assignment, of a number",
        change: |project| {
            project.change(|directory| {
                let agents = vec![super::super::cases::share("agent_staging_sales", 1.0)];
                assigned(directory, "staging", SECOND).inbound_sms_agents = Some(agents);
            });
            project.replace(STAGING, "\"weight\": 1", "\"weight\": 2");
        },
    },
    Branch { rule: "missing-file", what: "the directory itself", change: |project| project.remove(MASTER) },
    Branch {
        rule: "missing-file",
        what: "the registry of a workspace that nobody counts",
        change: |project| {
            let text = project.text(STAGING).replace("\"staging\"", "\"eu\"");
            project.put("phone-numbers/eu/assignments.json", &text);
        },
    },
    Branch {
        rule: "unknown-file",
        what: "nothing of ours comes near its name",
        change: |project| project.put("phone-numbers/notes.txt", ""),
    },
    Branch {
        rule: "unknown-file",
        what: "a hidden file in git",
        change: |project| {
            project.staged();
            project.put("phone-numbers/.directory.json.swp", "");
        },
    },
    Branch {
        rule: "forbidden-file",
        what: "run-time data in a commit",
        change: |project| project.occasion.source = Source::Commit("0123456789abcdef0123456789abcdef01234567".into()),
    },
    Branch {
        rule: "forbidden-file",
        what: "an environment file that git tracks",
        change: |project| project.occasion.tracked = vec![".env".to_owned()],
    },
    Branch {
        rule: "secret",
        what: "in an assignment, of its number",
        change: |project| {
            project.tamper(|directory| {
                assigned(directory, "staging", SECOND).agent_name = Some(retell_key());
            });
        },
    },
    Branch {
        rule: "secret",
        what: "in a registry, of its number",
        change: |project| {
            project.change(|directory| registry(directory, "production", SECOND).nickname = Some(retell_key()));
        },
    },
    Branch {
        rule: "secret",
        what: "outside of any number's entry",
        change: |project| {
            let schema = format!("{{\n  \"$schema\": \"{}\",\n  \"version\"", retell_key());
            project.replace(MASTER, "{\n  \"version\"", &schema);
        },
    },
    Branch {
        rule: "nested-copy",
        what: "copies within a copy are part of it",
        change: |project| {
            let copy = project.text(MASTER);
            project.put("phone-numbers/copy/directory.json", &copy);
            project.put("phone-numbers/copy/copy/directory.json", &copy);
            project.put("phone-numbers/copy/notes.txt", "");
        },
    },
    Branch {
        rule: "not-canonical",
        what: "a registry in another order",
        change: |project| {
            project.tamper(|directory| directory.workspace_mut(&name("staging")).numbers.numbers.reverse());
        },
    },
    Branch {
        rule: "not-canonical",
        what: "assignments in another order",
        change: |project| {
            project.tamper(|directory| directory.workspace_mut(&name("staging")).assignments.assignments.reverse());
        },
    },
    Branch {
        rule: "not-canonical",
        what: "trunks",
        change: |project| project.replace(TRUNKS, "  \"last_sync\"", "    \"last_sync\""),
    },
    Branch {
        rule: "not-canonical",
        what: "the log of syncs",
        change: |project| project.replace(SYNC, "  \"last_full_sync\"", "    \"last_full_sync\""),
    },
    Branch { rule: "settings", what: "not TOML at all", change: |project| project.put(SETTINGS, "[rules\n") },
    Branch {
        rule: "expired-waiver",
        what: "of a rule that nothing breaks",
        change: |project| waive(project, "missing-in-workspace", SECOND, "2025-11-18"),
    },
    Branch {
        rule: "unused-waiver",
        what: "the finding is another number's",
        change: |project| {
            project.change(|directory| leave(directory, "production", FIRST));
            waive(project, "missing-in-workspace", SECOND, "2025-12-31");
        },
    },
    Branch {
        rule: "unused-waiver",
        what: "the finding is another rule's",
        change: |project| {
            project.change(|directory| leave(directory, "production", FIRST));
            waive(project, "numbering-plan", FIRST, "2025-12-31");
        },
    },
    Branch {
        rule: "stale-sync",
        what: "the younger of two runs counts",
        change: |project| {
            project.replace(
                SYNC,
                "\"last_incremental_sync\": null",
                "\"last_incremental_sync\": \"2025-11-19T12:10:00Z\"",
            );
            project.occasion.now = time("2025-11-19T13:10:01Z");
        },
    },
];

pub const SOUND: &[Branch] = &[
    Branch {
        rule: "stale-sync",
        what: "the younger of two runs counts",
        change: |project| {
            project.replace(
                SYNC,
                "\"last_incremental_sync\": null",
                "\"last_incremental_sync\": \"2025-11-19T12:10:00Z\"",
            );
            project.occasion.now = time("2025-11-19T13:10:00Z");
        },
    },
    Branch {
        rule: "stale-sync",
        what: "there was none yet",
        change: |project| {
            project.replace(SYNC, "\"last_full_sync\": \"2025-11-19T12:00:00Z\"", "\"last_full_sync\": null");
            project.occasion.now = time("2029-11-19T13:10:00Z");
        },
    },
    Branch {
        rule: "irregular-file",
        what: "an empty file of git's own",
        change: |project| project.put("phone-numbers/.gitattributes", ""),
    },
    Branch {
        rule: "forbidden-file",
        what: "an environment file on disk",
        change: |project| project.put(".env", "RETELL_STAGING_API_KEY=none\n"),
    },
    Branch {
        rule: "unknown-file",
        what: "git's own files in git",
        change: |project| {
            project.staged();
            project.put("phone-numbers/.gitignore", "twilio/\n");
            project.put("phone-numbers/staging/.gitattributes", "");
        },
    },
    Branch {
        rule: "unused-waiver",
        what: "it waives the last finding there is",
        change: |project| {
            project.change(|directory| leave(directory, "production", FIRST));
            waive(project, "missing-in-workspace", FIRST, "2025-11-19");
        },
    },
    Branch {
        rule: "unused-waiver",
        what: "a secret in a list is waived for its number",
        change: |project| {
            project.change(|directory| registry(directory, "production", SECOND).nickname = Some(retell_key()));
            waive(project, "secret", SECOND, "2025-12-31");
        },
    },
    Branch {
        rule: "unused-waiver",
        what: "a value in a list is waived for its number",
        change: |project| {
            project.replace(STAGING_NUMBERS, "\"nickname\": \"A line\"", "\"nickname\": 7");
            waive(project, "schema", FIRST, "2025-12-31");
        },
    },
];
