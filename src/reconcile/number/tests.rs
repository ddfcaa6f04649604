//! One number from each of its sources, field by field: the directory before, the registries after, and Twilio.

#![allow(clippy::unnecessary_wraps)] // fields may be absent, and tables say what they hold

use serde_json::{Value, json};

use super::*;
use crate::model::made_up::{assignment, number, number_entry, registry_entry, workspace};
use crate::model::master::Capabilities;
use crate::model::sid::{PhoneNumberSid, TrunkSid};
use crate::model::{Assignment, TrunksFile};

const NOW: &str = "2026-05-01T00:00:00Z";
const THEN: &str = "2026-01-01T00:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sid(digit: &str) -> PhoneNumberSid {
    format!("PN{}", digit.repeat(32)).parse().unwrap()
}

fn trunk_sid(digit: &str) -> TrunkSid {
    format!("TK{}", digit.repeat(32)).parse().unwrap()
}

const SMS: Capabilities = Capabilities { voice: true, sms: true, mms: false, fax: false };

fn owned(trunk: Option<&str>) -> TwilioNumber {
    TwilioNumber {
        sid: sid("1"),
        phone_number: number(101),
        friendly_name: Some("Desk".to_owned()),
        number_type: None,
        capabilities: None,
        trunk_sid: trunk.map(trunk_sid),
        date_created: None,
    }
}

fn twilio_data(trunk: Option<&str>) -> TwilioData {
    TwilioData {
        phone_number_sid: sid("1"),
        trunk_sid: trunk.map(trunk_sid),
        friendly_name: None,
        date_created: Some(time(THEN)),
    }
}

/// A directory before and one after, in which the number may be registered.
#[derive(Clone)]
struct Case {
    before: Directory,
    after: Directory,
}

impl Case {
    fn new(old: Option<NumberEntry>, registered: &[(&str, RegistryEntry)]) -> Self {
        let (mut before, mut after) = (Directory::empty(), Directory::empty());
        before.master.numbers.extend(old.map(|entry| (number(101), entry)));
        for (name, entry) in registered {
            after.workspace_mut(&workspace(name)).numbers.numbers = vec![entry.clone()];
        }
        Self { before, after }
    }

    fn merged(&self, twilio: TwilioSays<'_>) -> Option<NumberEntry> {
        merge(&Sources { number: number(101), before: &self.before, after: &self.after, twilio, now: time(NOW) })
    }

    fn entry(&self, twilio: TwilioSays<'_>) -> NumberEntry {
        self.merged(twilio).unwrap()
    }
}

fn old(change: impl FnOnce(&mut NumberEntry)) -> Option<NumberEntry> {
    let mut entry = number_entry(101);
    change(&mut entry);
    Some(entry)
}

fn registered(change: impl FnOnce(&mut RegistryEntry)) -> RegistryEntry {
    let mut entry = registry_entry(101);
    change(&mut entry);
    entry
}

fn plain() -> RegistryEntry {
    registry_entry(101)
}

#[test]
fn a_number_is_there_where_any_source_knows_it() {
    let owned = owned(None);
    assert_eq!(Case::new(None, &[]).merged(TwilioSays::Nothing), None);
    assert_eq!(Case::new(None, &[]).merged(TwilioSays::HasNot), None);
    assert!(Case::new(None, &[]).merged(TwilioSays::Has(&owned)).is_some());
    assert!(Case::new(None, &[("staging", plain())]).merged(TwilioSays::HasNot).is_some());
    assert!(Case::new(old(|_| {}), &[]).merged(TwilioSays::Nothing).is_some());
}

#[test]
fn what_people_wrote_stays_and_what_follows_from_the_number_is_computed() {
    let noted = old(|it| (it.notes, it.tags) = ("front".to_owned(), vec!["vip".to_owned()]));
    let entry = Case::new(noted, &[]).entry(TwilioSays::Nothing);
    assert_eq!((entry.notes.as_str(), entry.tags), ("front", vec!["vip".to_owned()]));
    assert_eq!(entry.phone_number_pretty, "(415) 555-0101");
    assert_eq!((entry.area_code.as_deref(), entry.country_code.as_deref()), (Some("415"), Some("US")));
    let new = Case::new(None, &[("staging", plain())]).entry(TwilioSays::Nothing);
    assert_eq!((new.notes.as_str(), new.tags.len(), new.phone_number), ("", 0, number(101)));
}

