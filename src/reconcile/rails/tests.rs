//! Each rail at its boundary: what is just allowed, and what is just refused.

use serde_json::json;

use super::*;
use crate::model::{AgentId, AgentPath, WorkspaceFiles};

const NAME: &str = "production";

fn workspace() -> WorkspaceName {
    WorkspaceName::parse(NAME).unwrap()
}

fn number(at: usize) -> PhoneNumber {
    PhoneNumber::parse(&format!("+1415555{at:04}")).unwrap()
}

/// One number of the workspace.
#[derive(Clone, Copy, Default)]
struct Line {
    agent: Option<&'static str>,
    has_folder: bool,
    has_webhook: bool,
    has_twilio: bool,
}

fn bound(agent: &'static str) -> Line {
    Line { agent: Some(agent), has_folder: true, ..Line::default() }
}

/// A directory whose numbers are the lines, by their places; a place without one is a number that is not there.
fn directory(lines: &[Option<Line>]) -> Directory {
    let mut directory = Directory::empty();
    let mut files = WorkspaceFiles::empty(&workspace());
    for (at, line) in lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.as_ref()?))) {
        let text = number(at).to_string();
        let webhook = line.has_webhook.then_some("https://hooks.example.com/in");
        let registered = json!({"phone_number": text, "phone_number_pretty": "", "phone_number_type": "local",
            "provider": "twilio", "import_method": "direct-purchase", "import_date": null, "termination_uri": null,
            "nickname": null, "inbound_webhook_url": webhook, "assigned": line.agent.is_some(), "last_modified": null});
        files.numbers.numbers.push(serde_json::from_value(registered).unwrap());
        if let Some(id) = line.agent {
            let path = line.has_folder.then(|| format!("agents/{id}"));
            let assignment = json!({"phone_number": text, "agent_path": path, "agent_name": null, "agent_id": id,
                "assignment_type": "inbound-only", "inbound_agent_id": id, "outbound_agent_id": null,
                "assigned_date": null, "last_modified": null});
            files.assignments.assignments.push(serde_json::from_value(assignment).unwrap());
            if line.has_folder {
                let path = AgentPath::of_folder(id).unwrap();
                directory.agents.add_id(&path, &workspace(), Some(AgentId::parse(id).unwrap()));
            }
        }
        let twilio = line.has_twilio.then(|| {
            json!({"phone_number_sid": format!("PN{at:032}"), "trunk_sid": null, "friendly_name": null, "date_created": null})
        });
        let entry = json!({"phone_number": text, "phone_number_pretty": "", "phone_number_type": "local",
            "provider": "twilio", "area_code": null, "country_code": null, "capabilities": null, "twilio": twilio,
            "workspaces": {}, "sip_config": null, "notes": "", "tags": []});
        directory.master.numbers.insert(number(at), serde_json::from_value(entry).unwrap());
    }
    directory.workspaces.insert(workspace(), files);
    directory
}

fn all(count: usize, line: Line) -> Vec<Option<Line>> {
    vec![Some(line); count]
}

/// The same with the first `count` places changed.
fn first(lines: &[Option<Line>], count: usize, line: Option<Line>) -> Vec<Option<Line>> {
    lines.iter().enumerate().map(|(at, old)| if at < count { line } else { *old }).collect()
}

/// The flags that going from one to the other needs.
fn flags(before: &[Option<Line>], after: &[Option<Line>]) -> Vec<String> {
    let mut after = directory(after);
    // What folders are there is a matter of the tree, not of who is bound.
    for (path, folder) in directory(before).agents.iter() {
        after.agents.add_id(path, &workspace(), folder.ids[&workspace()].clone());
    }
    check(&directory(before), &after, &Limits::default(), &LostNumbers::default())
        .iter()
        .map(|hit| hit.rail.flag())
        .collect()
}

