//! One file per subcommand: its arguments, whose doc comments are the help text, and one function that puts
//! load, pure call and render into sequence.

pub mod agent_numbers;
pub mod blame;
pub mod bulk_assign;
pub mod bulk_import;
pub mod changing;
pub mod comparison;
pub mod completing;
pub mod demo;
pub mod diff;
pub mod diff_driver;
pub mod doctor;
pub mod edit;
pub mod explain;
pub mod fmt;
pub mod history;
pub mod hook;
pub mod init;
pub mod limit_options;
pub mod list;
pub mod listing;
pub mod merge_driver;
pub mod number_argument;
pub mod past;
pub mod phone;
pub mod publish;
pub mod queries;
pub mod report;
pub mod resolve;
pub mod retell;
pub mod rules;
pub mod run;
pub mod sandbox;
pub mod schema;
pub mod search;
pub mod session;
pub mod setup;
pub mod show;
pub mod states;
pub mod sync;
pub mod sync_retell;
pub mod sync_twilio;
pub mod syncing;
pub mod unassigned;
pub mod validate;

pub use session::{Exit, Session};
