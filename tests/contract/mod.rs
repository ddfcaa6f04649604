//! Shows that nothing the clients send is rejected by the providers' published descriptions, which Prism enforces.
//!
//! Run with `cargo test --test end_to_end contract:: -- --nocapture`. It needs the program `prism` (`PHONE_DIR_PRISM`) and the folder
//! of the descriptions (`PHONE_DIR_OPENAPI`, or `../shared/openapi`), and says so when it is skipped.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod prism;

use std::cell::RefCell;
use std::collections::BTreeMap;

use phone_dir::activity::call::CallReport;
use phone_dir::activity::pull::{CallPage, PullWindow};
use phone_dir::activity::time::Millis;
use phone_dir::capacity::offer::OfferQuestion;
use phone_dir::change::{Action, Edit, Setting, Settings};
use phone_dir::error::Error;
use phone_dir::model::pools::CountryCode;
use phone_dir::model::workspaces_file::ApiKey;
use phone_dir::model::{AgentId, AgentVersion, AgentWeight, NumberType, PhoneNumber, Weight, WorkspaceName};
use phone_dir::providers::credentials::{self, RetellCredentials};
use phone_dir::providers::environment::Environment;
use phone_dir::providers::progress::Progress;
use phone_dir::providers::retell::{CallDesk, Workspace};
use phone_dir::providers::retry::RetryLimits;
use phone_dir::providers::twilio::{billing, offers};
use phone_dir::providers::{ReadPlan, Reads, read, read_calls, read_concurrency};
use phone_dir::reconcile::live::Outcome;
use phone_dir::sandbox::{CallRequest, Sandbox, SandboxOptions};

use crate::contract::prism::{Exchange, Prism, Relay};
use crate::providers::{edit, send};

/// Starts Prism on each document; none, with the reason, where that is not possible here.
fn start<const N: usize>(names: [&str; N]) -> Option<[Prism; N]> {
    let Some(folder) = prism::documents() else {
        eprintln!("skipped: the published descriptions are not here; set PHONE_DIR_OPENAPI to their folder");
        return None;
    };
    let Some(program) = prism::program() else {
        eprintln!("skipped: PHONE_DIR_PRISM does not name a `prism` to start; `.ci/run prism` installs one");
        return None;
    };
    Some(names.map(|name| Prism::start(&program, &folder.join(name))))
}

fn environment(api: &str, trunking: &str, retell: &str) -> Environment {
    environment_with(&[], [api, trunking, retell])
}

fn environment_with(more: &[(&str, &str)], [api, trunking, retell]: [&str; 3]) -> Environment {
    let variables = [
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "made-up-token"),
        ("RETELL_STAGING_API_KEY", "key_made_up"),
        ("TWILIO_API_URL", api),
        ("TWILIO_TRUNKING_URL", trunking),
        ("RETELL_BASE_URL", retell),
    ];
    let variables = variables.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let process: BTreeMap<_, _> = variables.collect();
    Environment::new(&process, None)
}

fn run(plan: &ReadPlan) -> Reads {
    read(plan, &|_, _| true, &Progress::silent()).unwrap()
}

fn staging(base: &str) -> RetellCredentials {
    let environment = environment(base, base, base);
    credentials::retell(&environment, None, &WorkspaceName::parse("staging").unwrap()).unwrap()
}

fn assert_all_accepted(exchanges: &[Exchange]) {
    for exchange in exchanges {
        println!("{} {}", exchange.status, exchange.asked);
        assert!(exchange.status < 300 && !exchange.violations.contains("\"request\""), "{exchange:?}");
    }
}

