//! Decisions about conflicts, on a project of two numbers: what one decides in a file, what follows in the other files of
//! the number, and what the files repeat of each other afterwards. Every file is compared whole.

use std::collections::{BTreeMap, BTreeSet};

use phone_dir::merge::propagation::{self, Decided, Texts};
use phone_dir::merge::resolution::{Resolved, Selection, resolve};
use phone_dir::merge::text::{self, Labels};
use phone_dir::merge::{Side, copies};
use phone_dir::model::directory::Reading;
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, Directory, NumberType, PhoneNumber, Provider, canonical};
use serde::Serialize;

use crate::validate::project::*;

/// A healthy project's directory after a change, with everything that follows from it.
fn after(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut project = Project::healthy();
    pools(&mut project, &[(FIRST, member(&serde_json::json!({"state": "reserved"})))]);
    project.change(change);
    Reading::of(&project.files).directory
}

fn shown<T: Serialize>(ours: &T, theirs: &T) -> String {
    let value = |file| serde_json::to_value(file).unwrap();
    text::write(&value(ours), &value(theirs), &Labels::new("main", "topic", 9))
}

fn decided(kind: &FileKind, text: &str, selection: Selection, side: Side) -> Resolved {
    resolve(kind, text, selection, side, &AgentFolders::default()).unwrap()
}

fn numbers<const N: usize>(texts: [&str; N]) -> BTreeSet<PhoneNumber> {
    texts.into_iter().map(number).collect()
}

/// What a resolution says of the file beside its text: changed, what remains, whether the file's own fields do, in or out.
fn said(resolved: &Resolved) -> (bool, BTreeSet<PhoneNumber>, bool, BTreeSet<PhoneNumber>) {
    let is_done = resolved.remaining.is_empty() && !resolved.file_in_conflict;
    assert_eq!(resolved.is_done(), is_done);
    (resolved.changed, resolved.remaining.clone(), resolved.file_in_conflict, resolved.in_or_out.clone())
}

/// A file of which one side changed both numbers, and the other changed the first and took the second out.
struct Divided<T> {
    kind: FileKind,
    ours: T,
    theirs: T,
    /// Our file without the second number, and with their first one.
    without_second: T,
    with_their_first: T,
    /// Their file as it is shown where its counts are those of ours; then with our first number, and with our second.
    theirs_counted: [T; 2],
    theirs_with_our_first: T,
    theirs_with_our_second: T,
}

impl<T: Serialize> Divided<T> {
    fn check(&self) {
        let text = shown(&self.ours, &self.theirs);
        let one = |text: &str, side| {
            decided(&self.kind, &shown(&self.ours, &self.theirs), Selection::Number(number(text)), side)
        };
        let none = numbers([]);

        let all = decided(&self.kind, &text, Selection::All, Side::Ours);
        assert_eq!(all.text, canonical::to_text(&self.ours));
        assert_eq!(said(&all), (true, none.clone(), false, numbers([SECOND])));
        let all = decided(&self.kind, &text, Selection::All, Side::Theirs);
        assert_eq!(all.text, canonical::to_text(&self.theirs));
        assert_eq!(said(&all), (true, none.clone(), false, numbers([SECOND])));

        let first = one(FIRST, Side::Ours);
        assert_eq!(first.text, shown(&self.ours, &self.theirs_with_our_first));
        assert_eq!(said(&first), (true, numbers([SECOND]), false, none.clone()));
        let first = one(FIRST, Side::Theirs);
        assert_eq!(first.text, shown(&self.with_their_first, &self.theirs_counted[0]));
        assert_eq!(said(&first), (true, numbers([SECOND]), false, none.clone()));

        let second = one(SECOND, Side::Ours);
        assert_eq!(second.text, shown(&self.ours, &self.theirs_with_our_second));
        assert_eq!(said(&second), (true, numbers([FIRST]), false, numbers([SECOND])));
        let second = one(SECOND, Side::Theirs);
        assert_eq!(second.text, shown(&self.without_second, &self.theirs_counted[1]));
        assert_eq!(said(&second), (true, numbers([FIRST]), false, numbers([SECOND])));

        let other = one("+14155550199", Side::Ours);
        assert_eq!(said(&other), (false, numbers([FIRST, SECOND]), false, none));
    }
}

