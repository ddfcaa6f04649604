//! Calls that are made now, on a line of the account as it is: by request, and by the sandbox itself so that there
//! is something to see.

use std::sync::Arc;

use serde::Deserialize;

use super::account::{Account, AgentWeight};
use super::call_endings::Ending;
use super::calls::{MADE, MadeUpCall};
use super::seed::mix;
use super::server::Shared;
use crate::error::{Error, Result};

/// The longest call, in seconds: two hours.
const LONGEST: u32 = 7200;

/// A call that is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRequest {
    /// The number of ours that is called.
    #[serde(default)]
    pub to: Option<String>,
    /// The number of ours that calls.
    #[serde(default)]
    pub from: Option<String>,
    /// The workspace; the first by name that has the number with an agent.
    #[serde(default)]
    pub workspace: Option<String>,
    /// How long it lasts; 30 seconds unless it is said.
    #[serde(default)]
    pub seconds: Option<u32>,
    /// Why it ends, as Retell's `disconnection_reason` has it; the caller hangs up unless it is said.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether Retell gives it no start: only for a reason by which the parties never spoke.
    #[serde(default)]
    pub without_start: bool,
}

/// How a call that begins now goes on.
#[derive(Clone, Copy, Debug)]
struct CallCourse {
    seconds: u32,
    ending: Ending,
    has_start: bool,
}

impl CallRequest {
    fn ending(&self) -> Result<Ending> {
        let Some(reason) = &self.reason else { return Ok(Ending::default()) };
        let ending = Ending::of_reason(reason).ok_or_else(|| {
            Error::failed(format!("`{}` is no `disconnection_reason` of Retell's", reason.escape_debug()))
        })?;
        if self.without_start && ending.is_connected() {
            return Err(Error::failed("a call whose parties spoke has a start"));
        }
        Ok(ending)
    }
}

impl Shared {
    /// Lets a call begin now, and gives its workspace and record. Where the workspace has as many as it may, the call is
    /// lost.
    ///
    /// Fails when no workspace has the number with an agent of that direction, or the call would be too long.
    pub(super) fn make_call(&self, request: &CallRequest) -> Result<(&'static str, MadeUpCall)> {
        let (number, is_inbound) = match (&request.to, &request.from) {
            (Some(number), None) => (number, true),
            (None, Some(number)) => (number, false),
            _ => return Err(Error::failed("a call has either `to` or `from`, a number of the account")),
        };
        let seconds = request.seconds.unwrap_or(30);
        if !(1..=LONGEST).contains(&seconds) {
            return Err(Error::failed(format!("a call lasts from 1 to {LONGEST} seconds")));
        }
        let line = line(&self.account(), number, is_inbound, request.workspace.as_deref());
        let (workspace, agent) = line.ok_or_else(|| {
            Error::failed(format!("no workspace has `{}` with an agent for such a call", number.escape_debug()))
        })?;
        let ending = request.ending()?;
        let seconds = if ending.is_connected() { seconds } else { 0 };
        let course = CallCourse { seconds, ending, has_start: !request.without_start };
        Ok((workspace, self.begin(workspace, number, (agent, is_inbound), course)))
    }

    /// Lets the sandbox's own call of this place begin.
    pub(super) fn own_call(&self, place: u128, seconds: u32) {
        let lines: Vec<_> = {
            let account = self.account();
            let of = |(workspace, records): (&&'static str, &super::account::SandboxWorkspace)| {
                let workspace = *workspace;
                let numbers = records.numbers.iter().filter_map(move |number| {
                    let agent = number.inbound_agents.as_ref()?.first()?.clone();
                    Some((workspace, number.phone_number.clone(), agent))
                });
                numbers.collect::<Vec<_>>()
            };
            account.workspaces.iter().flat_map(of).collect()
        };
        // One line after the other, in an order that looks like chance.
        let at = mix(u64::try_from(place).unwrap_or(0)) % (lines.len().max(1) as u64);
        if let Some((workspace, number, agent)) = usize::try_from(at).ok().and_then(|at| lines.get(at)) {
            let course = CallCourse { seconds, ending: Ending::default(), has_start: true };
            self.begin(workspace, number, (agent.clone(), true), course);
        }
    }

    fn begin(
        &self,
        workspace: &'static str,
        number: &str,
        (agent, is_inbound): (AgentWeight, bool),
        course: CallCourse,
    ) -> MadeUpCall {
        let lost = Ending::of_reason("concurrency_limit_reached");
        let lost = lost.filter(|_| self.is_at_its_limit(workspace, self.clock.passing_ms()));
        let course = lost.map_or(course, |ending| CallCourse { seconds: 0, ending, ..course });
        self.calls.add_made(workspace, |place| {
            let start_ms = self.clock.passing_ms();
            let seed = mix(mix(u64::try_from(start_ms).unwrap_or(0)) ^ place);
            MadeUpCall {
                id: format!("call_{seed:016x}{MADE}{place}"),
                seed,
                number: Arc::from(number),
                agent: Arc::new(agent),
                is_inbound,
                start_ms,
                duration_ms: i64::from(course.seconds) * 1000,
                ending: course.ending,
                has_start: course.has_start,
            }
        })
    }
}

/// The workspace of a line and the agent that takes its call.
fn line(
    account: &Account,
    number: &str,
    is_inbound: bool,
    wanted: Option<&str>,
) -> Option<(&'static str, AgentWeight)> {
    account.workspaces.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == **name)).find_map(
        |(name, records)| {
            let found = records.numbers.iter().find(|it| it.phone_number == number)?;
            let agents = if is_inbound { &found.inbound_agents } else { &found.outbound_agents };
            Some((*name, agents.as_ref()?.first()?.clone()))
        },
    )
}
