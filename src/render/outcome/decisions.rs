//! What a sync says of decisions: those that wait, those that Retell contradicts, and those that are gone.

use std::collections::BTreeSet;

use crate::decision::{self, DecisionOutcome, DecisionStanding, Registration};
use crate::model::{AgentNames, Directory, Setting};
use crate::render::decisions::{Deciders, DecisionJson, sentence, settling};

/// How the decisions stand after a sync.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    held: Vec<DecisionOutcome>,
    gone: Vec<DecisionOutcome>,
    /// The conflicts that the last commit has already.
    known: BTreeSet<(Registration, Setting)>,
    pub deciders: Deciders,
    names: AgentNames,
}

impl Decisions {
    /// Sorts what was held, and what left with its number.
    pub fn of(
        held: Vec<DecisionOutcome>,
        gone: Vec<DecisionOutcome>,
        (before, names): (&Directory, AgentNames),
    ) -> Self {
        let recorded = decision::all_recorded(before);
        let is_recorded = |held: &&DecisionOutcome| {
            recorded.iter().any(|known| {
                known.standing == DecisionStanding::Conflict
                    && (known.registration(), known.setting) == (held.registration(), held.setting)
                    && known.live.agrees(&held.live, held.setting)
            })
        };
        let conflicts = held.iter().filter(|held| held.standing == DecisionStanding::Conflict);
        let known = conflicts.filter(is_recorded).map(|held| (held.registration(), held.setting)).collect();
        Self { held, gone, known, deciders: Deciders::new(), names }
    }

    fn standing(&self, standing: DecisionStanding) -> Vec<&DecisionOutcome> {
        self.held.iter().filter(|held| held.standing == standing && held.setting.is_decision()).collect()
    }

    /// What agents are called, as the directory and what was read tell it.
    pub fn names(&self) -> &AgentNames {
        &self.names
    }

    /// What waits for Retell, or is contradicted by it: each has a commit that decided it.
    pub fn open(&self) -> impl Iterator<Item = &DecisionOutcome> {
        self.held.iter().filter(|held| matches!(held.standing, DecisionStanding::Pending | DecisionStanding::Conflict))
    }

    /// Whether a person has to settle something.
    pub fn needs_a_person(&self) -> bool {
        !self.gone.is_empty() || self.held.iter().any(|held| held.standing == DecisionStanding::Conflict)
    }

    /// Whether there is something that the last commit does not say.
    pub fn has_news(&self) -> bool {
        !self.gone.is_empty() || self.standing(DecisionStanding::Conflict).into_iter().any(|held| self.is_new(held))
    }

    fn is_new(&self, held: &DecisionOutcome) -> bool {
        !self.known.contains(&(held.registration(), held.setting))
    }

    pub fn pending_json(&self) -> Vec<DecisionJson<'_>> {
        self.standing(DecisionStanding::Pending).into_iter().map(DecisionJson::of).collect()
    }

    pub fn conflicts_json(&self) -> Vec<DecisionJson<'_>> {
        self.standing(DecisionStanding::Conflict).into_iter().map(DecisionJson::of).collect()
    }

    pub fn gone_json(&self) -> Vec<DecisionJson<'_>> {
        self.gone.iter().map(DecisionJson::of).collect()
    }

    /// The paragraphs for people; with `only_new`, what the last commit says already is left out.
    pub fn human(&self, only_new: bool) -> String {
        let mut text = String::new();
        let conflicts = self.standing(DecisionStanding::Conflict);
        let conflicts: Vec<_> = conflicts.into_iter().filter(|held| !only_new || self.is_new(held)).collect();
        text += &self.list("In conflict (decided in git, and changed at Retell since)", &conflicts);
        if !conflicts.is_empty() {
            text += &format!("  {}\n", settling(&conflicts.iter().map(|held| held.phone_number).collect::<Vec<_>>()));
        }
        let gone: Vec<_> = self.gone.iter().collect();
        text += &self.list("Gone with their numbers (decided in git, never applied)", &gone);
        text += &self.list("Given up for what Retell has", &self.standing(DecisionStanding::GivenUp));
        text += &self.list(
            "Taken from Retell, though nothing tells which side moved last",
            &self.standing(DecisionStanding::FollowedUntold),
        );
        if !only_new {
            let pending = self.standing(DecisionStanding::Pending);
            text += &self.list("Pending (decided in git; callers hear what is live until `phone-dir apply`)", &pending);
        }
        text
    }

    fn list(&self, heading: &str, held: &[&DecisionOutcome]) -> String {
        if held.is_empty() {
            return String::new();
        }
        let decider = |held: &DecisionOutcome| self.deciders.get(&(held.registration(), held.setting));
        let line = |held: &&DecisionOutcome| format!("  {}\n", sentence(held, &self.names, decider(held)));
        format!("{heading}: {}\n{}", held.len(), held.iter().map(line).collect::<String>())
    }
}
