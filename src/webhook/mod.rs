//! The receiver of Retell's events: it verifies, stores and then answers.
//!
//! An event is answered with 204 once it is on the disk, and not before. What cannot be stored in time is answered with 503,
//! so that Retell sends it again: nothing is acknowledged and lost, and nothing makes the receiver wait or grow. It keeps
//! our columns of a call and never an event's body.

mod connections;
mod counters;
mod intake;
mod page;
mod workspace_facts;
mod writer;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

pub use counters::Counters;
pub use page::AdminToken;
pub use workspace_facts::WorkspaceFacts;

use crate::activity::signature::SigningKey;
use crate::activity::time::Millis;
use crate::error::{Error, Result};
use crate::store::calls::{CallStore, StorePlace};

pub type Present = Arc<dyn Fn() -> Millis + Send + Sync>;

pub struct ReceiverOptions {
    pub listen: SocketAddr,
    /// The path at which they do.
    pub path: String,
    /// Where metrics and the page are; none for neither.
    pub admin: Option<SocketAddr>,
    /// Who may see them; every user of this machine where there is none.
    pub admin_token: Option<AdminToken>,
    /// The largest body, in bytes.
    pub max_body: usize,
    /// The most events that wait to be stored.
    pub queue: usize,
    /// The keys of the workspaces.
    pub keys: Vec<SigningKey>,
    /// What is known of the workspaces beside their calls.
    pub facts: WorkspaceFacts,
    pub store: StorePlace,
    pub present: Present,
}

/// How long an event may wait for the disk before its sender is told to come again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Runs the receiver until `stop` says so; `started` is told the addresses as soon as both are open.
pub async fn receive(
    options: ReceiverOptions,
    stop: watch::Receiver<bool>,
    started: impl FnOnce(SocketAddr, Option<SocketAddr>) -> Result<()>,
) -> Result<()> {
    let store = CallStore::open(&options.store)?;
    let counters = Arc::new(Counters::default());
    let (writer, thread) = writer::start(store, options.queue, Arc::clone(&counters))?;
    let listener = listen(options.listen).await?;
    let admin = match options.admin {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let address = |listener: &TcpListener| listener.local_addr().map_err(|error| cannot_listen(options.listen, error));
    started(address(&listener)?, admin.as_ref().map(address).transpose()?)?;
    let shared = Arc::new(intake::Intake {
        keys: options.keys,
        max_body: options.max_body,
        present: options.present,
        counters: Arc::clone(&counters),
        writer,
        patience: PATIENCE,
        working: tokio::sync::Semaphore::new(intake::MOST_AT_WORK),
    });
    let events = connections::serve(listener, intake::router(&options.path, &shared), stop.clone());
    let seen = page::Seen {
        counters,
        facts: options.facts,
        store: options.store,
        server: Arc::default(),
        token: options.admin_token,
        present: Arc::clone(&shared.present),
        stop: stop.clone(),
    };
    let watched = async {
        if let Some(admin) = admin {
            connections::serve(admin, page::router(seen), stop).await;
        }
    };
    tokio::join!(events, watched);
    // The last sender goes, and the writer ends with what it has.
    drop(shared);
    tokio::task::spawn_blocking(move || thread.join())
        .await
        .map_err(|error| Error::failed("the writer of the store did not end").caused_by(error))?
        .map_err(|_| Error::failed("the writer of the store broke"))
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| cannot_listen(address, error))
}

fn cannot_listen(address: SocketAddr, error: std::io::Error) -> Error {
    Error::failed(format!("cannot listen at `{address}`"))
        .hint("another program may hold the port; port 0 takes any free one")
        .caused_by(error)
}
