//! The rules about routing: who answers, in which workspace, and who is named for it.

use phone_dir::model::AssignmentType;
use phone_dir::model::routing::AgentWeight;

use super::super::cases::share;
use super::super::project::*;
use super::Branch;

/// Two agents of the healthy project in one list.
fn both(first: f64, second: f64) -> Vec<AgentWeight> {
    vec![share("agent_staging_customer_service", first), share("agent_staging_sales", second)]
}

/// An assignment without voice agents, with one SMS agent.
fn sms_only(project: &mut Project, agent: &str) {
    let agents = vec![share(agent, 1.0)];
    project.change(|directory| {
        unassign(directory, "staging", FIRST);
        let mut sms = assignment(FIRST, "customer-service", "staging");
        (sms.agent_path, sms.agent_name, sms.agent_id) = (None, None, None);
        (sms.inbound_agent_id, sms.outbound_agent_id) = (None, None);
        sms.assignment_type = AssignmentType::Unassigned;
        sms.outbound_sms_agents = Some(agents);
        directory.workspace_mut(&name("staging")).assignments.assignments.push(sms);
    });
}

pub const BROKEN: &[Branch] = &[
    Branch {
        rule: "agent-id",
        what: "a folder has the id, and the assignment names none",
        change: |project| {
            project.change(|directory| rebind(directory, "staging", SECOND, None, "agent_staging_sales"));
        },
    },
    Branch {
        rule: "agent-id",
        what: "directory.json says something else",
        change: |project| {
            project.change(|directory| {
                let assignment = assigned(directory, "staging", FIRST);
                assignment.agent_id = Some(agent_id("agent_new"));
                assignment.inbound_agent_id = Some(agent_id("agent_new"));
            });
        },
    },
    Branch {
        rule: "orphaned-assignment",
        what: "one number, and only directory.json says so",
        change: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                binding(directory, "staging", FIRST).agent_path = Some(agent_path("agents/gone"));
            });
        },
    },
    Branch {
        rule: "wrong-workspace-agent",
        what: "the folder has no agent here yet",
        change: |project| {
            project.put("agents/eu/staging.json", "{\"agent_id\": \"agent_staging_eu\"}\n");
            project.change(|directory| rebind(directory, "production", FIRST, None, "agent_staging_eu"));
        },
    },
    Branch {
        rule: "wrong-workspace-agent",
        what: "the second agent of a list",
        change: |project| {
            project.change(|directory| {
                let agents = vec![share("agent_staging_customer_service", 0.5), share("agent_production_sales", 0.5)];
                assigned(directory, "staging", FIRST).outbound_agents = Some(agents);
            });
        },
    },
    Branch {
        rule: "shared-agent-id",
        what: "across workspaces",
        change: |project| project.put("agents/unused/production.json", "{\"agent_id\": \"agent_staging_sales\"}"),
    },
    Branch {
        rule: "missing-agent-file",
        what: "the agent has no id here",
        change: |project| project.put("agents/sales/production.json", "{\"agent_id\": null}"),
    },
    Branch {
        rule: "missing-agent-file",
        what: "only the assignment names the folder",
        change: |project| {
            project.put("agents/eu/agent.json", "{}");
            project.change(|directory| {
                let assignment = assigned(directory, "production", SECOND);
                assignment.agent_path = Some(agent_path("agents/eu"));
            });
        },
    },
    Branch {
        rule: "assignment-type",
        what: "the agent is the outbound one's, and not the inbound one's",
        change: |project| {
            project.change(|directory| {
                let assignment = assigned(directory, "staging", FIRST);
                assignment.inbound_agent_id = Some(agent_id("agent_staging_sales"));
            });
        },
    },
    Branch {
        rule: "assignment-type",
        what: "not the largest of its inbound list",
        change: |project| {
            project.change(|directory| assigned(directory, "staging", FIRST).inbound_agents = Some(both(0.25, 0.75)));
        },
    },
    Branch {
        rule: "assignment-type",
        what: "not the largest of its outbound list",
        change: |project| {
            project.change(|directory| assigned(directory, "staging", FIRST).outbound_agents = Some(both(0.25, 0.75)));
        },
    },
    Branch {
        rule: "assignment-type",
        what: "an entry that binds nobody",
        change: |project| {
            sms_only(project, "agent_staging_sales");
            project.change(|directory| assigned(directory, "staging", FIRST).outbound_sms_agents = None);
        },
    },
    Branch {
        rule: "weights",
        what: "of every list",
        change: |project| {
            project.change(|directory| {
                let assignment = assigned(directory, "staging", FIRST);
                assignment.inbound_agents = Some(both(0.5, 0.500_002));
                assignment.outbound_agents = Some(both(0.7, 0.2));
                assignment.inbound_sms_agents = Some(both(0.9, 0.9));
                assignment.outbound_sms_agents = Some(both(0.3, 0.3));
            });
        },
    },
    Branch {
        rule: "unmanaged-agent",
        what: "the second agent of a list",
        change: |project| {
            project.change(|directory| {
                let agents = vec![share("agent_staging_customer_service", 0.5), share("agent_unknown", 0.5)];
                assigned(directory, "staging", FIRST).inbound_agents = Some(agents);
            });
        },
    },
    Branch { rule: "unmanaged-agent", what: "an SMS agent", change: |project| sms_only(project, "agent_unknown") },
    Branch {
        rule: "unmanaged-agent",
        what: "the outbound agent",
        change: |project| {
            project.change(|directory| {
                assigned(directory, "staging", FIRST).outbound_agent_id = Some(agent_id("agent_unknown"));
            });
        },
    },
    Branch {
        rule: "agent-name",
        what: "no name at all",
        change: |project| project.change(|directory| assigned(directory, "staging", FIRST).agent_name = None),
    },
    Branch {
        rule: "webhook-without-agent",
        what: "SMS agents do not answer calls",
        change: |project| {
            sms_only(project, "agent_staging_sales");
            project.change(|directory| {
                registry(directory, "staging", FIRST).inbound_webhook_url =
                    Some(Some("https://example.com/x".to_owned()));
            });
        },
    },
    Branch {
        rule: "fallback",
        what: "of a number to itself",
        change: |project| {
            project.change(|directory| registry(directory, "staging", FIRST).fallback_number = Some(number(FIRST)));
        },
    },
];

