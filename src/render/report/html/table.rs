//! The table of every number: its frame, and the data from which the page's script draws the rows in view.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::chart;
use super::markup::data;
use super::sections::heads;
use crate::model::{NumberEntry, PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::render::escape::terminal;
use crate::render::numbers::answering::{AgentNaming, Answering};
use crate::reporting::report::{self, Report};

/// Who answers (by its place in `words`, -1 for nothing), the assignment's type, what answers instead, and every agent of
/// it (by their places in `agents`).
type Binding<'a> = (i64, &'a str, Option<&'static str>, Vec<i64>);

/// Number, pretty form, name, type, area code, trunk, tags, one binding per workspace, and what is said of it.
type RowData<'a> = (
    &'a str,
    Cow<'a, str>,
    Cow<'a, str>,
    i64,
    &'a str,
    i64,
    Vec<Cow<'a, str>>,
    Vec<Option<Binding<'a>>>,
    Vec<&'static str>,
);

#[derive(Serialize)]
struct TableData<'a> {
    workspaces: Vec<String>,
    words: Vec<Cow<'a, str>>,
    agents: Vec<Cow<'a, str>>,
    types: Vec<&'a str>,
    trunks: Vec<Cow<'a, str>>,
    rows: Vec<RowData<'a>>,
}

/// Texts that occur often, each written once.
#[derive(Default)]
struct Words {
    places: BTreeMap<String, i64>,
}

impl Words {
    fn of(texts: impl Iterator<Item = String>) -> Self {
        let sorted: BTreeSet<_> = texts.collect();
        Self { places: sorted.into_iter().zip(0..).collect() }
    }

    fn place(&self, text: Option<&str>) -> i64 {
        text.and_then(|text| self.places.get(text)).copied().unwrap_or(-1)
    }

    fn texts(&self) -> Vec<Cow<'_, str>> {
        self.places.keys().map(|text| terminal(text)).collect()
    }
}

/// The data of the table as the content of a `script` element.
pub fn embedded(report: &Report<'_>) -> Markup {
    let words = Words::of(report.rows.iter().filter_map(who_answers));
    let agents = Words::of(report.rows.iter().flat_map(Row::agent_names));
    let types = Words::of(report.by_type.iter().map(|(kind, _)| kind.to_string()));
    let trunks = Words::of(report.by_trunk.iter().filter_map(|(trunk, _)| trunk.clone()));
    let (differing, pending) = (report.differing(), report.pending_numbers());
    let mut by_number: BTreeMap<PhoneNumber, Vec<&Row<'_>>> = BTreeMap::new();
    for row in &report.rows {
        by_number.entry(row.phone_number).or_default().push(row);
    }
    let workspaces: Vec<&WorkspaceName> = report.workspaces.iter().map(|workspace| &workspace.name).collect();
    let trunk = |number| trunks.place(report::trunk(report.directory, number).as_deref());
    let rows = by_number.iter().map(|(number, rows)| {
        let first = rows[0];
        (
            number.as_str(),
            terminal(first.pretty().unwrap_or_default()),
            terminal(name(rows)),
            types.place(first.number_type().map(|kind| kind.as_str())),
            first.entry.and_then(|entry| entry.area_code.as_deref()).unwrap_or_default(),
            trunk(*number),
            first.tags().iter().map(|tag| terminal(tag)).collect(),
            workspaces.iter().map(|name| binding(rows, name, &words, &agents)).collect(),
            marks(number, &differing, &pending),
        )
    });
    PreEscaped(data(&TableData {
        workspaces: workspaces.iter().map(|name| name.title()).collect(),
        words: words.texts(),
        agents: agents.texts(),
        types: types.places.keys().map(String::as_str).collect(),
        trunks: trunks.texts(),
        rows: rows.collect(),
    }))
}

/// What the table's filter of statuses looks for, beside what the bindings tell.
fn marks(
    number: &PhoneNumber,
    differing: &BTreeSet<PhoneNumber>,
    pending: &BTreeSet<PhoneNumber>,
) -> Vec<&'static str> {
    let marks = [("differs", differing), ("pending", pending)];
    marks.into_iter().filter(|(_, numbers)| numbers.contains(number)).map(|(mark, _)| mark).collect()
}

/// The agents in words: both directions where they differ, and whom callers hear where git decided otherwise.
pub(super) fn who_answers(row: &Row<'_>) -> Option<String> {
    Answering::of(row).agents(AgentNaming::Folder)
}

