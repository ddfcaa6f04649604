//! The table of every number: its frame, and the data from which the page's script draws the rows in view.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::markup::data;
use super::sections::heads;
use crate::model::{NumberEntry, PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::render::escape::terminal;
use crate::reporting::report::{self, Report};

/// The agent (by its place in `agents`, -1 for none), the assignment's type, and what answers instead.
type Binding<'a> = (i64, &'a str, Option<&'static str>);

/// Number, pretty form, name, type, area code, trunk, tags, whether workspaces differ, one binding per workspace.
type RowData<'a> =
    (&'a str, Cow<'a, str>, Cow<'a, str>, i64, &'a str, i64, Vec<Cow<'a, str>>, bool, Vec<Option<Binding<'a>>>);

#[derive(Serialize)]
struct TableData<'a> {
    workspaces: Vec<String>,
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
    let agents = Words::of(report.rows.iter().filter_map(agent));
    let types = Words::of(report.by_type.iter().map(|(kind, _)| kind.to_string()));
    let trunks = Words::of(report.by_trunk.iter().filter_map(|(trunk, _)| trunk.clone()));
    let differing: BTreeSet<PhoneNumber> = report
        .comparisons
        .iter()
        .flat_map(|comparison| &comparison.changes.list)
        .map(|change| change.phone_number)
        .collect();
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
            differing.contains(number),
            workspaces.iter().map(|name| binding(rows, name, &agents)).collect(),
        )
    });
    PreEscaped(data(&TableData {
        workspaces: workspaces.iter().map(|name| name.title()).collect(),
        agents: agents.texts(),
        types: types.places.keys().map(String::as_str).collect(),
        trunks: trunks.texts(),
        rows: rows.collect(),
    }))
}

fn agent(row: &Row<'_>) -> Option<String> {
    row.agent_words()
}

/// What people call a number: its nickname in any workspace, else its name at Twilio.
fn name<'a>(rows: &[&Row<'a>]) -> &'a str {
    let friendly = |entry: &'a NumberEntry| entry.twilio.as_ref()?.friendly_name.as_deref();
    let nickname = rows.iter().find_map(|row| row.nickname());
    nickname.or_else(|| rows[0].entry.and_then(friendly)).unwrap_or_default()
}

fn binding<'a>(rows: &[&Row<'a>], workspace: &WorkspaceName, agents: &Words) -> Option<Binding<'a>> {
    let row = rows.iter().find(|row| row.workspace == Some(workspace))?;
    let place = agents.place(agent(row).as_deref());
    Some((place, row.assignment_type().as_str(), row.handled_by().map(|by| by.words())))
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
            table {
                thead { tr { (heads(&["Number", "Workspace", "Agent", "Name"])) } }
                tbody {
                    @for row in &report.rows {
                        tr {
                            th.number scope="row" { (row.phone_number.as_str()) }
                            td { (row.workspace.map(WorkspaceName::title).unwrap_or_default()) }
                            td { (agent(row).unwrap_or_else(|| row.assignment_type().to_string())) }
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
const STATUSES: [(&str, &str); 6] = [
    ("", "Any"),
    ("assigned", "Assigned somewhere"),
    ("unassigned", "Unassigned everywhere"),
    ("partly", "Unassigned in one workspace"),
    ("differs", "Workspaces differ"),
    ("nowhere", "In no workspace"),
];

fn filters() -> Markup {
    let any = &STATUSES[..1];
    html! {
        div.wide {
            label for="f-text" { "Search" }
            input #f-text type="search" placeholder="Number, name, agent, tag …" autocomplete="off" spellcheck="false";
        }
        @for (id, label, options) in
            [("status", "Status", &STATUSES[..]), ("workspace", "Workspace", any), ("agent", "Agent", any), ("type", "Type", any)]
        {
            div {
                label for={ "f-" (id) } { (label) }
                select id={ "f-" (id) } { @for (value, words) in options { option value=(value) { (words) } } }
            }
        }
    }
}
