//! Laws of a sync, over generated directories and whatever the providers might say of them.

use phone_dir::change::{Setting, Settings};
use phone_dir::diff::{intent, revisions};
use phone_dir::drift;
use phone_dir::model::equivalence::{canonical_agents, canonical_countries};
use phone_dir::model::registry::RegistryEntry;
use phone_dir::model::{AgentVersion, Assignment, Directory, PhoneNumber, Timestamp, Weight};
use phone_dir::reconcile::former::Former;
use phone_dir::reconcile::live::{RetellWorkspace, TwilioAccount};
use phone_dir::reconcile::{Complete, TwilioScope, reconcile};
use proptest::prelude::*;

use crate::derived;
use crate::strategies::directory::directory;
use crate::strategies::providers::complete;
use crate::strategies::timestamp;

type Case = (Directory, (Complete, TwilioScope), Timestamp, Timestamp);

/// A directory, what was read, the time of the sync, and the time of a second one.
fn case() -> impl Strategy<Value = Case> {
    let read = directory().prop_flat_map(|directory| {
        let reads = complete(&directory);
        (Just(directory), reads)
    });
    (read, timestamp(), timestamp()).prop_map(|((directory, reads), now, later)| (directory, reads, now, later))
}

/// What binds a number: who answers and calls, and by which shares.
fn binding(assignment: &Assignment) -> impl PartialEq + std::fmt::Debug {
    let Assignment { inbound_agent_id, outbound_agent_id, inbound_agents, outbound_agents, .. } = assignment.clone();
    let sms = (assignment.inbound_sms_agents.clone(), assignment.outbound_sms_agents.clone());
    (inbound_agent_id, outbound_agent_id, inbound_agents, outbound_agents, sms)
}

/// A registry's entry without what one number has in common with itself in every workspace.
fn own_part(entry: &RegistryEntry) -> RegistryEntry {
    let mut entry = entry.clone();
    entry.phone_number_type = phone_dir::model::NumberType::Other;
    entry.provider = phone_dir::model::Provider::Custom;
    entry
}

/// The same answer in other words: lists the other way round, versions and weights as another program writes them,
/// capitals, a slash at an end, empty for null.
fn restated(read: &Complete) -> Complete {
    let mut read = read.clone();
    for number in read.retell.values_mut().flat_map(|workspace| &mut workspace.numbers) {
        let lists = [
            &mut number.settings.inbound_agents,
            &mut number.settings.outbound_agents,
            &mut number.settings.inbound_sms_agents,
        ];
        for list in lists {
            list.reverse();
            for agent in list {
                agent.weight = Weight::new(agent.weight.share() * (1.0 - f64::EPSILON)).unwrap();
                agent.agent_version = match agent.agent_version.take() {
                    Some(AgentVersion::Number(number)) => Some(AgentVersion::Tag(number.to_string().into())),
                    other => other,
                };
            }
        }
        let countries =
            [&mut number.settings.allowed_inbound_country_list, &mut number.settings.allowed_outbound_country_list];
        for list in countries {
            list.reverse();
            for country in list {
                *country = country.to_lowercase();
            }
        }
        number.settings.termination_uri = number.settings.termination_uri.take().map(|host| host.to_uppercase() + ".");
        number.settings.inbound_webhook_url = number
            .settings
            .inbound_webhook_url
            .take()
            .map(|url| url.replace("https://example.com", "HTTPS://Example.COM") + "/");
        number.settings.nickname = number.settings.nickname.take().or_else(|| Some(String::new()));
    }
    read
}

/// Gives every second agent a version, so that versions are said in more than one way too.
fn versioned(mut read: Complete) -> Complete {
    for number in read.retell.values_mut().flat_map(|workspace| &mut workspace.numbers) {
        for (at, agent) in
            number.settings.inbound_agents.iter_mut().chain(&mut number.settings.outbound_agents).enumerate()
        {
            agent.agent_version = (at % 2 == 0).then_some(AgentVersion::Number(3));
        }
    }
    read
}