#[test]
fn twilios_data_are_what_it_says_else_what_they_were() {
    let known = || old(|it| (it.twilio, it.capabilities) = (Some(twilio_data(Some("a"))), Some(SMS)));
    let data = |old: Option<NumberEntry>, says: TwilioSays<'_>| {
        let entry = Case::new(old, &[("staging", plain())]).entry(says);
        (entry.twilio, entry.capabilities)
    };
    assert_eq!(data(known(), TwilioSays::Nothing), (Some(twilio_data(Some("a"))), Some(SMS)));
    assert_eq!(data(known(), TwilioSays::HasNot), (None, None));
    let told = |date: Option<&str>, sid| TwilioData {
        phone_number_sid: sid,
        trunk_sid: Some(trunk_sid("b")),
        friendly_name: Some("Desk".to_owned()),
        date_created: date.map(time),
    };
    let said = owned(Some("b"));
    assert_eq!(data(known(), TwilioSays::Has(&said)), (Some(told(Some(THEN), sid("1"))), Some(SMS)));
    assert_eq!(data(None, TwilioSays::Has(&said)), (Some(told(None, sid("1"))), None));
    // A date is a resource's own; one that is said counts.
    let other = TwilioNumber { sid: sid("2"), ..said.clone() };
    assert_eq!(data(known(), TwilioSays::Has(&other)).0, Some(told(None, sid("2"))));
    let voice = Capabilities { sms: false, ..SMS };
    let dated = TwilioNumber { date_created: Some(time(NOW)), capabilities: Some(voice), ..said };
    assert_eq!(data(known(), TwilioSays::Has(&dated)), (Some(told(Some(NOW), sid("1"))), Some(voice)));
}

#[test]
fn what_a_number_left_is_known_while_a_workspace_has_it() {
    let left =
        |from, trunk: Option<&str>, date| LeftTwilio { from, trunk_sid: trunk.map(trunk_sid), date: Some(time(date)) };
    let (account, trunk) = (LeftBehind::Account, LeftBehind::Trunk);
    let with = |twilio: Option<Option<&str>>, known: Option<LeftTwilio>| {
        old(|it| (it.twilio, it.left) = (twilio.map(twilio_data), known))
    };
    let (off, on) = (owned(None), owned(Some("b")));
    let (has_off, has_on) = (TwilioSays::Has(&off), TwilioSays::Has(&on));
    let (has_not, nothing) = (TwilioSays::HasNot, TwilioSays::Nothing);
    let (old_account, old_trunk) = (left(account, Some("c"), THEN), left(trunk, Some("c"), THEN));
    let cases = [
        // It was on a trunk.
        (with(Some(Some("a")), None), has_on, None),
        (with(Some(Some("a")), None), has_off, Some(left(trunk, Some("a"), NOW))),
        (with(Some(Some("a")), None), has_not, Some(left(account, Some("a"), NOW))),
        (with(Some(Some("a")), None), nothing, None),
        // It was on none.
        (with(Some(None), None), has_off, None),
        (with(Some(None), None), has_not, Some(left(account, None, NOW))),
        // It left before: the first date stays while it is the same that it left.
        (with(Some(None), Some(old_trunk)), has_off, Some(old_trunk)),
        (with(Some(None), Some(old_trunk)), has_on, None),
        (with(Some(None), Some(old_trunk)), has_not, Some(left(account, Some("c"), NOW))),
        (with(None, Some(old_account)), has_not, Some(old_account)),
        (with(None, Some(old_account)), nothing, Some(old_account)),
        (with(None, Some(old_account)), has_off, Some(left(trunk, Some("c"), NOW))),
        (with(None, Some(old_account)), has_on, None),
        // It was never there.
        (with(None, None), has_not, None),
        (None, has_off, None),
    ];
    for (at, (old, says, expected)) in cases.into_iter().enumerate() {
        assert_eq!(Case::new(old.clone(), &[("staging", plain())]).entry(says).left, expected, "{at}");
        assert_eq!(Case::new(old, &[]).merged(says).and_then(|entry| entry.left), None, "{at}");
    }
}

