//! Connections with limits: how many there are, and how long a request's head may take. `axum::serve` has no such limit.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// The most connections at a time; further ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 256;
/// How long the head of a request may take.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long what is under way may take once the end was asked for.
const LAST_TIME: Duration = Duration::from_secs(10);

/// Serves until the end is asked for, then lets what is under way come to its answer.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&room).acquire_owned() => permit,
            () = asked(&mut stop) => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = asked(&mut stop) => break,
        };
        // A connection that broke before it stood is the sender's to open again.
        let Ok((stream, _)) = stream else { continue };
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // How a connection ends is its sender's affair: what was stored was answered, or is sent again.
            let _ended = watched.await;
            drop(permit);
        });
    }
    drop(listener);
    let _past_its_time = tokio::time::timeout(LAST_TIME, graceful.shutdown()).await;
}

/// Waits until the end is asked for.
pub async fn asked(stop: &mut watch::Receiver<bool>) {
    // Without a sender nothing can ask any more.
    if stop.wait_for(|asked| *asked).await.is_err() {
        std::future::pending::<()>().await;
    }
}