proptest! {
    // A directory holds whatever the model can: one case tries many things, and is as long in the making.
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_in_other_words_changes_no_byte((before, (read, scope), now, later) in case()) {
        let read = versioned(read);
        let once = reconcile(&before, &read, &scope, now).directory;
        let again = reconcile(&once, &restated(&read), &scope, later);
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        prop_assert_eq!(again.directory, once);
    }

    #[test]
    fn two_spellings_of_one_answer_are_no_difference((before, (read, scope), now, _) in case()) {
        let read = versioned(read);
        let [one, other] = [&read, &restated(&read)].map(|read| reconcile(&before, read, &scope, now).directory);
        prop_assert!(revisions::between(&one, &other).is_empty());
        prop_assert!(drift::between(&one, &other).is_empty() && drift::between(&other, &one).is_empty());
        for name in read.retell.keys() {
            for other_name in read.retell.keys() {
                let between = |directory: &Directory| intent::between(directory, name, other_name).list.len();
                prop_assert_eq!(between(&one), between(&other));
            }
        }
    }

    #[test]
    fn what_comes_in_is_canonical((_, (read, scope), now, _) in case()) {
        let read = restated(&versioned(read));
        let after = reconcile(&Directory::empty(), &read, &scope, now).directory;
        for files in after.workspaces.values() {
            for known in &files.assignments.assignments {
                let lists = [&known.inbound_agents, &known.outbound_agents, &known.inbound_sms_agents];
                for list in lists.into_iter().flatten() {
                    prop_assert_eq!(list, &canonical_agents(list));
                }
            }
            for entry in &files.numbers.numbers {
                for list in [&entry.allowed_inbound_country_list, &entry.allowed_outbound_country_list].into_iter().flatten() {
                    prop_assert_eq!(list, &canonical_countries(list));
                }
                prop_assert_ne!(entry.nickname.as_deref(), Some(""));
            }
        }
    }

    #[test]
    fn a_fallback_that_cannot_be_read_keeps_the_one_that_is_known((before, (mut read, scope), now, _) in case()) {
        for number in read.retell.values_mut().flat_map(|workspace| &mut workspace.numbers) {
            (number.settings.fallback_number, number.has_unread_fallback) = (None, true);
        }
        let after = reconcile(&before, &read, &scope, now).directory;
        for (name, files) in &after.workspaces {
            for entry in &files.numbers.numbers {
                let old = before.workspaces[name].registered(entry.phone_number);
                prop_assert_eq!(entry.fallback_number, old.and_then(|old| old.fallback_number));
            }
        }
    }

    #[test]
    fn a_trunk_that_the_account_does_not_have_sends_calls_nowhere((before, (mut read, _), now, _) in case()) {
        let Some(account) = &mut read.twilio else { return Ok(()) };
        account.trunks.clear();
        let after = reconcile(&before, &read, &TwilioScope::WholeAccount, now).directory;
        for number in &read.twilio.as_ref().unwrap().numbers {
            let config = after.number(number.phone_number).and_then(|entry| entry.sip_config.as_ref());
            prop_assert!(config.is_none_or(|config| config.origination_uri.is_none()), "{config:?}");
        }
    }

    #[test]
    fn what_an_answer_of_twilio_leaves_out_it_does_not_take_away((before, (mut read, scope), now, later) in case()) {
        let once = reconcile(&before, &read, &scope, now).directory;
        for number in read.twilio.iter_mut().flat_map(|account| &mut account.numbers) {
            (number.capabilities, number.number_type) = (None, None);
        }
        let again = reconcile(&once, &read, &scope, later).directory;
        for (number, entry) in &again.master.numbers {
            let old = once.number(*number).unwrap();
            prop_assert_eq!((entry.capabilities, entry.phone_number_type), (old.capabilities, old.phone_number_type));
        }
    }

    #[test]
    fn what_people_wrote_survives((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for (number, entry) in &after.master.numbers {
            if let Some(old) = before.number(*number) {
                prop_assert_eq!((&entry.notes, &entry.tags), (&old.notes, &old.tags));
            }
        }
    }

    #[test]
    fn dates_of_the_first_sight_survive((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for (name, files) in &after.workspaces {
            let old = &before.workspaces[name];
            for entry in &files.numbers.numbers {
                let expected = old.registered(entry.phone_number).map_or(Some(now), |old| old.import_date);
                prop_assert_eq!(entry.import_date, expected);
            }
            for assignment in &files.assignments.assignments {
                let same = old.assignment(assignment.phone_number).filter(|old| binding(old) == binding(assignment));
                if let Some(same) = same {
                    prop_assert_eq!(assignment.assigned_date, same.assigned_date);
                }
            }
        }
    }

    #[test]
    fn what_comes_back_has_its_notes_tags_and_dates_back((before, (read, scope), now, later) in case()) {
        let nothing = before.workspaces.keys().map(|name| (name.clone(), RetellWorkspace::default())).collect();
        let nothing = Complete { twilio: Some(TwilioAccount::default()), retell: nothing };
        let away = reconcile(&before, &nothing, &TwilioScope::WholeAccount, now).directory;
        prop_assert!(away.master.numbers.is_empty());
        let back = reconcile(&away, &read, &scope, later).with_former(&Former::of(&before), &away, later).directory;
        for (number, entry) in &back.master.numbers {
            if let Some(old) = before.number(*number) {
                prop_assert_eq!((&entry.notes, &entry.tags), (&old.notes, &old.tags));
            }
        }
        for (name, files) in &back.workspaces {
            let old = &before.workspaces[name];
            for entry in &files.numbers.numbers {
                let expected = old.registered(entry.phone_number).map_or(Some(later), |old| old.import_date);
                prop_assert_eq!(entry.import_date, expected);
                let binding = &back.master.numbers[&entry.phone_number].workspaces.get(name);
                prop_assert_eq!(binding.map(|binding| binding.import_date), Some(expected));
            }
            for assignment in &files.assignments.assignments {
                let same = old.assignment(assignment.phone_number).filter(|old| old.agent_id == assignment.agent_id);
                prop_assert_eq!(assignment.assigned_date, same.map_or(Some(later), |old| old.assigned_date));
            }
        }
    }

    #[test]
    fn a_number_in_a_spelling_that_is_not_e164_removes_and_clears_nothing((before, (mut read, scope), now, _) in case()) {
        let spelling = |number: &PhoneNumber| format!("{number}\u{200e}");
        let all: Vec<String> = before.master.numbers.keys().map(spelling).collect();
        for workspace in read.retell.values_mut() {
            *workspace = RetellWorkspace { left_out: all.clone(), ..RetellWorkspace::default() };
        }
        if let Some(account) = &mut read.twilio {
            (account.numbers, account.left_out) = (Vec::new(), all);
        }
        let after = reconcile(&before, &read, &scope, now).directory;
        prop_assert!(after.master.numbers.keys().eq(before.master.numbers.keys()));
        for (number, entry) in &after.master.numbers {
            let old = &before.master.numbers[number];
            prop_assert_eq!((&entry.twilio, &entry.capabilities), (&old.twilio, &old.capabilities));
        }
        for (name, old) in &before.workspaces {
            let new = &after.workspaces[name];
            prop_assert_eq!(&new.assignments.assignments, &old.assignments.assignments);
            let own = |entries: &[RegistryEntry]| entries.iter().map(own_part).collect::<Vec<_>>();
            prop_assert_eq!(own(&new.numbers.numbers), own(&old.numbers.numbers));
        }
    }

    #[test]
    fn a_second_run_changes_nothing((before, (read, scope), now, later) in case()) {
        let once = reconcile(&before, &read, &scope, now).directory;
        let twice = reconcile(&once, &read, &scope, later);
        prop_assert!(twice.changes.is_empty(), "{:?}", twice.changes);
        prop_assert_eq!(twice.directory, once);
    }

    #[test]
    fn a_workspace_that_was_not_read_keeps_its_numbers_and_its_bindings((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for (name, old) in before.workspaces.iter().filter(|(name, _)| !read.retell.contains_key(*name)) {
            let new = &after.workspaces[name];
            prop_assert_eq!(&new.assignments, &old.assignments);
            let own = |entries: &[RegistryEntry]| entries.iter().map(own_part).collect::<Vec<_>>();
            prop_assert_eq!(own(&new.numbers.numbers), own(&old.numbers.numbers));
            for entry in &old.numbers.numbers {
                let number = after.number(entry.phone_number);
                prop_assert!(number.is_some_and(|number| number.workspaces.contains_key(name)), "{}", entry.phone_number);
            }
        }
    }

    #[test]
    fn without_twilios_answer_nothing_of_twilio_changes((before, (mut read, scope), now, _) in case()) {
        read.twilio = None;
        let after = reconcile(&before, &read, &scope, now).directory;
        prop_assert_eq!(&after.trunks, &before.trunks);
        for (number, entry) in &after.master.numbers {
            if let Some(old) = before.number(*number) {
                prop_assert_eq!((&entry.twilio, &entry.capabilities), (&old.twilio, &old.capabilities));
            }
        }
    }

    #[test]
    fn where_nothing_was_read_nothing_changes(before in directory(), now in timestamp()) {
        let run = reconcile(&before, &Complete::default(), &TwilioScope::WholeAccount, now);
        prop_assert!(run.changes.is_empty());
        prop_assert_eq!(run.directory, before);
    }

    #[test]
    fn everything_derived_is_right_afterwards((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        prop_assert_eq!(derived::mistakes(&before), [] as [String; 0], "before");
        prop_assert_eq!(derived::mistakes(&after), [] as [String; 0]);
    }

    #[test]
    fn each_setting_of_a_number_is_what_retell_says((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for (name, number) in read.retell.iter().flat_map(|(name, read)| read.numbers.iter().map(move |it| (name, it))) {
            let live = &number.settings;
            let written = Settings::of_directory(&after, name, number.phone_number).expect("it was read");
            let is_read = |setting: &&Setting| !(number.has_unread_fallback && **setting == Setting::FallbackNumber);
            for setting in Setting::ALL.iter().filter(is_read) {
                prop_assert!(written.agrees(live, *setting), "{setting:?}: {written:?}, and Retell has {live:?}");
            }
            // What Retell does not say any more was said before.
            let entry = after.workspaces[name].registered(number.phone_number).expect("it was read");
            let old = before.workspaces[name].registered(number.phone_number).and_then(|old| old.last_modified);
            prop_assert_eq!(entry.last_modified, number.last_modified.or(old));
        }
    }

    #[test]
    fn a_number_leaves_the_directory_when_nobody_has_it_and_those_who_had_it_were_asked((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for number in before.master.numbers.keys() {
            let registered_in = |directory: &Directory| {
                let names = directory.workspaces.iter().filter(|(_, files)| files.registered(*number).is_some());
                names.map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            let in_twilio = match (&read.twilio, &scope) {
                (Some(account), TwilioScope::WholeAccount) => account.numbers.iter().any(|it| it.phone_number == *number),
                (Some(account), TwilioScope::RegisteredIn(name)) if registered_in(&after).contains(name) => {
                    account.numbers.iter().any(|it| it.phone_number == *number)
                }
                _ => before.number(*number).is_some_and(|entry| entry.twilio.is_some()),
            };
            let whole = read.twilio.is_some() && scope == TwilioScope::WholeAccount;
            let asked = whole || registered_in(&before).iter().any(|name| read.retell.contains_key(name));
            let gone = registered_in(&after).is_empty() && !in_twilio && asked;
            prop_assert_eq!(after.number(*number).is_none(), gone, "{}", number);
            if let Some(entry) = after.number(*number) {
                prop_assert_eq!(entry.twilio.is_some(), in_twilio, "{}", number);
            }
        }
    }

    #[test]
    fn a_workspace_that_was_read_has_the_numbers_that_were_read((before, (read, scope), now, _) in case()) {
        let after = reconcile(&before, &read, &scope, now).directory;
        for (name, workspace) in &read.retell {
            let read: Vec<_> = workspace.numbers.iter().map(|number| number.phone_number).collect();
            let written: Vec<_> = after.workspaces[name].numbers.numbers.iter().map(|entry| entry.phone_number).collect();
            prop_assert_eq!(&written, &read);
        }
    }
}
