//! What a person reads before a change, word by word.

use super::*;
use crate::activity::counts::{CallCounts, CallTally, TallyKey};
use crate::activity::coverage::CompleteSpan;
use crate::activity::time::{DAY, Millis};
use crate::change::edit::fixture::agents;
use crate::model::made_up::{agent_id, assigned, number, registered, share, two_workspaces, workspace};

#[test]
fn what_somebody_typed_stays_one_word_of_the_shell() {
    assert_eq!(word("agents/a@prod=0.5,agents/b=0.5"), "agents/a@prod=0.5,agents/b=0.5");
    assert_eq!(word("it's $(here)"), r"'it'\''s $(here)'");
    assert_eq!(word(""), "''");
    assert_eq!(word("a b"), "'a b'");
}

#[test]
fn what_answers_is_each_agent_once_then_webhooks_and_the_fallback() {
    let names = AgentNames::of(&two_workspaces());
    let words = |settings: &Settings| answering(settings, &|id| names.literal(&workspace("staging"), id));
    assert_eq!(words(&Settings::default()), None);
    let unlike =
        Settings { nickname: Some("A".to_owned()), codecs: Some(vec!["PCMU".to_owned()]), ..Settings::default() };
    assert_eq!(words(&unlike), None);
    let some = |text: &str| Some(text.to_owned());
    let all = Settings {
        inbound_agents: agents("staging-a"),
        outbound_agents: vec![share(&agent_id("staging", "a"), 0.5, None), share(&agent_id("staging", "b"), 0.5, None)],
        inbound_sms_agents: agents("stranger"),
        outbound_sms_agents: agents("staging-c"),
        inbound_webhook_url: some("https://example.com/a"),
        inbound_sms_webhook_url: some("https://example.com/b"),
        fallback_number: Some(number(9)),
        ..Settings::default()
    };
    let expected =
        "`agents/a`, `agents/b`, stranger (no folder), `agents/c`, its webhook, its SMS webhook, its fallback number";
    assert_eq!(words(&all).as_deref(), Some(expected));
    for (settings, expected) in [
        (Settings { inbound_webhook_url: some("x"), ..Settings::default() }, "its webhook"),
        (Settings { inbound_sms_webhook_url: some("x"), ..Settings::default() }, "its SMS webhook"),
        (Settings { fallback_number: Some(number(9)), ..Settings::default() }, "its fallback number"),
        (
            Settings { outbound_agents: agents("production-a"), ..Settings::default() },
            "production-a (agents/a of production)",
        ),
    ] {
        assert_eq!(words(&settings).as_deref(), Some(expected));
    }
}

fn deleting(directory: &Directory, line: u32) -> Option<Notice> {
    let notice = of_deletion(&Edit::new(Action::Delete, workspace("staging"), number(line)), directory)?;
    assert_eq!(notice.heading, "Cannot be taken back");
    Some(notice)
}

