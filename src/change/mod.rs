//! What somebody asks to be changed at Retell: which settings of which numbers, and what stands in the way.
//!
//! Reading order: [`binding`] is how a person writes agents, [`settings`] what a number has in a workspace,
//! [`edit`] what is asked of one number, and [`rails`] what is not done without its own flag. Nothing here asks a
//! provider or writes a file.

pub mod binding;
pub mod edit;
pub mod rails;
pub mod settings;

pub use binding::Binding;
pub use edit::{Action, Edit, Transport, TrunkSecret};
pub use rails::{Allowed, Objection, Rail};
pub use settings::{Setting, Settings};