#[test]
fn a_workspace_may_lose_thirty_percent_or_two_numbers_but_not_more() {
    let removals = ["--allow-removals=production"];
    for (count, allowed) in [(10, 3), (9, 2), (20, 6), (5, 2), (3, 2)] {
        let lines = all(count, bound("sales"));
        for without in [None, Some(Line::default())] {
            assert_eq!(flags(&lines, &first(&lines, allowed, without)), [""; 0], "{allowed} of {count}");
            assert_eq!(flags(&lines, &first(&lines, allowed + 1, without)), removals, "{allowed} + 1 of {count}");
        }
    }
    let lines = all(9, bound("sales"));
    assert_eq!(flags(&lines, &first(&lines, 8, None)), removals, "nine become one");
    for count in [1, 2] {
        let lines = all(count, Line::default());
        assert_eq!(flags(&lines, &first(&lines, count, None)), removals, "all of {count}");
    }
}

#[test]
fn what_earlier_syncs_took_counts_and_what_came_back_does_not() {
    let lines = all(20, bound("sales"));
    let (start, middle, end) = (first(&lines, 0, None), first(&lines, 4, None), first(&lines, 7, None));
    let [start, middle, end] = [start, middle, end].map(|lines| directory(&lines));
    let recent = lost_by(&start, &middle);
    assert_eq!(check(&middle, &end, &Limits::default(), &LostNumbers::default()), []);
    let hits = check(&middle, &end, &Limits::default(), &recent);
    assert_eq!(hits.iter().map(|hit| (hit.numbers.len(), hit.earlier, hit.of)).collect::<Vec<_>>(), [(7, 4, 20)]);
    assert!(hits[0].message().ends_with("7 of 20 numbers of `production`, 4 of them in the last 24 hours"));
    let fewer = directory(&first(&lines, 6, None));
    assert_eq!(check(&middle, &fewer, &Limits::default(), &recent), [], "exactly 30 %");
    let other = directory(&[vec![lines[0]; 4], vec![None; 3], vec![lines[0]; 13]].concat());
    assert_eq!(check(&start, &other, &Limits::default(), &recent), [], "the first four are back");
    assert_eq!(check(&middle, &middle, &Limits::default(), &recent), [], "a sync that takes nothing is no accident");
}

#[test]
fn the_share_of_twilio_data_is_one_of_the_numbers_that_have_it() {
    let with = Line { has_twilio: true, ..Line::default() };
    let lines = [all(10, with), all(30, Line::default())].concat();
    assert_eq!(flags(&lines, &first(&lines, 3, Some(Line::default()))), [""; 0], "exactly 30 %");
    assert_eq!(flags(&lines, &first(&lines, 4, Some(Line::default()))), ["--allow-twilio-loss"]);
    let small = [all(2, with), all(30, Line::default())].concat();
    assert_eq!(flags(&small, &first(&small, 2, Some(Line::default()))), [""; 0], "two numbers");
    let three = all(3, with);
    assert_eq!(flags(&three, &first(&three, 3, Some(Line::default()))), ["--allow-twilio-loss"]);
}

#[test]
fn bound_numbers_keep_their_folders_and_are_not_bound_to_strangers() {
    let folderless = |agent| Some(Line { has_folder: false, ..bound(agent) });
    let unassigned = all(30, Line::default());
    let lines = [all(10, bound("sales")), unassigned].concat();
    for (agent, what) in [("sales", "a folder that is gone"), ("stranger", "an agent of nobody")] {
        assert_eq!(flags(&lines, &first(&lines, 3, folderless(agent))), [""; 0], "{what}: exactly 30 %");
        assert_eq!(
            flags(&lines, &first(&lines, 4, folderless(agent))),
            ["--allow-unknown-agents=production"],
            "{what}"
        );
    }
    let small = [all(2, bound("sales")), all(30, Line::default())].concat();
    assert_eq!(flags(&small, &first(&small, 2, folderless("stranger"))), [""; 0], "two numbers");
}

#[test]
fn folders_that_are_all_gone_are_noticed_where_there_is_no_folder_left_to_compare_with() {
    let before = directory(&all(5, bound("sales")));
    let after = directory(&all(5, Line { has_folder: false, ..bound("sales") }));
    let hits = check(&before, &after, &Limits::default(), &LostNumbers::default());
    assert_eq!(hits.iter().map(|hit| hit.rail.flag()).collect::<Vec<_>>(), ["--allow-unknown-agents=production"]);
}

