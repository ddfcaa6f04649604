//! Which commit set each field of a number as it stands now.
//!
//! As in git's own blame, dates have no say: a field is followed from the tip to the first parent that has the same value, and
//! the commit where no parent has it set it. A value that a side branch set and a merge left behind is never met.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Contents, FileId, History};
use crate::diff::Changes;
use crate::error::Result;
use crate::model::{PhoneNumber, WorkspaceName};

/// One field of a number as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The workspace; none for the directory as a whole.
    pub workspace: Option<WorkspaceName>,
    /// The field's name, as changes name it.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// The place in the graph of the commit that set it; none while that is not known.
    pub commit: Option<usize>,
}

/// The fields of a number, waiting for the commits that set them.
#[derive(Clone, Debug)]
pub struct Blame {
    /// The number.
    pub number: PhoneNumber,
    /// The fields in the order of the files.
    pub fields: Vec<Field>,
}

impl Blame {
    /// Starts from the number's present state: how it differs from nothing.
    pub fn of(number: PhoneNumber, since_nothing: &Changes) -> Self {
        let of_number = since_nothing.list.iter().filter(|change| change.phone_number == number);
        let fields = of_number.flat_map(|change| {
            change.fields.iter().map(|field| Field {
                workspace: change.workspace.clone(),
                field: field.field.clone(),
                value: field.to.clone(),
                commit: None,
            })
        });
        Self { number, fields: fields.collect() }
    }

    /// Follows every field from the tip, the first commit of the graph, to the commit that set it.
    ///
    /// `progress` is called with each commit on the way. Beyond the edge of a shallow clone nothing is known.
    pub fn trace<K: FileId, C: Contents<K>>(
        &mut self,
        history: &mut History<'_, K, C>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<()> {
        // Parents come after their children, so that all that reaches a commit has reached it before its turn.
        let mut waiting = BTreeMap::from([(0, (0..self.fields.len()).collect::<Vec<_>>())]);
        while let Some((commit, mut fields)) = waiting.pop_first() {
            progress(commit);
            if history.graph.commits[commit].is_cut_off {
                continue;
            }
            for parent in history.graph.commits[commit].parents.clone() {
                if fields.is_empty() {
                    break;
                }
                let differences = history.differences(parent, commit)?;
                let (own, inherited): (Vec<_>, _) =
                    fields.into_iter().partition(|field| self.fields[*field].is_in(&differences));
                if !inherited.is_empty() {
                    waiting.entry(parent).or_default().extend(inherited);
                }
                fields = own;
            }
            for field in fields {
                self.fields[field].commit = Some(commit);
            }
        }
        Ok(())
    }

    /// Whether every field has found its event.
    pub fn is_done(&self) -> bool {
        self.fields.iter().all(|field| field.commit.is_some())
    }
}

impl Field {
    fn is_in(&self, changes: &Changes) -> bool {
        changes.list.iter().any(|change| change.workspace == self.workspace && change.field(&self.field).is_some())
    }
}
