//! The sandbox: a loopback server that speaks the used parts of Twilio's and Retell's APIs, with made-up data.
//!
//! It serves `phone-dir sandbox`, `phone-dir demo` and the end-to-end tests. It stands in for the providers, so it
//! knows nothing of the project's model or client, and it is reachable from this machine only.
//!
//! All three hosts share one base address, because their paths do not overlap.

mod account;
mod agents;
mod billing;
mod call_endings;
mod call_filters;
mod call_record;
mod calls;
mod capacity;
mod clock;
mod connection;
mod control;
mod credentials;
mod fault_effects;
mod fault_spec;
mod faults;
mod foreground;
mod generate;
mod made_calls;
mod paging;
mod request_log;
mod retell;
mod retell_agents;
mod retell_answer;
mod retell_body;
mod retell_calls;
mod running;
mod seed;
mod seed_retell;
mod server;
mod trunking;
mod trunking_record;
mod twilio;
mod twilio_answer;
mod webhook_events;
mod webhook_sender;
mod webhook_spec;

pub use agents::{AgentFolder, agent_folders, agent_id};
pub use calls::CallTraffic;
pub use capacity::MadeUpConcurrency;
pub use clock::Clock;
pub use credentials::{
    ACCOUNT_SID, API_KEY, API_SECRET, AUTH_TOKEN, RETELL_KEYS, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY,
    SUBACCOUNT_SID, SUBACCOUNT_TOKEN,
};
pub use fault_spec::FAULT_KINDS;
pub use faults::{Fault, FaultKind, Faults, Provider};
pub use foreground::{environment, run};
pub use made_calls::CallRequest;
pub use request_log::RequestRecord;
pub use running::{RunningSandbox, Sandbox, SandboxOptions};
pub use webhook_sender::{Delivery, WebhookOptions};
pub use webhook_spec::{WEBHOOK_FAULTS, WebhookFault, WebhookTarget};
