//! Three versions of small values written by hand, each merged in both directions: exchanging the sides exchanges the
//! views, and nothing else.

use serde_json::{Value, json};

use super::*;

/// Both views, and each disagreement as its path and its two values.
type Outcome = (Option<Value>, Option<Value>, Vec<(String, Option<Value>, Option<Value>)>);

fn one_way(base: Option<&Value>, ours: Option<&Value>, theirs: Option<&Value>, path: &str) -> Outcome {
    let mut path: Vec<String> = path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let (before, mut found) = (path.clone(), Vec::new());
    let views = merge(Versions { base, ours, theirs }, &mut path, &mut found);
    assert_eq!(path, before, "the path is given back as it was");
    let found = found.into_iter().map(|it| (it.path.join("/"), it.ours, it.theirs)).collect();
    (views.ours, views.theirs, found)
}

fn merged(base: Option<&Value>, ours: Option<&Value>, theirs: Option<&Value>, path: &str) -> Outcome {
    let outcome = one_way(base, ours, theirs, path);
    let (view, other, found) = one_way(base, theirs, ours, path);
    let found = found.into_iter().map(|(path, ours, theirs)| (path, theirs, ours)).collect();
    assert_eq!((other, view, found), outcome, "{base:?} {ours:?} {theirs:?}");
    outcome
}

/// The value that both sides agree on after the merge of a field.
fn agreed(field: &str, base: &Value, ours: &Value, theirs: &Value) -> Value {
    let (view, other, found) = merged(Some(base), Some(ours), Some(theirs), field);
    assert_eq!((&view, found), (&other, Vec::new()), "{field}: {base} {ours} {theirs}");
    view.unwrap()
}

fn is_conflict(field: &str, base: Option<&Value>, ours: Option<&Value>, theirs: Option<&Value>) {
    let conflict = (field.to_owned(), ours.cloned(), theirs.cloned());
    assert_eq!(
        merged(base, ours, theirs, field),
        (ours.cloned(), theirs.cloned(), vec![conflict]),
        "{field}: {base:?} {ours:?} {theirs:?}"
    );
}

#[test]
fn what_one_side_left_alone_is_the_others_and_a_removal_counts_as_a_change() {
    let (old, new, other) = (json!("old"), json!("new"), json!("other"));
    let values = [None, Some(&old), Some(&new)];
    for base in values {
        for side in values {
            let outcome = (side.cloned(), side.cloned(), Vec::new());
            assert_eq!(merged(base, base, side, "notes"), outcome);
            assert_eq!(merged(base, side, side, "notes"), outcome);
        }
    }
    is_conflict("notes", Some(&old), Some(&new), Some(&other));
    is_conflict("notes", Some(&old), None, Some(&new));
    is_conflict("notes", None, Some(&old), Some(&new));
    is_conflict("", Some(&old), Some(&new), Some(&other));
}

#[test]
fn members_merge_each_on_its_own_and_a_conflict_names_the_way_to_it() {
    let base = json!({"a": 1, "b": {"x": 1, "y": 1}, "gone": 1, "c": 1});
    let ours = json!({"a": 2, "b": {"x": 2, "y": 1, "new": 1}, "gone": 1, "c": 2});
    let theirs = json!({"a": 1, "b": {"x": 3, "y": 2}, "c": 3, "added": 1});
    let expected = |x: u8, c: u8| Some(json!({"a": 2, "b": {"x": x, "y": 2, "new": 1}, "c": c, "added": 1}));
    let conflict = |path: &str, ours: u8, theirs: u8| (path.to_owned(), Some(json!(ours)), Some(json!(theirs)));
    assert_eq!(
        merged(Some(&base), Some(&ours), Some(&theirs), "top"),
        (expected(2, 2), expected(3, 3), vec![conflict("top/b/x", 2, 3), conflict("top/c", 2, 3)])
    );
}

#[test]
fn objects_are_taken_apart_where_the_base_is_an_object_or_nothing_and_not_otherwise() {
    let (ours, theirs) = (json!({"a": 1}), json!({"b": 2}));
    let both = Some(json!({"a": 1, "b": 2}));
    for base in [None, Some(json!(null)), Some(json!({}))] {
        assert_eq!(
            merged(base.as_ref(), Some(&ours), Some(&theirs), "twilio"),
            (both.clone(), both.clone(), Vec::new())
        );
    }
    is_conflict("twilio", Some(&json!("text")), Some(&ours), Some(&theirs));
    is_conflict("twilio", Some(&json!({"a": 0})), Some(&ours), Some(&json!(null)));
    is_conflict("twilio", Some(&json!({"a": 0})), Some(&ours), None);
}

