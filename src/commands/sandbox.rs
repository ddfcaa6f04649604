//! `phone-dir sandbox`

use std::time::Duration;

use clap::Args;

use super::{Exit, Session};
use crate::error::Result;
use crate::sandbox::{self, FAULT_KINDS, Fault, SandboxOptions};

/// Serve both providers' APIs on this machine, with made-up numbers, until Ctrl-C
///
/// Prints the environment that points phone-dir at it, as lines for a shell. Changes are kept in memory only.
/// `GET /_sandbox/requests` shows what was asked, `POST` and `DELETE /_sandbox/faults` change what goes wrong.
#[derive(Args, Debug)]
#[command(after_long_help = kinds_of_faults())]
pub struct Arguments {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Have at least N numbers in the Twilio account
    #[arg(long, value_name = "N", default_value_t = 0)]
    numbers: usize,
    /// Have at least N SIP trunks
    #[arg(long, value_name = "N", default_value_t = 0)]
    trunks: usize,
    /// Take this long for every answer
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,
    /// Let something go wrong: KIND[:VALUE][,provider=twilio|trunking|retell][,path=TEXT][,method=M][,workspace=W]
    /// [,nth=N|first=N|from=N]; may be given several times
    #[arg(long = "fault", value_name = "SPEC")]
    faults: Vec<String>,
    /// Spread generated numbers over the agents in another way
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

impl Arguments {
    #[allow(clippy::unused_self)] // every command answers this question
    pub(crate) fn prints_json(&self) -> bool {
        false
    }

    fn options(&self) -> Result<SandboxOptions> {
        let faults = self.faults.iter().map(|spec| spec.parse::<Fault>()).collect::<Result<_>>()?;
        Ok(SandboxOptions {
            port: self.port,
            numbers: self.numbers,
            trunks: self.trunks,
            latency: Duration::from_millis(self.latency),
            faults,
            seed: self.seed,
            ..SandboxOptions::default()
        })
    }
}

/// Lists the kinds of faults under the long help.
fn kinds_of_faults() -> String {
    let width = FAULT_KINDS.iter().map(|(kind, _)| kind.len()).max().unwrap_or_default();
    let lines = FAULT_KINDS.iter().map(|(kind, effect)| format!("  {kind:width$}  {effect}\n"));
    format!("Kinds of faults:\n{}", lines.collect::<String>())
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    sandbox::run(arguments.options()?, |text| session.print(text))?;
    Ok(Exit::Done)
}
