//! The clients against the project's own sandbox: both sides of the protocol, written apart, have to agree.

use std::collections::BTreeMap;
use std::time::Duration;

use phone_dir::change::{Action, Setting, Settings};
use phone_dir::model::WorkspaceName;
use phone_dir::providers::ReadPlan;
use phone_dir::providers::credentials;
use phone_dir::providers::environment::Environment;
use phone_dir::providers::retell::Workspace;
use phone_dir::providers::retry::RetryLimits;
use phone_dir::sandbox::{
    ACCOUNT_SID, API_KEY, API_SECRET, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY, RunningSandbox, Sandbox,
    SandboxOptions,
};

use crate::providers::{complete, edit, ending, quick, run, send};

fn environment(sandbox: &RunningSandbox) -> Environment {
    let base = sandbox.base_url();
    let variables = [
        ("TWILIO_ACCOUNT_SID", ACCOUNT_SID),
        ("TWILIO_API_KEY", API_KEY),
        ("TWILIO_API_SECRET", API_SECRET),
        ("TWILIO_API_URL", &base),
        ("TWILIO_TRUNKING_URL", &base),
        ("RETELL_BASE_URL", &base),
        ("RETELL_STAGING_API_KEY", RETELL_STAGING_KEY),
        ("RETELL_PRODUCTION_API_KEY", RETELL_PRODUCTION_KEY),
    ];
    let process: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Environment::new(&process, None)
}

fn plan(sandbox: &RunningSandbox, limits: RetryLimits) -> ReadPlan {
    let environment = environment(sandbox);
    let twilio = credentials::twilio(&environment).unwrap();
    let retell = WorkspaceName::default_pair()
        .map(|workspace| credentials::retell(&environment, None, &workspace).unwrap())
        .to_vec();
    ReadPlan { twilio: Some(twilio), retell, limits }
}

#[test]
fn a_large_account_is_read_whole() {
    let sandbox = Sandbox::start(SandboxOptions { numbers: 2500, trunks: 12, ..SandboxOptions::default() }).unwrap();
    let reads = run(&plan(&sandbox, quick()), &|_| true);
    let requests =
        reads.twilio.as_ref().unwrap().requests + reads.retell.iter().map(|read| read.requests).sum::<usize>();
    assert_eq!(sandbox.requests().len(), requests);
    let account = complete(reads.twilio.unwrap());
    assert!(account.numbers.len() >= 2500 && account.trunks.len() >= 12);
    assert_eq!(account.oddities, []);
    for read in reads.retell {
        let workspace = complete(read);
        assert!(!workspace.numbers.is_empty() && !workspace.agent_names.is_empty());
    }
}

#[test]
fn every_fault_that_makes_a_read_incomplete_is_named() {
    let limits =
        RetryLimits { total: Duration::from_secs(2), attempt: Duration::from_millis(400), body: 1 << 20, ..quick() };
    let faults = [
        ("status:401", "refused the key"),
        ("status:500", "5 times"),
        ("reset", "closed the connection"),
        ("hang:5", "did not answer in time"),
        ("html", "answered HTML"),
        ("truncate", "ends early"),
        ("half-json", "ends early"),
        ("repeat-page", "second time"),
        ("foreign-page", "to another address, `localhost"),
        ("redirect", "a redirect to `localhost"),
        ("wrong-type", "sent a wrong"),
        ("oversized:2", "more than 1048576 bytes"),
    ];
    for (fault, words) in faults {
        for (provider, path) in [("twilio", "IncomingPhoneNumbers"), ("retell", "list-phone-numbers")] {
            // Retell's pages carry a key and no address, so none of them can lead elsewhere.
            if fault == "foreign-page" && provider == "retell" {
                continue;
            }
            let sandbox = Sandbox::start(SandboxOptions::default()).unwrap();
            sandbox.add_fault(format!("{fault},provider={provider},path={path}").parse().unwrap());
            let mut reads = run(&plan(&sandbox, limits), &|_| false);
            let message = match provider {
                "twilio" => ending(&reads.twilio.unwrap()),
                _ => ending(&reads.retell.remove(0)),
            };
            assert!(message.contains(words), "{fault} of {provider}: {message}");
        }
    }
}

#[test]
fn faults_that_pass_or_do_no_harm_leave_the_read_complete() {
    for fault in ["status:503,first=2", "reset,nth=1", "status:429,first=1,retry-after=0", "unknown-enum", "duplicate"]
    {
        let sandbox = Sandbox::start(SandboxOptions::default()).unwrap();
        let whole = complete(run(&plan(&sandbox, quick()), &|_| false).twilio.unwrap());
        sandbox.add_fault(format!("{fault},path=IncomingPhoneNumbers").parse().unwrap());
        let account = complete(run(&plan(&sandbox, quick()), &|_| false).twilio.unwrap());
        assert_eq!(account.numbers.len(), whole.numbers.len(), "{fault}");
        let is_odd = fault == "unknown-enum" || fault == "duplicate";
        assert_eq!(!account.oddities.is_empty(), is_odd, "{fault}: {:?}", account.oddities);
    }
}

#[test]
fn a_number_goes_through_its_whole_life() {
    let sandbox = Sandbox::start(SandboxOptions::default()).unwrap();
    let plan = plan(&sandbox, quick());
    let account = complete(run(&plan, &|_| false).twilio.unwrap());
    let workspace = Workspace::new(plan.retell[0].clone(), quick()).unwrap();
    let number = account.numbers.iter().map(|number| number.phone_number);
    let number =
        number.into_iter().find(|number| workspace.get(*number).unwrap().is_none()).expect("one is not imported");
    let change = |action, settings: &[Setting], target: &Settings| {
        send(&workspace, &edit(action, number, settings, target)).unwrap().map(|number| number.settings)
    };
    let target = Settings { termination_uri: Some("made-up.pstn.twilio.com".to_owned()), ..Settings::default() };
    let imported = change(Action::Import, &[Setting::TerminationUri], &target).unwrap();
    assert_eq!(imported.termination_uri, target.termination_uri);
    let known = complete(run(&plan, &|_| false).retell.remove(0));
    let inbound_agents = known.numbers.iter().map(|number| &number.settings.inbound_agents);
    let inbound_agents = inbound_agents.into_iter().find(|list| !list.is_empty()).unwrap().clone();
    let bound = Settings { inbound_agents, ..Settings::default() };
    let answer = change(Action::Update, &[Setting::InboundAgents], &bound).unwrap();
    assert_eq!(answer.inbound_agents[0].agent_id, bound.inbound_agents[0].agent_id);
    let answer = change(Action::Update, &[Setting::InboundAgents], &Settings::default()).unwrap();
    assert!(answer.inbound_agents.is_empty());
    assert_eq!(change(Action::Delete, &[], &Settings::default()), None);
    assert_eq!(workspace.get(number).unwrap(), None);
}