#[test]
fn the_folders_of_all_lines_are_not_lost_at_once_however_few_they_are() {
    let removed = Some(Line { has_folder: false, ..bound("sales") });
    for count in [1, 2] {
        let lines = [all(count, bound("sales")), all(9, Line::default())].concat();
        assert_eq!(flags(&lines, &first(&lines, count, removed)), ["--allow-unknown-agents=production"], "{count}");
    }
    let lines = [all(2, bound("sales")), all(1, bound("support"))].concat();
    assert_eq!(flags(&lines, &first(&lines, 2, removed)), [""; 0], "one of the folders is there");
    let without = all(2, Line { has_folder: false, ..bound("sales") });
    assert_eq!(flags(&without, &without), [""; 0], "there was none before");
}

/// The same directory with a second agent on every line, which gets a share of the calls.
fn shared_with(lines: &[Option<Line>], other: &str, share: f64) -> Directory {
    let mut directory = directory(lines);
    let files = directory.workspaces.get_mut(&workspace()).unwrap();
    for line in &mut files.assignments.assignments {
        let shares = [(line.agent_id.clone().unwrap(), 1.0 - share), (AgentId::parse(other).unwrap(), share)];
        let weighted = shares.map(|(id, weight)| json!({"agent_id": id, "weight": weight}));
        line.inbound_agents = Some(serde_json::from_value(json!(weighted)).unwrap());
    }
    directory
}

#[test]
fn a_small_share_for_another_agent_makes_no_second_agent_of_it() {
    let before = [all(4, bound("sales")), all(4, bound("support"))].concat();
    let hit = |after: &Directory| {
        let hits = check(&directory(&before), after, &Limits::default(), &LostNumbers::default());
        hits.iter().any(|hit| hit.rail == Rail::OneAgent(workspace()))
    };
    assert!(hit(&shared_with(&all(8, bound("support")), "sales", 0.01)), "the same pair, the same agent first");
    let either_first = [all(4, bound("sales")), all(3, bound("support"))].concat();
    let mut crossed = shared_with(&either_first, "sales", 0.5);
    assert!(!hit(&crossed), "only those of support have two agents");
    let two = shared_with(&either_first, "support", 0.5);
    let lines = &mut crossed.workspaces.get_mut(&workspace()).unwrap().assignments.assignments;
    lines.splice(..4, two.workspaces[&workspace()].assignments.assignments[..4].iter().cloned());
    assert!(hit(&crossed), "the same two agents, in either order");
    assert!(!hit(&shared_with(&before, "survey", 0.01)), "a third one beside each");
}

#[test]
fn a_hit_of_one_agent_counts_every_line_that_got_it() {
    let before = [vec![Some(bound("sales")); 2], vec![Some(bound("support")); 2]].concat();
    let after = directory(&[Some(bound("sales")); 4]);
    let hits = check(&directory(&before), &after, &Limits::default(), &LostNumbers::default());
    let numbers = (0..4).map(number).collect();
    assert_eq!(hits, [Hit { rail: Rail::OneAgent(workspace()), numbers, earlier: 0, of: 4 }]);
}

#[test]
fn three_lines_of_two_agents_do_not_all_get_the_same_one() {
    let two = |count| [all(count - 1, bound("sales")), all(1, bound("support"))].concat();
    for (count, expected) in [(3, &["--allow-one-agent=production"] as &[&str]), (2, &[])] {
        assert_eq!(flags(&two(count), &all(count, bound("support"))), expected, "{count} lines");
    }
    assert_eq!(flags(&all(5, bound("sales")), &all(5, bound("support"))), [""; 0], "one agent before");
    let rest = first(&two(4), 1, Some(bound("support")));
    assert_eq!(flags(&two(4), &rest), [""; 0], "two agents after");
    let without = [all(3, bound("sales")), vec![None]].concat();
    assert_eq!(flags(&two(4), &without), [""; 0], "a line that left gave the others nothing");
}

