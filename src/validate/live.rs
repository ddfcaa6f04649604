//! What the rules about dead lines have in common: which numbers callers reach, and over which trunk.

use std::borrow::Cow;

use super::context::{Context, NumberInWorkspace, Workspace};
use super::finding::Finding;
use super::rule::Severity;
use crate::model::{ImportMethod, NumberEntry, RegistryEntry, paths, sip};

/// A number that a workspace has.
pub struct Line<'a> {
    pub workspace: &'a Workspace<'a>,
    /// Everything that the files say of the number there.
    pub row: &'a NumberInWorkspace<'a>,
    /// Its entry in `directory.json`.
    pub entry: &'a NumberEntry,
    pub registered: &'a RegistryEntry,
}

impl Line<'_> {
    /// Whether it is imported over a SIP trunk.
    pub fn is_over_trunk(&self) -> bool {
        self.registered.import_method == ImportMethod::SipTrunk
    }

    /// Whether its trunk is one of Twilio's.
    pub fn is_at_twilio(&self) -> bool {
        self.registered.termination_uri.as_deref().is_some_and(sip::is_twilio)
    }

    /// The hosts that its calls are sent to, each once: that of its `origination_uri`, and those of the trunk's other enabled
    /// URLs where the trunk is known here. Twilio shares calls among these, and goes on to the next where one fails.
    pub fn origination_hosts<'c>(&'c self, context: &'c Context<'_>) -> Vec<Cow<'c, str>> {
        let first = self.entry.sip_config.as_ref().and_then(|config| config.origination_uri.as_deref());
        let trunks = context.directory.trunks.as_ref().filter(|_| context.is_whole(paths::TRUNKS));
        let sid = self.entry.twilio.as_ref().and_then(|twilio| twilio.trunk_sid);
        let trunk = trunks.zip(sid).and_then(|(trunks, sid)| trunks.trunks.get(&sid));
        let urls = trunk.iter().flat_map(|trunk| &trunk.origination_urls).filter(|url| url.is_enabled());
        let mut hosts = Vec::new();
        for host in first.into_iter().chain(urls.map(|url| url.sip_url.as_str())).map(sip::host) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }

    /// Whether an agent, or a webhook, answers it there.
    pub fn is_bound(&self) -> bool {
        is_bound(self.row)
    }

    /// Completes the finding of a dead line.
    pub fn finding(&self, context: &Context<'_>, finding: Finding) -> Finding {
        dead_line(context, self.workspace, self.row, finding)
    }
}

/// The numbers that workspaces have, each once a workspace.
pub fn lines<'a>(context: &'a Context<'a>) -> impl Iterator<Item = Line<'a>> {
    context.rows().filter_map(|(workspace, row)| {
        let (entry, (_, registered)) = (row.entry?, row.registered?);
        Some(Line { workspace, row, entry, registered })
    })
}

/// Those that they have over SIP trunks.
pub fn over_trunks<'a>(context: &'a Context<'a>) -> impl Iterator<Item = Line<'a>> {
    lines(context).filter(Line::is_over_trunk)
}

/// Whether something answers, or calls with, the number in the workspace.
fn is_bound(row: &NumberInWorkspace<'_>) -> bool {
    let assignment = row.assignment.is_some_and(|(_, known)| known.is_assigned() || known.has_sms_agents());
    let webhook = row.registered.is_some_and(|(_, entry)| entry.has_webhook());
    assignment || webhook
}

/// Completes a finding whose message says how a line is dead: with who answers it where. It is an error in a protected
/// workspace alone; callers of the others are the team itself.
pub fn dead_line(
    context: &Context<'_>,
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    mut finding: Finding,
) -> Finding {
    let is_protected = context.settings.protected.contains(workspace.name);
    finding.message = format!("{}, and {} answers it in {}", finding.message, answering(row), workspace.name);
    let worst = if is_protected { Severity::Error } else { Severity::Warning };
    finding.number(row.number).workspace(workspace.name).at_most(worst)
}

/// Who answers the number, for a finding's words.
fn answering(row: &NumberInWorkspace<'_>) -> String {
    let assignment = row.assignment.map(|(_, known)| known);
    let path = assignment.and_then(|known| known.agent_path.as_ref()).map(|path| format!("`{path}`"));
    let id = || assignment.and_then(|known| known.agent_id.as_ref()).map(|id| format!("`{id}`"));
    path.or_else(id).unwrap_or_else(|| "its webhook or SMS agent".to_owned())
}
