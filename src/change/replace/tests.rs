//! One agent in another's place: list by list, workspace by workspace.

#![allow(clippy::unnecessary_wraps)] // a version may be absent, and tables say which

use super::*;
use crate::model::PhoneNumber;
use crate::model::made_up::{self, agent_id, assigned, number, two_workspaces, workspace};

fn share(id: &str, weight: f64, version: Option<AgentVersion>) -> AgentWeight {
    made_up::share(&id.parse().unwrap(), weight, version)
}

fn version(number: u64) -> Option<AgentVersion> {
    Some(AgentVersion::Number(number))
}

/// What replacing asks for: workspace, number, setting by setting its agents.
type Replaced = Vec<(String, PhoneNumber, Vec<(Setting, Vec<AgentWeight>)>)>;

fn replacing(directory: &Directory, from: &str, to: &str, names: &[&str]) -> Result<Replaced, String> {
    let (Binding::Agents(from), to) = (from.parse().unwrap(), to.parse().unwrap()) else { panic!("no agent goes") };
    let workspaces: Vec<_> = names.iter().map(|name| workspace(name)).collect();
    let replacement = Replacement { from: &from[0].name, to: &to };
    let edits =
        replacement.edits(directory, &workspaces, &Allowed::default()).map_err(|objection| objection.message)?;
    let told = |edit: Edit| {
        assert_eq!((edit.action, edit.line), (Action::Update, None));
        let asked = edit.asked.iter().map(|setting| (*setting, edit.target.agents(*setting).to_vec())).collect();
        (edit.workspace.to_string(), edit.phone_number, asked)
    };
    Ok(edits.into_iter().map(told).collect())
}

const BOTH: [&str; 2] = ["staging", "production"];

#[test]
fn every_direction_in_which_the_agent_is_bound_changes_and_no_other() {
    let mut directory = two_workspaces();
    let b = || Some(agent_id("staging", "b"));
    assigned(&mut directory, "staging", 1).outbound_agent_id = b();
    assigned(&mut directory, "staging", 2).inbound_agent_id = b();
    let bound = assigned(&mut directory, "staging", 3);
    (bound.inbound_agent_id, bound.outbound_agent_id) = (b(), b());
    bound.inbound_sms_agents = Some(vec![share("staging-a", 1.0, None)]);
    bound.outbound_sms_agents = Some(vec![share("staging-b", 0.5, version(2)), share("staging-a", 0.5, version(4))]);
    let a = |weight, version| vec![share("staging-c", weight, version)];
    assert_eq!(
        replacing(&directory, "agents/a", "agents/c", &["staging"]),
        Ok(vec![
            ("staging".to_owned(), number(1), vec![(Setting::InboundAgents, a(1.0, None))]),
            ("staging".to_owned(), number(2), vec![(Setting::OutboundAgents, a(1.0, None))]),
            (
                "staging".to_owned(),
                number(3),
                vec![
                    (Setting::InboundSmsAgents, a(1.0, None)),
                    (
                        Setting::OutboundSmsAgents,
                        vec![share("staging-b", 0.5, version(2)), share("staging-c", 0.5, None)]
                    ),
                ]
            ),
        ])
    );
    let both = replacing(&directory, "agents/a", "agents/c@7", &BOTH).unwrap();
    assert_eq!(
        both.iter().map(|(name, number, _)| (name.as_str(), *number)).collect::<Vec<_>>(),
        [
            ("staging", number(1)),
            ("staging", number(2)),
            ("staging", number(3)),
            ("production", number(1)),
            ("production", number(2)),
            ("production", number(3)),
        ]
    );
    assert_eq!(
        both[3].2,
        [
            (Setting::InboundAgents, vec![share("production-c", 1.0, version(7))]),
            (Setting::OutboundAgents, vec![share("production-c", 1.0, version(7))]),
        ]
    );
}

#[test]
fn an_agent_whose_folder_is_gone_is_found_by_what_is_still_assigned() {
    let mut directory = two_workspaces();
    let bound = assigned(&mut directory, "staging", 2);
    let old = Some("old".parse().unwrap());
    (bound.agent_path, bound.agent_id) = ("agents/gone".parse().ok(), old.clone());
    (bound.inbound_agent_id, bound.outbound_agent_id) = (old.clone(), old);
    let found =
        |from| replacing(&directory, from, "agents/b", &BOTH).map(|edits| edits.iter().map(|it| it.1).collect());
    assert_eq!(found("agents/gone"), Ok(vec![number(2)]));
    assert_eq!(found("old"), Ok(vec![number(2)]));
    assert_eq!(found("production-a"), Ok(vec![number(1), number(2), number(3)]));
    // No agent stands in for an agent that is bound nowhere.
    assert_eq!(found("agents/c"), Ok(vec![]));
    assert_eq!(found("stranger"), Ok(vec![]));
}

