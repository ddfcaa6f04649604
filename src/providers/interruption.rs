//! Notices that the process is asked to end: by Ctrl-C, by `kill`, or because its terminal went away.

use std::future::pending;

/// Waits until the process is asked to end. From the first call on none of these signals ends it by itself.
pub async fn asked_to_end() {
    tokio::select! {
        () = ctrl_c() => {}
        () = signals::asked() => {}
    }
}

async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler Ctrl-C ends the process by itself.
        pending::<()>().await;
    }
}

#[cfg(unix)]
pub use signals::ignores_hangup;

#[cfg(unix)]
mod signals {
    use std::future::pending;

    use tokio::signal::unix::{SignalKind, signal};

    /// Waits for SIGTERM, or for SIGHUP where that is not ignored.
    pub async fn asked() {
        tokio::select! {
            () = of(SignalKind::terminate()) => {}
            () = hangup() => {}
        }
    }

    async fn hangup() {
        if ignores_hangup() {
            pending::<()>().await;
        }
        of(SignalKind::hangup()).await;
    }

    async fn of(kind: SignalKind) {
        let received = match signal(kind) {
            Ok(mut received) => received.recv().await,
            // Without a handler the signal ends the process by itself.
            Err(_) => None,
        };
        if received.is_none() {
            pending::<()>().await;
        }
    }

    /// Whether the process was started so that it outlives its terminal (`nohup`): a handler would undo that. Only
    /// Linux tells a program without `unsafe`.
    pub fn ignores_hangup() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
    }
}

#[cfg(not(unix))]
mod signals {
    pub async fn asked() {
        std::future::pending::<()>().await;
    }
}