#[test]
fn twilio_accepts_every_request_of_a_read() {
    let Some([api, trunking]) = start(["twilio_api_v2010.json", "twilio_trunking_v1.json"]) else { return };
    let (api, trunking) = (Relay::start(&api), Relay::start(&trunking));
    let twilio = credentials::twilio(&environment(&api.base, &trunking.base, &api.base)).unwrap();
    let read = run(&ReadPlan { twilio: Some(twilio), ..ReadPlan::default() }).twilio.unwrap();
    assert_all_accepted(&api.exchanges());
    assert_all_accepted(&trunking.exchanges());
    let Outcome::Complete(account) = read.outcome else { panic!("{read:?}") };
    assert_eq!((account.numbers.len(), account.trunks.len(), account.credentials.len()), (1, 1, 1));
    assert_eq!(read.requests, 5);
    assert!(!account.trunks[0].origination_urls.is_empty() && !account.credentials[0].usernames.is_empty());
}

#[test]
fn retell_accepts_every_request_of_a_read() {
    let Some([prism]) = start(["retell.json"]) else { return };
    let relay = Relay::start(&prism);
    let plan = ReadPlan { retell: vec![staging(&relay.base)], ..ReadPlan::default() };
    let read = run(&plan).retell.remove(0);
    let exchanges = relay.exchanges();
    assert_all_accepted(&exchanges);
    for asked in ["GET /v2/list-phone-numbers", "GET /get-api-key-info", "POST /v2/list-agents"] {
        assert!(exchanges.iter().any(|exchange| exchange.asked.starts_with(asked)), "{asked}: {exchanges:?}");
    }
    let Outcome::Complete(workspace) = read.outcome else { panic!("{read:?}") };
    assert_eq!((workspace.numbers.len(), workspace.organisation.id().is_some()), (1, true));
}

#[test]
fn retell_accepts_the_question_for_calls_at_a_time() {
    let Some([prism]) = start(["retell.json"]) else { return };
    let relay = Relay::start(&prism);
    let plan = ReadPlan { retell: vec![staging(&relay.base)], ..ReadPlan::default() };
    let read = read_concurrency(&plan, &Progress::silent()).unwrap().remove(0);
    let exchanges = relay.exchanges();
    assert_all_accepted(&exchanges);
    assert_eq!(exchanges.iter().map(|exchange| exchange.asked.as_str()).collect::<Vec<_>>(), ["GET /get-concurrency"]);
    let Outcome::Complete(live) = read.outcome else { panic!("{read:?}") };
    assert_eq!(
        (live.current, live.limit, live.reserved_inbound, live.burst_limit),
        (Some(10), Some(100), Some(5), Some(60))
    );
}

#[test]
fn twilio_accepts_the_question_for_numbers_on_sale() {
    let Some([api, pricing]) = start(["twilio_usage_calls.json", "twilio_pricing.json"]) else { return };
    let (api, pricing) = (Relay::start(&api), Relay::start(&pricing));
    let environment = environment_with(&[("TWILIO_PRICING_URL", &pricing.base)], [&api.base, &api.base, &api.base]);
    let twilio = credentials::twilio(&environment).unwrap();
    let prices = credentials::twilio_pricing(&environment, &twilio).unwrap();
    let question = OfferQuestion {
        country: CountryCode::parse("US").unwrap(),
        kind: NumberType::Local,
        area_code: Some("808".to_owned()),
        count: 5,
    };
    let offer = offers::offer(&twilio, &prices, &question).unwrap();
    assert_all_accepted(&api.exchanges());
    assert_all_accepted(&pricing.exchanges());
    assert_eq!(offer.numbers[0].phone_number.as_str(), "+18089251571");
    assert!(api.exchanges()[0].asked.contains("/AvailablePhoneNumbers/US/Local.json?PageSize=5&AreaCode=808"));
}

