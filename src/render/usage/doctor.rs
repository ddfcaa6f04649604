//! How the store of calls is.

use serde::Serialize;

use super::CoverageJson;
use crate::activity::coverage::CallCoverage;
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;

/// What was found out about the store.
#[derive(Clone, Debug)]
pub struct StoreHealth {
    pub path: String,
    pub form: i64,
    pub bytes: u64,
    /// What SQLite says is wrong with it.
    pub damage: Option<String>,
    /// How many calls have a row.
    pub calls: u64,
    /// How many of them are older than they are to be kept.
    pub due: u64,
    /// How many have no time.
    pub undated: u64,
    /// Counts, by day or of more, that do not follow from the calls.
    pub miscounted: u64,
    /// For which time each workspace's calls are known.
    pub coverage: Vec<CallCoverage>,
}

/// What to do about a file that is not whole.
const MEND_FILE: &str = "move it away and run `phone-dir usage pull`: Retell still has what it keeps";
/// What to do about counts that something else wrote.
const MEND_COUNTS: &str = "`phone-dir usage doctor --recount` counts them anew";

#[derive(Serialize)]
struct HealthJson<'a> {
    format_version: u32,
    status: &'static str,
    path: &'a str,
    form: i64,
    bytes: u64,
    damage: Option<&'a str>,
    calls: u64,
    due_to_be_erased: u64,
    undated_calls: u64,
    miscounted_days: u64,
    hint: Option<&'static str>,
    coverage: Vec<CoverageJson>,
}

impl StoreHealth {
    /// What mends it, where something is wrong.
    fn hint(&self) -> Option<&'static str> {
        match (&self.damage, self.miscounted) {
            (Some(_), _) => Some(MEND_FILE),
            (None, 0) => None,
            (None, _) => Some(MEND_COUNTS),
        }
    }

    /// Whether the store is whole.
    pub fn is_sound(&self) -> bool {
        self.damage.is_none() && self.miscounted == 0
    }
}

pub fn json(health: &StoreHealth) -> String {
    escape::json_of(&HealthJson {
        format_version: FORMAT_VERSION,
        status: if health.is_sound() { "ok" } else { "damaged" },
        path: &health.path,
        form: health.form,
        bytes: health.bytes,
        damage: health.damage.as_deref(),
        calls: health.calls,
        due_to_be_erased: health.due,
        undated_calls: health.undated,
        miscounted_days: health.miscounted,
        hint: health.hint(),
        coverage: CoverageJson::of(&health.coverage),
    })
}

pub fn text(health: &StoreHealth) -> String {
    let mut text = format!(
        "Store: {} (form {}, {} KiB)\nCalls: {}, {} due to be erased by the next `usage pull`, {} without a time\n",
        terminal(&health.path),
        health.form,
        health.bytes / 1024,
        health.calls,
        health.due,
        health.undated
    );
    for known in &health.coverage {
        text.push_str(&match known.complete {
            Some(span) => format!("{}: complete from {} to {}\n", known.workspace, span.from, span.until),
            None => format!("{}: never read to its end\n", known.workspace),
        });
        if let Some(erased) = known.erased_before {
            text.push_str(&format!("  before {erased}, daily counts only\n"));
        }
    }
    text.push_str(&match (&health.damage, health.miscounted) {
        (Some(damage), _) => format!("Damaged: {}\n  {MEND_FILE}\n", terminal(damage)),
        (None, 0) => "Sound: the database is whole, and the daily counts follow from the calls\n".to_owned(),
        (None, 1) => format!("Wrong: 1 count does not follow from the calls\n  {MEND_COUNTS}\n"),
        (None, counts) => format!("Wrong: {counts} counts do not follow from the calls\n  {MEND_COUNTS}\n"),
    });
    text
}
