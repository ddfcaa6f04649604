//! The one thread that writes: whatever has come by the time the disk is free is stored as one group.

use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::counters::Counters;
use crate::error::{Error, Result};
use crate::store::calls::{CallStore, ReceivedEvent};

/// The most events of a group.
const GROUP: usize = 64;

/// An event, and who waits for it.
struct Waiting {
    event: ReceivedEvent,
    stored: oneshot::Sender<bool>,
}

/// The way to the thread; it ends when the last of these goes.
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Hands an event over; none where too many wait already. What comes back says whether it is on the disk.
    pub fn store(&self, event: ReceivedEvent) -> Option<oneshot::Receiver<bool>> {
        let (stored, answer) = oneshot::channel();
        self.queue.try_send(Waiting { event, stored }).ok()?;
        Some(answer)
    }
}

pub fn start(store: CallStore, queue: usize, counters: Arc<Counters>) -> Result<(Writer, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(queue.max(1));
    let thread = std::thread::Builder::new()
        .name("store of calls".to_owned())
        .spawn(move || write(store, receiver, &counters))
        .map_err(|error| Error::failed("the system gives no thread").caused_by(error))?;
    Ok((Writer { queue: sender }, thread))
}

fn write(mut store: CallStore, mut queue: mpsc::Receiver<Waiting>, counters: &Counters) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        let (events, waiting): (Vec<_>, Vec<_>) = group.drain(..).map(|it| (it.event, it.stored)).unzip();
        counters.waiting(queue.len());
        let kept = store.keep_events(&events);
        if let (Err(error), Some(event)) = (&kept, events.last()) {
            counters.failed(error, event.received);
        }
        for stored in waiting {
            // A request that does not wait any more has told its sender to come again.
            let _gone = stored.send(kept.is_ok());
        }
    }
}