/// What people call a number: its nickname in any workspace, else its name at Twilio.
fn name<'a>(rows: &[&Row<'a>]) -> &'a str {
    let friendly = |entry: &'a NumberEntry| entry.twilio.as_ref()?.friendly_name.as_deref();
    let nickname = rows.iter().find_map(|row| row.nickname());
    nickname.or_else(|| rows[0].entry.and_then(friendly)).unwrap_or_default()
}

fn binding<'a>(rows: &[&Row<'a>], workspace: &WorkspaceName, words: &Words, agents: &Words) -> Option<Binding<'a>> {
    let row = rows.iter().find(|row| row.workspace == Some(workspace))?;
    let place = words.place(who_answers(row).as_deref());
    let all = row.agent_names().iter().map(|name| agents.place(Some(name))).collect();
    Some((place, row.assignment_type().as_str(), row.handled_by().map(|by| by.words()), all))
}

/// A number that leads to its row of the table.
pub(super) fn to_number(number: PhoneNumber) -> Markup {
    html! { a.number href={ "#" (chart::filter("find", number.as_str())) } { (number.as_str()) } }
}

/// The frame of the table: filters, headings, and the window in which the rows are drawn.
pub fn frame(report: &Report<'_>) -> Markup {
    html! {
        section aria-labelledby="numbers-heading" {
            h2 #numbers-heading { "Every number" }
            form.tools role="search" aria-label="Filter the numbers" { (filters()) }
            div.said { span #said role="status" {} button.plain #f-clear type="button" { "Clear filters" } }
            div.card.sheet {
                div.window #window tabindex="0" role="region" aria-label="Numbers, scrollable" {
                    table #numbers {
                        caption.unseen { "Every number with its agent in each workspace. The headings sort." }
                        thead { tr aria-rowindex="1" { (sorting_heads(report)) } }
                        tbody #rows {}
                    }
                }
            }
            noscript { (plain(report)) }
        }
    }
}

/// The rows as they stand where the page's script is switched off.
fn plain(report: &Report<'_>) -> Markup {
    html! {
        div.card.scroll {
            table.stacked {
                thead { tr { (heads(&["Number", "Workspace", "Agent", "Name"])) } }
                tbody {
                    @for row in &report.rows {
                        tr {
                            @let place = row.workspace.map(WorkspaceName::title).unwrap_or_default();
                            th.number scope="row" { (row.phone_number.as_str()) }
                            td.wide-only { (place) }
                            td data-place=(place) { (who_answers(row).unwrap_or_else(|| row.assignment_type().to_string())) }
                            td { (row.nickname().unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}

fn sorting_heads(report: &Report<'_>) -> Markup {
    let titles: Vec<_> = report.workspaces.iter().map(|workspace| workspace.name.title()).collect();
    let heads = [("Number", "w-number"), ("Name", "w-name"), ("Type", "w-type"), ("Area", "w-area")].into_iter();
    let heads = heads.chain(titles.iter().map(|title| (title.as_str(), "w-place")));
    let heads = heads.chain([("Trunk", "w-trunk"), ("Tags", "w-tags")]).enumerate();
    html! {
        @for (place, (title, class)) in heads {
            th scope="col" class=(class) aria-sort=[(place == 0).then_some("ascending")] { button type="button" { (title) } }
        }
    }
}

/// A name that the table can be filtered by, and its words.
const STATUSES: [(&str, &str); 7] = [
    ("", "Any"),
    ("assigned", "Assigned somewhere"),
    ("unassigned", "Unassigned everywhere"),
    ("partly", "Unassigned in one workspace"),
    ("differs", "Workspaces differ"),
    ("nowhere", "In no workspace"),
    ("pending", "Decided, not live"),
];

fn filters() -> Markup {
    let any = &STATUSES[..1];
    html! {
        div.wide {
            label for="f-text" { "Search" }
            input #f-text type="search" placeholder="Number, name, agent, tag …" autocomplete="off" spellcheck="false";
        }
        @for (id, label, options) in
            [("status", "Status", &STATUSES[..]), ("workspace", "Workspace", any), ("agent", "Agent", any),
             ("type", "Type", any), ("area", "Area code", any), ("trunk", "Trunk", any)]
        {
            div {
                label for={ "f-" (id) } { (label) }
                select id={ "f-" (id) } { @for (value, words) in options { option value=(value) { (words) } } }
            }
        }
    }
}
