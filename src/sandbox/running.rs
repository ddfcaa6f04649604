//! Starting and stopping the sandbox: its own thread, its own runtime, a port on loopback.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::error::{Error, Result};

use super::account::Account;
use super::agents::agent_id;
use super::calls::CallTraffic;
use super::capacity::MadeUpConcurrency;
use super::clock::Clock;
use super::connection::{ResetSwitch, ResettableListener};
use super::faults::{Fault, Faults};
use super::generate::{fill_numbers, fill_trunks};
use super::made_calls::CallRequest;
use super::request_log::RequestRecord;
use super::seed::twilio_account;
use super::seed_retell::{add_workspaces, one};
use super::server::{Shared, application};
use super::webhook_sender::{Delivery, WebhookOptions, send_events};
use super::webhook_spec::WebhookFault;

/// What a sandbox is started with; the default is the small, realistic account on any free port.
#[derive(Clone, Debug, Default)]
pub struct SandboxOptions {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// At least so many numbers in the Twilio account: what the default account lacks is generated.
    pub numbers: usize,
    /// At least so many trunks, likewise.
    pub trunks: usize,
    /// The time that every answer takes.
    pub latency: Duration,
    /// The calls that happen on the lines; none unless it is said how many.
    pub calls: Option<CallTraffic>,
    /// Where events of calls are sent; nowhere unless it is said.
    pub webhook: Option<WebhookOptions>,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// Varies which generated number is bound to which agent.
    pub seed: u64,
    /// Where the dates of changes come from.
    pub clock: Clock,
    /// What is told of every request once it is answered.
    pub on_answer: Option<fn(&RequestRecord)>,
}

/// The sandbox, before it runs.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

/// A sandbox that serves until it is shut down or dropped.
pub struct RunningSandbox {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a thread of its own; it answers as soon as this returns.
    ///
    /// Fails when the port is taken, or when the system gives no thread.
    pub fn start(options: SandboxOptions) -> Result<RunningSandbox> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = listen(address).map_err(|error| cannot_start(options.port, error))?;
        let port = listener.local_addr().map_err(|error| cannot_start(options.port, error))?.port();
        let shared = Arc::new(Shared::new(&options, account(&options), port));
        let (stop, stopped) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| cannot_start(port, error))?;
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || runtime.block_on(serve(listener, served, options.webhook, stopped)))
            .map_err(|error| cannot_start(port, error))?;
        Ok(RunningSandbox { shared, stop: Some(stop), thread: Some(thread) })
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn cannot_start(port: u16, error: std::io::Error) -> Error {
    Error::failed(format!("cannot start the sandbox on 127.0.0.1:{port}"))
        .hint("another program may hold the port; port 0 takes any free one")
        .caused_by(error)
}

fn account(options: &SandboxOptions) -> Account {
    let mut account = twilio_account();
    add_workspaces(&mut account);
    fill_trunks(&mut account, options.trunks);
    fill_numbers(&mut account, options.numbers, options.seed);
    account
}

/// Serves until told to stop; requests that are still running then end with the runtime.
async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    webhook: Option<WebhookOptions>,
    stopped: oneshot::Receiver<()>,
) {
    // The listener is bound and non-blocking already, so registering it cannot fail on a running runtime.
    let listener = tokio::net::TcpListener::from_std(listener).expect("a bound listener can be registered");
    let service = application(&shared).into_make_service_with_connect_info::<ResetSwitch>();
    if let Some(webhook) = webhook {
        tokio::spawn(send_events(Arc::clone(&shared), webhook));
    }
    tokio::select! {
        _ = axum::serve(ResettableListener(listener), service) => {}
        _ = stopped => {}
    }
}

impl RunningSandbox {
    /// The base address of both providers, such as `http://127.0.0.1:4010`, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.shared.port)
    }

    /// Every request so far, in order of arrival; the sandbox's own endpoints are not among them.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.log.records()
    }

    /// The most requests that were in flight at once.
    pub fn max_concurrency(&self) -> usize {
        self.shared.log.most_in_flight()
    }

    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// Sets how many calls a workspace has, and may have, at a time; of a workspace that is not there, nothing is set.
    pub fn set_concurrency(&self, workspace: &str, concurrency: MadeUpConcurrency) {
        if let Some(records) = self.shared.account().workspaces.get_mut(workspace) {
            records.concurrency = concurrency;
        }
    }

    /// Adds a fault, which hits from the next request on.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.faults().add(fault);
    }

    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Lets a call begin now, and gives its id.
    ///
    /// Fails when no workspace has the number with an agent for it.
    pub fn make_call(&self, request: &CallRequest) -> Result<String> {
        self.shared.make_call(request).map(|(_, call)| call.id)
    }

    /// The events that were delivered, or given up.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.outbox.deliveries()
    }

    /// Sets what goes wrong with events from now on.
    pub fn set_webhook_faults(&self, faults: Vec<WebhookFault>) {
        self.shared.outbox.set_faults(faults);
    }

    /// Binds a number's inbound and outbound calls to the agent of a folder such as `sales-agent`, as a person in the
    /// dashboard would.
    ///
    /// Fails when the workspace, its agent or its number does not exist.
    pub fn reassign(&self, workspace: &str, phone_number: &str, folder: &str) -> Result<()> {
        let missing = |what: String| Error::failed(format!("the sandbox has no {what}"));
        let mut account = self.shared.account();
        let agents =
            account.workspaces.get_mut(workspace).ok_or_else(|| missing(format!("workspace `{workspace}`")))?;
        if agents.agents.get(&agent_id(workspace, folder)).is_none() {
            return Err(missing(format!("agent `{folder}` in `{workspace}`")));
        }
        let number = agents
            .numbers
            .get_mut(phone_number)
            .ok_or_else(|| missing(format!("number `{phone_number}` in `{workspace}`")))?;
        number.inbound_agents = Some(one(workspace, folder));
        number.outbound_agents = Some(one(workspace, folder));
        number.touch(self.shared.clock.now().timestamp_millis());
        Ok(())
    }

    /// Stops serving and waits for the thread to end.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only when the server has ended by itself, which is what is wanted.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the sandbox's thread panicked");
        }
    }
}

impl std::fmt::Debug for RunningSandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RunningSandbox").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
