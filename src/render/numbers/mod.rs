//! Listings of numbers in every format. What a column holds is decided in [`crate::query::column`].

pub mod answering;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod side_by_side;
pub mod text;
