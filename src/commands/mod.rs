//! One file per subcommand: its arguments, whose doc comments are the help text, and one function that puts
//! load, pure call and render into sequence.

pub mod agent_numbers;
pub mod blame;
pub mod comparison;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod fmt;
pub mod history;
pub mod init;
pub mod limit_options;
pub mod list;
pub mod number_argument;
pub mod past;
pub mod publish;
pub mod queries;
pub mod retell;
pub mod rules;
pub mod run;
pub mod sandbox;
pub mod schema;
pub mod session;
pub mod show;
pub mod states;
pub mod sync;
pub mod sync_retell;
pub mod sync_twilio;
pub mod syncing;
pub mod unassigned;
pub mod validate;

pub use session::{Exit, Session};