#[test]
fn the_type_is_twilios_else_the_one_that_it_gave_before_else_the_lines() {
    let kind = |old: Option<NumberEntry>, says| Case::new(old, &[("staging", plain())]).entry(says).phone_number_type;
    let mobile = |twilio: bool| {
        old(|it| (it.phone_number_type, it.twilio) = (NumberType::Mobile, twilio.then(|| twilio_data(None))))
    };
    let line = numbering::describe(number(101)).line;
    assert_ne!(line, NumberType::Mobile);
    let silent = owned(None);
    let told = TwilioNumber { number_type: Some(NumberType::TollFree), ..silent.clone() };
    assert_eq!(kind(mobile(true), TwilioSays::Has(&told)), NumberType::TollFree);
    assert_eq!(kind(mobile(true), TwilioSays::Has(&silent)), NumberType::Mobile);
    assert_eq!(kind(mobile(true), TwilioSays::Nothing), NumberType::Mobile);
    assert_eq!(kind(mobile(true), TwilioSays::HasNot), line);
    assert_eq!(kind(mobile(false), TwilioSays::Has(&silent)), line);
    assert_eq!(kind(mobile(false), TwilioSays::Nothing), line);
    assert_eq!(kind(None, TwilioSays::Has(&silent)), line);
}

#[test]
fn the_carrier_is_twilio_where_anything_says_so_else_the_first_that_a_workspace_names() {
    let bought = |provider| registered(|it| (it.import_method, it.provider) = (ImportMethod::DirectPurchase, provider));
    let provider = |old, registered: &[(&str, RegistryEntry)], says| Case::new(old, registered).entry(says).provider;
    let known = |provider| old(|it| it.provider = provider);
    let (says, owned) = (TwilioSays::Nothing, owned(None));
    assert_eq!(provider(None, &[("staging", plain())], says), Provider::Custom);
    assert_eq!(provider(None, &[("staging", bought(Provider::Telnyx))], says), Provider::Telnyx);
    assert_eq!(
        provider(None, &[("staging", plain()), ("production", bought(Provider::Telnyx))], says),
        Provider::Telnyx
    );
    let at_twilio = registered(|it| it.termination_uri = Some("a.pstn.twilio.com".to_owned()));
    assert_eq!(
        provider(None, &[("staging", bought(Provider::Telnyx)), ("production", at_twilio)], says),
        Provider::Twilio
    );
    assert_eq!(provider(known(Provider::Telnyx), &[("staging", plain())], TwilioSays::Has(&owned)), Provider::Twilio);
    assert_eq!(provider(known(Provider::Telnyx), &[("staging", plain())], says), Provider::Custom);
    assert_eq!(provider(known(Provider::Telnyx), &[], says), Provider::Telnyx);
    assert_eq!(provider(known(Provider::Twilio), &[], TwilioSays::HasNot), Provider::Twilio);
}

fn binding(imported: bool, date: Option<&str>) -> WorkspaceEntry {
    WorkspaceEntry { imported, import_date: date.map(time), agent_path: None, agent_id: None, assignment_type: None }
}

#[test]
fn workspaces_are_those_that_have_it_and_those_that_are_said_not_to() {
    let known = old(|it| {
        it.workspaces = [
            (workspace("gone"), binding(true, Some(THEN))),
            (workspace("spare"), binding(false, None)),
            (workspace("staging"), binding(false, None)),
        ]
        .into_iter()
        .collect();
    });
    let mut case =
        Case::new(known, &[("staging", registered(|it| it.import_date = Some(time(NOW)))), ("production", plain())]);
    let bound = Assignment {
        agent_path: Some("agents/a".parse().unwrap()),
        assignment_type: AssignmentType::InboundOnly,
        ..assignment(101, "agent_a")
    };
    case.after.workspace_mut(&workspace("staging")).assignments.assignments = vec![bound];
    let entry = case.entry(TwilioSays::Nothing);
    let unassigned = WorkspaceEntry { assignment_type: Some(AssignmentType::Unassigned), ..binding(true, None) };
    let assigned = WorkspaceEntry {
        agent_path: Some("agents/a".parse().unwrap()),
        agent_id: Some("agent_a".parse().unwrap()),
        assignment_type: Some(AssignmentType::InboundOnly),
        ..binding(true, Some(NOW))
    };
    let expected: ByWorkspace<WorkspaceEntry> = [
        (workspace("staging"), assigned),
        (workspace("production"), unassigned),
        (workspace("spare"), binding(false, None)),
    ]
    .into_iter()
    .collect();
    assert_eq!(entry.workspaces, expected);
}

