//! What a promotion asks of the second workspace, number by number and setting by setting.

#![allow(clippy::semicolon_if_nothing_returned, clippy::type_complexity, clippy::unnecessary_wraps)] // tables of changes

use super::*;
use crate::model::ImportMethod;
use crate::model::made_up::{agent_id, assigned, number, registered, share, two_workspaces, workspace};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The plan for numbers of a directory, from staging to production.
fn plan(directory: &Directory, selection: &Selection, version: Option<&AgentVersion>, scope: Scope) -> PlannedEdits {
    let (from, to) = (workspace("staging"), workspace("production"));
    Promotion { directory, from: &from, to: &to, version, scope }.plan(selection)
}

fn changed(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = two_workspaces();
    change(&mut directory);
    directory
}

fn everything(directory: &Directory) -> PlannedEdits {
    plan(directory, &Selection::All, None, Scope::Everything)
}

/// The edits as their number and what they ask for.
fn asked(plan: &PlannedEdits) -> Vec<(PhoneNumber, Vec<Setting>)> {
    plan.edits.iter().map(|edit| (edit.phone_number, edit.asked.iter().copied().collect())).collect()
}

fn impossible(plan: &PlannedEdits) -> Vec<(PhoneNumber, &str)> {
    assert!(plan.impossible.iter().all(|it| it.workspace == workspace("production")));
    plan.impossible.iter().map(|it| (it.phone_number, it.message.as_str())).collect()
}

#[test]
fn workspaces_that_mean_the_same_need_nothing() {
    let plan = everything(&two_workspaces());
    assert_eq!((asked(&plan), impossible(&plan), plan.cleared.clone()), (vec![], vec![], vec![]));
    assert!(plan.notice().is_none());
}

#[test]
fn each_setting_of_the_first_workspace_is_asked_for_in_the_second() {
    use Setting::*;
    let cases: [(Setting, fn(&mut Directory)); 12] = [
        (InboundAgents, |it| assigned(it, "staging", 2).inbound_agent_id = Some(agent_id("staging", "b"))),
        (OutboundAgents, |it| assigned(it, "staging", 2).outbound_agent_id = Some(agent_id("staging", "b"))),
        (InboundSmsAgents, |it| {
            assigned(it, "staging", 2).inbound_sms_agents = Some(vec![share(&agent_id("staging", "b"), 1.0, None)])
        }),
        (OutboundSmsAgents, |it| {
            assigned(it, "staging", 2).outbound_sms_agents = Some(vec![share(&agent_id("staging", "b"), 1.0, None)])
        }),
        (TerminationUri, |it| registered(it, "staging", 2).termination_uri = text("sip.example.com")),
        (Transport, |it| registered(it, "staging", 2).transport = text("TLS")),
        (Codecs, |it| registered(it, "staging", 2).codecs = Some(vec!["PCMU".to_owned()])),
        (InboundWebhookUrl, |it| {
            registered(it, "staging", 2).inbound_webhook_url = Some(text("https://example.com/a"))
        }),
        (InboundSmsWebhookUrl, |it| {
            registered(it, "staging", 2).inbound_sms_webhook_url = Some(text("https://example.com/b"))
        }),
        (FallbackNumber, |it| registered(it, "staging", 2).fallback_number = Some(number(9))),
        (AllowedInboundCountryList, |it| {
            registered(it, "staging", 2).allowed_inbound_country_list = Some(vec!["US".to_owned()])
        }),
        (AllowedOutboundCountryList, |it| {
            registered(it, "staging", 2).allowed_outbound_country_list = Some(vec!["US".to_owned()])
        }),
    ];
    for (setting, change) in cases {
        let directory = changed(change);
        let plan = everything(&directory);
        assert_eq!(asked(&plan), [(number(2), vec![setting])], "{setting:?}");
        assert_eq!((impossible(&plan), plan.cleared.len()), (vec![], 0), "{setting:?}");
        let edit = &plan.edits[0];
        assert_eq!((edit.action, edit.workspace.clone()), (Action::Update, workspace("production")));
        let source = Settings::of_directory(&directory, &workspace("staging"), number(2)).unwrap();
        if setting.is_agents() {
            assert_eq!(edit.target.agents(setting), [share(&agent_id("production", "b"), 1.0, None)]);
        } else {
            assert!(edit.target.agrees(&source, setting), "{setting:?}");
        }
        let agents = Scope::AgentsOnly;
        let alone = self::plan(&directory, &Selection::All, None, agents);
        assert_eq!(
            asked(&alone),
            if setting.is_agents() { vec![(number(2), vec![setting])] } else { vec![] },
            "{setting:?}"
        );
    }
    let nickname = changed(|it| registered(it, "staging", 2).nickname = text("New"));
    assert_eq!(asked(&everything(&nickname)), []);
}

