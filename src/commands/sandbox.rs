//! `phone-dir sandbox`

use std::io::Write;
use std::time::Duration;

use clap::Args;

use super::{Exit, Session};
use crate::error::Result;
use crate::render::escape::terminal;
use crate::sandbox::{
    self, CallTraffic, Clock, FAULT_KINDS, Fault, Faults, RequestRecord, SandboxOptions, WEBHOOK_FAULTS, WebhookFault,
    WebhookOptions, WebhookTarget,
};

/// Serve made-up Twilio and Retell accounts on this machine, to try things on
///
/// It speaks the used parts of both APIs: paging, credentials, errors as the providers word them; changes last
/// until it ends. It prints the environment variables that point phone-dir at it; paste them into a shell. With `-v` it
/// shows each request with the status of its answer.
/// While it runs, `POST /_sandbox/faults` adds a fault, `DELETE /_sandbox/faults` clears them, and
/// `GET /_sandbox/requests` lists what was asked. `POST /_sandbox/calls` with `{"to": "+14155550101", "seconds": 60}` lets a
/// call begin (`from` instead of `to`: one that the number makes), and `GET /_sandbox/webhooks` lists the events that were
/// sent; posted there, one a line, the faults of `--webhook-fault` replace those in force.
#[derive(Args, Debug)]
#[command(after_long_help = fault_help())]
pub struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Fill the Twilio account up to so many numbers
    #[arg(long, value_name = "N", default_value_t = 0)]
    numbers: usize,
    /// Fill the Twilio account up to so many trunks
    #[arg(long, value_name = "N", default_value_t = 0)]
    trunks: usize,
    /// Let so many calls a day happen, for the last 30 days or for so many: `200/day:90`; they go on while it runs
    #[arg(long, value_name = "N/day[:DAYS]")]
    calls: Option<CallTraffic>,
    /// Send each call's events, signed as Retell signs them, to a receiver on this machine
    #[arg(long, value_name = "URL")]
    webhook: Option<WebhookTarget>,
    /// With `--webhook`, let a short call begin so often (in seconds), so that there is something to see; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = 15, requires = "webhook")]
    call_every: u32,
    /// With `--webhook`, let something go wrong with events; an unknown fault lists the known ones
    #[arg(long, value_name = "FAULT", requires = "webhook")]
    webhook_fault: Vec<WebhookFault>,
    /// Let every answer take so many milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Let something go wrong; an unknown fault lists the known ones
    #[arg(long, value_name = "SPEC")]
    fault: Vec<Fault>,
}

/// The kinds of faults and how to aim them, below the long help.
fn fault_help() -> String {
    let width = FAULT_KINDS.iter().map(|(kind, _)| kind.len()).max().unwrap_or_default();
    let events = WEBHOOK_FAULTS.iter().map(|(kind, effect)| format!("  {kind:width$}  {effect}\n"));
    let kinds = FAULT_KINDS.iter().map(|(kind, effect)| format!("  {kind:width$}  {effect}\n"));
    format!(
        "Faults are KIND[,KEY=VALUE]...; the kinds are:\n{}\nThe keys say which requests are hit: \
         provider=twilio|trunking|retell, path=TEXT (anywhere in it), method=M, workspace=W, and of those \
         nth=N, first=N or from=N. An example: status:429,retry-after=1,provider=twilio,nth=2\n\n\
         Faults of events are:\n{}",
        kinds.collect::<String>(),
        events.collect::<String>()
    )
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let mut faults = Faults::default();
    arguments.fault.iter().cloned().for_each(|fault| faults.add(fault));
    let options = SandboxOptions {
        port: arguments.port,
        numbers: arguments.numbers,
        trunks: arguments.trunks,
        calls: arguments.calls,
        webhook: arguments.webhook.clone().map(|target| WebhookOptions {
            target,
            faults: arguments.webhook_fault.clone(),
            call_every: (arguments.call_every > 0).then(|| Duration::from_secs(arguments.call_every.into())),
        }),
        latency: Duration::from_millis(arguments.latency),
        clock: session.fixed_clock().map_or(Clock::System, |now| Clock::Stepping(now.to_datetime())),
        faults,
        on_answer: (session.verbosity > 0).then_some(tell as fn(&RequestRecord)),
        ..SandboxOptions::default()
    };
    sandbox::run(options, &mut std::io::stdout())?;
    Ok(Exit::Done)
}

/// Shows a request on the terminal; a closed one is no reason to stop serving.
fn tell(request: &RequestRecord) {
    let status = request.status.map(|status| status.to_string()).unwrap_or_default();
    let line = format!("{} {} {status}", request.method, terminal(&request.path));
    let _ = writeln!(anstream::stderr(), "{line}");
}
