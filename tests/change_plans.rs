//! What stands in the way of changes, and what is planned where a change is taken back or carried over: small
//! directories written by hand, and the whole plan for each.

use phone_dir::change::promote::{PlannedEdits, Promotion, Scope, Selection};
use phone_dir::change::rails::Safeguards;
use phone_dir::change::{Action, Allowed, Binding, Edit, Notice, Rail, Setting, Settings, Verdict, notice, rollback};
use phone_dir::model::directory::Reading;
use phone_dir::model::{
    AgentVersion, AgentWeight, AssignmentType, Directory, ImportMethod, PhoneNumber, ProtectedWorkspaces, Weight,
};
use phone_dir::reconcile::live::RetellNumber;

use crate::validate::project::*;

/// The healthy project of the validator's tests: two numbers in two workspaces, each answered by an agent of its own.
pub fn healthy() -> Directory {
    Reading::of(&Project::healthy().files).directory
}

pub fn changed(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = healthy();
    change(&mut directory);
    directory
}

fn share(id: &str, weight: f64, version: Option<u64>) -> AgentWeight {
    let agent_version = version.map(AgentVersion::Number);
    AgentWeight { agent_id: agent_id(id), weight: Weight::new(weight).unwrap(), agent_version }
}

fn update(workspace: &str, settings: &[Setting], target: &Settings) -> Edit {
    let mut edit = Edit::new(Action::Update, name(workspace), number(FIRST));
    for setting in settings {
        edit.ask(*setting, target);
    }
    edit
}

/// A number as Retell has it, with these settings.
pub fn live(settings: &Settings) -> RetellNumber {
    let mut import = Edit::new(Action::Import, name("staging"), number(FIRST));
    for setting in Setting::ALL {
        import.ask(*setting, settings);
    }
    import.expected(None).unwrap()
}

