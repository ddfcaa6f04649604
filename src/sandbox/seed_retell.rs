//! The default Retell workspaces: which numbers each has imported, and what they are bound to.

use serde_json::json;

use super::account::{Account, AgentWeight, RetellNumber, SandboxWorkspace, SipTrunkConfig};
use super::agents::{
    CUSTOMER_SERVICE, EMERGENCY_LINE, OLD_IVR, SALES_AGENT, SALES_TRIAL, SUPPORT_TIER1, SUPPORT_TIER2, SURVEY,
    TEXT_CONCIERGE, agent_id, workspace_with_agents,
};
use super::seed::hours_later;

const MAIN_DOMAIN: &str = "main-retell.pstn.twilio.com";
const SALES_DOMAIN: &str = "sales-retell.pstn.twilio.com";
const SUPPORT_DOMAIN: &str = "support-floor.pstn.twilio.com";

pub(super) fn add_workspaces(account: &mut Account) {
    account.workspaces.insert("staging", workspace("staging", staging_numbers()));
    account.workspaces.insert("production", workspace("production", production_numbers()));
}

fn workspace(name: &str, numbers: Vec<RetellNumber>) -> SandboxWorkspace {
    SandboxWorkspace { numbers: numbers.into_iter().collect(), ..workspace_with_agents(name) }
}

/// Staging has everything but `+13125550107`, which was not imported.
fn staging_numbers() -> Vec<RetellNumber> {
    let mut numbers = shared_numbers("staging");
    let with = |folder| Some(one("staging", folder));
    numbers.extend([
        RetellNumber { inbound_agents: with(OLD_IVR), ..imported("+12125550106", "Old IVR", MAIN_DOMAIN) },
        RetellNumber {
            inbound_sms_agents: with(TEXT_CONCIERGE),
            outbound_sms_agents: with(TEXT_CONCIERGE),
            ..imported("+16465550109", "Text Concierge", MAIN_DOMAIN)
        },
        RetellNumber { nickname: None, ..imported("+14155550110", "", MAIN_DOMAIN) },
        RetellNumber { outbound_agents: with(SURVEY), ..imported("+18005550143", "Survey Calls", MAIN_DOMAIN) },
        RetellNumber {
            nickname: Some("Sales Overflow".to_owned()),
            ..RetellNumber::new("+16505550114", "retell-twilio", hours_later(60))
        },
    ]);
    numbers
}

/// Production lacks several numbers, and differs in who answers and how.
fn production_numbers() -> Vec<RetellNumber> {
    let mut numbers = shared_numbers("production");
    for number in &mut numbers {
        match number.phone_number.as_str() {
            "+14155550103" => {
                number.inbound_agents = Some(vec![AgentWeight {
                    agent_version: Some(json!("prod")),
                    ..weighted("production", SUPPORT_TIER1, json!(1))
                }]);
            }
            "+14155550104" => number.inbound_agents = Some(one("production", SUPPORT_TIER1)),
            "+12125550105" => number.fallback_number = Some("+14155550101".to_owned()),
            "+18885550142" => {
                number.allowed_inbound_country_list = Some(vec!["US".to_owned(), "CA".to_owned()]);
            }
            _ => {}
        }
    }
    numbers
}

/// The numbers of both workspaces, each bound to the workspace's own agents.
fn shared_numbers(workspace: &str) -> Vec<RetellNumber> {
    let with = |folder| Some(one(workspace, folder));
    vec![
        RetellNumber {
            inbound_agents: with(CUSTOMER_SERVICE),
            outbound_agents: with(CUSTOMER_SERVICE),
            ..imported("+14155550101", "Customer Service Line", MAIN_DOMAIN)
        },
        RetellNumber {
            inbound_agents: Some(vec![
                weighted(workspace, SALES_AGENT, json!(0.8)),
                weighted(workspace, SALES_TRIAL, json!(0.2)),
            ]),
            outbound_agents: with(SALES_AGENT),
            ..imported("+14155550102", "Sales Line", SALES_DOMAIN)
        },
        RetellNumber { inbound_agents: with(SUPPORT_TIER1), ..imported("+14155550103", "Support 1", SUPPORT_DOMAIN) },
        RetellNumber { inbound_agents: with(SUPPORT_TIER2), ..imported("+14155550104", "Support 2", SUPPORT_DOMAIN) },
        RetellNumber {
            inbound_agents: with(EMERGENCY_LINE),
            outbound_agents: with(EMERGENCY_LINE),
            ..imported("+12125550105", "Emergency Line", MAIN_DOMAIN)
        },
        RetellNumber {
            inbound_webhook_url: Some("https://hooks.example.com/partner-routing".to_owned()),
            ..imported("+13125550108", "Partner Routing", MAIN_DOMAIN)
        },
        RetellNumber { inbound_agents: with(SALES_AGENT), ..imported("+18885550142", "Sales Hotline", SALES_DOMAIN) },
        RetellNumber {
            inbound_agents: with(CUSTOMER_SERVICE),
            outbound_agents: with(CUSTOMER_SERVICE),
            ..imported("+442079460113", "London Office", MAIN_DOMAIN)
        },
        carrier_number(workspace),
    ]
}

/// The number of another carrier: in Retell only, through that carrier's own SIP server.
fn carrier_number(workspace: &str) -> RetellNumber {
    let carrier = SipTrunkConfig {
        termination_uri: Some("sip.carrier.example".to_owned()),
        auth_username: Some("carrier_user".to_owned()),
        transport: Some("TLS".to_owned()),
        codecs: vec!["PCMU".to_owned(), "PCMA".to_owned()],
    };
    RetellNumber {
        outbound_agents: Some(one(workspace, SUPPORT_TIER2)),
        sip_outbound_trunk_config: Some(carrier),
        ..imported("+17025550115", "Carrier Line", "")
    }
}

/// A number imported over a trunk's domain, bound to nothing.
pub(super) fn imported(phone_number: &str, nickname: &str, domain: &str) -> RetellNumber {
    RetellNumber {
        nickname: Some(nickname.to_owned()),
        sip_outbound_trunk_config: Some(SipTrunkConfig {
            termination_uri: Some(domain.to_owned()),
            auth_username: user_of(domain).map(str::to_owned),
            transport: Some("TCP".to_owned()),
            codecs: Vec::new(),
        }),
        ..RetellNumber::new(phone_number, "custom", hours_later(48))
    }
}

/// The SIP user of a domain's credential list; the support trunk knows its callers by address.
fn user_of(domain: &str) -> Option<&'static str> {
    match domain {
        SUPPORT_DOMAIN => None,
        SALES_DOMAIN => Some("sales_user"),
        _ => Some("retell_user"),
    }
}

/// A list of a single agent with the whole weight.
pub(super) fn one(workspace: &str, folder: &str) -> Vec<AgentWeight> {
    vec![weighted(workspace, folder, json!(1))]
}

fn weighted(workspace: &str, folder: &str, weight: serde_json::Value) -> AgentWeight {
    let serde_json::Value::Number(weight) = weight else { unreachable!("weights of the seed are numbers") };
    AgentWeight { agent_id: agent_id(workspace, folder), agent_version: None, weight }
}