#[test]
fn a_deletion_says_who_answered_and_how_the_number_comes_back_with_each_setting() {
    let mut directory = two_workspaces();
    let some = |text: &str| Some(text.to_owned());
    let entry = registered(&mut directory, "staging", 1);
    (entry.termination_uri, entry.auth_username, entry.transport) =
        (some("sip.example.com"), Some(some("user")), some("TLS"));
    (entry.codecs, entry.nickname) = (Some(vec!["PCMU".to_owned(), "OPUS".to_owned()]), some("Front desk"));
    entry.inbound_webhook_url = Some(some("https://example.com/a"));
    entry.inbound_sms_webhook_url = Some(some("https://example.com/b"));
    entry.fallback_number = Some(number(9));
    entry.allowed_inbound_country_list = Some(vec!["US".to_owned(), "CA".to_owned()]);
    entry.allowed_outbound_country_list = Some(vec!["US".to_owned()]);
    let bound = assigned(&mut directory, "staging", 1);
    bound.outbound_agents =
        Some(vec![share(&agent_id("staging", "b"), 0.5, None), share(&agent_id("staging", "c"), 0.5, None)]);
    bound.inbound_sms_agents = Some(agents("staging-a"));
    bound.outbound_sms_agents = Some(agents("stranger"));
    let number = number(1);
    let import = format!(
        "phone-dir phone import {number} sip.example.com --workspace staging --inbound-agent agents/a --outbound-agent \
         agents/b=0.5,agents/c=0.5 --username user --password-stdin --transport TLS --codecs PCMU,OPUS --webhook \
         https://example.com/a --inbound-countries US,CA --outbound-countries US --nickname 'Front desk'"
    );
    let update = format!(
        "phone-dir phone update {number} --workspace staging --inbound-sms-agent agents/a --outbound-sms-agent stranger \
         --sms-webhook https://example.com/b --fallback +14155550009"
    );
    assert_eq!(
        deleting(&directory, 1).unwrap().lines,
        [
            format!(
                "{number} is answered by `agents/a`, `agents/b`, `agents/c`, stranger (no folder), its webhook, its SMS \
                 webhook, its fallback number in `staging`, and will not be"
            ),
            "Retell forgets its SIP password, which nobody can read out".to_owned(),
            format!("to import it again: `{import}`"),
            format!("and then: `{update}`"),
            "what Retell had of it stays in git: `phone-dir show NUMBER --at REV`".to_owned(),
        ]
    );
}

#[test]
fn a_deletion_of_a_bare_number_or_of_a_bought_one_says_no_more_than_is_so() {
    let mut directory = two_workspaces();
    directory.workspace_mut(&workspace("staging")).assignments.assignments.remove(0);
    assert_eq!(
        deleting(&directory, 1).unwrap().lines,
        [
            format!("to import it again: `phone-dir phone import {} TERMINATION_URI --workspace staging`", number(1)),
            "what Retell had of it stays in git: `phone-dir show NUMBER --at REV`".to_owned(),
        ]
    );
    registered(&mut directory, "staging", 2).import_method = ImportMethod::DirectPurchase;
    registered(&mut directory, "staging", 2).auth_username = Some(Some("user".to_owned()));
    assert_eq!(
        deleting(&directory, 2).unwrap().lines,
        [
            format!("{} is answered by `agents/a` in `staging`, and will not be", number(2)),
            "it was bought through Retell, and cannot be imported again".to_owned(),
        ]
    );
    assert_eq!(deleting(&directory, 9), None);
}

#[test]
fn the_calls_of_lines_are_told_up_to_twenty_and_the_others_are_counted() {
    let (staging, until) = (workspace("staging"), Millis(20_000 * DAY));
    let tally = |line| {
        let key = TallyKey { workspace: staging.clone(), number: Some(number(line)), agent_id: None, part: None };
        CallTally { key, counts: CallCounts { calls: 5, ..CallCounts::default() } }
    };
    let tallies: Vec<_> = (1..=22).map(tally).collect();
    let spans = [(staging.clone(), CompleteSpan { from: until.minus(30 * DAY), until })].into();
    let traffic = Traffic::of(spans, &tallies, until);
    let deleted: Vec<_> = (1..=23).map(|line| Edit::new(Action::Delete, staging.clone(), number(line))).collect();
    let told = |edits: &[Edit]| of_traffic(&edits.iter().collect::<Vec<_>>(), &traffic);
    let notice = |lines: u32, last: Option<&str>| {
        let lines = (1..=lines).map(|line| format!("{} (staging): 5 calls in 30 days", number(line)));
        let lines = lines.chain(last.map(str::to_owned)).collect();
        Some(Notice { heading: "Calls on these lines".to_owned(), lines })
    };
    assert_eq!(told(&deleted[..1]), notice(1, None));
    assert_eq!(told(&deleted[..20]), notice(20, None));
    assert_eq!(told(&deleted), notice(20, Some("… and 2 lines more")));
    assert_eq!(told(&deleted[22..]), None);
}