#[test]
fn conflicts_of_a_registry_are_decided_number_by_number() {
    let file = |change: fn(&mut Directory)| after(change).workspaces[&name("staging")].numbers.clone();
    let nick = |directory: &mut Directory, text, nickname: &str| {
        registry(directory, "staging", text).nickname = Some(nickname.to_owned());
    };
    let ours = file(|directory| {
        registry(directory, "staging", FIRST).nickname = Some("Ours".to_owned());
        registry(directory, "staging", SECOND).nickname = Some("Ours".to_owned());
    });
    let theirs = file(|directory| {
        registry(directory, "staging", FIRST).nickname = Some("Theirs".to_owned());
        leave(directory, "staging", SECOND);
    });
    let of = |change: &dyn Fn(&mut Directory)| after(change).workspaces[&name("staging")].numbers.clone();
    let without_second = of(&|directory| {
        nick(directory, FIRST, "Ours");
        leave(directory, "staging", SECOND);
    });
    let with_their_first = of(&|directory| {
        nick(directory, FIRST, "Theirs");
        nick(directory, SECOND, "Ours");
    });
    let counted = |like: &phone_dir::model::NumbersFile, entries: &[&phone_dir::model::RegistryEntry]| {
        let numbers = entries.iter().map(|entry| (*entry).clone()).collect();
        phone_dir::model::NumbersFile { numbers, ..like.clone() }
    };
    let theirs_counted = [&ours, &without_second].map(|like| counted(like, &[&theirs.numbers[0]]));
    Divided {
        kind: FileKind::Numbers(name("staging")),
        theirs_with_our_first: counted(&ours, &[&ours.numbers[0]]),
        theirs_with_our_second: counted(&ours, &[&theirs.numbers[0], &ours.numbers[1]]),
        theirs_counted,
        without_second,
        with_their_first,
        ours,
        theirs,
    }
    .check();
}

#[test]
fn conflicts_of_pools_are_decided_number_by_number_and_nothing_follows_from_them() {
    let file = |members: &[(&str, &str)]| {
        let mut project = Project::healthy();
        let state = |reason: &str| member(&serde_json::json!({"state": "reserved", "reason": reason}));
        let members: Vec<_> = members.iter().map(|(text, reason)| (*text, state(reason))).collect();
        pools(&mut project, &members);
        Reading::of(&project.files).directory.pools.unwrap()
    };
    let theirs = file(&[(FIRST, "theirs")]);
    Divided {
        kind: FileKind::Pools,
        ours: file(&[(FIRST, "ours"), (SECOND, "ours")]),
        without_second: file(&[(FIRST, "ours")]),
        with_their_first: file(&[(FIRST, "theirs"), (SECOND, "ours")]),
        theirs_counted: [theirs.clone(), theirs.clone()],
        theirs_with_our_first: file(&[(FIRST, "ours")]),
        theirs_with_our_second: file(&[(FIRST, "theirs"), (SECOND, "ours")]),
        theirs,
    }
    .check();
}

#[test]
fn conflicts_of_assignments_are_decided_number_by_number_and_the_index_follows_our_view() {
    let of = |change: &dyn Fn(&mut Directory)| after(change).workspaces[&name("staging")].assignments.clone();
    let to = |directory: &mut Directory, text, agent: &str| {
        rebind(directory, "staging", text, Some(&format!("agents/{agent}")), &id(agent, "staging"));
    };
    let ours = of(&|directory| to(directory, FIRST, "sales"));
    let theirs = of(&|directory| {
        assigned(directory, "staging", FIRST).assigned_date = None;
        leave(directory, "staging", SECOND);
    });
    let like = |of: &phone_dir::model::AssignmentsFile, entries: &[&phone_dir::model::Assignment]| {
        let assignments = entries.iter().map(|entry| (*entry).clone()).collect();
        phone_dir::model::AssignmentsFile { assignments, ..of.clone() }
    };
    let without_second = of(&|directory| {
        to(directory, FIRST, "sales");
        leave(directory, "staging", SECOND);
    });
    let with_their_first = of(&|directory| assigned(directory, "staging", FIRST).assigned_date = None);
    Divided {
        kind: FileKind::Assignments(name("staging")),
        theirs_counted: [&with_their_first, &without_second].map(|of| like(of, &[&theirs.assignments[0]])),
        theirs_with_our_first: like(&ours, &[&ours.assignments[0]]),
        theirs_with_our_second: like(&ours, &[&theirs.assignments[0], &ours.assignments[1]]),
        without_second,
        with_their_first,
        ours,
        theirs,
    }
    .check();
}

