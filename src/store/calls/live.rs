//! What happens now: the calls under way, and those of the last hour.

use std::collections::BTreeMap;

use rusqlite::params;

use super::CallStore;
use crate::activity::live::{LiveCalls, LiveLine};
use crate::activity::time::{HOUR, MINUTE, Millis};
use crate::error::Result;

/// A call lasts two hours at most; one that began earlier has ended, whether or not that was told.
const LONGEST_CALL: i64 = 2 * HOUR;

impl CallStore {
    /// The calls under way at a moment, and those of the hour before it.
    pub fn live(&self, now: Millis) -> Result<LiveCalls> {
        let read = || {
            let mut live = LiveCalls::at(now);
            let mut by_key: BTreeMap<[Option<String>; 3], LiveLine> = BTreeMap::new();
            let mut statement = self.connection.prepare_cached(
                "SELECT workspace, number, agent_id, status IS 'ongoing' AND end_ms IS NULL, at_ms, outcome FROM call \
                 WHERE workspace IN (SELECT DISTINCT workspace FROM day) AND at_ms >= ?1 AND at_ms <= ?2",
            )?;
            let mut rows = statement.query(params![now.0 - LONGEST_CALL, now.0])?;
            while let Some(row) = rows.next()? {
                let (workspace, number, agent): (String, Option<String>, Option<String>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let (ongoing, at, outcome): (bool, i64, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
                let recent = now.0 - at < HOUR;
                if !ongoing && !recent {
                    continue;
                }
                let key = [Some(workspace.clone()), number.clone(), agent.clone()];
                let counted = by_key.entry(key).or_insert(LiveLine {
                    workspace,
                    phone_number: number,
                    agent_id: agent,
                    ongoing: 0,
                    last_hour: 0,
                });
                counted.ongoing += u64::from(ongoing);
                counted.last_hour += u64::from(recent);
                if recent {
                    let ago = usize::try_from((now.0 - at) / MINUTE).unwrap_or(0).min(59);
                    live.minutes[59 - ago] += 1;
                    live.lost += u64::from(outcome == "lost");
                    live.failed += u64::from(outcome == "failed");
                }
            }
            live.lines = by_key.into_values().collect();
            live.lines.sort_by_key(|line| std::cmp::Reverse((line.ongoing, line.last_hour)));
            Ok(live)
        };
        read().map_err(|error: rusqlite::Error| self.failed("read", error))
    }
}