#[test]
fn twilio_accepts_the_questions_for_prices_and_for_the_bill() {
    let Some([api, pricing]) = start(["twilio_usage_calls.json", "twilio_pricing.json"]) else { return };
    let (api, pricing) = (Relay::start(&api), Relay::start(&pricing));
    let environment = environment_with(&[("TWILIO_PRICING_URL", &pricing.base)], [&api.base, &api.base, &api.base]);
    let twilio = credentials::twilio(&environment).unwrap();
    let base = credentials::twilio_pricing(&environment, &twilio).unwrap();
    billing::usage_records(&twilio, "2025-10-01", "2025-10-31").unwrap();
    assert_all_accepted(&api.exchanges());
    let asked = &api.exchanges()[0].asked;
    assert!(asked.contains("/Usage/Records.json?StartDate=2025-10-01&EndDate=2025-10-31&PageSize=1000"), "{asked}");
    // The published description has the prices of numbers, and not those of minutes over a trunk: that question is refused,
    // and with it the whole list, which is never told in part.
    let prices = billing::prices(&twilio, &base, &[CountryCode::parse("US").unwrap()]);
    let (of_numbers, of_minutes): (Vec<_>, Vec<_>) =
        pricing.exchanges().into_iter().partition(|exchange| exchange.asked.contains("/v1/PhoneNumbers/Countries/US"));
    assert_all_accepted(&of_numbers);
    assert!(of_numbers.len() == 1 && of_minutes.iter().all(|exchange| exchange.asked.contains("/v2/Trunking/")));
    assert_eq!(prices.is_ok(), of_minutes.iter().all(|exchange| exchange.status < 300), "{of_minutes:?}");
}

/// Asks for one window of calls, and keeps count of what came.
#[derive(Default)]
struct OneWindow {
    pages: RefCell<Vec<CallPage>>,
}

impl CallDesk for OneWindow {
    fn next_window(&self, _: &WorkspaceName, _: bool) -> Result<Option<PullWindow>, Error> {
        let (from, until) = (Millis(1_763_000_000_000), Millis(1_763_600_000_000));
        let is_first = self.pages.borrow().is_empty();
        Ok(is_first.then_some(PullWindow { from, until, key: None, limit: PullWindow::LIMIT }))
    }

    fn keep(&self, _: &WorkspaceName, _: &PullWindow, page: CallPage) -> Result<(), Error> {
        self.pages.borrow_mut().push(page);
        Ok(())
    }

    fn begin_again(&self, _: &WorkspaceName) -> Result<(), Error> {
        Ok(())
    }

    fn due_sweep(&self, _: &WorkspaceName) -> Result<Option<Millis>, Error> {
        Ok(Some(Millis(1_763_000_000_000)))
    }

    fn keep_undated(&self, _: &WorkspaceName, _: Vec<CallReport>) -> Result<usize, Error> {
        Ok(0)
    }

