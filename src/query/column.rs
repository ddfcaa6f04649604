//! The columns of a listing: one table that drives every format, `--columns`, `--sort` and their help.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use super::Row;
use super::bound_agents::{BoundAgent, CallDirection};
use crate::model::NumberEntry;
use crate::model::master::{Capabilities, TwilioData};

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known, or it does not apply.
    Nothing,
    Text(Cow<'a, str>),
    List(Cow<'a, [String]>),
    /// Voice agents, with their shares.
    Agents(Vec<BoundAgent>),
    Flag(bool),
}

impl<'a> Cell<'a> {
    fn of(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(Cow::Borrowed(text)))
    }

    fn list(words: Vec<String>) -> Self {
        Self::List(Cow::Owned(words))
    }

    /// The cell as one text; none where there is nothing.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Flag(is_so) => Some(Cow::Borrowed(if *is_so { "true" } else { "false" })),
            Self::List(words) if words.is_empty() => None,
            Self::List(words) => Some(Cow::Owned(words.join(", "))),
            Self::Agents(agents) if agents.is_empty() => None,
            Self::Agents(agents) => {
                Some(Cow::Owned(agents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
            }
        }
    }

    /// Orders by text without regard to case; what has no text comes last.
    fn order(&self, other: &Self) -> Ordering {
        match (self.text(), other.text()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(words) => words.serialize(serializer),
            Self::Agents(agents) => agents.serialize(serializer),
            Self::Flag(is_so) => serializer.serialize_bool(*is_so),
        }
    }
}

#[derive(Debug)]
pub struct Column {
    /// The name: the key in JSON and the heading in CSV.
    pub name: &'static str,
    /// A shorter name that `--columns` and `--sort` take as well.
    pub short: Option<&'static str>,
    /// The heading of a table that people read.
    pub heading: &'static str,
    value: for<'a> fn(&Row<'a>) -> Cell<'a>,
}

impl Column {
    /// What stands in this column of a row.
    pub fn value<'a>(&self, row: &Row<'a>) -> Cell<'a> {
        (self.value)(row)
    }

    /// Finds a column by its name or its short name, with `-` or `_`, in any case.
    pub fn find(written: &str) -> Option<&'static Self> {
        let name = written.trim().to_lowercase().replace('-', "_");
        COLUMNS.iter().find(|column| column.name == name || column.short == Some(name.as_str()))
    }
}

const fn column(
    name: &'static str,
    short: Option<&'static str>,
    heading: &'static str,
    value: for<'a> fn(&Row<'a>) -> Cell<'a>,
) -> Column {
    Column { name, short, heading, value }
}

