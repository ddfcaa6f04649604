//! Keeps current what the page shows beside the calls: how many calls Retell lets each workspace have at a time, and the
//! folders of agents.

use std::slice;
use std::time::Duration;

use crate::activity::time::Millis;
use crate::commands::Session;
use crate::commands::desk::calls::{CallContext, WorkspaceChoice};
use crate::commands::desk::providers::Sources;
use crate::error::Result;
use crate::providers::progress::Progress;
use crate::providers::{self, ReadPlan};
use crate::reconcile::live::Outcome;
use crate::webhook::WorkspaceFacts;

/// How often Retell is asked; it documents no limit to that.
const PAUSE: Duration = Duration::from_secs(30);

/// Learns the facts again and again. What could not be learned stands on the page, and stops nothing.
pub async fn keep_current(choice: &WorkspaceChoice, facts: &WorkspaceFacts, session: &Session) {
    loop {
        // What it would say each time stands on the page instead.
        let quiet = Session { quiet: true, ..session.clone() };
        let (choice, facts) = (choice.clone(), facts.clone());
        let _told_on_the_page = tokio::task::spawn_blocking(move || learn(&choice, &facts, &quiet)).await;
        tokio::time::sleep(PAUSE).await;
    }
}

fn learn(choice: &WorkspaceChoice, facts: &WorkspaceFacts, session: &Session) -> Result<()> {
    let context = CallContext::of(choice, session)?;
    facts.note_agents(context.directory.agents.clone());
    let now = Millis::of(session.present()());
    let mut plan = ReadPlan::default();
    for workspace in &context.workspaces {
        // A workspace whose events are verified by a webhook key may have no key to ask with.
        match context.desk.read_plan(Sources::Retell, slice::from_ref(workspace), &context.directory) {
            Ok(one) => plan.retell.extend(one.retell),
            Err(error) => facts.note_concurrency(workspace, now, Err(error.message().to_owned())),
        }
    }
    for read in providers::read_concurrency(&plan, &Progress::silent())? {
        let Some(workspace) = &read.workspace else { continue };
        let said = match read.outcome {
            Outcome::Complete(said) => Ok(said),
            Outcome::Partial(error) | Outcome::Failed(error) => Err(error.message().to_owned()),
        };
        facts.note_concurrency(workspace, now, said);
    }
    Ok(())
}
