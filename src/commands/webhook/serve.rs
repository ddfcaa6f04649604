//! `phone-dir webhook serve`

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{keys, page_facts};
use crate::activity::time::Millis;
use crate::commands::core_dumps;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::usage;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::workspaces_file::ApiKey;
use crate::providers::interruption::asked_to_end;
use crate::render::failure;
use crate::webhook::{self, AdminToken, ReceiverOptions, WorkspaceFacts};

/// How often it is looked whether calls are old enough to be erased.
const ERASING_PAUSE: Duration = Duration::from_secs(3600);

/// Receive events until it is asked to end, and answer each once it is on the disk
///
/// Point the webhook of Retell's account, or of an agent, at this address, through a proxy that speaks TLS. 204: stored, or
/// stored before. 401: not signed by a key of a workspace, or too long ago. 400 and 413: no event. 503: come again.
/// `examples/serve` has a unit of systemd, a container file and a proxy's configuration.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Where to receive events; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// The path at which events are received
    #[arg(long, value_name = "PATH", default_value = "/webhook/retell", value_parser = path)]
    path: String,
    /// Where to show the live page (`/`) and the metrics (`/metrics`), for which Retell is asked twice a minute how many calls
    /// each workspace may have; neither unless it is said
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<SocketAddr>,
    /// The variable with the token that opens the page and the metrics; needed where they are not on this machine only
    #[arg(long, value_name = "VARIABLE", requires = "admin")]
    admin_token_env: Option<String>,
    /// The largest event, in KiB
    #[arg(long, value_name = "KIB", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=65536))]
    max_body: u32,
    /// How many events may wait to be stored
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    queue: u32,
    /// Read from Retell what no event told of, so often (`15m`)
    #[arg(long, value_name = "LENGTH", value_parser = calls::span)]
    pull: Option<i64>,
    #[command(flatten)]
    workspaces: WorkspaceChoice,
}

fn path(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    if text.len() > 1 && text.starts_with('/') && text.bytes().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err("give a path such as `/webhook/retell`".to_owned())
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    core_dumps::forbid()?;
    let context = CallContext::of(&options.workspaces, session)?;
    let keys = keys::of(&context, session)?;
    let present = session.present();
    let receiver = ReceiverOptions {
        listen: options.listen,
        path: options.path.clone(),
        admin: options.admin,
        admin_token: admin_token(options, session)?,
        max_body: usize::try_from(options.max_body).unwrap_or(usize::MAX) << 10,
        queue: usize::try_from(options.queue).unwrap_or(usize::MAX),
        keys,
        facts: WorkspaceFacts::of(&context.workspaces, context.directory.agents.clone()),
        store: context.place.clone(),
        present: Arc::new(move || Millis::of(present())),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed("cannot start the network runtime").caused_by(error))?;
    let result = runtime.block_on(serve(receiver, options, session));
    // A reading that is under way goes on where it stopped, the next time.
    runtime.shutdown_background();
    result.map(|()| Exit::Done)
}

async fn serve(receiver: ReceiverOptions, options: &Arguments, session: &Session) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let ending = async {
        asked_to_end().await;
        session.note("Ending: what is under way is stored and answered");
        // Without a receiver everything has ended already.
        let _ended = stop.send(true);
        std::future::pending::<()>().await;
    };
    let facts = receiver.facts.clone();
    let learning = async {
        match options.admin {
            Some(_) => page_facts::keep_current(&options.workspaces, &facts, session).await,
            None => std::future::pending().await,
        }
    };
    let path = options.path.clone();
    let started = |events: SocketAddr, admin: Option<SocketAddr>| {
        let admin = admin.map(|address| format!("Live page and metrics at http://{address}/\n")).unwrap_or_default();
        session.print(&format!("Receiving events at http://{events}{path}\n{admin}"))?;
        std::io::stdout().flush().map_err(|error| Error::failed("cannot write the output").caused_by(error))
    };
    let receiving = webhook::receive(receiver, stopped, started);
    tokio::select! {
        ended = receiving => ended,
        () = ending => Ok(()),
        () = pulling(options, session) => Ok(()),
        () = learning => Ok(()),
        () = erasing(options, session) => Ok(()),
    }
}

/// Erases each hour what is older than it is kept: where no reading follows, nothing else would.
async fn erasing(options: &Arguments, session: &Session) {
    let present = session.present();
    loop {
        let quiet = Session { quiet: true, ..session.clone() };
        let (choice, now) = (options.workspaces.clone(), Millis::of(present()));
        let erased = tokio::task::spawn_blocking(move || usage::erase_due_now(&choice, now, &quiet)).await;
        match erased {
            Ok(Ok(())) => {}
            Ok(Err(error)) => session.complain(&failure::human(&error)),
            Err(_broken) => session.complain("warning: erasing old calls broke off"),
        }
        tokio::time::sleep(ERASING_PAUSE).await;
    }
}

/// Reads what push missed, again and again.
async fn pulling(options: &Arguments, session: &Session) {
    let Some(pause) = options.pull else { return std::future::pending().await };
    let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(u64::MAX));
    loop {
        let (choice, own) = (options.workspaces.clone(), session.clone());
        let read = tokio::task::spawn_blocking(move || usage::pull_now(&choice, &own)).await;
        match read {
            Ok(Ok(())) => {}
            Ok(Err(error)) => session.complain(&failure::human(&error)),
            Err(_broken) => session.complain("warning: a reading of calls broke off"),
        }
        tokio::time::sleep(pause).await;
    }
}

fn admin_token(options: &Arguments, session: &Session) -> Result<Option<AdminToken>> {
    let Some(name) = &options.admin_token_env else {
        return match options.admin.filter(|address| !address.ip().is_loopback()) {
            None => Ok(None),
            Some(address) => Err(Error::failed(format!("`{address}` can be reached from other machines"))
                .hint("show the page on 127.0.0.1, or name a variable with a token by `--admin-token-env`")),
        };
    };
    let token = session.variable(name).filter(|token| token.len() >= 16).ok_or_else(|| {
        Error::failed(format!("`{name}` is not set to a token of at least 16 letters"))
            .hint("`openssl rand -hex 32` makes a good one")
    })?;
    let token = ApiKey::new(token);
    let mut keys = crate::model::run_keys::RunKeys::default();
    keys.learn(&token);
    session.withhold(&keys);
    Ok(Some(AdminToken(token)))
}
