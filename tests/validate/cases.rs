//! For every rule a project that breaks it, and one that comes as close as it may.

use phone_dir::model::master::Provider;
use phone_dir::model::master::{Capabilities, LeftBehind, LeftTwilio};
use phone_dir::model::names::Lookalike;
use phone_dir::model::routing::{AgentWeight, Weight};
use phone_dir::model::sid::TrunkSid;
use phone_dir::model::{AssignmentType, ByWorkspace, ImportMethod, NumberType};
use phone_dir::validate::Source;
use serde_json::json;

use super::project::*;

/// A rule with its two projects, as changes to the healthy one.
pub struct Case {
    pub rule: &'static str,
    pub fail: fn(&mut Project),
    pub pass: fn(&mut Project),
}

pub fn share(agent: &str, weight: f64) -> AgentWeight {
    AgentWeight { agent_id: agent_id(agent), weight: Weight::new(weight).unwrap(), agent_version: None }
}

/// Splits the inbound calls of a number, in the given proportions, between the agents of the healthy project.
fn split(project: &mut Project, first: f64, second: f64) {
    let agents = vec![share("agent_staging_customer_service", first), share("agent_staging_sales", second)];
    project.change(|directory| assigned(directory, "staging", FIRST).inbound_agents = Some(agents));
}

fn waiver(project: &mut Project, rule: &str, expires: &str) {
    project.put(
        SETTINGS,
        &format!(
            "[[waivers]]\nrule = \"{rule}\"\nphone_number = \"{FIRST}\"\nreason = \"known\"\nexpires = \"{expires}\"\n"
        ),
    );
}

fn only_in_staging(project: &mut Project) {
    project.change(|directory| leave(directory, "production", FIRST));
}

fn left(from: LeftBehind) -> LeftTwilio {
    let trunk_sid = TrunkSid::parse(&format!("TK{}", "a".repeat(32))).ok();
    LeftTwilio { from, trunk_sid, date: Some(time("2025-11-19T12:00:00Z")) }
}

fn left_account(project: &mut Project) {
    project.change(|directory| {
        let entry = master(directory, FIRST);
        (entry.twilio, entry.left) = (None, Some(left(LeftBehind::Account)));
    });
}

fn unassign_everywhere(project: &mut Project) {
    project.change(|directory| ["staging", "production"].iter().for_each(|name| unassign(directory, name, FIRST)));
}

fn left_trunk(project: &mut Project) {
    project.change(|directory| {
        let entry = master(directory, FIRST);
        entry.twilio.as_mut().unwrap().trunk_sid = None;
        entry.left = Some(left(LeftBehind::Trunk));
    });
}

fn originate(project: &mut Project, uri: Option<&str>) {
    project.change(|directory| {
        master(directory, FIRST).sip_config.as_mut().unwrap().origination_uri = uri.map(str::to_owned);
    });
}

fn carry_voice(project: &mut Project, voice: bool) {
    let capabilities = Capabilities { voice, sms: true, mms: false, fax: false };
    project.change(|directory| master(directory, FIRST).capabilities = Some(capabilities));
}

/// Names a number otherwise than before, and records what Retell has where that is given.
fn decide(project: &mut Project, record: Option<(&str, &str)>) {
    let before = phone_dir::model::Directory::load(&project.files).unwrap();
    project.occasion.before = vec![std::sync::Arc::new(before)];
    let record = record.map(|(was, is)| serde_json::json!({ "nickname": { "was": was, "is": is } }));
    project.change(|directory| {
        let entry = registry(directory, "staging", FIRST);
        entry.nickname = Some("Decided".to_owned());
        entry.live = record.map(|record| Box::new(serde_json::from_value(record).unwrap()));
    });
}

/// Dates the decision.
fn decided_at(project: &mut Project, date: &str) {
    let key = ((name("staging"), number(FIRST)), phone_dir::model::Setting::Nickname);
    project.occasion.decided = Some([(key, time(date))].into());
}

