//! What happens now: the calls under way, and those of the last hour.

use std::collections::BTreeMap;

use super::database::{DatabaseResult, SqlRow, values};
use super::{CallStore, rows};
use crate::activity::live::{LiveCalls, LiveLine};
use crate::activity::time::{HOUR, MINUTE, Millis};
use crate::error::Result;

/// A call lasts two hours at most; one that began earlier has ended, whether or not that was told.
const LONGEST_CALL: i64 = 2 * HOUR;

/// The calls of the last hours. One that has neither start nor end, as one that never found room may, happened when its
/// first event came.
const RECENT: &str = "\
    SELECT workspace, number, agent_id, CAST(status = 'ongoing' AND end_ms IS NULL AS INTEGER), at_ms, outcome FROM call \
    WHERE workspace IN (WORKSPACES) AND at_ms >= ?1 AND at_ms <= ?2 \
    UNION ALL \
    SELECT workspace, number, agent_id, 0, told_ms, outcome FROM (\
        SELECT workspace, number, agent_id, outcome, (SELECT min(received_ms) FROM event \
        WHERE event.workspace = call.workspace AND event.call_id = call.call_id) AS told_ms FROM call \
        WHERE workspace IN (WORKSPACES) AND at_ms IS NULL) AS undated \
    WHERE told_ms >= ?1 AND told_ms <= ?2";

impl CallStore {
    /// The calls under way at a moment, and those of the hour before it.
    pub fn live(&self, now: Millis) -> Result<LiveCalls> {
        self.read(|database| {
            let (mut live, mut by_key) = (LiveCalls::at(now), BTreeMap::new());
            let recent = RECENT.replace("WORKSPACES", rows::WORKSPACES);
            database
                .query(&recent, values![now.0 - LONGEST_CALL, now.0], &mut |row| add(row, &mut live, &mut by_key))?;
            live.lines = by_key.into_values().collect();
            live.lines.sort_by_key(|line| std::cmp::Reverse((line.ongoing, line.last_hour)));
            Ok(live)
        })
    }
}

/// Calls by workspace, number and agent.
type LiveLines = BTreeMap<[Option<String>; 3], LiveLine>;

fn add(row: &SqlRow, live: &mut LiveCalls, by_key: &mut LiveLines) -> DatabaseResult<()> {
    let text = |at| Ok(row.text(at)?.map(str::to_owned));
    let (workspace, number, agent) = (text(0)?.unwrap_or_default(), text(1)?, text(2)?);
    let (ongoing, at, outcome) = (row.integer(3)? == Some(1), row.whole(4)?, row.text(5)?);
    let recent = live.now.0 - at < HOUR;
    if !ongoing && !recent {
        return Ok(());
    }
    let key = [Some(workspace.clone()), number.clone(), agent.clone()];
    let new = LiveLine { workspace, phone_number: number, agent_id: agent, ongoing: 0, last_hour: 0, lost: 0 };
    let counted = by_key.entry(key).or_insert(new);
    counted.ongoing += u64::from(ongoing);
    counted.last_hour += u64::from(recent);
    if recent {
        let ago = usize::try_from((live.now.0 - at) / MINUTE).unwrap_or(0).min(59);
        live.minutes[59 - ago] += 1;
        counted.lost += u64::from(outcome == Some("lost"));
        live.failed += u64::from(outcome == Some("failed"));
    }
    Ok(())
}
