//! The rules about numbers: what the files say of one and the same number, its trunk and its SID.

use phone_dir::model::master::Provider;
use phone_dir::model::{AssignmentType, ImportMethod};

use super::super::project::*;
use super::Branch;

/// A workspace's entry for a number that it has not imported, with or without a field that says more.
fn not_imported(project: &mut Project, field: Option<(&str, &str)>) {
    let mut entry = serde_json::json!({"imported": false, "import_date": null, "agent_path": null, "agent_id": null,
        "assignment_type": null});
    if let Some((field, value)) = field {
        entry[field] = value.into();
    }
    project.change(|directory| {
        leave(directory, "production", FIRST);
        master(directory, FIRST).workspaces.insert(name("production"), serde_json::from_value(entry).unwrap());
    });
}

fn third_workspace(project: &mut Project) {
    project.change(|directory| {
        leave(directory, "production", FIRST);
        directory.workspace_mut(&name("eu"));
    });
}

fn trunk(project: &mut Project, field: &str, from: &str, to: &str) {
    project.replace(TRUNKS, &format!("\"{field}\": \"{from}"), &format!("\"{field}\": \"{to}"));
}

pub const BROKEN: &[Branch] = &[
    Branch {
        rule: "twilio-sid",
        what: "one SID of two numbers",
        change: |project| {
            project.change(|directory| {
                let twilio = master(directory, FIRST).twilio.clone();
                master(directory, SECOND).twilio = twilio;
            });
        },
    },
    Branch { rule: "missing-in-workspace", what: "in one of three only", change: third_workspace },
    Branch {
        rule: "missing-in-workspace",
        what: "an entry that is not imported",
        change: |project| not_imported(project, None),
    },
    Branch {
        rule: "missing-sip-config",
        what: "no termination URI",
        change: |project| {
            project.change(|directory| master(directory, FIRST).sip_config.as_mut().unwrap().termination_uri = None);
        },
    },
    Branch {
        rule: "missing-sip-config",
        what: "no origination URI on a Twilio trunk",
        change: |project| {
            project.change(|directory| master(directory, FIRST).sip_config.as_mut().unwrap().origination_uri = None);
        },
    },
    Branch {
        rule: "key-mismatch",
        what: "an entry under another number",
        change: |project| {
            project.tamper(|directory| master(directory, FIRST).phone_number = number("+14155550199"));
        },
    },
    Branch {
        rule: "key-mismatch",
        what: "a registry of another workspace",
        change: |project| project.replace(STAGING_NUMBERS, "\"workspace\": \"staging\"", "\"workspace\": \"eu\""),
    },
    Branch {
        rule: "key-mismatch",
        what: "a trunk under another SID",
        change: |project| trunk(project, "trunk_sid", "TKa", "TKb"),
    },
    Branch {
        rule: "key-mismatch",
        what: "a credential list under another SID",
        change: |project| {
            let list = format!(
                "\"credentials\": {{\n    \"CL{}\": {{\n      \"credential_list_sid\": \"CL{}\",\n      \"friendly_name\": null,\n      \"usernames\": [],\n      \"note\": \"none\"\n    }}\n  }}",
                "a".repeat(32),
                "b".repeat(32)
            );
            project.replace(TRUNKS, "\"credentials\": {}", &list);
        },
    },
    Branch {
        rule: "duplicate-number",
        what: "in a registry",
        change: |project| {
            project.tamper(|directory| {
                let again = registry(directory, "production", SECOND).clone();
                directory.workspace_mut(&name("production")).numbers.numbers.push(again);
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "a number that directory.json lacks",
        change: |project| {
            project.tamper(|directory| {
                directory.master.numbers.remove(&number(SECOND));
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "a number that the registry lacks",
        change: |project| {
            project.tamper(|directory| {
                let files = directory.workspace_mut(&name("staging"));
                files.numbers.numbers.retain(|entry| entry.phone_number != number(FIRST));
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "another provider",
        change: |project| {
            project.change(|directory| registry(directory, "staging", FIRST).provider = Provider::Telnyx);
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "another import date",
        change: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).import_date = None;
                binding(directory, "production", SECOND).import_date = None;
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "a termination URI that no workspace has",
        change: |project| {
            project.change(|directory| {
                for workspace in ["staging", "production"] {
                    registry(directory, workspace, FIRST).termination_uri = Some("sip.example.com".to_owned());
                }
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "an import date of a number that is not imported",
        change: |project| not_imported(project, Some(("import_date", "2025-11-16T09:00:00Z"))),
    },
    Branch {
        rule: "registry-mismatch",
        what: "a path of a number that is not imported",
        change: |project| not_imported(project, Some(("agent_path", "agents/sales"))),
    },
    Branch {
        rule: "registry-mismatch",
        what: "an agent of a number that is not imported",
        change: |project| not_imported(project, Some(("agent_id", "agent_production_sales"))),
    },
    Branch {
        rule: "registry-mismatch",
        what: "a type of a number that is not imported",
        change: |project| not_imported(project, Some(("assignment_type", "inbound-only"))),
    },
    Branch {
        rule: "assignment-mismatch",
        what: "another path, another id",
        change: |project| {
            project.change(|directory| {
                binding(directory, "staging", FIRST).agent_path = Some(agent_path("agents/sales"));
                binding(directory, "production", SECOND).agent_id = Some(agent_id("agent_staging_sales"));
            });
        },
    },
    Branch {
        rule: "assignment-mismatch",
        what: "no assignment at all",
        change: |project| {
            project.change(|directory| {
                let files = directory.workspace_mut(&name("staging"));
                files.assignments.assignments.retain(|entry| entry.phone_number != number(FIRST));
            });
        },
    },
    Branch {
        rule: "assignment-mismatch",
        what: "no registered number",
        change: |project| {
            project.change(|directory| {
                let files = directory.workspace_mut(&name("staging"));
                files.numbers.numbers.retain(|entry| entry.phone_number != number(FIRST));
            });
        },
    },
    Branch {
        rule: "assignment-mismatch",
        what: "another time of Retell's",
        change: |project| {
            project.tamper(|directory| registry(directory, "staging", FIRST).last_modified = None);
        },
    },
    Branch {
        rule: "sip-on-direct-purchase",
        what: "a user name",
        change: |project| {
            project.change(|directory| {
                registry(directory, "staging", SECOND).auth_username = Some(Some("retell_user".to_owned()));
            });
        },
    },
    Branch {
        rule: "sip-on-direct-purchase",
        what: "a SIP configuration",
        change: |project| {
            project.change(|directory| {
                let config = master(directory, FIRST).sip_config.clone();
                master(directory, SECOND).sip_config = config;
            });
        },
    },
    Branch {
        rule: "unknown-trunk",
        what: "a termination URI that is no trunk's domain",
        change: |project| trunk(project, "domain_name", "mytrunk", "other"),
    },
    Branch {
        rule: "unknown-trunk",
        what: "a termination URI of one workspace only",
        change: |project| {
            project.change(|directory| {
                registry(directory, "production", FIRST).termination_uri = Some("other.pstn.twilio.com".to_owned());
            });
        },
    },
];

pub const SOUND: &[Branch] = &[
    Branch {
        rule: "registry-mismatch",
        what: "an entry that is not imported says that it is unassigned",
        change: |project| {
            let entry = serde_json::json!({"imported": false, "import_date": null, "agent_path": null, "agent_id": null,
                "assignment_type": "unassigned"});
            project.change(|directory| {
                for workspace in ["staging", "production"] {
                    leave(directory, workspace, FIRST);
                    let entry = serde_json::from_value(entry.clone()).unwrap();
                    master(directory, FIRST).workspaces.insert(name(workspace), entry);
                }
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "entries that are not imported, with nulls",
        change: |project| {
            let entry = serde_json::json!({"imported": false, "import_date": null, "agent_path": null, "agent_id": null,
                "assignment_type": null});
            project.change(|directory| {
                for workspace in ["staging", "production"] {
                    leave(directory, workspace, SECOND);
                    let entry = serde_json::from_value(entry.clone()).unwrap();
                    master(directory, SECOND).workspaces.insert(name(workspace), entry);
                }
            });
        },
    },
    Branch {
        rule: "registry-mismatch",
        what: "one workspace has the termination URI, the other its own",
        change: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).termination_uri = Some("sip.example.com".to_owned());
            });
        },
    },
    Branch {
        rule: "assignment-mismatch",
        what: "an unassigned number has no assignment",
        change: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                assert_eq!(binding(directory, "staging", FIRST).assignment_type, Some(AssignmentType::Unassigned));
            });
        },
    },
    Branch {
        rule: "missing-sip-config",
        what: "no origination URI at another provider",
        change: |project| {
            project.change(|directory| {
                let entry = master(directory, FIRST);
                entry.provider = Provider::Custom;
                entry.sip_config.as_mut().unwrap().origination_uri = None;
                for workspace in ["staging", "production"] {
                    registry(directory, workspace, FIRST).provider = Provider::Custom;
                }
            });
        },
    },
    Branch {
        rule: "missing-sip-config",
        what: "none for a number that is bought",
        change: |project| {
            project.change(|directory| {
                master(directory, FIRST).sip_config = None;
                for workspace in ["staging", "production"] {
                    let entry = registry(directory, workspace, FIRST);
                    (entry.import_method, entry.termination_uri) = (ImportMethod::DirectPurchase, None);
                }
            });
        },
    },
    Branch {
        rule: "unknown-trunk",
        what: "a domain in other letters",
        change: |project| trunk(project, "domain_name", "mytrunk", "MyTrunk"),
    },
    Branch {
        rule: "missing-in-workspace",
        what: "in two of three",
        change: |project| {
            project.change(|directory| {
                directory.workspace_mut(&name("eu"));
            });
        },
    },
];