#[test]
fn what_only_the_second_workspace_has_is_cleared_and_told_before() {
    let directory = changed(|it| {
        registered(it, "production", 1).inbound_webhook_url = Some(text("https://example.com/a"));
        registered(it, "production", 2).termination_uri = text("sip.example.com");
        assigned(it, "staging", 3).outbound_agent_id = None;
        registered(it, "production", 3).allowed_inbound_country_list = Some(vec!["US".to_owned()]);
    });
    let plan = everything(&directory);
    assert_eq!(
        asked(&plan),
        [
            (number(1), vec![Setting::InboundWebhookUrl]),
            (number(3), vec![Setting::OutboundAgents, Setting::AllowedInboundCountryList]),
        ]
    );
    assert_eq!(impossible(&plan), [(number(2), "Retell cannot clear `termination_uri`")]);
    let notice = plan.notice().unwrap();
    assert_eq!(notice.heading, "Would be cleared (`--agents-only` leaves all but agents)");
    assert_eq!(
        notice.lines,
        [
            format!("{} `inbound_webhook_url`, which is `https://example.com/a`", number(1)),
            format!("{} `outbound_agents`, which is `production-a`", number(3)),
            format!("{} `allowed_inbound_country_list`, which is `US`", number(3)),
        ]
    );
    let agents = self::plan(&directory, &Selection::All, None, Scope::AgentsOnly).notice().unwrap();
    assert_eq!((agents.heading.as_str(), agents.lines), ("Would be cleared", vec![notice.lines[1].clone()]));
}

#[test]
fn what_a_promotion_cannot_change_is_said_and_the_rest_is_done() {
    let directory = changed(|it| {
        registered(it, "staging", 1).import_method = ImportMethod::DirectPurchase;
        registered(it, "staging", 1).transport = text("TLS");
        registered(it, "staging", 2).auth_username = Some(text("user"));
    });
    let plan = everything(&directory);
    assert_eq!(asked(&plan), [(number(1), vec![Setting::Transport])]);
    assert_eq!(
        impossible(&plan),
        [
            (number(1), "`import_method`: it came into the two workspaces in different ways"),
            (
                number(2),
                "`auth_username`: the SIP user names differ, and the password is not known here: use `phone update`"
            ),
        ]
    );
    let agents = self::plan(&directory, &Selection::All, None, Scope::AgentsOnly);
    assert_eq!((asked(&agents), impossible(&agents)), (vec![], vec![]));
}

fn bind(directory: &mut Directory, line: u32, agent: &str, version: Option<AgentVersion>) {
    let id = agent_id("staging", agent);
    assigned(directory, "staging", line).inbound_agents = Some(vec![share(&id, 1.0, version)]);
    assigned(directory, "staging", line).inbound_agent_id = Some(id);
}