/// The trunks of an account, each with how it knows its callers and whether it has a list of credentials.
fn trunks(all: &[(&str, &str, bool)]) -> Option<TrunksFile> {
    let trunk = |(digit, auth_type, has_list): &(&str, &str, bool)| {
        let list = has_list.then(|| format!("CL{}", "1".repeat(32)));
        let urls = json!([{"sid": format!("OU{}", "1".repeat(32)), "sip_url": format!("sip:x@{digit}.example.com"),
            "friendly_name": null, "priority": 1, "weight": 1}]);
        let trunk: Trunk = serde_json::from_value(json!({
            "trunk_sid": trunk_sid(digit), "friendly_name": null, "domain_name": format!("{digit}.pstn.twilio.com"),
            "auth_type": auth_type, "credential_list_sid": list, "origination_urls": urls, "phone_numbers": [],
            "date_created": null, "date_updated": null,
        }))
        .unwrap();
        (trunk.trunk_sid, trunk)
    };
    Some(TrunksFile { trunks: all.iter().map(trunk).collect(), ..TrunksFile::default() })
}

fn config(
    termination: Option<&str>,
    origination: Option<&str>,
    auth: &str,
    has_credentials: bool,
) -> Option<SipConfig> {
    let config: Value = json!({"termination_uri": termination, "origination_uri": origination, "auth_type": auth,
        "has_credentials": has_credentials});
    serde_json::from_value(config).unwrap()
}

#[test]
fn sip_settings_come_from_the_workspaces_and_from_the_trunk_that_the_account_has() {
    let bought = || registered(|it| it.import_method = ImportMethod::DirectPurchase);
    let carried = |uri: Option<&str>, user: Option<&str>| {
        registered(|it| {
            (it.termination_uri, it.auth_username) = (uri.map(str::to_owned), user.map(|it| Some(it.to_owned())));
        })
    };
    let sip = |registered: &[(&str, RegistryEntry)], trunk: Option<&str>, file: Option<TrunksFile>| {
        let mut case = Case::new(None, registered);
        case.after.trunks = file;
        case.entry(TwilioSays::Has(&owned(trunk))).sip_config
    };
    assert_eq!(sip(&[("staging", bought())], None, None), None);
    assert_eq!(sip(&[("staging", carried(None, None))], None, None), config(None, None, "none", false));
    assert_eq!(
        sip(&[("staging", carried(Some("h"), Some("u")))], None, None),
        config(Some("h"), None, "credential", true)
    );
    let two = [("staging", carried(None, Some("u"))), ("production", carried(Some("h"), None))];
    assert_eq!(sip(&two, None, None), config(Some("h"), None, "credential", true));
    // The trunk fills in what no workspace says.
    let known = |auth, has_list| trunks(&[("a", auth, has_list), ("b", "", false)]);
    let told = |auth, has| config(Some("a.pstn.twilio.com"), Some("sip:a.example.com"), auth, has);
    let none = [("staging", bought())];
    assert_eq!(sip(&none, Some("a"), known("", false)), told("none", false));
    assert_eq!(sip(&none, Some("a"), known("", true)), told("credential", true));
    assert_eq!(sip(&none, Some("a"), known("credential_list", false)), told("credential", false));
    assert_eq!(sip(&none, Some("a"), known("ip_acl", false)), told("ip", false));
    assert_eq!(sip(&none, Some("a"), known("ip_acl,credential_list", true)), told("credential", true));
    let both = [("staging", carried(Some("h"), Some("u")))];
    assert_eq!(sip(&both, Some("a"), known("ip_acl", false)), config(Some("h"), Some("sip:a.example.com"), "ip", true));
    // A trunk that the account does not have leads nowhere.
    assert_eq!(sip(&none, Some("c"), known("", true)), config(None, None, "none", false));
    assert_eq!(sip(&none, Some("a"), None), config(None, None, "none", false));
}

