//! Failures of a PostgreSQL server, in kinds that say what to do: never with a value of a row, a password or a detail in
//! which one might stand.

use std::error::Error as StdError;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::calls::database::{DatabaseError, DatabaseTrouble};

/// A failure that the client or the server tells.
#[allow(clippy::needless_pass_by_value)] // it stands where errors are mapped, which hands them over
pub(super) fn failed(error: Error) -> DatabaseError {
    match error.as_db_error() {
        // The server's detail may repeat a row: it is left out.
        Some(said) => DatabaseError::new(trouble(said.code()), format!("{} ({})", said.message(), said.code().code())),
        None => DatabaseError::new(unanswered(&error), in_one_line(&error)),
    }
}

/// The connection is no more.
pub(super) fn gone() -> DatabaseError {
    DatabaseError::new(DatabaseTrouble::Unreachable, "the connection to the server has ended")
}

/// The server took too long to let this program in.
pub(super) fn silent() -> DatabaseError {
    DatabaseError::new(DatabaseTrouble::Unreachable, "the server accepts connections and does not answer")
}

fn trouble(code: &SqlState) -> DatabaseTrouble {
    if [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
        return DatabaseTrouble::Busy;
    }
    // The first two characters are the class.
    match (code.code().get(..2).unwrap_or_default(), code.code()) {
        (_, "53100") => DatabaseTrouble::Full,
        (_, "42501" | "25006") => DatabaseTrouble::NotAllowed,
        ("28" | "3D", _) => DatabaseTrouble::NotLetIn,
        ("08" | "53" | "57", _) => DatabaseTrouble::Unreachable,
        ("XX", _) => DatabaseTrouble::Damaged,
        _ => DatabaseTrouble::Other,
    }
}

fn unanswered(error: &Error) -> DatabaseTrouble {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        // The error of a handshake is inside of one of the connection's, which hides it from `source`.
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is_some_and(|inner| inner.is::<rustls::Error>()) || cause.is::<rustls::Error>() {
            return DatabaseTrouble::NotTrusted;
        }
        next = cause.source();
    }
    if error.to_string() == "invalid configuration" { DatabaseTrouble::NotLetIn } else { DatabaseTrouble::Unreachable }
}

fn in_one_line(error: &Error) -> String {
    let mut told = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !told.ends_with(&cause_text) {
            told.push_str(&format!(": {cause_text}"));
        }
        next = cause.source();
    }
    told
}
