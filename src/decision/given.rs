//! Which change gave a setting its value: the one that made the decision.

use crate::diff::{Change, FieldChange};
use crate::model::routing::principal;
use crate::model::{Setting, Settings};

/// Whether a change gave a setting the value that git has; none where it says nothing of the setting.
pub fn gives(change: &Change, setting: Setting, git: &Settings) -> Option<bool> {
    let fields: Vec<&FieldChange> = setting.fields().filter_map(|name| change.field(name)).collect();
    let is_value = |field: &&&FieldChange| field.field.as_str() == setting.as_str();
    let short_form = fields.iter().find(|field| !is_value(field));
    let single = principal(git.agents(setting)).map(|agent| agent.agent_id.as_str());
    match (fields.iter().find(is_value), short_form) {
        // A list that says no more than its principal agent is not written down.
        (Some(list), Some(short)) if list.to.is_absent() => Some(short.to.as_text() == single),
        (Some(value), _) => Some(value.to.says_the_same(&git.field_value(setting), setting.as_str())),
        (None, short) => short.map(|short| short.to.as_text() == single),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{ChangeKind, FieldValue, NumberField};
    use crate::model::made_up::number;
    use crate::model::{AgentId, AgentWeight, WorkspaceName};

    fn id(text: &str) -> AgentId {
        AgentId::parse(text).unwrap()
    }

    fn change(fields: Vec<(NumberField, FieldValue)>) -> Change {
        let field = |(field, to)| FieldChange { field, from: FieldValue::Absent, to };
        Change {
            phone_number: number(1),
            workspace: Some(WorkspaceName::parse("staging").unwrap()),
            kind: ChangeKind::Updated,
            fields: fields.into_iter().map(field).collect(),
            keeps_a_direction: false,
        }
    }

    #[test]
    fn a_change_of_the_setting_gives_its_value_or_another_and_any_other_change_says_nothing() {
        let git = Settings { nickname: Some("Sales".to_owned()), ..Settings::default() };
        let told = |field, to: &str| gives(&change(vec![(field, to.into())]), Setting::Nickname, &git);
        assert_eq!(told(NumberField::Nickname, "Sales"), Some(true));
        assert_eq!(told(NumberField::Nickname, "Support"), Some(false));
        assert_eq!(told(NumberField::TerminationUri, "Sales"), None);
    }

    #[test]
    fn a_list_that_is_not_written_down_is_told_by_its_short_form() {
        let agents = vec![AgentWeight::only(id("agent_a"))];
        let git = Settings { inbound_agents: agents.clone(), ..Settings::default() };
        let told = |fields| gives(&change(fields), Setting::InboundAgents, &git);
        let short = |text: &str| (NumberField::InboundAgentId, FieldValue::AgentId(id(text)));
        assert_eq!(told(vec![short("agent_a")]), Some(true));
        assert_eq!(told(vec![short("agent_b")]), Some(false));
        assert_eq!(told(vec![(NumberField::InboundAgents, FieldValue::Absent), short("agent_a")]), Some(true));
        assert_eq!(told(vec![(NumberField::InboundAgents, FieldValue::Agents(agents.into())), short("x")]), Some(true));
    }
}