#[test]
fn conflicts_of_the_directory_are_decided_number_by_number_and_its_counts_follow_our_view() {
    let of = |change: &dyn Fn(&mut Directory)| after(change).master;
    let note = |directory: &mut Directory, text, note: &str| master(directory, text).notes = note.to_owned();
    let release = |directory: &mut Directory| {
        for workspace in ["staging", "production"] {
            leave(directory, workspace, SECOND);
        }
        directory.master.numbers.remove(&number(SECOND));
    };
    let ours = of(&|directory| {
        note(directory, FIRST, "ours");
        note(directory, SECOND, "ours");
    });
    let theirs = of(&|directory| {
        note(directory, FIRST, "theirs");
        release(directory);
    });
    let counted = |like: &phone_dir::model::MasterFile, entries: &[&phone_dir::model::NumberEntry]| {
        let numbers = entries.iter().map(|entry| (entry.phone_number, (*entry).clone())).collect();
        phone_dir::model::MasterFile { numbers, ..like.clone() }
    };
    let without_second = of(&|directory| {
        note(directory, FIRST, "ours");
        release(directory);
    });
    let [first, second] = [FIRST, SECOND].map(|text| &ours.numbers[&number(text)]);
    let their_first = &theirs.numbers[&number(FIRST)];
    let divided = Divided {
        kind: FileKind::Master,
        with_their_first: counted(&ours, &[their_first, second]),
        theirs_counted: [&ours, &without_second].map(|like| counted(like, &[their_first])),
        theirs_with_our_first: counted(&ours, &[first]),
        theirs_with_our_second: counted(&ours, &[their_first, second]),
        without_second,
        theirs: theirs.clone(),
        ours: ours.clone(),
    };
    divided.check();

    // What is of the file itself is decided with everything, and by no number.
    let mut renamed = ours.clone();
    renamed.schema = Some("other.json".to_owned());
    let text = shown(&ours, &renamed);
    let first = decided(&FileKind::Master, &text, Selection::Number(number(FIRST)), Side::Ours);
    assert_eq!((first.text.as_str(), said(&first)), (text.as_str(), (false, numbers([]), true, numbers([]))));
    let all = decided(&FileKind::Master, &text, Selection::All, Side::Theirs);
    assert_eq!((all.text.as_str(), said(&all).0), (canonical::to_text(&renamed).as_str(), true));
}

#[test]
fn a_file_that_is_not_merged_by_number_or_whose_markers_do_not_pair_up_is_not_decided() {
    let folders = AgentFolders::default();
    let error = |kind: &FileKind, text: &str| {
        resolve(kind, text, Selection::All, Side::Ours, &folders).unwrap_err().to_string()
    };
    assert_eq!(error(&FileKind::Trunks, "{}"), "files of this kind are not merged by number");
    assert_eq!(error(&FileKind::Master, "<<<<<<< a\n{}\n"), "its conflict markers do not pair up");
    let halves = "<<<<<<< a\n=======\n{\n>>>>>>> b\n{}\n";
    assert!(error(&FileKind::Pools, halves).starts_with("the file with `ours` at every marker is not valid at line 1"));
}

/// The files of a project, as git left them.
fn texts(directory: &Directory) -> Texts {
    directory.to_files().into_iter().collect()
}

/// What changes in the files once these decisions are made for a side that has this directory.
fn propagation(files: &Texts, decisions: &[(FileKind, &str)], chosen: &Directory) -> Texts {
    let mut all = Decided::default();
    assert!(all.is_empty());
    for (kind, text) in decisions {
        all.add(kind, &numbers([text]));
        assert!(!all.is_empty());
    }
    propagation::changed(files, &all, chosen, &chosen.agents).unwrap()
}

/// The files of one directory that differ from another's.
fn different(from: &Directory, to: &Directory) -> Texts {
    let before = texts(from);
    texts(to).into_iter().filter(|(path, text)| before.get(path) != Some(text)).collect()
}

#[test]
fn a_number_that_left_a_workspace_leaves_and_comes_back_in_all_files_of_that_workspace() {
    let (whole, left) = (after(|_| {}), after(|directory| leave(directory, "staging", FIRST)));
    for kind in [FileKind::Numbers(name("staging")), FileKind::Assignments(name("staging"))] {
        let decision = [(kind, FIRST)];
        let taken_out = propagation(&texts(&whole), &decision, &left);
        assert_eq!(taken_out, different(&whole, &left));
        assert_eq!(taken_out.keys().collect::<Vec<_>>(), [MASTER, STAGING, STAGING_NUMBERS]);
        let put_back = propagation(&texts(&left), &decision, &whole);
        assert_eq!(put_back, different(&left, &whole));
        assert_eq!(propagation(&texts(&whole), &decision, &whole), Texts::new());
        assert_eq!(propagation(&texts(&left), &decision, &left), Texts::new());
    }
}