    fn end_sweep(&self, _: &WorkspaceName) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn the_sandbox_ends_calls_for_every_reason_of_retells_description() {
    let Some(folder) = prism::documents() else {
        eprintln!("skipped: the published descriptions are not here; set PHONE_DIR_OPENAPI to their folder");
        return;
    };
    let text = std::fs::read_to_string(folder.join("retell_calls.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let place = "/components/schemas/PhoneCall/properties/disconnection_reason/enum";
    let reasons = document.pointer(place).unwrap().as_array().unwrap();
    let sandbox = Sandbox::start(SandboxOptions::default()).unwrap();
    for reason in reasons {
        let reason = reason.as_str().map(str::to_owned);
        let call = CallRequest { to: Some("+14155550101".to_owned()), reason, ..CallRequest::default() };
        sandbox.make_call(&call).unwrap();
    }
    assert_eq!(reasons.len(), 39);
}

#[test]
fn retell_accepts_the_question_for_calls() {
    let Some([prism]) = start(["retell_calls.json"]) else { return };
    let relay = Relay::start(&prism);
    let plan = ReadPlan { retell: vec![staging(&relay.base)], ..ReadPlan::default() };
    let desk = OneWindow::default();
    let read = read_calls(&plan, &desk, &Progress::silent()).unwrap().remove(0);
    let exchanges = relay.exchanges();
    assert_all_accepted(&exchanges);
    // The window, and the calls without a start from both ends.
    let asked: Vec<_> = exchanges.iter().map(|exchange| exchange.asked.as_str()).collect();
    assert_eq!(asked, ["POST /v3/list-calls"; 3]);
    assert!(matches!(read.outcome, Outcome::Complete(_)), "{read:?}");
    assert_eq!(desk.pages.borrow().len(), 1);
}

#[test]
fn retells_endless_example_is_an_incomplete_read() {
    let Some([prism]) = start(["retell.json"]) else { return };
    let plan = ReadPlan { retell: vec![staging(&prism.base())], ..ReadPlan::default() };
    let read = run(&plan).retell.remove(0);
    assert!(matches!(&read.outcome, Outcome::Partial(error) if error.message().contains("second time")), "{read:?}");
    assert_eq!(read.requests, 3);
}

#[test]
fn retell_accepts_every_change() {
    let Some([prism]) = start(["retell.json"]) else { return };
    let relay = Relay::start(&prism);
    let workspace = Workspace::new(staging(&relay.base), RetryLimits::default()).unwrap();
    let number = PhoneNumber::parse("+14155550123").unwrap();
    assert!(workspace.get(number).unwrap().is_some());
    let none = Settings::default();
    let carried: Vec<Setting> = Setting::ALL.iter().copied().filter(|setting| setting.is_carried_by_import()).collect();
    for edit in [
        edit(Action::Import, number, &[Setting::TerminationUri], &full()),
        with_password(edit(Action::Import, number, &carried, &full())),
        edit(Action::Update, number, &[], &none),
        edit(Action::Update, number, Setting::ALL, &none),
        with_password(edit(Action::Update, number, Setting::ALL, &full())),
        edit(Action::Delete, number, &[], &none),
    ] {
        send(&workspace, &edit).unwrap();
    }
    let exchanges = relay.exchanges();
    assert_all_accepted(&exchanges);
    assert_eq!(exchanges.len(), 7);
}

#[test]
fn the_judge_does_reject_what_does_not_fit() {
    let Some([prism]) = start(["retell.json"]) else { return };
    let relay = Relay::start(&prism);
    let workspace = Workspace::new(staging(&relay.base), RetryLimits::default()).unwrap();
    let tag = AgentVersion::Tag("Not A Tag".into());
    let agent = AgentWeight { agent_version: Some(tag), ..AgentWeight::only(AgentId::parse("agent_a").unwrap()) };
    let target = Settings { inbound_agents: vec![agent], ..Settings::default() };
    let number = PhoneNumber::parse("+14155550123").unwrap();
    assert!(send(&workspace, &edit(Action::Update, number, &[Setting::InboundAgents], &target)).is_err());
    assert!((400..500).contains(&relay.exchanges()[0].status), "{:?}", relay.exchanges());
}

fn agents() -> Vec<AgentWeight> {
    let share = |id: &str, weight: f64, version| AgentWeight {
        agent_id: AgentId::parse(id).unwrap(),
        weight: Weight::new(weight).unwrap(),
        agent_version: version,
    };
    vec![
        share("agent_a", 0.5, Some(AgentVersion::Number(0))),
        share("agent_b", 0.25, Some(AgentVersion::Tag("latest_published".into()))),
        share("agent_c", 0.25, None),
    ]
}

/// Every setting with a value.
fn full() -> Settings {
    let some = |text: &str| Some(text.to_owned());
    Settings {
        inbound_agents: agents(),
        outbound_agents: agents(),
        inbound_sms_agents: agents(),
        outbound_sms_agents: agents(),
        termination_uri: some("made-up.pstn.twilio.com"),
        auth_username: some("made_up_user"),
        transport: some("TLS"),
        codecs: Some(vec!["PCMU".to_owned(), "PCMA".to_owned()]),
        nickname: some("Front desk"),
        inbound_webhook_url: some("https://example.com/inbound"),
        inbound_sms_webhook_url: some("https://example.com/texts"),
        fallback_number: Some(PhoneNumber::parse("+14155550199").unwrap()),
        allowed_inbound_country_list: vec!["US".to_owned()],
        allowed_outbound_country_list: vec!["US".to_owned(), "CA".to_owned()],
    }
}

fn with_password(mut edit: Edit) -> Edit {
    edit.trunk.password = Some(ApiKey::new("made-up-password"));
    edit
}