#[test]
fn times_follow_their_rule_whatever_else_would_be_a_conflict() {
    let (first, second, third) = (json!("2025-01-01"), json!("2025-01-02"), json!("2025-01-03"));
    let newest = ["last_updated", "last_sync", "last_modified", "phone_number_pretty", "area_code", "country_code"];
    for field in newest {
        assert_eq!(agreed(field, &first, &second, &third), third, "{field}");
        assert_eq!(agreed(field, &third, &first, &second), second, "{field}");
        assert_eq!(agreed(field, &first, &json!(null), &second), second, "{field}");
        assert_eq!(merged(None, Some(&first), Some(&second), field).0, Some(second.clone()), "{field}");
    }
    for field in ["import_date", "assigned_date", "since"] {
        assert_eq!(agreed(field, &first, &second, &third), second, "{field}");
        assert_eq!(agreed(field, &third, &first, &second), first, "{field}");
        assert_eq!(agreed(field, &first, &json!(null), &second), second, "{field}");
    }
    for field in newest.into_iter().chain(["import_date", "assigned_date", "since"]) {
        is_conflict(field, Some(&first), None, Some(&second));
        is_conflict(field, Some(&first), Some(&json!(1)), Some(&second));
        is_conflict(field, Some(&first), Some(&json!(null)), Some(&json!(1)));
    }
    for field in ["next_sync", "date_created", "notes", "import_method"] {
        is_conflict(field, Some(&first), Some(&second), Some(&third));
    }
}

#[test]
fn tags_are_a_set_with_the_additions_and_removals_of_both() {
    let cases = [
        (json!(["a", "b"]), json!(["a", "b", "d"]), json!(["a", "b", "c"]), json!(["a", "b", "c", "d"])),
        (json!(["a", "b"]), json!(["b"]), json!(["a"]), json!([])),
        (json!(["b", "a"]), json!(["b", "a", "x"]), json!(["a"]), json!(["a", "x"])),
        (json!(["z", "a"]), json!(["a", "z", "m"]), json!(["z", "a", "m", "k"]), json!(["z", "a", "k", "m"])),
        (json!(["a", "a"]), json!(["a", "a", "b"]), json!(["a", "a", "c"]), json!(["a", "b", "c"])),
        (json!([]), json!(["b", "a"]), json!(["a"]), json!(["a", "b"])),
    ];
    for (base, ours, theirs, expected) in cases {
        assert_eq!(agreed("tags", &base, &ours, &theirs), expected, "{base} {ours} {theirs}");
    }
    assert_eq!(merged(None, Some(&json!(["b"])), Some(&json!(["a"])), "tags").0, Some(json!(["a", "b"])));
    assert_eq!(agreed("tags", &json!("none"), &json!(["b"]), &json!(["a"])), json!(["a", "b"]));
    is_conflict("tags", Some(&json!([])), Some(&json!("a")), Some(&json!(["b"])));
    is_conflict("accepts", Some(&json!(["c"])), Some(&json!(["a"])), Some(&json!(["b"])));
}

#[test]
fn an_added_number_is_assigned_where_either_side_says_so() {
    let [yes, no] = [json!(true), json!(false)];
    assert_eq!(merged(None, Some(&yes), Some(&no), "assigned").0, Some(json!(true)));
    assert_eq!(agreed("assigned", &json!(null), &no, &yes), yes);
    is_conflict("assigned", None, Some(&json!("yes")), Some(&no));
}

/// A weighted list of agents.
fn shares(list: &[(&str, f64)]) -> Value {
    list.iter().map(|(id, weight)| json!({"agent_id": id, "weight": weight})).collect()
}