/// Calls with what a project without settings is guarded by, but for some rails.
pub fn guarded<T>(allowed: &[Rail], call: impl FnOnce(&Safeguards<'_>) -> T) -> T {
    let (protected, directory) = (ProtectedWorkspaces::default(), healthy());
    call(&Safeguards { protected: &protected, allowed: &allowed.iter().copied().collect(), directory: &directory })
}

fn inbound(agents: Vec<AgentWeight>) -> Settings {
    Settings { inbound_agents: agents, ..Settings::default() }
}

fn outbound(agents: Vec<AgentWeight>) -> Settings {
    Settings { outbound_agents: agents, ..Settings::default() }
}

/// An edit as text: what is asked, with the value.
pub fn asked(edit: &Edit) -> String {
    let fields = edit.asked.iter().map(|it| format!("{}={}", it.as_str(), edit.target.describe(*it)));
    let fields: Vec<_> = fields.collect();
    format!("{:?} {} in {}: {}", edit.action, edit.phone_number, edit.workspace, fields.join(" "))
}

/// Settings of a name alone.
pub fn with_nickname(text: &str) -> Settings {
    Settings { nickname: Some(text.to_owned()), ..Settings::default() }
}

/// Each planned edit as text, and what is impossible.
fn told(plan: &PlannedEdits) -> Vec<String> {
    let impossible =
        plan.impossible.iter().map(|it| format!("{} in {}: {}", it.phone_number, it.workspace, it.message));
    plan.edits.iter().map(asked).chain(impossible).collect()
}

#[test]
fn production_keeps_the_agents_of_both_directions() {
    for (setting, known, field) in [
        (Setting::InboundAgents, inbound(vec![share("a", 1.0, None)]), "inbound_agents"),
        (Setting::OutboundAgents, outbound(vec![share("a", 1.0, None)]), "outbound_agents"),
    ] {
        let unbind = update("production", &[setting], &Settings::default());
        let objection = guarded(&[], |guards| unbind.check(Some(&known), guards)).unwrap_err();
        assert_eq!(objection.rail, Some(Rail::Unbinding));
        assert_eq!(objection.message, format!("this would unbind {FIRST} in `production`: `{field}` is `a`"));
        assert_eq!(guarded(&[Rail::Unbinding], |guards| unbind.check(Some(&known), guards)), Ok(()));
        let staging = update("staging", &[setting], &Settings::default());
        assert_eq!(guarded(&[], |guards| staging.check(Some(&known), guards)), Ok(()));
    }
}

#[test]
fn overwriting_does_not_allow_to_unbind_what_only_retell_has() {
    let unbind = update("production", &[Setting::OutboundAgents], &Settings::default());
    let bound = live(&outbound(vec![share("somebody", 1.0, None)]));
    let judge =
        |allowed: &[Rail]| guarded(allowed, |guards| unbind.judge(Some(&Settings::default()), Some(&bound), guards));
    let rail = |verdict| match verdict {
        Verdict::Refuse(objection) => objection.rail,
        other => panic!("{other:?}"),
    };
    assert_eq!(rail(judge(&[])), Some(Rail::Overwriting));
    assert_eq!(rail(judge(&[Rail::Unbinding])), Some(Rail::Overwriting));
    assert_eq!(rail(judge(&[Rail::Overwriting])), Some(Rail::Unbinding));
    assert_eq!(judge(&[Rail::Overwriting, Rail::Unbinding]), Verdict::Send);
}

#[test]
fn retell_cannot_clear_what_the_trunk_needs() {
    for (setting, field) in [(Setting::TerminationUri, "termination_uri"), (Setting::AuthUsername, "auth_username")] {
        let clear = update("staging", &[setting], &Settings::default());
        let objection = guarded(&[], |guards| clear.check(None, guards)).unwrap_err();
        assert_eq!((objection.rail, objection.message), (None, format!("Retell cannot clear `{field}`")));
    }
}

#[test]
fn another_version_than_the_asked_one_is_not_what_was_asked() {
    let asked = inbound(vec![share("a", 1.0, Some(3))]);
    let edit = update("staging", &[Setting::InboundAgents], &asked);
    let before = live(&inbound(vec![share("a", 1.0, Some(2))]));
    for (answered, unmet) in [(Some(3), vec![]), (Some(4), vec!["inbound_agents"]), (None, vec!["inbound_agents"])] {
        let answer = live(&inbound(vec![share("a", 1.0, answered)]));
        assert_eq!(edit.unmet(Some(&before), Some(&answer)), unmet, "{answered:?}");
    }
}

#[test]
fn a_list_may_hold_two_versions_of_one_agent_and_their_shares_are_not_mixed_up() {
    let list = |one: f64, other: f64| inbound(vec![share("agent_a", one, Some(1)), share("agent_a", other, Some(2))]);
    let turned = |one: f64, other: f64| inbound(vec![share("agent_a", other, Some(2)), share("agent_a", one, Some(1))]);
    let agrees = |left: &Settings, right: &Settings| left.agrees(right, Setting::InboundAgents);
    assert!(agrees(&list(0.8, 0.2), &turned(0.8, 0.2)));
    assert!(!agrees(&list(0.8, 0.2), &turned(0.2, 0.8)));
    assert!(list(0.8, 0.2).is_met_by(&turned(0.8, 0.2), Setting::InboundAgents));
    assert!(!list(0.8, 0.2).is_met_by(&turned(0.2, 0.8), Setting::InboundAgents));
    let (folders, staging) = (healthy().agents, name("staging"));
    let resolve = |text: &str| Binding::parse(text).unwrap().resolve(&folders, &staging, &Allowed::default());
    assert_eq!(resolve("agent_a@1=0.8,agent_a@2=0.2").unwrap(), list(0.8, 0.2).inbound_agents);
    assert_eq!(resolve("agent_a@1=0.8,agent_a@1=0.2").unwrap_err().message, "agent `agent_a` is named twice");
}

/// Settings that are all different from each other.
#[allow(clippy::needless_update)] // a setting that is new begins as one that is not set
fn every_setting() -> Settings {
    let texts = |text: &str| Some(text.to_owned());
    Settings {
        inbound_agents: vec![share("agent_staging_customer_service", 1.0, None)],
        outbound_agents: vec![share("agent_staging_sales", 0.75, Some(4)), share("b", 0.25, None)],
        inbound_sms_agents: vec![share("c", 1.0, None)],
        outbound_sms_agents: vec![share("d", 1.0, Some(1))],
        termination_uri: texts("mytrunk.pstn.twilio.com"),
        auth_username: texts("retell_user"),
        nickname: texts("A line"),
        inbound_webhook_url: texts("https://hooks.example.com/calls"),
        fallback_number: Some(number("+14155550199")),
        allowed_inbound_country_list: vec!["CA".to_owned(), "US".to_owned()],
        allowed_outbound_country_list: vec!["GB".to_owned()],
        ..Settings::default()
    }
}

#[test]
fn what_is_written_to_a_number_is_what_is_read_from_it_setting_by_setting() {
    let settings = every_setting();
    assert_eq!(live(&settings).settings, settings);
    for setting in Setting::ALL.iter().filter(|setting| !settings.is_unset(**setting)) {
        let mut one = Settings::default();
        one.take(&settings, *setting);
        let read = live(&one).settings;
        let set: Vec<_> = Setting::ALL.iter().filter(|other| !read.is_unset(**other)).collect();
        assert_eq!(set, [setting]);
        assert!(read.agrees(&settings, *setting) && !Settings::default().agrees(&settings, *setting), "{setting:?}");
    }
}

/// The healthy directory with every setting of a number in staging.
fn with_every_setting(mut directory: Directory) -> Directory {
    let settings = every_setting();
    let entry = registry(&mut directory, "staging", FIRST);
    entry.auth_username = Some(settings.auth_username);
    entry.inbound_webhook_url = Some(settings.inbound_webhook_url);
    entry.fallback_number = settings.fallback_number;
    entry.allowed_inbound_country_list = Some(settings.allowed_inbound_country_list);
    entry.allowed_outbound_country_list = Some(settings.allowed_outbound_country_list);
    let assignment = assigned(&mut directory, "staging", FIRST);
    assignment.outbound_agent_id = Some(agent_id("agent_staging_sales"));
    assignment.outbound_agents = Some(settings.outbound_agents);
    assignment.inbound_sms_agents = Some(settings.inbound_sms_agents);
    assignment.outbound_sms_agents = Some(settings.outbound_sms_agents);
    directory
}

#[test]
fn the_directory_has_each_setting_in_its_own_field() {
    let directory = with_every_setting(healthy());
    let read = Settings::of_directory(&directory, &name("staging"), number(FIRST)).unwrap();
    assert_eq!(read, every_setting());
    assert_eq!(Settings::of_directory(&directory, &name("eu"), number(FIRST)), None);
    assert_eq!(Settings::of_directory(&directory, &name("staging"), number("+14155550199")), None);
}

pub fn without(directory: Directory, workspace: &str, text: &str) -> Directory {
    let mut directory = directory;
    leave(&mut directory, workspace, text);
    directory
}

#[test]
fn a_removal_is_taken_back_by_an_import_as_far_as_everything_for_it_is_known() {
    let (before, after) = (healthy(), without(healthy(), "staging", FIRST));
    assert_eq!(
        told(&rollback::of_change(&before, &after, &after)),
        [format!(
            "Import {FIRST} in staging: inbound_agents=`agent_staging_customer_service` \
             outbound_agents=`agent_staging_customer_service` termination_uri=`mytrunk.pstn.twilio.com` nickname=`A line`"
        )]
    );
    let with_user = |directory: Directory| {
        let mut directory = directory;
        registry(&mut directory, "staging", FIRST).auth_username = Some(Some("retell_user".to_owned()));
        directory
    };
    assert_eq!(
        told(&rollback::of_change(&with_user(healthy()), &after, &after)),
        [format!("{FIRST} in staging: its SIP password is not known here: use `phone import`")]
    );
    let bought = without(healthy(), "staging", SECOND);
    assert_eq!(
        told(&rollback::of_change(&before, &bought, &bought)),
        [format!("{SECOND} in staging: it was bought through Retell, and cannot be imported again")]
    );
    assert_eq!(
        told(&rollback::of_change(&before, &after, &before)),
        [format!("{FIRST} in staging: it was imported again since then")]
    );
}

#[test]
fn an_import_is_taken_back_by_a_deletion_unless_it_is_gone_already() {
    let (before, after) = (without(healthy(), "staging", FIRST), healthy());
    assert_eq!(told(&rollback::of_change(&before, &after, &after)), [format!("Delete {FIRST} in staging: ")]);
    assert_eq!(told(&rollback::of_change(&before, &after, &before)), [] as [String; 0]);
}

fn nicknamed(text: &str) -> Directory {
    changed(|directory| registry(directory, "staging", FIRST).nickname = Some(text.to_owned()))
}

#[test]
fn a_setting_is_taken_back_unless_it_is_so_already_or_changed_once_more() {
    let plan = |today: &str| rollback::of_change(&nicknamed("old"), &nicknamed("new"), &nicknamed(today));
    assert_eq!(told(&plan("new")), [format!("Update {FIRST} in staging: nickname=`old`")]);
    assert_eq!(told(&plan("old")), [] as [String; 0]);
    assert_eq!(
        told(&plan("third")),
        [format!("{FIRST} in staging: `nickname` changed once more since then, it is `third` now")]
    );
    let gone = without(healthy(), "staging", FIRST);
    assert_eq!(
        told(&rollback::of_change(&nicknamed("old"), &nicknamed("new"), &gone)),
        [format!("{FIRST} in staging: the workspace does not have it any more")]
    );
}

#[test]
fn a_trunk_that_was_not_there_cannot_be_taken_back() {
    let without_trunk = changed(|directory| registry(directory, "staging", FIRST).termination_uri = None);
    assert_eq!(
        told(&rollback::of_change(&without_trunk, &healthy(), &healthy())),
        [format!("{FIRST} in staging: Retell cannot clear `termination_uri`")]
    );
}

#[test]
fn numbers_get_an_earlier_state_in_the_workspaces_that_had_them() {
    let numbers: [PhoneNumber; 2] = [number(FIRST), number(SECOND)];
    let then = without(nicknamed("old"), "staging", SECOND);
    let production = name("production");
    assert_eq!(
        told(&rollback::to_state(&then, &healthy(), &numbers, None)),
        [
            format!("Update {FIRST} in staging: nickname=`old`"),
            format!("{SECOND} in staging: the workspace did not have it then: use `phone delete`"),
        ]
    );
    assert_eq!(told(&rollback::to_state(&then, &healthy(), &numbers, Some(&production))), [] as [String; 0]);
    assert_eq!(told(&rollback::to_state(&then, &then, &numbers, None)), [] as [String; 0]);
    let gone = without(healthy(), "staging", FIRST);
    let plan = rollback::to_state(&nicknamed("old"), &gone, &numbers[..1], None);
    assert_eq!((plan.edits.len(), plan.edits[0].action, plan.impossible.len()), (1, Action::Import, 0));
}

fn promoted(directory: &Directory, selection: &Selection) -> Vec<String> {
    let (from, to) = (name("staging"), name("production"));
    told(&Promotion { directory, from: &from, to: &to, version: None, scope: Scope::Everything }.plan(selection))
}

#[test]
fn a_promotion_carries_everything_that_is_meant_and_translates_the_agents() {
    let mut directory = with_every_setting(healthy());
    let list = vec![share("agent_staging_sales", 0.75, None), share("agent_staging_customer_service", 0.25, None)];
    let assignment = assigned(&mut directory, "staging", FIRST);
    assignment.outbound_agents = Some(list.clone());
    assignment.inbound_sms_agents = Some(vec![share("agent_staging_sales", 1.0, None)]);
    assignment.outbound_sms_agents = Some(list);
    registry(&mut directory, "staging", FIRST).termination_uri = Some("sip.example.com".to_owned());
    assert_eq!(
        promoted(&directory, &Selection::All),
        [
            format!(
                "Update {FIRST} in production: \
                 outbound_agents=`agent_production_sales=0.75,agent_production_customer_service=0.25` \
                 inbound_sms_agents=`agent_production_sales` \
                 outbound_sms_agents=`agent_production_sales=0.75,agent_production_customer_service=0.25` \
                 termination_uri=`sip.example.com` inbound_webhook_url=`https://hooks.example.com/calls` \
                 fallback_number=`+14155550199` allowed_inbound_country_list=`CA,US` allowed_outbound_country_list=`GB`"
            ),
            format!(
                "{FIRST} in production: `auth_username`: the SIP user names differ, and the password is not known \
                 here: use `phone update`"
            ),
        ]
    );
}

#[test]
fn texters_without_a_folder_are_never_the_same_in_two_workspaces() {
    let texting = |id: &str| {
        let id = id.to_owned();
        changed(move |directory| {
            for workspace in ["staging", "production"] {
                let id = id.replace("WORKSPACE", workspace);
                assigned(directory, workspace, FIRST).inbound_sms_agents = Some(vec![share(&id, 1.0, None)]);
            }
        })
    };
    let differs = |directory: &Directory| {
        let changes = phone_dir::diff::intent::between(directory, &name("staging"), &name("production"));
        let of_number = changes.list.into_iter().filter(|change| change.phone_number == number(FIRST));
        of_number.flat_map(|change| change.fields).any(|change| change.field.as_str() == "inbound_sms_agents")
    };
    assert!(!differs(&texting("agent_WORKSPACE_sales")));
    assert!(differs(&texting("agent_nobody")) && differs(&texting("agent_WORKSPACE_nobody")));
}

#[test]
fn a_promotion_names_what_it_cannot_do() {
    let other_way = changed(|directory| {
        registry(directory, "staging", FIRST).import_method = ImportMethod::DirectPurchase;
        registry(directory, "staging", FIRST).termination_uri = None;
    });
    assert_eq!(
        promoted(&other_way, &Selection::All),
        [
            format!("{FIRST} in production: `import_method`: it came into the two workspaces in different ways"),
            format!("{FIRST} in production: Retell cannot clear `termination_uri`"),
        ]
    );
    let only = |text: &str| Selection::Numbers([number(text)].into());
    assert_eq!(
        promoted(&without(healthy(), "production", FIRST), &only(FIRST)),
        [format!("{FIRST} in production: `production` has not imported it: use `phone import`")]
    );
    assert_eq!(
        promoted(&without(healthy(), "staging", FIRST), &only(FIRST)),
        [format!("{FIRST} in production: `staging` has not imported it")]
    );
    assert_eq!(
        promoted(&healthy(), &only("+14155550199")),
        ["+14155550199 in production: `staging` has not imported it".to_owned()]
    );
    assert_eq!(promoted(&healthy(), &Selection::All), [] as [String; 0]);
    let stranger = changed(|directory| rebind(directory, "staging", FIRST, None, "agent_unknown"));
    assert_eq!(
        promoted(&stranger, &Selection::All),
        [format!("{FIRST} in production: no folder has the agent `agent_unknown` of `staging`")]
    );
    assert_eq!(promoted(&stranger, &only(SECOND)), [] as [String; 0]);
}

#[test]
fn a_version_is_not_carried_to_another_workspace_unless_somebody_names_the_one_there() {
    let versioned = changed(|directory| {
        let list = vec![share("agent_staging_customer_service", 1.0, Some(3))];
        assigned(directory, "staging", FIRST).inbound_agents = Some(list);
    });
    let message = promoted(&versioned, &Selection::All);
    assert_eq!(message.len(), 1);
    assert!(
        message[0]
            .starts_with(&format!("{FIRST} in production: version 3 of `agents/customer-service` is one of `staging`"))
    );
    let (from, to, version) = (name("staging"), name("production"), AgentVersion::Number(7));
    let scope = Scope::AgentsOnly;
    let promotion = Promotion { directory: &versioned, from: &from, to: &to, version: Some(&version), scope };
    assert_eq!(
        told(&promotion.plan(&Selection::All)),
        [format!("Update {FIRST} in production: inbound_agents=`agent_production_customer_service@7`")]
    );
}

#[test]
fn a_promotion_says_what_it_clears_and_how_to_leave_it() {
    let (from, to) = (name("staging"), name("production"));
    let noticed = |directory: &Directory| {
        let promotion = Promotion { directory, from: &from, to: &to, version: None, scope: Scope::Everything };
        promotion.plan(&Selection::All).notice()
    };
    let webhook = changed(|directory| {
        let url = "https://hooks.example.com/calls".to_owned();
        registry(directory, "production", FIRST).inbound_webhook_url = Some(Some(url));
    });
    assert_eq!(
        noticed(&webhook),
        Some(Notice {
            heading: "Would be cleared (`--agents-only` leaves all but agents)".to_owned(),
            lines: vec![format!("{FIRST} `inbound_webhook_url`, which is `https://hooks.example.com/calls`")],
        })
    );
    let agents = changed(|directory| {
        let assignment = assigned(directory, "staging", FIRST);
        (assignment.outbound_agent_id, assignment.assignment_type) = (None, AssignmentType::InboundOnly);
    });
    assert_eq!(
        noticed(&agents),
        Some(Notice {
            heading: "Would be cleared".to_owned(),
            lines: vec![format!("{FIRST} `outbound_agents`, which is `agent_production_customer_service`")],
        })
    );
    assert_eq!(noticed(&healthy()), None);
    assert_eq!(noticed(&with_every_setting(healthy())), None);
}

#[test]
fn a_deletion_says_what_is_lost_and_the_command_that_brings_it_back() {
    let directory = with_every_setting(healthy());
    let lines = |directory: &Directory, text: &str| {
        let delete = Edit::new(Action::Delete, name("staging"), number(text));
        notice::of_deletion(&delete, directory).map(|notice| (notice.heading, notice.lines))
    };
    let heading = || "Cannot be taken back".to_owned();
    assert_eq!(
        lines(&directory, FIRST),
        Some((
            heading(),
            vec![
                format!(
                    "{FIRST} is answered by `agents/customer-service`, `agents/sales`, b (no folder), c (no folder), d \
                     (no folder), its webhook, its fallback number in `staging`, and will not be"
                ),
                "Retell forgets its SIP password, which nobody can read out".to_owned(),
                format!(
                    "to import it again: `phone-dir phone import {FIRST} mytrunk.pstn.twilio.com --workspace staging \
                     --inbound-agent agents/customer-service --outbound-agent agents/sales@4=0.75,b=0.25 \
                     --username retell_user --password-stdin --webhook https://hooks.example.com/calls \
                     --inbound-countries CA,US --outbound-countries GB --nickname 'A line'`"
                ),
                format!(
                    "and then: `phone-dir phone update {FIRST} --workspace staging --inbound-sms-agent c \
                     --outbound-sms-agent d@1 --fallback +14155550199`"
                ),
                "what Retell had of it stays in git: `phone-dir show NUMBER --at REV`".to_owned(),
            ]
        ))
    );
    let bought = "it was bought through Retell, and cannot be imported again".to_owned();
    let answered = format!("{SECOND} is answered by `agents/sales` in `staging`, and will not be");
    assert_eq!(lines(&directory, SECOND), Some((heading(), vec![answered, bought.clone()])));
    let quiet = changed(|directory| {
        directory.workspaces.get_mut(&name("staging")).unwrap().assignments.assignments.clear();
        registry(directory, "staging", FIRST).nickname = None;
    });
    assert_eq!(lines(&quiet, SECOND), Some((heading(), vec![bought])));
    assert_eq!(
        lines(&quiet, FIRST).unwrap().1[0],
        format!("to import it again: `phone-dir phone import {FIRST} mytrunk.pstn.twilio.com --workspace staging`")
    );
    assert_eq!(lines(&directory, "+14155550199"), None);
}