#[test]
fn a_trunk_that_was_not_read_is_as_it_was_said_to_be_where_it_is_the_same() {
    let before = config(Some("before.example.com"), Some("sip:before.example.com"), "ip", true);
    let known = |trunk: Option<&str>| {
        let (config, data) = (before.clone(), Some(twilio_data(trunk)));
        old(|it| (it.twilio, it.sip_config) = (data, config))
    };
    let sip = |case: &Case, says| case.entry(says).sip_config;
    let bought = [("staging", registered(|it| it.import_method = ImportMethod::DirectPurchase))];
    let case = Case::new(known(Some("a")), &bought);
    let (same, other, off) = (owned(Some("a")), owned(Some("b")), owned(None));
    assert_eq!(sip(&case, TwilioSays::Nothing), before);
    assert_eq!(sip(&case, TwilioSays::Has(&same)), before);
    assert_eq!(sip(&case, TwilioSays::Has(&other)), config(None, None, "none", false));
    assert_eq!(sip(&case, TwilioSays::Has(&off)), None);
    assert_eq!(sip(&case, TwilioSays::HasNot), None);
    assert_eq!(sip(&Case::new(known(None), &bought), TwilioSays::Has(&same)), config(None, None, "none", false));
    // Where Twilio was not asked, the file of before counts, and nothing in it means the account has none.
    let mut case = Case::new(known(Some("a")), &bought);
    case.after.trunks = trunks(&[("a", "credential_list", true)]);
    assert_eq!(sip(&case, TwilioSays::Nothing), before);
    let told = config(Some("a.pstn.twilio.com"), Some("sip:a.example.com"), "credential", true);
    assert_eq!(sip(&case, TwilioSays::Has(&same)), told);
    case.before.trunks = trunks(&[("a", "", false)]);
    let told = config(Some("a.pstn.twilio.com"), Some("sip:a.example.com"), "none", false);
    assert_eq!(sip(&case, TwilioSays::Nothing), told);
    case.before.trunks = trunks(&[]);
    assert_eq!(sip(&case, TwilioSays::Nothing), before);
    case.after.trunks = trunks(&[]);
    assert_eq!(sip(&case, TwilioSays::Has(&same)), config(None, None, "none", false));
}

#[test]
fn an_address_stays_as_it_is_written_where_it_means_the_same() {
    let known = |termination, origination| {
        let config = config(Some(termination), Some(origination), "none", false);
        old(|it| it.sip_config = config)
    };
    let sip = |old: Option<NumberEntry>| {
        let uri = Some("a.pstn.twilio.com".to_owned());
        let mut case = Case::new(old, &[("staging", registered(|it| it.termination_uri = uri))]);
        case.after.trunks = trunks(&[("a", "", false)]);
        case.entry(TwilioSays::Has(&owned(Some("a")))).sip_config
    };
    let told = |termination, origination| config(Some(termination), Some(origination), "none", false);
    assert_eq!(sip(known("A.pstn.twilio.com", "sip:A.example.com")), told("A.pstn.twilio.com", "sip:A.example.com"));
    assert_eq!(sip(known("b.pstn.twilio.com", "sip:b.example.com")), told("a.pstn.twilio.com", "sip:a.example.com"));
    assert_eq!(sip(None), told("a.pstn.twilio.com", "sip:a.example.com"));
}

#[test]
fn each_address_of_a_remembered_trunk_is_its_own() {
    let before = config(Some("out.example.com"), Some("sip:in.example.com"), "ip", true);
    let trunk = TrunkView::Remembered(before.as_ref());
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        (trunk.termination_uri(), trunk.origination_uri()),
        (text("out.example.com"), text("sip:in.example.com"))
    );
}
