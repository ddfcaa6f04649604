//! Brings the directory in step with what the providers say: a pure function of both and the clock.

pub mod live;