#[test]
fn an_agent_without_a_counterpart_stands_in_the_way_of_its_number_alone() {
    let directory = changed(|it| {
        bind(it, 1, "d", None);
        registered(it, "staging", 1).transport = text("TLS");
        assigned(it, "staging", 2).outbound_sms_agents = Some(vec![share(&"stranger".parse().unwrap(), 1.0, None)]);
        bind(it, 3, "c", None);
    });
    let plan = everything(&directory);
    assert_eq!(asked(&plan), [(number(3), vec![Setting::InboundAgents])]);
    assert_eq!(
        impossible(&plan),
        [
            (number(1), "`agents/d` has no agent id in `production`"),
            (number(2), "no folder has the agent `stranger` of `staging`"),
        ]
    );
}

#[test]
fn a_versions_number_is_its_workspaces_own_and_a_tag_is_carried_over() {
    let (three, tag) = (AgentVersion::Number(3), AgentVersion::Tag("prod".into()));
    let directory = changed(|it| {
        bind(it, 1, "b", Some(three.clone()));
        bind(it, 2, "b", Some(tag.clone()));
    });
    let target = |plan: &PlannedEdits, at: usize| plan.edits[at].target.inbound_agents.clone();
    let bound = |version: &AgentVersion| vec![share(&agent_id("production", "b"), 1.0, Some(version.clone()))];
    let plan = everything(&directory);
    assert_eq!(asked(&plan), [(number(2), vec![Setting::InboundAgents])]);
    assert_eq!(target(&plan, 0), bound(&tag));
    assert_eq!(
        impossible(&plan),
        [(
            number(1),
            "version 3 of `agents/b` is one of `staging`, and `production` counts its own: give the version or tag \
                      to bind there with `--agent-version`"
        )]
    );
    let seven = AgentVersion::Number(7);
    let given = self::plan(&directory, &Selection::All, Some(&seven), Scope::Everything);
    assert_eq!((asked(&given).len(), target(&given, 0), target(&given, 1)), (2, bound(&seven), bound(&tag)));
    // Where the second workspace has it already, nothing is carried over.
    let same = changed(|it| {
        bind(it, 1, "b", Some(three.clone()));
        let list = vec![share(&agent_id("production", "b"), 1.0, Some(AgentVersion::Tag("3".into())))];
        assigned(it, "production", 1).inbound_agents = Some(list);
        assigned(it, "production", 1).inbound_agent_id = Some(agent_id("production", "b"));
        registered(it, "staging", 1).transport = text("TLS");
    });
    let plan = everything(&same);
    assert_eq!((asked(&plan), impossible(&plan)), (vec![(number(1), vec![Setting::Transport])], vec![]));
}

fn leave(directory: &mut Directory, name: &str, line: u32) {
    let files = directory.workspace_mut(&workspace(name));
    files.numbers.numbers.retain(|entry| entry.phone_number != number(line));
    files.assignments.assignments.retain(|entry| entry.phone_number != number(line));
}

#[test]
fn a_number_that_one_of_them_has_not_is_said_where_it_was_chosen() {
    let directory = changed(|it| {
        leave(it, "production", 1);
        leave(it, "staging", 2);
        bind(it, 3, "b", None);
    });
    let only_from = (number(1), "`production` has not imported it: use `phone import`");
    let (only_to, nowhere) =
        ((number(2), "`staging` has not imported it"), (number(9), "`staging` has not imported it"));
    let of = |selection: &Selection| {
        let plan = plan(&directory, selection, None, Scope::Everything);
        let impossible =
            impossible(&plan).into_iter().map(|(number, why)| (number, why.to_owned())).collect::<Vec<_>>();
        (asked(&plan).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), impossible)
    };
    let said = |lines: &[(PhoneNumber, &str)]| {
        lines.iter().map(|(number, why)| (*number, (*why).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(of(&Selection::All), (vec![number(3)], said(&[only_from])));
    let numbers = |lines: &[u32]| Selection::Numbers(lines.iter().map(|line| number(*line)).collect());
    assert_eq!(of(&numbers(&[1, 2, 3, 9])), (vec![number(3)], said(&[only_from, only_to, nowhere])));
    assert_eq!(of(&numbers(&[2])), (vec![], said(&[only_to])));
    assert_eq!(of(&numbers(&[])), (vec![], vec![]));
}
