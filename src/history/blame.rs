//! Which change set each field of a number as it stands now.

use serde_json::Value;

use crate::diff::{Change, ChangeKind, Changes};
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
    /// The place of the event that set it; none while that is not known.
    pub event: Option<usize>,
}

/// The fields of a number, waiting for the events that set them.
#[derive(Clone, Debug)]
pub struct Blame {
    number: PhoneNumber,
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
                event: None,
            })
        });
        Self { number, fields: fields.collect() }
    }

    /// Looks at an event, from the newest to the oldest: it set the fields that have their present value from it.
    pub fn look(&mut self, event: usize, changes: &Changes) {
        for change in changes.list.iter().filter(|change| change.phone_number == self.number) {
            let open = self.fields.iter_mut().filter(|field| field.event.is_none());
            for field in open.filter(|field| field.workspace == change.workspace) {
                if sets(change, field) {
                    field.event = Some(event);
                }
            }
        }
    }

    /// Whether every field has found its event.
    pub fn is_done(&self) -> bool {
        self.fields.iter().all(|field| field.event.is_some())
    }
}

fn sets(change: &Change, field: &Field) -> bool {
    let is_gone = matches!(change.kind, ChangeKind::Released | ChangeKind::Removed);
    !is_gone && change.field(&field.field).is_some_and(|found| found.to == field.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::FieldChange;

    const NUMBER: &str = "+14155550101";

    fn changes(kind: ChangeKind, fields: &[(&str, &str, &str)]) -> Changes {
        let field = |(name, from, to): &(&str, &str, &str)| FieldChange {
            field: (*name).to_owned(),
            from: (*from).into(),
            to: (*to).into(),
        };
        let phone_number = PhoneNumber::parse(NUMBER).unwrap();
        Changes::new(vec![Change { phone_number, workspace: None, kind, fields: fields.iter().map(field).collect() }])
    }

    #[test]
    fn each_field_is_blamed_on_the_newest_change_to_its_present_value() {
        let now = changes(ChangeKind::Provisioned, &[("notes", "", "b"), ("provider", "", "twilio")]);
        let mut blame = Blame::of(PhoneNumber::parse(NUMBER).unwrap(), &now);
        // A side branch whose value a merge did not take.
        blame.look(0, &changes(ChangeKind::Updated, &[("notes", "a", "lost")]));
        blame.look(1, &changes(ChangeKind::Updated, &[("notes", "a", "b")]));
        blame.look(2, &changes(ChangeKind::Provisioned, &[("notes", "", "a"), ("provider", "", "twilio")]));
        let events: Vec<_> = blame.fields.iter().map(|field| field.event).collect();
        assert_eq!(events, [Some(1), Some(2)]);
        assert!(blame.is_done());
    }
}
