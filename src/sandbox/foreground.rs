//! The sandbox as a command: it says where it listens, and serves until Ctrl-C.

use std::io::Write;

use tokio::runtime::Builder;

use crate::error::{Error, Result};

use super::credentials::{ACCOUNT_SID, AUTH_TOKEN, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY};
use super::running::{RunningSandbox, Sandbox, SandboxOptions};

/// The environment that points phone-dir, and other clients of these names, at a sandbox.
pub fn environment(sandbox: &RunningSandbox) -> Vec<(&'static str, String)> {
    let base = sandbox.base_url();
    vec![
        ("TWILIO_API_URL", base.clone()),
        ("TWILIO_TRUNKING_URL", base.clone()),
        ("TWILIO_PRICING_URL", base.clone()),
        ("RETELL_BASE_URL", base),
        ("TWILIO_ACCOUNT_SID", ACCOUNT_SID.to_owned()),
        ("TWILIO_AUTH_TOKEN", AUTH_TOKEN.to_owned()),
        ("RETELL_STAGING_API_KEY", RETELL_STAGING_KEY.to_owned()),
        ("RETELL_PRODUCTION_API_KEY", RETELL_PRODUCTION_KEY.to_owned()),
    ]
}

/// Starts a sandbox, writes its environment to `output` as lines for a shell, and serves until Ctrl-C.
pub fn run(options: SandboxOptions, output: &mut dyn Write) -> Result<()> {
    let sandbox = Sandbox::start(options)?;
    output
        .write_all(shell_lines(&sandbox).as_bytes())
        .and_then(|()| output.flush())
        .map_err(|error| Error::failed("cannot write the sandbox's environment").caused_by(error))?;
    wait_for_interrupt().map_err(|error| Error::failed("cannot wait for Ctrl-C").caused_by(error))?;
    sandbox.shutdown();
    Ok(())
}

/// The environment as a shell reads it; values are letters, digits and `:/._-`, so they need no quotes.
fn shell_lines(sandbox: &RunningSandbox) -> String {
    let exports = environment(sandbox).into_iter().map(|(name, value)| format!("export {name}={value}\n"));
    format!("# Twilio and Retell on {}; Ctrl-C ends it\n{}", sandbox.base_url(), exports.collect::<String>())
}

fn wait_for_interrupt() -> std::io::Result<()> {
    Builder::new_current_thread().enable_all().build()?.block_on(tokio::signal::ctrl_c())
}
