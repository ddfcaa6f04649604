//! What a plan as a whole does to callers, and what it must not do without its flag: a restored backup or a wrong revert
//! does not reach them by accident.

use std::collections::{BTreeMap, BTreeSet};

use super::{PlanAllowance, PlanItem};
use crate::model::{PhoneNumber, ProtectedWorkspaces, Setting, Settings, WorkspaceName};
use crate::plural::counted;

/// The part of a workspace's lines that may get another answer at once, in tenths.
const MOST_REBOUND: usize = 3;
/// So few never hit that rail.
const FEWEST: usize = 3;

/// A rail that a plan hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanRail {
    /// Too many lines of a workspace would be answered by others.
    Rebind {
        workspace: WorkspaceName,
        numbers: Vec<PhoneNumber>,
        /// How many lines the workspace has.
        of: usize,
    },
    /// Lines of a protected workspace would be left unanswered.
    Unbind { workspace: WorkspaceName, numbers: Vec<PhoneNumber> },
}

impl PlanRail {
    /// The flag that allows exactly this.
    pub fn flag(&self) -> String {
        match self {
            Self::Rebind { workspace, .. } => format!("--allow-rebind {workspace}"),
            Self::Unbind { numbers, .. } => {
                let flags: Vec<_> = numbers.iter().map(|number| format!("--allow-unbind {number}")).collect();
                flags.join(" ")
            }
        }
    }

    /// What would happen.
    pub fn message(&self) -> String {
        match self {
            Self::Rebind { workspace, numbers, of } => {
                format!("this would change who answers {} of {of} lines of `{workspace}`", numbers.len())
            }
            Self::Unbind { workspace, numbers } => {
                format!("this would leave {} of `{workspace}` unanswered", counted(numbers.len(), "line"))
            }
        }
    }

    pub fn numbers(&self) -> &[PhoneNumber] {
        match self {
            Self::Rebind { numbers, .. } | Self::Unbind { numbers, .. } => numbers,
        }
    }
}

/// What the flags of a run allow.
#[derive(Clone, Debug, Default)]
pub struct PlanFlags {
    /// The workspaces of which any part may be rebound.
    pub rebind: BTreeSet<WorkspaceName>,
    /// The lines that may be left unanswered.
    pub unbind: BTreeSet<PhoneNumber>,
}

impl PlanFlags {
    /// The same with what a plan brings along.
    #[must_use]
    pub fn with(mut self, allow: &PlanAllowance) -> Self {
        let values = |flag: &str| allow.get(flag).into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
        self.rebind.extend(values("--allow-rebind").into_iter().filter_map(|text| WorkspaceName::parse(text).ok()));
        self.unbind.extend(values("--allow-unbind").into_iter().filter_map(|text| PhoneNumber::parse(text).ok()));
        self
    }
}

/// Whether an item changes who answers calls.
pub fn rebinds(item: &PlanItem) -> bool {
    [Setting::InboundAgents, Setting::InboundWebhookUrl].iter().any(|setting| item.asked.contains(setting))
}

/// Whether an item leaves a line that something answers without an answer. `live` is what Retell has now.
pub fn unbinds(item: &PlanItem, live: &Settings) -> bool {
    let mut after = live.clone();
    item.asked.iter().for_each(|setting| after.take(&item.set, *setting));
    live.answers_calls() && !after.answers_calls()
}

/// The rails that the items hit; `lines` is how many lines each workspace has.
pub fn rails(
    items: &[(&PlanItem, &Settings)],
    lines: &BTreeMap<WorkspaceName, usize>,
    protected: &ProtectedWorkspaces,
    flags: &PlanFlags,
) -> Vec<PlanRail> {
    let mut found = Vec::new();
    let names: BTreeSet<&WorkspaceName> = items.iter().map(|(item, _)| &item.workspace).collect();
    for name in names {
        let of = || items.iter().filter(|(item, _)| item.workspace == *name);
        let rebound: Vec<PhoneNumber> =
            of().filter(|(item, _)| rebinds(item)).map(|(item, _)| item.phone_number).collect();
        let all = lines.get(name).copied().unwrap_or_default().max(rebound.len());
        let is_much = rebound.len() >= FEWEST && rebound.len() * 10 > MOST_REBOUND * all;
        if is_much && !flags.rebind.contains(name) {
            found.push(PlanRail::Rebind { workspace: name.clone(), numbers: rebound, of: all });
        }
        let unbound: Vec<PhoneNumber> = of()
            .filter(|(item, live)| unbinds(item, live) && !flags.unbind.contains(&item.phone_number))
            .map(|(item, _)| item.phone_number)
            .collect();
        if protected.contains(name) && !unbound.is_empty() {
            found.push(PlanRail::Unbind { workspace: name.clone(), numbers: unbound });
        }
    }
    found
}

/// What a reviewer should know of an item, in words.
pub fn words(item: &PlanItem, live: &Settings, protected: &ProtectedWorkspaces) -> Vec<&'static str> {
    let mut words = Vec::new();
    if protected.contains(&item.workspace) && rebinds(item) {
        words.push("a protected workspace");
    }
    if unbinds(item, live) {
        words.push("leaves the line unanswered");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{plan, registration};
    use super::*;
    use crate::model::{AgentId, AgentWeight};

    fn agents(id: &str) -> Settings {
        Settings { inbound_agents: vec![AgentWeight::only(AgentId::parse(id).unwrap())], ..Settings::default() }
    }

    fn items(count: usize, set: &Settings) -> Vec<PlanItem> {
        let numbers: Vec<String> = (0..count).map(|at| format!("+1415555010{at}")).collect();
        let wishes: Vec<_> = numbers.iter().map(|number| (number.as_str(), "x")).collect();
        let rebind = |mut item: PlanItem| {
            item.asked = BTreeSet::from([Setting::InboundAgents]);
            item.set = set.clone();
            item
        };
        plan(&wishes).items.into_iter().map(rebind).collect()
    }

    fn hit(items: &[PlanItem], lines: usize, flags: &PlanFlags) -> Vec<String> {
        let live = agents("agent_a");
        let items: Vec<_> = items.iter().map(|item| (item, &live)).collect();
        let lines = [(registration("+14155550100").0, lines)].into();
        rails(&items, &lines, &ProtectedWorkspaces::default(), flags).iter().map(PlanRail::flag).collect()
    }

    #[test]
    fn more_than_three_tenths_of_the_lines_need_a_flag() {
        let none = PlanFlags::default();
        assert_eq!(hit(&items(3, &agents("agent_b")), 9, &none), ["--allow-rebind production"]);
        assert!(hit(&items(3, &agents("agent_b")), 10, &none).is_empty());
        assert!(hit(&items(2, &agents("agent_b")), 2, &none).is_empty());
        let allowed = PlanFlags { rebind: [registration("+14155550100").0].into(), ..PlanFlags::default() };
        assert!(hit(&items(3, &agents("agent_b")), 3, &allowed).is_empty());
    }

    #[test]
    fn a_protected_line_is_left_unanswered_only_by_its_own_flag() {
        let items = items(2, &Settings::default());
        let flag = "--allow-unbind +14155550100 --allow-unbind +14155550101";
        assert_eq!(hit(&items, 10, &PlanFlags::default()), [flag]);
        let one = PlanFlags { unbind: [registration("+14155550100").1].into(), ..PlanFlags::default() };
        assert_eq!(hit(&items, 10, &one), ["--allow-unbind +14155550101"]);
    }
}