pub const SOUND: &[Branch] = &[
    Branch {
        rule: "weights",
        what: "thirds, as numbers can say them",
        change: |project| {
            project.put("agents/eu/staging.json", "{\"agent_id\": \"agent_staging_eu\"}\n");
            project.change(|directory| {
                let mut agents = both(0.333_333_5, 0.333_333_3);
                agents.push(share("agent_staging_eu", 0.333_333_3));
                assigned(directory, "staging", FIRST).inbound_agents = Some(agents);
            });
        },
    },
    Branch {
        rule: "assignment-type",
        what: "SMS agents alone",
        change: |project| sms_only(project, "agent_staging_sales"),
    },
    Branch {
        rule: "webhook-without-agent",
        what: "a webhook that is null",
        change: |project| {
            project.change(|directory| {
                unassign(directory, "staging", FIRST);
                registry(directory, "staging", FIRST).inbound_webhook_url = Some(None);
            });
        },
    },
    Branch {
        rule: "fallback",
        what: "to a number outside of the directory",
        change: |project| {
            project.change(|directory| {
                registry(directory, "staging", FIRST).fallback_number = Some(number("+14155550199"));
            });
        },
    },
    Branch {
        rule: "shared-agent-id",
        what: "one folder's in two workspaces",
        change: |project| {
            project.put("agents/eu/staging.json", "{\"agent_id\": \"agent_eu\"}");
            project.put("agents/eu/production.json", "{\"agent_id\": \"agent_eu\"}");
        },
    },
];
