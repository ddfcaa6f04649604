//! Words and short forms of the directory.

use super::*;
use crate::model::made_up::{number_entry, workspace};

fn binding(imported: bool, kind: Option<AssignmentType>) -> WorkspaceEntry {
    WorkspaceEntry { imported, import_date: None, agent_path: None, agent_id: None, assignment_type: kind }
}

#[test]
fn a_number_is_assigned_where_one_workspace_that_has_it_has_an_agent_for_it() {
    for (imported, kind, is_assigned) in [
        (true, Some(AssignmentType::InboundOutbound), true),
        (true, Some(AssignmentType::InboundOnly), true),
        (true, Some(AssignmentType::OutboundOnly), true),
        (true, Some(AssignmentType::Unassigned), false),
        (true, None, false),
        (false, Some(AssignmentType::InboundOnly), false),
    ] {
        assert_eq!(binding(imported, kind).is_assigned(), is_assigned, "{imported} {kind:?}");
    }
    let (yes, no) = (binding(true, Some(AssignmentType::InboundOnly)), binding(true, None));
    let entry = |of: &[&WorkspaceEntry]| {
        let names = ["staging", "production"].into_iter().map(workspace);
        NumberEntry { workspaces: names.zip(of.iter().map(|it| (*it).clone())).collect(), ..number_entry(1) }
    };
    assert!(entry(&[&yes, &no]).is_assigned() && entry(&[&no, &yes]).is_assigned());
    assert!(!entry(&[&no, &no]).is_assigned() && !entry(&[]).is_assigned());
}

#[test]
fn words_are_in_the_order_of_the_specification_and_then_by_text() {
    let sorted = |mut words: Vec<NumberType>| {
        words.sort();
        words.into_iter().map(NumberType::as_str).collect::<Vec<_>>()
    };
    assert_eq!(sorted(NumberType::ALL.to_vec()), ["local", "toll-free", "mobile", "national", "other", "voip"]);
    assert!(Provider::Twilio < Provider::Custom && Provider::Custom < Provider::Telnyx);
    assert_eq!(SipAuthType::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>(), ["credential", "ip", "none"]);
}
