//! `phone-dir usage doctor`

use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::render::usage::doctor::{self as render, StoreHealth};
use crate::store::calls::CallStore;

/// Look at the store of calls: whether it is whole, for which time it knows the calls, and what is due to be erased
///
/// What Retell does not document: whether a call that was never connected has a start (calls are read by it; one that has none
/// is looked for once a day, and counted as a call without a time), whether a time filter has its bounds, how long the key of a
/// next page is good (it is trusted for 15 minutes), and how many requests are too many.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Count the daily counts anew from the calls first, where something else wrote to the store
    #[arg(long)]
    recount: bool,
    #[command(flatten)]
    pub output: OutputFormat,
}

fn recount(context: &CallContext<'_>) -> Result<()> {
    // Looked for first: counting makes no store.
    if CallStore::open_to_ask(&context.place)?.is_none() {
        return Err(calls::no_store());
    }
    let mut store = CallStore::open(&context.place)?;
    context.workspaces.iter().try_for_each(|workspace| store.recount(workspace))
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    if options.recount {
        recount(&context)?;
    }
    let Some(store) = CallStore::open_to_ask(&context.place)? else { return Err(calls::no_store()) };
    let due = calls::now(session).minus(context.settings.usage.keep_calls);
    let (calls, due) = store.kept(due)?;
    let miscounted = context.workspaces.iter().map(|workspace| store.miscounted(workspace));
    let health = StoreHealth {
        path: store.name(),
        form: store.version()?,
        bytes: store.size()?,
        damage: store.check()?,
        calls,
        due,
        undated: store.undated(&context.workspaces)?,
        miscounted: miscounted.sum::<Result<u64>>()?,
        coverage: store.coverage(&context.workspaces)?,
    };
    session.answer(options.output, || render::json(&health), || render::text(&health))?;
    Ok(if health.is_sound() { Exit::Done } else { Exit::Found })
}