#[test]
fn a_released_number_leaves_and_comes_back_in_every_workspace() {
    let whole = after(|_| {});
    let released = after(|directory| {
        for workspace in ["staging", "production"] {
            leave(directory, workspace, FIRST);
        }
        directory.master.numbers.remove(&number(FIRST));
    });
    let every = [MASTER, PRODUCTION, PRODUCTION_NUMBERS, STAGING, STAGING_NUMBERS];
    let taken_out = propagation(&texts(&whole), &[(FileKind::Master, FIRST)], &released);
    assert_eq!(taken_out, different(&whole, &released));
    assert_eq!(taken_out.keys().collect::<Vec<_>>(), every);
    // Decided in one file of a workspace, it comes back to all that it was in, since the other side released it.
    for kind in [FileKind::Master, FileKind::Numbers(name("staging")), FileKind::Assignments(name("production"))] {
        let put_back = propagation(&texts(&released), &[(kind, FIRST)], &whole);
        assert_eq!(put_back, different(&released, &whole));
    }
    // A workspace that only the files have loses it too.
    let mut without = released.clone();
    without.workspaces.remove(&name("production"));
    let taken_out = propagation(&texts(&whole), &[(FileKind::Master, FIRST)], &without);
    assert_eq!(taken_out, different(&whole, &released));
    // A side that does not have the number in `directory.json` brings nothing back there.
    let decision = [(FileKind::Numbers(name("staging")), SECOND)];
    assert_eq!(propagation(&texts(&released), &decision, &whole), Texts::new());
}

#[test]
fn a_number_that_is_there_keeps_what_was_merged_into_it_and_other_numbers_are_left_alone() {
    let whole = after(|_| {});
    let edited = after(|directory| {
        registry(directory, "staging", FIRST).nickname = Some("Front desk".to_owned());
        master(directory, FIRST).notes = "merged".to_owned();
        leave(directory, "staging", SECOND);
    });
    let decision = [(FileKind::Numbers(name("staging")), FIRST)];
    assert_eq!(propagation(&texts(&edited), &decision, &whole), Texts::new());
    assert_eq!(propagation(&texts(&edited), &[(FileKind::Master, FIRST)], &whole), Texts::new());
    let both = [(FileKind::Numbers(name("staging")), FIRST), (FileKind::Assignments(name("staging")), SECOND)];
    let expected = after(|directory| {
        registry(directory, "staging", FIRST).nickname = Some("Front desk".to_owned());
        master(directory, FIRST).notes = "merged".to_owned();
    });
    assert_eq!(propagation(&texts(&edited), &both, &whole), different(&edited, &expected));
}

#[test]
fn what_is_in_a_pool_is_in_no_other_file_for_it() {
    let mut decided = Decided::default();
    decided.add(&FileKind::Pools, &numbers([FIRST]));
    assert!(decided.is_empty());
    decided.add(&FileKind::Master, &numbers([]));
    assert!(decided.is_empty());
}

#[test]
fn a_file_with_markers_changes_on_both_sides_of_them() {
    let (whole, left) = (after(|_| {}), after(|directory| leave(directory, "staging", FIRST)));
    let noted = |directory: &Directory, note: &str| {
        let mut file = directory.master.clone();
        file.numbers.get_mut(&number(SECOND)).unwrap().notes = note.to_owned();
        file
    };
    let mut files = texts(&whole);
    files.insert(MASTER.to_owned(), shown(&noted(&whole, "ours"), &noted(&whole, "theirs")));
    let found = propagation(&files, &[(FileKind::Numbers(name("staging")), FIRST)], &left);
    assert_eq!(found[MASTER], shown(&noted(&left, "ours"), &noted(&left, "theirs")));
    // The number itself is on one side of the markers only: it was released there, and comes back.
    let mut without = whole.master.clone();
    without.numbers.remove(&number(FIRST));
    for (ours, theirs) in [(&whole.master, &without), (&without, &whole.master)] {
        files.insert(MASTER.to_owned(), shown(ours, theirs));
        let found = propagation(&files, &[(FileKind::Numbers(name("staging")), FIRST)], &whole);
        assert_eq!(found, BTreeMap::from([(MASTER.to_owned(), canonical::to_text(&whole.master))]));
    }
    files.insert(MASTER.to_owned(), "<<<<<<< a\n".to_owned());
    let mut decided = Decided::default();
    decided.add(&FileKind::Master, &numbers([FIRST]));
    assert!(propagation::changed(&files, &decided, &whole, &whole.agents).is_err());
}

