//! A connection to a PostgreSQL server, asked by threads that wait: a thread of its own drives it.
//!
//! What asks may itself run under a runtime, which must not be entered twice; so every answer comes through a channel.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::{StreamExt, TryStreamExt};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::ServerAddress;
use super::failure::{failed, gone, silent};
use super::value::{kind, row};
use crate::store::calls::database::{DatabaseError, DatabaseResult, SqlRow, SqlValue};

/// How long connecting may take as a whole: the server's greeting, TLS, and the password.
const WHOLE_CONNECT: Duration = Duration::from_secs(30);
/// How long a connection may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// How many rows wait for who asked for them.
const ROWS: usize = 256;
/// How many statements are on their way at a time.
const TOGETHER: usize = 256;

pub(super) struct ServerConnection {
    thread: ConnectionThread,
    /// None only while it ends.
    client: Option<Arc<Client>>,
    statements: HashMap<String, Statement>,
}

impl ServerConnection {
    /// Connects, and says first what holds for everything that follows.
    pub(super) fn open(
        address: &ServerAddress,
        tls: rustls::ClientConfig,
        settings: &'static str,
    ) -> DatabaseResult<Self> {
        let mut thread = ConnectionThread::start()?;
        let config = address.config().clone();
        let connect = async move {
            let (client, connection) = config.connect(MakeRustlsConnect::new(tls)).await?;
            // What goes wrong with it, every later question is told.
            let driven = tokio::spawn(async move { drop(connection.await) });
            client.batch_execute(settings).await?;
            Ok((client, driven))
        };
        let connected = thread.run(async move { tokio::time::timeout(WHOLE_CONNECT, connect).await })?;
        let (client, driven) = connected.map_err(|_| silent())?.map_err(failed)?;
        thread.driven = Some(driven);
        Ok(Self { thread, client: Some(Arc::new(client)), statements: HashMap::new() })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(|client| client.is_closed())
    }

    /// Runs statements without values, one after the other.
    pub(super) fn batch(&self, sql: String) -> DatabaseResult<()> {
        let client = self.client()?;
        self.thread.run(async move { client.batch_execute(&sql).await })?.map_err(failed)
    }

    /// Runs a statement for each set of values; gives how many rows it touched.
    pub(super) fn execute(&mut self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<usize> {
        let Some(statement) = self.statement(sql, sets.first())? else { return Ok(0) };
        let client = self.client()?;
        let run = async move {
            let mut touched = 0;
            for group in sets.chunks(TOGETHER) {
                let each = group.iter().map(|set| client.execute_raw(&statement, set.iter()));
                touched += try_join_all(each).await?.iter().sum::<u64>();
            }
            Ok(usize::try_from(touched).unwrap_or(usize::MAX))
        };
        self.thread.run(run)?.map_err(failed)
    }

    /// Asks a question for each set of values.
    pub(super) fn query_each(&mut self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<Vec<Vec<SqlRow>>> {
        let Some(statement) = self.statement(sql, sets.first())? else { return Ok(Vec::new()) };
        let client = self.client()?;
        let ask = async move {
            let mut found = Vec::with_capacity(sets.len());
            for group in sets.chunks(TOGETHER) {
                let each = group
                    .iter()
                    .map(|set| async { client.query_raw(&statement, set.iter()).await?.try_collect::<Vec<_>>().await });
                found.extend(try_join_all(each).await?);
            }
            Ok(found)
        };
        let found: Vec<Vec<_>> = self.thread.run(ask)?.map_err(failed)?;
        found.iter().map(|rows| rows.iter().map(row).collect()).collect()
    }

    /// Asks a question, and hands over its rows as they come.
    pub(super) fn query(
        &mut self,
        sql: &str,
        values: Vec<SqlValue>,
        visit: &mut dyn FnMut(&SqlRow) -> DatabaseResult<()>,
    ) -> DatabaseResult<()> {
        let Some(statement) = self.statement(sql, Some(&values))? else { return Ok(()) };
        let client = self.client()?;
        let (sender, rows) = mpsc::sync_channel(ROWS);
        self.thread.handle.spawn(async move {
            let mut found = match client.query_raw(&statement, values.iter()).await {
                Ok(found) => Box::pin(found),
                // The asker has gone only if the error is not waited for either.
                Err(error) => return drop(sender.send(Err(failed(error)))),
            };
            while let Some(next) = found.next().await {
                if sender.send(next.map_err(failed).and_then(|found| row(&found))).is_err() {
                    return;
                }
            }
        });
        rows.iter().try_for_each(|row| visit(&row?))
    }

    fn client(&self) -> DatabaseResult<Arc<Client>> {
        self.client.clone().ok_or_else(gone)
    }

    /// The statement, ready on the server; none where there is no set of values to run it with.
    fn statement(&mut self, sql: &str, values: Option<&Vec<SqlValue>>) -> DatabaseResult<Option<Statement>> {
        let Some(values) = values else { return Ok(None) };
        if let Some(ready) = self.statements.get(sql) {
            return Ok(Some(ready.clone()));
        }
        let kinds: Vec<Type> = values.iter().map(kind).collect();
        let (client, text) = (self.client()?, sql.replace('?', "$"));
        let ready = self.thread.run(async move { client.prepare_typed(&text, &kinds).await })?.map_err(failed)?;
        self.statements.insert(sql.to_owned(), ready.clone());
        Ok(Some(ready))
    }
}

impl Drop for ServerConnection {
    fn drop(&mut self) {
        // The thread waits until the goodbye is said, which is when nothing can ask any more.
        self.statements.clear();
        self.client = None;
    }
}

/// The thread that drives a connection.
struct ConnectionThread {
    handle: Handle,
    driven: Option<tokio::task::JoinHandle<()>>,
    stop: Option<oneshot::Sender<Option<tokio::task::JoinHandle<()>>>>,
    thread: Option<JoinHandle<()>>,
}

impl ConnectionThread {
    fn start() -> DatabaseResult<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(DatabaseError::other)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let drive = move || {
            runtime.block_on(async {
                if let Ok(Some(driven)) = stopped.await {
                    let _late = tokio::time::timeout(GOODBYE, driven).await;
                }
            });
        };
        let thread = thread::Builder::new().name("server of calls".to_owned()).spawn(drive);
        let thread = Some(thread.map_err(DatabaseError::other)?);
        Ok(Self { handle, driven: None, stop: Some(stop), thread })
    }

    fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> DatabaseResult<T> {
        let (sender, answer) = mpsc::sync_channel(1);
        self.handle.spawn(async move { drop(sender.send(work.await)) });
        answer.recv().map_err(|_| gone())
    }
}

impl Drop for ConnectionThread {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ended = stop.send(self.driven.take());
        }
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
