//! What stands in an edit's way, before Retell is asked and after it answered.

use super::*;
use crate::change::edit::fixture::{bound, live, update};
use crate::change::rails::Allowed;
use crate::model::workspaces_file::ApiKey;
use crate::model::{Directory, PhoneNumber, ProtectedWorkspaces, WorkspaceName};

/// Calls with the safeguards of a project that has no settings, but for some rails.
fn with<T>(allowed: &Allowed, call: impl FnOnce(&Safeguards<'_>) -> T) -> T {
    let (protected, directory) = (ProtectedWorkspaces::default(), Directory::empty());
    call(&Safeguards { protected: &protected, allowed, directory: &directory })
}

fn judge(edit: &Edit, known: &str, now: &str) -> Verdict {
    with(&Allowed::default(), |safeguards| edit.judge(Some(&bound(known)), Some(&live(now)), safeguards))
}

#[test]
fn what_retell_has_already_is_not_sent_even_if_the_directory_lags() {
    let edit = update("staging", &bound("new"));
    assert_eq!(judge(&edit, "old", "new"), Verdict::Nothing);
    assert_eq!(judge(&edit, "old", "old"), Verdict::Send);
}

#[test]
fn a_state_that_moved_is_not_overwritten_and_both_sides_are_named() {
    let edit = update("staging", &bound("new"));
    let Verdict::Refuse(objection) = judge(&edit, "old", "moved") else { panic!("not refused") };
    assert_eq!(objection.rail, Some(Rail::Overwriting));
    assert!(objection.message.contains("`old` in the directory and `moved` in Retell"), "{}", objection.message);
    let verdict = with(&Allowed::from([Rail::Overwriting]), |safeguards| {
        edit.judge(Some(&bound("old")), Some(&live("moved")), safeguards)
    });
    assert_eq!(verdict, Verdict::Send);
    let verdict = with(&Allowed::default(), |safeguards| edit.judge(None, Some(&live("old")), safeguards));
    assert!(matches!(verdict, Verdict::Refuse(_)));
}

#[test]
fn only_a_protected_workspace_is_protected_from_being_unbound() {
    let check = |workspace, known: &Settings| {
        let edit = update(workspace, &Settings::default());
        with(&Allowed::default(), |safeguards| edit.check(Some(known), safeguards))
    };
    assert_eq!(check("staging", &bound("a")), Ok(()));
    assert_eq!(check("production", &bound("a")).unwrap_err().rail, Some(Rail::Unbinding));
    assert_eq!(check("production", &Settings::default()), Ok(()));
}

#[test]
fn the_settings_say_which_workspaces_are_protected() {
    let protected: ProtectedWorkspaces = [WorkspaceName::parse("live").unwrap()].into_iter().collect();
    let (allowed, directory) = (Allowed::default(), Directory::empty());
    let safeguards = Safeguards { protected: &protected, allowed: &allowed, directory: &directory };
    let check = |workspace| update(workspace, &Settings::default()).check(Some(&bound("a")), &safeguards);
    assert_eq!(check("production"), Ok(()));
    assert_eq!(check("live").unwrap_err().rail, Some(Rail::Unbinding));
}

#[test]
fn a_bound_line_of_a_protected_workspace_is_not_deleted_whoever_knows_of_its_agent() {
    let edit = |workspace: &str| Edit { action: Action::Delete, ..update(workspace, &Settings::default()) };
    let judge = |workspace: &str, known: &Settings, now: &RetellNumber, allowed: &Allowed| {
        with(allowed, |safeguards| match edit(workspace).check(Some(known), safeguards) {
            Ok(()) => edit(workspace).judge(Some(known), Some(now), safeguards),
            Err(objection) => Verdict::Refuse(objection),
        })
    };
    let (none, free) = (Settings::default(), RetellNumber { settings: Settings::default(), ..live("a") });
    for (known, now) in [(&bound("a"), &free), (&none, &live("a"))] {
        let verdict = judge("production", known, now, &Allowed::default());
        let Verdict::Refuse(objection) = verdict else { panic!("not refused") };
        assert_eq!(objection.rail, Some(Rail::Deleting));
        assert!(objection.message.contains("where a (no folder) answers it"), "{}", objection.message);
        assert_eq!(judge("staging", known, now, &Allowed::default()), Verdict::Send);
        assert_eq!(judge("production", known, now, &Allowed::from([Rail::Deleting])), Verdict::Send);
    }
    assert_eq!(judge("production", &none, &free, &Allowed::default()), Verdict::Send);
}

#[test]
fn a_password_is_always_sent_and_never_checked() {
    let mut edit = update("staging", &bound("new"));
    edit.trunk.password = Some(ApiKey::new("made-up"));
    assert_eq!(judge(&edit, "old", "new"), Verdict::Send);
    assert!(edit.unmet(Some(&live("old")), Some(&live("new"))).is_empty());
    assert!(!format!("{edit:?}").contains("made-up"));
}

#[test]
fn an_impossible_number_is_not_imported_unless_that_is_asked_for() {
    let (protected, directory) = (ProtectedWorkspaces::default(), Directory::empty());
    let import = |number: &str, allowed: &Allowed| {
        let workspace = WorkspaceName::parse("staging").unwrap();
        let edit = Edit::new(Action::Import, workspace, PhoneNumber::parse(number).unwrap());
        edit.check(None, &Safeguards { protected: &protected, allowed, directory: &directory })
    };
    for number in ["+1650555011", "+165055501144", "+9991234567"] {
        assert_eq!(import(number, &Allowed::new()).unwrap_err().rail, Some(Rail::ImpossibleNumber), "{number}");
        assert_eq!(import(number, &Allowed::from([Rail::ImpossibleNumber])), Ok(()));
    }
    assert_eq!(import("+16505550114", &Allowed::new()), Ok(()));
}

/// What an edit of the number asks for, in a workspace that nothing protects.
fn asked(action: Action, settings: &[Setting], target: &Settings) -> Edit {
    let mut edit = Edit { action, ..update("staging", &Settings::default()) };
    edit.asked.clear();
    for setting in settings {
        edit.ask(*setting, target);
    }
    edit
}

/// The message and the hint of what stands in the way; none where nothing does.
fn said(result: Result<(), Objection>) -> Option<(String, Option<String>)> {
    result.err().map(|objection| (objection.message, objection.hint))
}

fn refused(verdict: Verdict) -> (String, Option<String>, Option<Rail>) {
    let Verdict::Refuse(objection) = verdict else { panic!("not refused: {verdict:?}") };
    (objection.message, objection.hint, objection.rail)
}

#[test]
fn a_trunks_address_and_user_cannot_be_cleared_and_anything_else_can() {
    let check = |settings: &[Setting], target: &Settings| {
        let edit = asked(Action::Update, settings, target);
        assert_eq!(
            said(edit.check_alone()),
            said(with(&Allowed::default(), |safeguards| edit.check(Some(target), safeguards)))
        );
        said(edit.check_alone())
    };
    let none = Settings::default();
    for setting in [Setting::TerminationUri, Setting::AuthUsername] {
        let message = format!("Retell cannot clear `{}`", setting.as_str());
        assert_eq!(check(&[Setting::Nickname, setting], &none), Some((message, None)));
    }
    let others: Vec<_> = Setting::ALL
        .iter()
        .copied()
        .filter(|it| !matches!(it, Setting::TerminationUri | Setting::AuthUsername))
        .collect();
    assert_eq!(check(&others, &none), None);
    let given = Settings { termination_uri: Some("a".to_owned()), auth_username: Some("b".to_owned()), ..none };
    assert_eq!(check(&[Setting::TerminationUri, Setting::AuthUsername], &given), None);
}

#[test]
fn a_version_that_retell_does_not_take_is_not_sent_in_whatever_list() {
    for setting in Setting::AGENTS {
        let with = |version: AgentVersion| {
            let mut agents = crate::change::edit::fixture::agents("a");
            agents[0].agent_version = Some(version);
            asked(Action::Update, &[setting], &Settings::default().with_agents(setting, agents)).check_alone()
        };
        assert_eq!(said(with(AgentVersion::Tag("prod".into()))), None);
        assert_eq!(said(with(AgentVersion::Number(3))), None);
        let message = format!("Retell does not take the version `V 3`: expected {}", AgentVersion::EXPECTED);
        assert_eq!(said(with(AgentVersion::Tag("V 3".into()))), Some((message, None)));
    }
}

#[test]
fn what_an_edit_needs_of_retell_and_of_the_directory() {
    let (known, now) = (bound("old"), live("old"));
    let verdict = |action, known: Option<&Settings>, now: Option<&RetellNumber>| {
        let edit = asked(action, &[Setting::InboundAgents], &bound("new"));
        with(&Allowed::default(), |safeguards| edit.judge(known, now, safeguards))
    };
    assert_eq!(verdict(Action::Update, Some(&known), Some(&now)), Verdict::Send);
    assert_eq!(verdict(Action::Import, None, None), Verdict::Send);
    assert_eq!(verdict(Action::Import, Some(&known), None), Verdict::Send);
    assert_eq!(verdict(Action::Import, None, Some(&live("new"))), Verdict::Nothing);
    assert_eq!(verdict(Action::Delete, Some(&known), None), Verdict::Nothing);
    assert_eq!(verdict(Action::Delete, None, Some(&now)), Verdict::Send);
    let missing = "Retell's workspace `staging` does not have +14155550101".to_owned();
    let import = Some("bring it in with `phone-dir phone import`".to_owned());
    let sync = Some("the directory has it; run `phone-dir sync --workspace staging`".to_owned());
    assert_eq!(refused(verdict(Action::Update, None, None)), (missing.clone(), import.clone(), None));
    assert_eq!(refused(verdict(Action::Update, Some(&known), None)), (missing.clone(), sync, None));
    assert_eq!(refused(verdict(Action::Delete, None, None)), (missing, import, None));
    let two = Settings { nickname: Some("A".to_owned()), ..bound("new") };
    let edit = asked(Action::Import, &[Setting::InboundAgents, Setting::Nickname], &two);
    let verdict = with(&Allowed::default(), |safeguards| edit.judge(None, Some(&now), safeguards));
    let message =
        "Retell's workspace `staging` has +14155550101 already, with another `inbound_agents`, `nickname`".to_owned();
    assert_eq!(refused(verdict), (message, Some("change it with `phone-dir phone update`".to_owned()), None));
}

#[test]
fn what_moved_is_named_setting_by_setting_and_what_was_not_asked_for_does_not_count() {
    let target = Settings { nickname: Some("New".to_owned()), ..bound("new") };
    let edit = asked(Action::Update, &[Setting::InboundAgents, Setting::Nickname], &target);
    let known = Settings { nickname: Some("Old".to_owned()), ..bound("old") };
    let judge = |known: Option<&Settings>, now: &RetellNumber, allowed: &Allowed| {
        with(allowed, |safeguards| edit.judge(known, Some(now), safeguards))
    };
    let none = Allowed::default();
    let mut now = live("moved");
    now.settings.nickname = Some("Moved".to_owned());
    let hint = Some("run `phone-dir sync --workspace staging` and look at what changed".to_owned());
    let message = "Retell's state of +14155550101 in `staging` has moved: `inbound_agents` is `old` in the directory and `moved` in \
                   Retell; `nickname` is `Old` in the directory and `Moved` in Retell";
    assert_eq!(refused(judge(Some(&known), &now, &none)), (message.to_owned(), hint.clone(), Some(Rail::Overwriting)));
    let mut half = now.clone();
    half.settings.nickname = Some("Old".to_owned());
    let message = "Retell's state of +14155550101 in `staging` has moved: `inbound_agents` is `old` in the directory and `moved` in Retell";
    assert_eq!(refused(judge(Some(&known), &half, &none)).0, message);
    // What Retell has already as it was asked for, or what was not asked for, has not moved.
    let mut ahead = live("old");
    (ahead.settings.nickname, ahead.settings.codecs) = (Some("New".to_owned()), Some(vec!["PCMU".to_owned()]));
    assert_eq!(judge(Some(&known), &ahead, &none), Verdict::Send);
    let message = "the directory does not have +14155550101 in `staging`, but Retell does".to_owned();
    assert_eq!(refused(judge(None, &now, &none)), (message, hint, Some(Rail::Overwriting)));
    assert_eq!(judge(None, &now, &Allowed::from([Rail::Overwriting])), Verdict::Send);
}

#[test]
fn a_protected_line_is_not_unbound_in_either_direction_by_what_is_known_or_by_what_is_live() {
    for (setting, name) in [(Setting::InboundAgents, "inbound_agents"), (Setting::OutboundAgents, "outbound_agents")] {
        let bound = Settings::default().with_agents(setting, crate::change::edit::fixture::agents("a"));
        let mut edit = Edit { ..update("production", &Settings::default()) };
        edit.asked = [setting].into();
        let message = format!("this would unbind +14155550101 in `production`: `{name}` is `a`");
        let check = with(&Allowed::default(), |safeguards| edit.check(Some(&bound), safeguards));
        assert_eq!(said(check), Some((message.clone(), None)));
        let mut now = RetellNumber::bare(edit.phone_number);
        now.settings = bound.clone();
        let allowed = Allowed::from([Rail::Overwriting]);
        let verdict = with(&allowed, |safeguards| edit.judge(Some(&Settings::default()), Some(&now), safeguards));
        assert_eq!(refused(verdict), (message, None, Some(Rail::Unbinding)));
        let allowed = Allowed::from([Rail::Unbinding]);
        assert_eq!(with(&allowed, |safeguards| edit.check(Some(&bound), safeguards)), Ok(()));
        // Another agent, or another setting, unbinds nothing.
        edit.target = Settings::default().with_agents(setting, crate::change::edit::fixture::agents("b"));
        assert_eq!(with(&Allowed::default(), |safeguards| edit.check(Some(&bound), safeguards)), Ok(()));
        let texts = Edit { asked: [Setting::InboundSmsAgents].into(), target: Settings::default(), ..edit };
        assert_eq!(with(&Allowed::default(), |safeguards| texts.check(Some(&bound), safeguards)), Ok(()));
    }
    let edit = Edit { action: Action::Delete, ..update("production", &Settings::default()) };
    let check = with(&Allowed::default(), |safeguards| edit.check(Some(&bound("a")), safeguards));
    let hint = "`phone update` with `none` takes its agents away and leaves it in the workspace";
    let message = "this would delete +14155550101 from `production`, where a (no folder) answers it".to_owned();
    assert_eq!(said(check), Some((message, Some(hint.to_owned()))));
    let impossible = Edit {
        phone_number: PhoneNumber::parse("+1650555011").unwrap(),
        ..asked(Action::Import, &[], &Settings::default())
    };
    let check =
        |known: Option<&Settings>| said(with(&Allowed::default(), |safeguards| impossible.check(known, safeguards)));
    let message = "+1650555011 is impossible: its length or its country code is wrong".to_owned();
    assert_eq!(check(None), Some((message, Some("count its digits".to_owned()))));
    assert_eq!(check(Some(&Settings::default())), None);
}

#[test]
fn what_is_known_of_a_number_stands_in_the_way_of_an_update_or_a_deletion_alone() {
    let production = |action| Edit { action, ..update("production", &Settings::default()) };
    let check =
        |action| with(&Allowed::default(), |safeguards| production(action).check(Some(&bound("a")), safeguards));
    assert_eq!(check(Action::Import), Ok(()));
    assert_eq!(check(Action::Update).unwrap_err().rail, Some(Rail::Unbinding));
    assert_eq!(check(Action::Delete).unwrap_err().rail, Some(Rail::Deleting));
    let none = |action| with(&Allowed::default(), |safeguards| production(action).check(None, safeguards));
    assert_eq!([none(Action::Import), none(Action::Update), none(Action::Delete)], [Ok(()), Ok(()), Ok(())]);
}
