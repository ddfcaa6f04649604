//! One file per subcommand: its arguments, whose doc comments are the help text, and one function that puts
//! load, pure call and render into sequence.

pub mod agent_numbers;
pub mod bulk_assign;
pub mod bulk_import;
pub mod changing;
pub mod demo;
pub mod diff;
pub mod drift;
pub mod explain;
pub mod fmt;
pub mod init;
pub mod list;
pub mod new_findings;
pub mod number_argument;
pub mod phone;
pub mod promote;
pub mod publish;
pub mod queries;
pub mod retell;
pub mod rollback;
pub mod rules;
pub mod run;
pub mod sandbox;
pub mod schema;
pub mod session;
pub mod show;
pub mod sync;
pub mod sync_retell;
pub mod sync_twilio;
pub mod syncing;
pub mod unassigned;
pub mod validate;

pub use session::{Exit, Session};