pub const CASES: &[Case] = &[
    Case {
        rule: "encoding",
        fail: |project| project.files.insert(STAGING, b"\xff\xfe{\0}\0".as_slice()),
        pass: |project| project.change(|directory| master(directory, FIRST).notes = "Überraschung 🙂".to_owned()),
    },
    Case {
        rule: "conflict-marker",
        fail: |project| {
            project.replace(STAGING, "  \"workspace\"", "<<<<<<< ours\n=======\n>>>>>>> theirs\n  \"workspace\"");
        },
        pass: |project| project.change(|directory| master(directory, FIRST).notes = "<<<<<<< HEAD".to_owned()),
    },
    Case {
        rule: "not-json",
        fail: |project| project.replace(STAGING, "\"workspace\": \"staging\",", "\"workspace\": \"staging\",,"),
        pass: |project| project.put("agents/sales/agent.json", "{ \"agent_name\" :\t\"Sales Agent\" }"),
    },
    Case {
        rule: "duplicate-key",
        fail: |project| {
            project.replace(STAGING, "  \"workspace\"", "  \"workspace\": \"production\",\n  \"workspace\"");
        },
        pass: |project| {
            project.change(|directory| master(directory, FIRST).tags = vec!["a".to_owned(), "a".to_owned()]);
        },
    },
    Case {
        rule: "schema",
        fail: |project| project.replace(MASTER, "\"tags\": []", "\"tags\": [], \"colour\": \"red\""),
        pass: |project| {
            project.replace(MASTER, "{\n  \"version\"", "{\n  \"$schema\": \"directory.schema.json\",\n  \"version\"");
        },
    },
    Case { rule: "missing-file", fail: |project| project.remove(PRODUCTION), pass: |project| project.remove(TRUNKS) },
    Case {
        rule: "unknown-file",
        fail: |project| project.put("phone-numbers/staging/assignment.json", "{}"),
        pass: |project| {
            project.put("phone-numbers/.gitignore", "twilio/\n");
            project.put("phone-numbers/twilio/raw.json", "{}");
            project.put("phone-numbers/.directory.json.swp", "");
        },
    },
    Case {
        rule: "irregular-file",
        fail: |project| project.put_irregular(PRODUCTION_NUMBERS, "a symbolic link"),
        pass: |project| project.put("phone-numbers/.gitkeep", ""),
    },
    Case {
        rule: "ambiguous-name",
        fail: |project| {
            let name = "Phone-Numbers".to_owned();
            let lookalike = Lookalike { place: name.clone(), name, ours: "phone-numbers".to_owned() };
            project.occasion.lookalikes.insert(lookalike);
            project.put("agents/Sales/agent.json", "{\"agent_name\": \"Sales\"}");
            project.put("agents/sales/Staging.json", "{\"agent_id\": \"agent_other\"}");
        },
        pass: |project| project.put("agents/sales-2/agent.json", "{\"agent_name\": \"Sales 2\"}"),
    },
    Case {
        rule: "forbidden-file",
        fail: |project| {
            project.staged();
            project.put("workspaces.json", "{}");
            project.put("phone-numbers.backup.1/directory.json", "{}");
            project.put("phone-numbers.backup.1/staging/numbers.json", "{}");
        },
        pass: |project| project.put("workspaces.json", "{\"staging\": {}, \"production\": {}}"),
    },
    Case {
        rule: "secret",
        fail: |project| {
            project.change(|directory| master(directory, FIRST).notes = format!("key_{}", "0a1b".repeat(8)));
            project.put("agents/sales/llm.json", "{\"sip_password\": \"hunter2-hunter2\"}");
        },
        pass: |project| {
            let text = format!("{{\"staging\": {{\"api_key\": \"key_{}\"}}, \"production\": {{}}}}", "0a1b".repeat(8));
            project.put("workspaces.json", &text);
            project.put("agents/sales/llm.json", "{\"sip_password\": \"${SIP_PASSWORD}\"}");
        },
    },
    Case {
        rule: "twilio-sid",
        fail: |project| project.replace(MASTER, "\"PN", "\"PNxx"),
        pass: |project| {
            project.remove(TRUNKS);
            project.change(|directory| master(directory, FIRST).twilio = None);
        },
    },
    Case {
        rule: "agent-id",
        fail: |project| project.put("agents/sales/production.json", "{\"agent_id\": \"agent_new\"}"),
        pass: |project| {
            project.put("agents/sales/production.json", "{\"agent_id\": \"agent_new\"}");
            project.change(|directory| {
                rebind(directory, "production", SECOND, Some("agents/sales"), "agent_new");
                assigned(directory, "production", SECOND).agent_name = Some("Sales Agent".to_owned());
            });
        },
    },
    Case {
        rule: "missing-in-workspace",
        fail: only_in_staging,
        pass: |project| {
            project.change(|directory| {
                leave(directory, "production", FIRST);
                leave(directory, "staging", FIRST);
            });
        },
    },
    Case {
        rule: "orphaned-assignment",
        fail: |project| {
            for file in ["agent", "staging", "production"] {
                project.remove(&format!("agents/sales/{file}.json"));
            }
            project.change(|_| {});
        },
        pass: |project| project.put("agents/unused/agent.json", "{}"),
    },
    Case {
        rule: "missing-sip-config",
        fail: |project| project.change(|directory| master(directory, FIRST).sip_config = None),
        pass: |project| {
            project.remove(TRUNKS);
            project.change(|directory| {
                let entry = master(directory, FIRST);
                entry.twilio = None;
                entry.sip_config.as_mut().unwrap().origination_uri = None;
            });
        },
    },
    Case {
        rule: "key-mismatch",
        fail: |project| project.replace(STAGING, "\"workspace\": \"staging\"", "\"workspace\": \"production\""),
        pass: |project| {
            // A workspace may be named as an agent is.
            project.change(|directory| {
                directory.workspace_mut(&name("sales"));
            });
        },
    },
    Case {
        rule: "duplicate-number",
        fail: |project| {
            project.tamper(|directory| {
                let again = assigned(directory, "staging", FIRST).clone();
                directory.workspace_mut(&name("staging")).assignments.assignments.push(again);
            });
        },
        pass: |project| {
            // The same number for two agents, in two workspaces.
            split(project, 0.5, 0.5);
        },
    },
    Case {
        rule: "unknown-workspace",
        fail: |project| {
            project.tamper(|directory| {
                let entry = binding(directory, "staging", FIRST).clone();
                master(directory, FIRST).workspaces.insert(name("prod"), entry);
            });
        },
        pass: |project| {
            project.change(|directory| {
                directory.workspace_mut(&name("eu"));
                let mut entry = binding(directory, "staging", FIRST).clone();
                (entry.imported, entry.import_date, entry.agent_path) = (false, None, None);
                (entry.agent_id, entry.assignment_type) = (None, None);
                master(directory, FIRST).workspaces.insert(name("eu"), entry);
            });
        },
    },
    Case {
        rule: "registry-mismatch",
        fail: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).phone_number_type = NumberType::TollFree;
                master(directory, SECOND).workspaces.remove(&name("production"));
            });
        },
        pass: |project| {
            let nothing = serde_json::json!({"imported": false, "import_date": null, "agent_path": null,
                "agent_id": null, "assignment_type": null});
            project.change(|directory| {
                directory.workspace_mut(&name("eu"));
                let entry = serde_json::from_value(nothing).unwrap();
                master(directory, FIRST).workspaces.insert(name("eu"), entry);
            });
        },
    },
    Case {
        rule: "assignment-mismatch",
        fail: |project| {
            project.change(|directory| {
                binding(directory, "staging", FIRST).assignment_type = Some(AssignmentType::InboundOnly);
            });
        },
        pass: |project| project.change(|directory| unassign(directory, "staging", FIRST)),
    },
    Case {
        rule: "derived-count",
        fail: |project| project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3"),
        pass: |project| {
            project.change(|directory| {
                directory.workspace_mut(&name("eu"));
            });
        },
    },
    Case {
        rule: "derived-index",
        fail: |project| {
            project.tamper(|directory| directory.workspace_mut(&name("staging")).assignments.by_agent.clear());
        },
        pass: |project| split(project, 0.7, 0.3),
    },
    Case {
        rule: "pretty-form",
        fail: |project| project.replace(STAGING_NUMBERS, "(415) 555-0123", "415-555-0123"),
        pass: |project| {
            // A number without an area code.
            project.change(|directory| {
                let mut entry = master(directory, SECOND).clone();
                entry.phone_number = number("+80012345678");
                entry.workspaces = ByWorkspace::default();
                (entry.provider, entry.phone_number_type) = (Provider::Custom, NumberType::TollFree);
                directory.master.numbers.insert(entry.phone_number, entry);
            });
        },
    },
    Case {
        rule: "wrong-workspace-agent",
        fail: |project| project.change(|directory| rebind(directory, "production", FIRST, None, "agent_staging_sales")),
        pass: |project| {
            // One id that its folder has in both workspaces.
            project
                .put("agents/customer-service/production.json", "{\"agent_id\": \"agent_staging_customer_service\"}");
            project.change(|directory| {
                let (path, id) = (Some("agents/customer-service"), "agent_staging_customer_service");
                rebind(directory, "production", FIRST, path, id);
                assigned(directory, "production", FIRST).agent_name = Some("Customer Service Agent".to_owned());
            });
        },
    },
    Case {
        rule: "shared-agent-id",
        fail: |project| project.put("agents/unused/staging.json", "{\"agent_id\": \"agent_staging_sales\"}"),
        pass: |project| project.put("agents/unused/staging.json", "{\"agent_id\": null}"),
    },
    Case {
        rule: "missing-agent-file",
        fail: |project| project.remove("agents/sales/production.json"),
        pass: |project| {
            project.remove("agents/sales/production.json");
            project.change(|directory| unassign(directory, "production", SECOND));
        },
    },
    Case {
        rule: "assignment-type",
        fail: |project| project.change(|directory| assigned(directory, "staging", FIRST).outbound_agent_id = None),
        pass: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                let mut sms = assignment(FIRST, "customer-service", "staging");
                (sms.agent_path, sms.agent_name, sms.agent_id) = (None, None, None);
                (sms.inbound_agent_id, sms.outbound_agent_id) = (None, None);
                sms.assignment_type = AssignmentType::Unassigned;
                sms.inbound_sms_agents = Some(vec![share("agent_staging_sales", 1.0)]);
                directory.workspace_mut(&name("staging")).assignments.assignments.push(sms);
            });
        },
    },
    Case { rule: "weights", fail: |project| split(project, 0.5, 0.4), pass: |project| split(project, 0.7, 0.3) },
    Case {
        rule: "fallback",
        fail: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).fallback_number = Some(number(SECOND));
                registry(directory, "staging", SECOND).fallback_number = Some(number(SECOND));
            });
        },
        pass: |project| {
            project.change(|directory| registry(directory, "staging", FIRST).fallback_number = Some(number(SECOND)));
        },
    },
    Case {
        rule: "unmanaged-agent",
        fail: |project| project.change(|directory| rebind(directory, "staging", FIRST, None, "agent_unknown")),
        pass: |project| split(project, 0.5, 0.5),
    },
    Case {
        rule: "agent-name",
        fail: |project| project.put("agents/sales/agent.json", "{\"agent_name\": \"Sales\"}"),
        pass: |project| project.put("agents/sales/agent.json", "{}"),
    },
    Case {
        rule: "workspace-divergence",
        fail: |project| {
            project.change(|directory| {
                rebind(directory, "production", FIRST, Some("agents/sales"), "agent_production_sales");
                assigned(directory, "production", FIRST).agent_name = Some("Sales Agent".to_owned());
            });
        },
        pass: |project| project.change(|directory| unassign(directory, "production", FIRST)),
    },
    Case {
        rule: "webhook-without-agent",
        fail: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                registry(directory, "staging", FIRST).inbound_webhook_url =
                    Some(Some("https://example.com/x".to_owned()));
            });
        },
        pass: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).inbound_webhook_url =
                    Some(Some("https://example.com/x".to_owned()));
            });
        },
    },
    Case {
        rule: "sip-on-direct-purchase",
        fail: |project| {
            project.change(|directory| {
                registry(directory, "staging", SECOND).termination_uri = Some("mytrunk.pstn.twilio.com".to_owned());
            });
        },
        pass: |project| {
            project.change(|directory| {
                let entry = registry(directory, "staging", FIRST);
                entry.import_method = ImportMethod::DirectPurchase;
                entry.termination_uri = None;
            });
        },
    },
    Case {
        rule: "unknown-trunk",
        fail: |project| project.change(|directory| directory.trunks.as_mut().unwrap().trunks.clear()),
        pass: |project| {
            project.change(|directory| {
                let entry = master(directory, FIRST);
                entry.twilio = None;
                entry.sip_config.as_mut().unwrap().termination_uri = Some("sip.example.com".to_owned());
                for workspace in ["staging", "production"] {
                    registry(directory, workspace, FIRST).termination_uri = Some("sip.example.com".to_owned());
                }
            });
        },
    },
    Case {
        rule: "left-twilio-account",
        fail: left_account,
        pass: |project| {
            left_account(project);
            unassign_everywhere(project);
        },
    },
    Case {
        rule: "left-trunk",
        fail: left_trunk,
        pass: |project| {
            left_trunk(project);
            project.change(|directory| {
                for workspace in ["staging", "production"] {
                    registry(directory, workspace, FIRST).termination_uri = Some("sip.carrier.example".to_owned());
                }
                let config = master(directory, FIRST).sip_config.as_mut().unwrap();
                config.termination_uri = Some("sip.carrier.example".to_owned());
            });
        },
    },
    Case {
        rule: "trunk-without-url",
        fail: |project| originate(project, None),
        pass: |project| {
            originate(project, None);
            unassign_everywhere(project);
            project.put(SETTINGS, "[rules]\nmissing-sip-config = \"off\"\n");
        },
    },
    Case {
        rule: "lost-voice",
        fail: |project| carry_voice(project, false),
        pass: |project| carry_voice(project, true),
    },
    Case {
        rule: "unlisted-number",
        fail: |project| project.change(|directory| master(directory, FIRST).twilio = None),
        pass: |project| {
            left_account(project);
            unassign_everywhere(project);
        },
    },
    Case {
        rule: "unknown-sip-host",
        fail: |project| originate(project, Some("sip:sip.retelai.com")),
        pass: |project| {
            originate(project, Some("sip:SBC.example.com:5061;transport=tls"));
            project.put(SETTINGS, "[sip]\nhosts = [\"sbc.example.com\"]\n");
        },
    },
    Case {
        rule: "retired-sip-host",
        fail: |project| originate(project, Some("sip:5t4n6j0wnrl.sip.livekit.cloud;transport=tls")),
        pass: |project| originate(project, Some("sip:sip.retellai.com;transport=tls")),
    },
    Case {
        rule: "unknown-retell-type",
        fail: |project| {
            project
                .change(|directory| registry(directory, "staging", FIRST).retell_type = Some("retell-new".to_owned()));
        },
        pass: |project| {
            project.change(|directory| {
                registry(directory, "staging", SECOND).nickname = Some("retell-new".to_owned());
            });
        },
    },
    Case {
        rule: "numbering-plan",
        fail: |project| {
            project.change(|directory| {
                let mut entry = master(directory, SECOND).clone();
                entry.phone_number = number("+9991234567");
                entry.workspaces = ByWorkspace::default();
                directory.master.numbers.insert(entry.phone_number, entry);
            });
        },
        pass: |project| {
            project.change(|directory| {
                let mut entry = master(directory, SECOND).clone();
                entry.phone_number = number("+442079460123");
                entry.workspaces = ByWorkspace::default();
                directory.master.numbers.insert(entry.phone_number, entry);
            });
        },
    },
    Case {
        rule: "stale-sync",
        fail: |project| project.occasion.now = time("2025-11-19T13:00:01Z"),
        pass: |project| project.occasion.now = time("2025-11-19T13:00:00Z"),
    },
    Case {
        rule: "unrecorded-decision",
        fail: |project| decide(project, None),
        pass: |project| decide(project, Some(("Before", "Before"))),
    },
    Case {
        rule: "pending-change",
        fail: |project| {
            decide(project, Some(("Before", "Before")));
            decided_at(project, "2025-11-18T12:00:00Z");
        },
        pass: |project| {
            decide(project, Some(("Before", "Before")));
            decided_at(project, "2025-11-18T13:00:00Z");
        },
    },
    Case {
        rule: "pending-conflict",
        fail: |project| decide(project, Some(("Before", "Since"))),
        pass: |project| decide(project, Some(("Before", "Before"))),
    },
    Case {
        rule: "unconfigured-workspace",
        fail: |project| project.put("workspaces.json", "{\"staging\": {}}"),
        pass: |project| project.put("workspaces.json", "{\"staging\": {}, \"production\": {}, \"$schema\": \"x\"}"),
    },
    Case {
        rule: "pool-unknown-pool",
        fail: |project| pools(project, &[(FIRST, member(&json!({"pool": "sale"}))), (SECOND, member(&json!({})))]),
        pass: |project| pools(project, &[(FIRST, member(&json!({}))), (SECOND, member(&json!({})))]),
    },
    Case {
        rule: "pool-unknown-number",
        fail: |project| pools(project, &[("+14155550199", member(&json!({})))]),
        pass: |project| pools(project, &[(SECOND, member(&json!({})))]),
    },
    Case {
        rule: "pool-unknown-workspace",
        fail: |project| {
            pools(project, &[(FIRST, member(&json!({})))]);
            project.replace(POOLS, "\"production\"", "\"prod\"");
        },
        pass: |project| {
            pools(project, &[(FIRST, member(&json!({})))]);
            project.replace(POOLS, "[\n        \"production\"\n      ]", "[]");
        },
    },
    Case {
        rule: "pool-state",
        fail: |project| {
            let states = [json!({"state": "reserved", "reason": "campaign 12"}), json!({"until": "2026-01-01"})];
            pools(project, &[(FIRST, member(&states[0])), (SECOND, member(&states[1]))]);
        },
        pass: |project| {
            let state = json!({"state": "reserved", "until": "2025-11-19", "reason": "campaign 12"});
            pools(project, &[(FIRST, member(&state))]);
        },
    },
    Case {
        rule: "pool-expired-state",
        fail: |project| {
            let state = json!({"state": "quarantine", "until": "2025-11-18", "reason": "released"});
            pools(project, &[(FIRST, member(&state))]);
        },
        pass: |project| {
            unassign_everywhere(project);
            let state = json!({"state": "quarantine", "until": "2025-11-19", "reason": "released"});
            pools(project, &[(FIRST, member(&state))]);
        },
    },
    Case {
        rule: "pool-not-accepted",
        fail: |project| {
            pools(project, &[(FIRST, member(&json!({})))]);
            project.replace(POOLS, "\"US\"", "\"GB\"");
        },
        pass: |project| {
            pools(project, &[(FIRST, member(&json!({})))]);
            project.replace(POOLS, "\"local\"", "\"toll-free\",\n          \"local\"");
        },
    },
    Case {
        rule: "pool-quarantine-bound",
        fail: |project| pools(project, &[(FIRST, member(&json!({"state": "retired", "reason": "spam reports"})))]),
        pass: |project| {
            unassign_everywhere(project);
            pools(project, &[(FIRST, member(&json!({"state": "retired", "reason": "spam reports"})))]);
        },
    },
    Case {
        rule: "pool-without-members",
        fail: |project| pools(project, &[]),
        pass: |project| project.put(POOLS, "{\n  \"pools\": {},\n  \"members\": {}\n}\n"),
    },
    Case {
        rule: "nested-copy",
        fail: |project| {
            let copy = project.text(MASTER);
            project.put("phone-numbers/phone-numbers.backup.1/directory.json", &copy);
            project.put("phone-numbers/phone-numbers.backup.1/staging/x.json", &copy);
        },
        pass: |project| {
            let copy = project.text(MASTER);
            project.put("phone-numbers.backup.1/directory.json", &copy);
        },
    },
    Case {
        rule: "not-canonical",
        fail: |project| {
            project.replace(MASTER, "  \"version\"", "    \"version\"");
            let text = project.text(STAGING);
            project.put(STAGING, text.trim_end());
        },
        pass: |project| project.put("agents/sales/agent.json", "{ \"agent_name\":\"Sales Agent\"}"),
    },
    Case {
        rule: "settings",
        fail: |project| project.put(SETTINGS, "[rules]\norphaned-asignment = \"off\"\n"),
        pass: |project| project.put(SETTINGS, "[rules]\norphaned-assignment = \"off\"\n"),
    },
    Case {
        rule: "expired-waiver",
        fail: |project| {
            only_in_staging(project);
            waiver(project, "missing-in-workspace", "2025-11-18");
        },
        pass: |project| {
            only_in_staging(project);
            waiver(project, "missing-in-workspace", "2025-11-19");
        },
    },
    Case {
        rule: "unused-waiver",
        fail: |project| waiver(project, "missing-in-workspace", "2025-12-31"),
        pass: |project| {
            only_in_staging(project);
            waiver(project, "missing-in-workspace", "2025-12-31");
        },
    },
    Case {
        rule: "unmatched-threshold",
        fail: |project| project.put(SETTINGS, "[[capacity.group]]\narea_code = \"999\"\nmin_free = 1\n"),
        pass: |project| project.put(SETTINGS, "[[capacity.group]]\narea_code = \"415\"\nmin_free = 1\n"),
    },
];

/// Cases that are about where the files come from rather than about a rule.
pub fn committed(project: &mut Project) {
    project.remove(TRUNKS);
    project.remove(SYNC);
    project.occasion.source = Source::Commit("0123456789abcdef0123456789abcdef01234567".to_owned());
}