#[test]
fn exactly_one_agent_that_the_workspace_has_takes_the_place() {
    let directory = two_workspaces();
    let refused = |from, to, names| replacing(&directory, from, to, names).unwrap_err();
    let one = "exactly one agent can take the other's place";
    for from in ["agents/a", "agents/c"] {
        assert_eq!(refused(from, "none", &BOTH), one, "{from}");
        assert_eq!(refused(from, "agents/b=0.5,agents/c=0.5", &BOTH), one, "{from}");
        assert_eq!(refused(from, "agents/nobody", &BOTH), "there is no agent `agents/nobody`", "{from}");
    }
    assert_eq!(refused("agents/a", "agents/d", &BOTH), "`agents/d` has no agent id in `production`");
    assert_eq!(refused("agents/c", "agents/d", &["production"]), "`agents/d` has no agent id in `production`");
    // It has to be one in any of the workspaces where nothing has to be done.
    assert_eq!(replacing(&directory, "agents/c", "agents/d", &BOTH), Ok(vec![]));
    assert_eq!(replacing(&directory, "agents/c", "agents/d", &["production", "staging"]), Ok(vec![]));
    assert_eq!(replacing(&directory, "agents/a", "agent_b", &["elsewhere"]), Ok(vec![]));
    assert_eq!(replacing(&directory, "agents/a", "agents/a", &BOTH), Ok(vec![]));
}

#[test]
fn an_agent_is_known_by_its_folder_or_by_what_is_bound() {
    let mut directory = two_workspaces();
    let bound = assigned(&mut directory, "staging", 1);
    bound.agent_id = "first".parse().ok();
    bound.inbound_agents = Some(vec![share("second", 1.0, None)]);
    bound.inbound_sms_agents = Some(vec![share("third", 1.0, None)]);
    bound.outbound_sms_agents = Some(vec![share("fourth", 1.0, None)]);
    let known = ["staging-d", "production-c", "first", "second", "third", "fourth", "production-d", "fifth"];
    let expected = [true, true, true, true, true, true, false, false];
    assert_eq!(known.map(|id| is_known(&directory, &id.parse().unwrap())), expected);
}

#[test]
fn shares_and_tags_stay_and_version_numbers_go() {
    let gone = [AgentId::parse("old").unwrap()];
    let new = AgentWeight::only(AgentId::parse("new").unwrap());
    let tag = || Some(AgentVersion::Tag("prod".into()));
    let list = [share("old", 0.8, tag()), share("other", 0.2, None)];
    assert_eq!(replaced(&list, &gone, &new), [share("new", 0.8, tag()), share("other", 0.2, None)]);
    assert_eq!(replaced(&[share("old", 1.0, Some(AgentVersion::Number(3)))], &gone, &new), [share("new", 1.0, None)]);
}

#[test]
fn an_agent_that_is_there_already_gets_the_others_share_too() {
    let gone = [AgentId::parse("old").unwrap()];
    let new = AgentWeight::only(AgentId::parse("new").unwrap());
    let list = [share("old", 0.1, None), share("new", 0.2, None), share("other", 0.7, None)];
    assert_eq!(replaced(&list, &gone, &new), [share("new", 0.3, None), share("other", 0.7, None)]);
}

#[test]
fn shares_add_up_to_what_decimal_fractions_mean() {
    let weight = |share: f64| Weight::new(share).unwrap();
    assert_eq!(sum(weight(0.1), weight(0.2)), weight(0.3));
    assert_eq!(sum(weight(0.7), weight(0.6)), Weight::WHOLE);
    assert_eq!(sum(weight(0.000_000_001), weight(0.5)), weight(0.500_000_001));
    // Another version of the agent that comes is another entry.
    let gone = ["old".parse().unwrap()];
    let comes = share("new", 1.0, version(2));
    let list = [share("old", 0.1, None), share("new", 0.2, None), share("new", 0.7, version(2))];
    assert_eq!(replaced(&list, &gone, &comes), [share("new", 0.8, version(2)), share("new", 0.2, None)]);
}