/// Every column, in the order in which a complete listing shows them.
pub static COLUMNS: [Column; 40] = [
    column("phone_number", Some("number"), "NUMBER", |row| Cell::Text(Cow::Owned(row.phone_number.to_string()))),
    column("phone_number_pretty", Some("pretty"), "PRETTY", |row| Cell::of(row.pretty())),
    column("phone_number_type", Some("type"), "TYPE", |row| Cell::of(row.number_type().map(|kind| kind.as_str()))),
    column("workspace", None, "WORKSPACE", |row| Cell::of(row.workspace.map(|name| name.as_str()))),
    column("agent_path", Some("agent"), "AGENT", |row| Cell::of(row.agent_path().map(|path| path.as_str()))),
    column("agent_id", None, "AGENT ID", |row| Cell::of(row.agent_id().map(|id| id.as_str()))),
    column("agent_name", None, "AGENT NAME", |row| Cell::of(row.agent_name())),
    column("assignment_type", Some("assignment"), "ASSIGNMENT", |row| Cell::of(Some(row.assignment_type().as_str()))),
    column("nickname", None, "NICKNAME", |row| Cell::of(row.nickname())),
    column("tags", None, "TAGS", |row| Cell::List(Cow::Borrowed(row.tags()))),
    column("handled_by", None, "HANDLED BY", |row| Cell::of(row.handled_by().map(|by| by.as_str()))),
    column("inbound_agent_path", Some("inbound"), "INBOUND AGENT", |row| path(row, CallDirection::Inbound)),
    column("inbound_agent_id", None, "INBOUND AGENT ID", |row| id(row, CallDirection::Inbound)),
    column("outbound_agent_path", Some("outbound"), "OUTBOUND AGENT", |row| path(row, CallDirection::Outbound)),
    column("outbound_agent_id", None, "OUTBOUND AGENT ID", |row| id(row, CallDirection::Outbound)),
    column("agents", None, "AGENTS", |row| Cell::Agents(row.bound_agents())),
    column("pending", None, "PENDING", |row| Cell::Flag(row.is_pending())),
    column("live_agent_path", Some("live_agent"), "LIVE AGENT", |row| {
        Cell::of(row.live_agent_path().map(|path| path.as_str()))
    }),
    column("live_agent_id", None, "LIVE AGENT ID", |row| {
        row.live_agent_id().map_or(Cell::Nothing, |id| Cell::Text(Cow::Owned(id.to_string())))
    }),
    column("notes", None, "NOTES", |row| Cell::of(entry(row, |entry| Some(entry.notes.as_str())))),
    column("provider", None, "PROVIDER", |row| Cell::of(row.provider().map(|provider| provider.as_str()))),
    column("area_code", Some("area"), "AREA", |row| Cell::of(entry(row, |entry| entry.area_code.as_deref()))),
    column("country_code", Some("country"), "COUNTRY", |row| {
        Cell::of(entry(row, |entry| entry.country_code.as_deref()))
    }),
    column("capabilities", None, "CAPABILITIES", |row| {
        entry(row, |entry| entry.capabilities.as_ref())
            .map_or(Cell::Nothing, |capabilities| Cell::list(capability_words(*capabilities)))
    }),
    column("friendly_name", None, "FRIENDLY NAME", |row| {
        Cell::of(twilio(row).and_then(|data| data.friendly_name.as_deref()))
    }),
    column("phone_number_sid", Some("sid"), "PHONE NUMBER SID", |row| {
        Cell::of(twilio(row).map(|data| data.phone_number_sid.as_str()))
    }),
    column("trunk_sid", Some("trunk"), "TRUNK SID", |row| {
        Cell::of(twilio(row).and_then(|data| data.trunk_sid.as_ref()).map(|sid| sid.as_str()))
    }),
    column("termination_uri", None, "TERMINATION URI", |row| Cell::of(row.termination_uri())),
    column("origination_uri", None, "ORIGINATION URI", |row| {
        Cell::of(entry(row, |entry| entry.sip_config.as_ref()?.origination_uri.as_deref()))
    }),
    column("import_method", Some("method"), "IMPORT METHOD", |row| {
        Cell::of(row.registered.map(|entry| entry.import_method.as_str()))
    }),
    column("import_date", Some("imported"), "IMPORTED", |row| {
        Cell::of(row.registered.and_then(|entry| entry.import_date.as_ref()).map(|date| date.as_str()))
    }),
    column("assigned_date", None, "ASSIGNED", |row| {
        Cell::of(row.assignment.and_then(|known| known.assigned_date.as_ref()).map(|date| date.as_str()))
    }),
    column("last_modified", Some("modified"), "MODIFIED", |row| {
        Cell::of(row.registered.and_then(|entry| entry.last_modified.as_ref()).map(|date| date.as_str()))
    }),
    column("inbound_webhook_url", Some("webhook"), "WEBHOOK", |row| {
        Cell::of(row.registered.and_then(|entry| entry.inbound_webhook_url()))
    }),
    column("inbound_sms_webhook_url", Some("sms_webhook"), "SMS WEBHOOK", |row| {
        Cell::of(row.registered.and_then(|entry| entry.inbound_sms_webhook_url()))
    }),
    column("fallback_number", Some("fallback"), "FALLBACK", |row| {
        Cell::of(row.registered.and_then(|entry| entry.fallback_number.as_ref()).map(|number| number.as_str()))
    }),
    column("auth_username", Some("username"), "USERNAME", |row| {
        Cell::of(row.registered.and_then(|entry| entry.auth_username()))
    }),
    column("transport", None, "TRANSPORT", |row| Cell::of(row.registered.and_then(|entry| entry.transport()))),
    column("codecs", None, "CODECS", |row| {
        row.registered
            .and_then(|entry| entry.codecs())
            .map_or(Cell::Nothing, |codecs| Cell::List(Cow::Borrowed(codecs)))
    }),
    column("date_created", Some("created"), "CREATED", |row| {
        Cell::of(twilio(row).and_then(|data| data.date_created.as_ref()).map(|date| date.as_str()))
    }),
];