#[test]
fn what_only_says_the_same_in_other_words_gives_way_to_what_says_something_new() {
    let base = shares(&[("a", 0.6), ("b", 0.4)]);
    let turned = shares(&[("b", 0.4), ("a", 0.6)]);
    let new = shares(&[("a", 0.5), ("b", 0.3), ("c", 0.2)]);
    let newer = shares(&[("a", 0.9), ("c", 0.1)]);
    assert_eq!(agreed("inbound_sms_agents", &base, &turned, &new), new);
    is_conflict("inbound_sms_agents", Some(&base), Some(&new), Some(&newer));
    // Both mean the same and neither what the base says: the same one is left, whichever side it is on.
    let [one, other] = [shares(&[("c", 0.4), ("a", 0.6)]), shares(&[("a", 0.6), ("c", 0.4)])];
    assert_eq!(agreed("inbound_sms_agents", &base, &one, &other), other);
    // Both mean the base.
    let third = shares(&[("a", 0.600_000_000_000_000_1), ("b", 0.4)]);
    assert_eq!(agreed("inbound_sms_agents", &base, &turned, &third), third);
    // Without a base, or with one that is gone, there is nothing that both could have left as it was.
    assert_eq!(merged(None, Some(&one), Some(&other), "inbound_sms_agents").0, Some(other.clone()));
    is_conflict("inbound_sms_agents", None, Some(&base), Some(&new));
    // Equal halves: which agent stands first decides who stands for all.
    let halves = [shares(&[("a", 0.5), ("b", 0.5)]), shares(&[("b", 0.5), ("a", 0.5)])];
    is_conflict("inbound_sms_agents", Some(&base), Some(&halves[0]), Some(&halves[1]));
    assert_eq!(agreed("nickname", &json!(null), &json!(""), &json!("A line")), json!("A line"));
}

fn binding(agent: &str) -> Value {
    json!({"agent_path": format!("agents/{agent}"), "agent_id": agent, "assignment_type": "inbound-only", "extra": 1})
}

#[test]
fn who_answers_is_one_conflict_and_the_rest_of_the_entry_merges() {
    let (base, mut ours, mut theirs) = (binding("a"), binding("b"), binding("c"));
    ours["extra"] = json!(2);
    theirs["note"] = json!("theirs");
    let part = |agent: &str| {
        let mut part = binding(agent);
        part.as_object_mut().unwrap().remove("extra");
        part
    };
    let view = |agent: &str| {
        let mut view = binding(agent);
        (view["extra"], view["note"]) = (json!(2), json!("theirs"));
        view
    };
    assert_eq!(
        merged(Some(&base), Some(&ours), Some(&theirs), "entry"),
        (Some(view("b")), Some(view("c")), vec![("entry/binding".to_owned(), Some(part("b")), Some(part("c")))])
    );
    // One side's binding, the other side's rest.
    let mut rest = binding("a");
    rest["extra"] = json!(3);
    let mut expected = binding("b");
    expected["extra"] = json!(3);
    let outcome = merged(Some(&base), Some(&binding("b")), Some(&rest), "entry");
    assert_eq!(outcome, (Some(expected.clone()), Some(expected), Vec::new()));
}

#[test]
fn an_object_without_a_binding_on_both_sides_merges_its_fields_one_by_one() {
    let (base, ours) = (json!({"agent_id": "a", "agent_path": "x"}), json!({"agent_id": "b", "agent_path": "x"}));
    let theirs = json!({"agent_id": "a", "agent_path": "y", "assignment_type": "inbound-only"});
    let expected = Some(json!({"agent_id": "b", "agent_path": "y", "assignment_type": "inbound-only"}));
    assert_eq!(merged(Some(&base), Some(&ours), Some(&theirs), ""), (expected.clone(), expected, Vec::new()));
}

#[test]
fn records_are_merged_beside_the_other_fields_in_both_views() {
    let record = |was: &str| json!({"nickname": {"was": was, "is": was}});
    let (base, ours) = (json!({"x": 1}), json!({"x": 2, "live": record("A")}));
    let theirs = json!({"x": 3, "live": {"codecs": {"was": "P", "is": "P"}}});
    let both = json!({"codecs": {"was": "P", "is": "P"}, "nickname": {"was": "A", "is": "A"}});
    let view = |x: u8| Some(json!({"x": x, "live": both.clone()}));
    assert_eq!(
        merged(Some(&base), Some(&ours), Some(&theirs), ""),
        (view(2), view(3), vec![("x".to_owned(), Some(json!(2)), Some(json!(3)))])
    );
    // A record that both sides settled is gone, and leaves no empty member.
    let (settled, other) = (json!({"x": 2}), json!({"x": 1, "y": 1}));
    let base = json!({"x": 1, "live": record("A")});
    let expected = Some(json!({"x": 2, "y": 1}));
    assert_eq!(merged(Some(&base), Some(&settled), Some(&other), ""), (expected.clone(), expected, Vec::new()));
}
