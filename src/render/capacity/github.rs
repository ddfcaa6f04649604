//! An answer about capacity as GitHub's annotations: a command for each threshold that is crossed.

use super::alarms;
use crate::capacity::{CapacityReport, CapacityVerdict};
use crate::render::escape;

/// GitHub shows no more annotations of one level from one step.
const PER_LEVEL: usize = 10;

/// Writes the annotations; nothing where nothing is short.
pub fn write(report: &CapacityReport) -> String {
    let mut text = String::new();
    let mut written: std::collections::BTreeMap<_, usize> = std::collections::BTreeMap::new();
    for (crossed, name, reason) in alarms(report) {
        let count = written.entry(crossed).or_default();
        *count += 1;
        if *count <= PER_LEVEL {
            let title = escape::workflow_property(&format!("capacity: {name}"));
            text.push_str(&format!("::{} title={title}::{}\n", crossed.as_str(), message(&name, &reason)));
        }
    }
    for (crossed, more) in written.iter().filter_map(|(crossed, count)| Some((crossed, count.checked_sub(PER_LEVEL)?)))
    {
        if more > 0 {
            text.push_str(&format!("+{more} more {}s; run `phone-dir capacity` to see them all\n", crossed.as_str()));
        }
    }
    if report.verdict() == CapacityVerdict::Unknown {
        for why in report.unread() {
            text.push_str(&format!("::error title=capacity::{}\n", escape::workflow_message(&why)));
        }
    }
    text
}

fn message(name: &str, reason: &str) -> String {
    escape::workflow_message(&format!("{name}: {reason}"))
}
