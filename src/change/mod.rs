//! What a user asks to be changed at Retell: which settings of which numbers, and what stands in the way.
//!
//! Reading order: [`binding`] is how a person writes agents, [`Settings`] what a number has in a workspace,
//! [`edit`] what is asked of one number, [`judging`] what stands in its way, [`rails`] what is not done without
//! its own flag, and [`notice`] what a person should read first. [`list`] and [`bulk`]
//! read lists of edits, [`replace`], [`promote`] and
//! [`rollback`] make them; [`workspaces`] adds, renames and removes those; [`secrets`] keeps out what must not be committed. Nothing here asks a provider or writes a file.

pub mod binding;
pub mod bulk;
pub mod edit;
pub mod judging;
pub mod list;
pub mod notice;
pub mod promote;
pub mod rails;
pub mod replace;
pub mod rollback;
pub mod secret_guard;
pub mod settings_text;
pub mod trunk;
pub mod values;
pub mod workspaces;

pub use crate::model::{Setting, Settings};
pub use binding::Binding;
pub use edit::{Action, Edit};
pub use judging::Verdict;
pub use notice::Notice;
pub use rails::{Allowed, Impossible, Objection, Rail, Safeguards};
pub use trunk::{Transport, TrunkChange, TrunkSecret, Unrecorded};
