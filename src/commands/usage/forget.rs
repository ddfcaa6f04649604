//! `phone-dir usage forget`

use clap::ArgGroup;

use crate::activity::call::CallId;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::render::usage::forget;
use crate::store::calls::CallStore;

/// Erase calls from the store; the counts of their days stay
///
/// What is erased is overwritten on the disk, by a PostgreSQL server in its own time. A call that is erased by its id does not come
/// back with a later reading; where Retell still has it, delete it there too.
#[derive(clap::Args, Clone, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["older_than", "call"])))]
pub struct Arguments {
    /// Erase the calls of all whole days that are older than this (`30d`)
    #[arg(long, value_name = "LENGTH", value_parser = calls::span)]
    older_than: Option<i64>,
    /// Erase the call of this id
    #[arg(long, value_name = "ID")]
    call: Option<String>,
    #[command(flatten)]
    pub output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    if CallStore::open_to_ask(&context.place)?.is_none() {
        return Err(calls::no_store());
    }
    let mut store = CallStore::open(&context.place)?;
    let erased = match (&options.call, options.older_than) {
        (Some(id), _) => store.erase_call(&call_id(id)?)?,
        (None, Some(length)) => {
            let now = calls::now(session);
            store.erase_before(now.minus(length), now)?
        }
        (None, None) => 0,
    };
    session.print(&if options.output.is_json() { forget::json(erased) } else { forget::text(erased) })?;
    Ok(Exit::Done)
}

pub fn call_id(written: &str) -> Result<CallId> {
    CallId::parse(written).ok_or_else(|| {
        Error::failed(format!("`{}` is no call id", written.escape_debug()))
            .hint("`phone-dir usage export` lists the calls; Retell's dashboard shows their ids")
    })
}
