//! What happens on a number: calls, how they are counted, for which time the counts are whole, and what they cost.
//!
//! Pure: calls come from the store or from Retell as plain values, and the time is an input. No type here can hold
//! the other party's number, a transcript, a recording, a variable or a key, so none of these can be stored or shown.

pub mod apportion;
pub mod budget;
pub mod call;
pub mod carrier;
pub mod cost;
pub mod counts;
pub mod coverage;
pub mod idle;
pub mod live;
pub mod money;
pub mod peak;
pub mod pool;
pub mod pull;
pub mod rank;
pub mod rent;
pub mod rent_change;
pub mod report;
pub mod signature;
pub mod time;
pub mod traffic;
pub mod usage;