/// How many columns, from the first, machine formats print unless others are asked for.
const USUAL: usize = 19;

/// The columns that machine formats print unless others are asked for.
pub fn usual() -> Vec<&'static Column> {
    COLUMNS[..USUAL].iter().collect()
}

/// Every column, for an inventory.
pub fn all() -> Vec<&'static Column> {
    COLUMNS.iter().collect()
}

fn path<'a>(row: &Row<'_>, direction: CallDirection) -> Cell<'a> {
    let path = row.principal(direction).and_then(|agent| agent.agent_path);
    path.map_or(Cell::Nothing, |path| Cell::Text(Cow::Owned(path.as_str().to_owned())))
}

fn id<'a>(row: &Row<'_>, direction: CallDirection) -> Cell<'a> {
    row.principal(direction).map_or(Cell::Nothing, |agent| Cell::Text(Cow::Owned(agent.agent_id.as_str().to_owned())))
}

fn entry<'a, T: ?Sized>(row: &Row<'a>, value: fn(&'a NumberEntry) -> Option<&'a T>) -> Option<&'a T> {
    row.entry.and_then(value)
}

fn twilio<'a>(row: &Row<'a>) -> Option<&'a TwilioData> {
    entry(row, |entry| entry.twilio.as_ref())
}

fn capability_words(capabilities: Capabilities) -> Vec<String> {
    let Capabilities { voice, sms, mms, fax } = capabilities;
    let words = [("voice", voice), ("sms", sms), ("mms", mms), ("fax", fax)];
    words.into_iter().filter(|(_, has)| *has).map(|(word, _)| word.to_owned()).collect()
}

#[derive(Clone, Copy, Debug)]
pub struct SortKey {
    pub column: &'static Column,
    pub direction: Direction,
}

/// Which end of an order comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Sorts rows by several keys; rows that are equal in all of them keep their order.
pub fn sort(rows: &mut [Row<'_>], keys: &[SortKey]) {
    // From the last key to the first: each sort is stable.
    for key in keys.iter().rev() {
        rows.sort_by_cached_key(|row| Ranked { cell: key.column.value(row), direction: key.direction });
    }
}

struct Ranked<'a> {
    cell: Cell<'a>,
    direction: Direction,
}

impl Ord for Ranked<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.cell.order(&other.cell);
        // What is not there stays at the end in both directions.
        let both = self.cell.text().is_some() && other.cell.text().is_some();
        if both && self.direction == Direction::Descending { order.reverse() } else { order }
    }
}

impl PartialOrd for Ranked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_each_of_its_names_and_no_name_means_two() {
        let names = COLUMNS.iter().flat_map(|column| column.short.into_iter().chain([column.name]));
        let mut all: Vec<_> = names.clone().collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(names.into_iter().all(|name| Column::find(name).is_some()));
        assert_eq!(Column::find("Agent-Path").map(|column| column.name), Some("agent_path"));
    }

    #[test]
    fn what_is_not_there_is_sorted_to_the_end_in_both_directions() {
        let ranked = |text: Option<&'static str>, direction| Ranked { cell: Cell::of(text), direction };
        for direction in [Direction::Ascending, Direction::Descending] {
            assert!(ranked(None, direction) > ranked(Some("a"), direction));
        }
        assert!(ranked(Some("B"), Direction::Descending) < ranked(Some("a"), Direction::Descending));
    }
}