#[test]
fn every_webhook_of_three_is_not_taken_and_all_but_one_are() {
    let hooked = Line { has_webhook: true, ..bound("sales") };
    for (count, expected) in [(3, &["--allow-webhook-loss=production"] as &[&str]), (2, &[])] {
        let lines = [all(count, hooked), all(9, bound("sales"))].concat();
        assert_eq!(flags(&lines, &first(&lines, count, Some(bound("sales")))), expected, "{count} webhooks");
    }
    let lines = all(12, hooked);
    assert_eq!(flags(&lines, &first(&lines, 11, Some(bound("sales")))), [""; 0]);
}

/// The flags that the second of two steps needs.
fn flags_of_second(steps: [&[Option<Line>]; 3]) -> Vec<String> {
    let [start, mut middle, mut end] = steps.map(directory);
    for (path, folder) in start.agents.iter() {
        for later in [&mut middle, &mut end] {
            later.agents.add_id(path, &workspace(), folder.ids[&workspace()].clone());
        }
    }
    let recent = lost_by(&start, &middle);
    let alone = check(&middle, &end, &Limits::default(), &LostNumbers::default());
    assert_eq!(alone, [], "the second step alone");
    check(&middle, &end, &Limits::default(), &recent).iter().map(|hit| hit.rail.flag()).collect()
}

#[test]
fn folders_and_webhooks_that_go_in_small_steps_are_counted_together() {
    let lines = all(10, bound("sales"));
    let strange = |count| first(&lines, count, Some(Line { has_folder: false, ..bound("stranger") }));
    assert_eq!(flags_of_second([&lines, &strange(2), &strange(4)]), ["--allow-unknown-agents=production"]);
    assert_eq!(flags_of_second([&lines, &strange(2), &strange(3)]), [""; 0], "exactly 30 %");
    let hooked = [all(4, Line { has_webhook: true, ..bound("sales") }), all(9, bound("sales"))].concat();
    let without = |count| first(&hooked, count, Some(bound("sales")));
    assert_eq!(flags_of_second([&hooked, &without(2), &without(4)]), ["--allow-webhook-loss=production"]);
    assert_eq!(flags_of_second([&hooked, &without(2), &without(3)]), [""; 0], "one is left");
}

#[test]
fn the_table_has_every_rail() {
    let rails = [
        Rail::Removals(workspace()),
        Rail::TwilioLoss,
        Rail::UnknownAgents(workspace()),
        Rail::OneAgent(workspace()),
        Rail::WebhookLoss(workspace()),
        Rail::OrgChange(workspace(), String::new()),
    ];
    let named: Vec<_> = rails.iter().map(Rail::name).collect();
    assert_eq!(COVERED.iter().map(|row| row.flag).collect::<Vec<_>>(), named);
}

#[test]
fn each_rail_has_its_own_share() {
    let twilio = Line { has_twilio: true, has_folder: true, ..bound("a") };
    let before = directory(&[Some(twilio); 10]);
    // Four of ten numbers lose Twilio's data, four their agents' folders, four go.
    let stranger = Line { agent: Some("stranger"), has_folder: false, ..twilio };
    let bare = Line { has_twilio: false, ..twilio };
    let names = |after: &[Option<Line>], limits: &Limits| {
        let after = directory(after);
        check(&before, &after, limits, &LostNumbers::default()).iter().map(|hit| hit.rail.name()).collect::<Vec<_>>()
    };
    let mixed = |line: Option<Line>| (0..10).map(|at| if at < 4 { line } else { Some(twilio) }).collect::<Vec<_>>();
    let usual = Limits::default();
    for (line, flag) in
        [(None, "--allow-removals"), (Some(stranger), "--allow-unknown-agents"), (Some(bare), "--allow-twilio-loss")]
    {
        assert_eq!(names(&mixed(line), &usual)[..1], [flag]);
        for share in 0..3 {
            let mut limits = Limits { removals: 0.3, twilio_loss: 0.3, unknown_agents: 0.3 };
            *[&mut limits.removals, &mut limits.twilio_loss, &mut limits.unknown_agents][share] = 0.5;
            let own = ["--allow-removals", "--allow-twilio-loss", "--allow-unknown-agents"][share];
            assert_eq!(names(&mixed(line), &limits).contains(&flag), own != flag, "{flag} {own}");
        }
    }
}
