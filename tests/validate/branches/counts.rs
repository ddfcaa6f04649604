//! The rules about what is derived: counts, indexes, lists and the forms of a number.

use phone_dir::model::count::Count;
use phone_dir::model::{ImportMethod, NumberType};

use super::super::project::*;
use super::Branch;

pub const BROKEN: &[Branch] = &[
    Branch {
        rule: "derived-count",
        what: "every number of metadata",
        change: |project| {
            project.tamper(|directory| {
                let metadata = &mut directory.master.metadata;
                (metadata.total_numbers, metadata.assigned, metadata.unassigned) = (Count(3), Count(5), Count(7));
                metadata.by_workspace.insert(name("staging"), Count(11));
                metadata.by_type.insert(NumberType::Local, Count(13));
                metadata.by_provider.values_mut().for_each(|count| *count = Count(17));
            });
        },
    },
    Branch {
        rule: "derived-count",
        what: "a key too many",
        change: |project| {
            project.tamper(|directory| {
                directory.master.metadata.by_type.insert(NumberType::TollFree, Count(1));
            });
        },
    },
    Branch {
        rule: "derived-count",
        what: "keys that are missing",
        change: |project| {
            project.tamper(|directory| {
                directory.master.metadata.by_type.clear();
                directory.master.metadata.by_provider.clear();
            });
        },
    },
    Branch {
        rule: "derived-count",
        what: "every number of a summary",
        change: |project| {
            project.tamper(|directory| {
                let summary = &mut directory.workspace_mut(&name("production")).numbers.summary;
                (summary.total, summary.assigned, summary.unassigned) = (Count(3), Count(5), Count(7));
                summary.import_methods.insert(ImportMethod::SipTrunk, Count(11));
                summary.import_methods.remove(&ImportMethod::DirectPurchase);
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "an agent without numbers",
        change: |project| {
            project.tamper(|directory| {
                let by_agent = &mut directory.workspace_mut(&name("staging")).assignments.by_agent;
                by_agent.insert(agent_path("agents/other"), vec![number(FIRST)]);
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "a number too many, and one too few",
        change: |project| {
            project.tamper(|directory| {
                let by_agent = &mut directory.workspace_mut(&name("staging")).assignments.by_agent;
                by_agent.insert(agent_path("agents/sales"), vec![number(FIRST), number(SECOND)]);
                by_agent.insert(agent_path("agents/customer-service"), vec![]);
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "another number than the right one",
        change: |project| {
            project.tamper(|directory| {
                let by_agent = &mut directory.workspace_mut(&name("staging")).assignments.by_agent;
                by_agent.insert(agent_path("agents/sales"), vec![number(FIRST)]);
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "a number twice",
        change: |project| {
            project.tamper(|directory| {
                let by_agent = &mut directory.workspace_mut(&name("staging")).assignments.by_agent;
                by_agent.insert(agent_path("agents/sales"), vec![number(SECOND), number(SECOND)]);
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "unassigned lists who is assigned, and misses who is not",
        change: |project| {
            project.change(|directory| unassign(directory, "staging", FIRST));
            project.tamper(|directory| {
                directory.workspace_mut(&name("staging")).assignments.unassigned.clear();
                directory.workspace_mut(&name("production")).assignments.unassigned = vec![number(SECOND)];
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "assigned is wrong both ways",
        change: |project| {
            project.change(|directory| unassign(directory, "staging", FIRST));
            project.tamper(|directory| {
                registry(directory, "staging", FIRST).assigned = true;
                registry(directory, "staging", SECOND).assigned = false;
            });
        },
    },
    Branch {
        rule: "derived-index",
        what: "more numbers than a message lists",
        change: |project| {
            project.tamper(|directory| {
                let many = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];
                directory.workspace_mut(&name("staging")).assignments.unassigned = many.map(number).to_vec();
            });
        },
    },
    Branch {
        rule: "pretty-form",
        what: "every form of an entry",
        change: |project| {
            project.tamper(|directory| {
                let entry = master(directory, SECOND);
                entry.phone_number_pretty = "x".to_owned();
                (entry.area_code, entry.country_code) = (None, Some("CA".to_owned()));
            });
        },
    },
    Branch {
        rule: "numbering-plan",
        what: "a range that nobody has",
        change: |project| {
            project.change(|directory| {
                let mut entry = master(directory, SECOND).clone();
                entry.phone_number = number("+14150550123");
                entry.workspaces = phone_dir::model::ByWorkspace::default();
                directory.master.numbers.insert(entry.phone_number, entry);
            });
        },
    },
];

pub const SOUND: &[Branch] = &[
    Branch {
        rule: "derived-index",
        what: "numbers of nobody",
        change: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                unassign(directory, "production", FIRST);
            });
        },
    },
    Branch {
        rule: "derived-count",
        what: "a number that no workspace has",
        change: |project| {
            project.change(|directory| {
                leave(directory, "staging", FIRST);
                leave(directory, "production", FIRST);
            });
        },
    },
];