/// Checks what agreeing makes of a directory that was changed without its copies.
fn agrees(tamper: impl FnOnce(&mut Directory), expected: impl FnOnce(&mut Directory)) {
    let (mut tampered, mut right) = (after(|_| {}), after(|_| {}));
    tamper(&mut tampered);
    expected(&mut right);
    copies::agree(&mut tampered);
    assert_eq!(texts(&tampered), texts(&right));
}

#[test]
fn the_copies_of_a_number_follow_the_file_that_says_most() {
    agrees(|_| {}, |_| {});
    // The binding follows `assignments.json`, field by field, and its absence too.
    agrees(
        |directory| {
            let entry = binding(directory, "staging", FIRST);
            (entry.agent_path, entry.agent_id, entry.assignment_type) = (None, None, None);
        },
        |_| {},
    );
    agrees(
        |directory| {
            let files = directory.workspaces.get_mut(&name("staging")).unwrap();
            files.assignments.assignments.retain(|entry| entry.phone_number != number(FIRST));
        },
        |directory| unassign(directory, "staging", FIRST),
    );
    // The day of the import is the registry's.
    let day = || Some(time("2025-01-01T00:00:00Z"));
    agrees(
        |directory| registry(directory, "staging", FIRST).import_date = day(),
        |directory| {
            registry(directory, "staging", FIRST).import_date = day();
            binding(directory, "staging", FIRST).import_date = day();
        },
    );
    // Type and provider are those of `directory.json`, in each workspace.
    let describe = |directory: &mut Directory| {
        let entry = master(directory, FIRST);
        (entry.phone_number_type, entry.provider) = (NumberType::Mobile, Provider::Custom);
    };
    agrees(describe, |directory| {
        describe(directory);
        for workspace in ["staging", "production"] {
            let entry = registry(directory, workspace, FIRST);
            (entry.phone_number_type, entry.provider) = (NumberType::Mobile, Provider::Custom);
        }
    });
    // Lists come into order.
    agrees(|directory| directory.workspaces.get_mut(&name("staging")).unwrap().numbers.numbers.reverse(), |_| {});
}

#[test]
fn what_no_workspace_has_is_left_as_it_is() {
    let aside = |directory: &mut Directory| binding(directory, "staging", FIRST).imported = false;
    agrees(
        |directory| {
            aside(directory);
            assigned(directory, "staging", FIRST).agent_id = Some(agent_id("agent_other"));
        },
        |directory| {
            aside(directory);
            assigned(directory, "staging", FIRST).agent_id = Some(agent_id("agent_other"));
        },
    );
    let without = |directory: &mut Directory| drop(directory.workspaces.remove(&name("staging")));
    agrees(without, without);
    let unregistered = |directory: &mut Directory| {
        directory.workspaces.get_mut(&name("staging")).unwrap().numbers.numbers.remove(0);
    };
    agrees(unregistered, unregistered);
    let unknown = |directory: &mut Directory| drop(directory.master.numbers.remove(&number(FIRST)));
    agrees(unknown, unknown);
}

#[test]
fn the_termination_uri_is_that_of_a_workspace_unless_one_has_it_already() {
    let uri = |directory: &Directory| {
        let entry = &directory.master.numbers[&number(FIRST)];
        entry.sip_config.as_ref().and_then(|config| config.termination_uri.clone())
    };
    let agreed = |written: Option<&str>, staging: Option<&str>, production: Option<&str>| {
        let mut directory = after(|_| {});
        master(&mut directory, FIRST).sip_config.as_mut().unwrap().termination_uri = written.map(str::to_owned);
        registry(&mut directory, "staging", FIRST).termination_uri = staging.map(str::to_owned);
        registry(&mut directory, "production", FIRST).termination_uri = production.map(str::to_owned);
        copies::agree(&mut directory);
        uri(&directory)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(agreed(Some("a"), Some("b"), Some("a")), some("a"));
    assert_eq!(agreed(Some("a"), Some("a"), Some("b")), some("a"));
    assert_eq!(agreed(Some("a"), Some("b"), Some("c")), some("b")); // staging stands first
    assert_eq!(agreed(Some("a"), Some("b"), None), some("b"));
    assert_eq!(agreed(Some("a"), None, None), some("a"));
    assert_eq!(agreed(None, Some("b"), Some("b")), None);
    // A workspace that the number is not in has no say.
    let mut directory = after(|_| {});
    for workspace in ["staging", "production"] {
        registry(&mut directory, workspace, FIRST).termination_uri = some("b");
        master(&mut directory, FIRST).workspaces.remove(&name(workspace));
    }
    copies::agree(&mut directory);
    assert_eq!(uri(&directory), some("mytrunk.pstn.twilio.com"));
}
