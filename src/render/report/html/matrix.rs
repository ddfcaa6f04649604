//! The workspaces against each other: whom each number reaches in the one and in the other, and the differences.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::markup::count;
use super::sections::{MOST, and_more, heads, section};
use super::table;
use crate::diff::{Change, ChangeKind};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::render::numbers::answering;
use crate::reporting::report::{Comparison, Report};

/// The most agents that have a line of their own; the others share one.
const AGENTS: usize = 12;
/// How many steps of colour there are.
const STEPS: u32 = 4;

/// What the workspaces mean to do, compared; nothing where there is only one.
pub fn matrix(report: &Report<'_>) -> Markup {
    if report.comparisons.is_empty() {
        return Markup::default();
    }
    let crossings = html! { @for pair in &report.comparisons { (comparison(report, pair)) } };
    section("matrix", &heading(report.workspaces.iter().map(|workspace| workspace.name.title()).collect()), &crossings)
}

/// The workspaces' names: `Staging and Production`, `Staging, Production and Eu`.
fn heading(mut names: Vec<String>) -> String {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

/// Every difference; nothing where there is only one workspace.
pub fn differences(report: &Report<'_>) -> Markup {
    if report.comparisons.is_empty() {
        return Markup::default();
    }
    let lists = html! {
        @for (place, pair) in report.comparisons.iter().enumerate() { div.card.apart[place > 0] { (list(report, pair)) } }
    };
    section("differences", "Differences", &lists)
}

/// Whom a number reaches in a workspace. The order is that of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach<'a> {
    /// The principal agent's folder, or its id.
    Agent(&'a str),
    /// Agents that have no line of their own.
    Others,
    /// No voice agent.
    NoAgent,
    /// The workspace does not have the number.
    NotImported,
}

impl<'a> Reach<'a> {
    fn of(row: &'a Row<'_>) -> Self {
        let agent = row.agent_path().map(|path| path.as_str()).or_else(|| row.agent_id().map(|id| id.as_str()));
        agent.map_or(Self::NoAgent, Self::Agent)
    }

    /// What stands for it; `names` has those of agents without a folder.
    fn words(self, names: &BTreeMap<&'a str, &'a str>) -> &'a str {
        match self {
            Self::Agent(id) if names.contains_key(id) => names[id],
            Self::Agent(path) => path.strip_prefix("agents/").unwrap_or(path),
            Self::Others => "other agents",
            Self::NoAgent => "no agent",
            Self::NotImported => "not imported",
        }
    }
}

/// How many numbers reach whom on both sides.
struct Crossing<'a> {
    /// Whom numbers reach on the one side, those with most exceptions first: the busiest agents, and what is no agent.
    lines: Vec<Reach<'a>>,
    /// The same of the other side, in the same order.
    columns: Vec<Reach<'a>>,
    cells: BTreeMap<(Reach<'a>, Reach<'a>), usize>,
    /// The names of agents without a folder, by their ids.
    names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Crossing<'a> {
    fn of(report: &'a Report<'_>, pair: &Comparison) -> Self {
        let side = |name: &WorkspaceName| -> BTreeMap<PhoneNumber, Reach<'a>> {
            let own = report.rows.iter().filter(|row| row.workspace == Some(name));
            own.map(|row| (row.phone_number, Reach::of(row))).collect()
        };
        let (from, to) = (side(&pair.from), side(&pair.to));
        let numbers: BTreeSet<PhoneNumber> = from.keys().chain(to.keys()).copied().collect();
        let at =
            |side: &BTreeMap<PhoneNumber, Reach<'a>>, number| side.get(number).copied().unwrap_or(Reach::NotImported);
        let pairs: Vec<_> = numbers.iter().map(|number| (at(&from, number), at(&to, number))).collect();
        let strangers = report.rows.iter().filter(|row| row.agent_path().is_none());
        let names = strangers.filter_map(|row| Some((row.agent_id()?.as_str(), row.agent_name()?))).collect();
        Self { names, ..Self::counted(&pairs) }
    }

    fn counted(pairs: &[(Reach<'a>, Reach<'a>)]) -> Self {
        let mut totals: BTreeMap<Reach<'a>, usize> = BTreeMap::new();
        for (from, to) in pairs {
            *totals.entry(*from).or_default() += 1;
            *totals.entry(*to).or_default() += 1;
        }
        let mut agents: Vec<_> = totals.iter().filter(|(head, _)| matches!(head, Reach::Agent(_))).collect();
        agents.sort_by_key(|(_, total)| std::cmp::Reverse(**total));
        let shown: BTreeSet<Reach<'a>> = agents.iter().take(AGENTS).map(|(head, _)| **head).collect();
        let shared = |head: Reach<'a>| match head {
            Reach::Agent(_) if !shown.contains(&head) => Reach::Others,
            head => head,
        };
        let mut cells: BTreeMap<_, usize> = BTreeMap::new();
        for (from, to) in pairs {
            *cells.entry((shared(*from), shared(*to))).or_default() += 1;
        }
        let used: BTreeSet<Reach<'a>> = cells.keys().flat_map(|(from, to)| [*from, *to]).collect();
        let by_total = agents.iter().take(AGENTS).map(|(head, _)| **head);
        let rest = [Reach::Others, Reach::NoAgent, Reach::NotImported];
        let mut heads: Vec<_> = by_total.chain(rest).filter(|head| used.contains(head)).collect();
        // Where the two sides disagree most is what a reader looks for.
        let exceptions = |head: &Reach<'a>| {
            let of_head = cells.iter().filter(|((from, to), _)| from != to && (from == head || to == head));
            of_head.map(|(_, count)| *count).sum::<usize>()
        };
        heads.sort_by_cached_key(|head| std::cmp::Reverse(exceptions(head)));
        let lines = heads.iter().copied().filter(|head| cells.keys().any(|(from, _)| from == head)).collect();
        let columns = heads.into_iter().filter(|head| cells.keys().any(|(_, to)| to == head)).collect();
        Self { lines, columns, cells, names: BTreeMap::new() }
    }

    fn at(&self, from: Reach<'a>, to: Reach<'a>) -> usize {
        self.cells.get(&(from, to)).copied().unwrap_or(0)
    }

    /// A cell: on the diagonal both sides agree, which cannot be told of agents that share a line.
    fn cell(&self, from: Reach<'a>, to: Reach<'a>) -> Markup {
        let value = self.at(from, to);
        let most = self.cells.values().copied().max().unwrap_or(1);
        let class = match (from == to, from) {
            (true, Reach::Others) => "mixed",
            (true, _) => "same",
            (false, _) => "off",
        };
        html! {
            @if value == 0 { td.none { "·" } } @else {
                td class={ (class) " step-" (step(value, most)) } data-to=(to.words(&self.names)) { (count(value)) }
            }
        }
    }

    fn line(&self, from: Reach<'a>) -> Markup {
        let total: usize = self.columns.iter().map(|to| self.at(from, *to)).sum();
        html! {
            tr {
                th scope="row" { (from.words(&self.names)) }
                @for to in &self.columns { (self.cell(from, *to)) }
                td.sum { (count(total)) }
            }
        }
    }

    fn sums(&self) -> Markup {
        let sum = |to: &Reach<'a>| self.lines.iter().map(|from| self.at(*from, *to)).sum::<usize>();
        html! {
            tr.sum {
                th scope="row" { "In all" }
                @for to in &self.columns { td { (count(sum(to))) } }
                td { (count(self.cells.values().sum())) }
            }
        }
    }
}

/// A step of colour, 1 to 4: each is a multiple of the one before, so that small counts show beside large ones.
fn step(value: usize, most: usize) -> u32 {
    let magnitude = |value: usize| value.max(1).ilog2() + 1;
    (magnitude(value) * STEPS).div_ceil(magnitude(most)).clamp(1, STEPS)
}

fn crossing(report: &Report<'_>, pair: &Comparison) -> Markup {
    let crossing = Crossing::of(report, pair);
    let (from, to, id) = (pair.from.title(), pair.to.title(), pair.to.as_str());
    html! {
        p.said id={ "across-" (id) } {
            "Every number of either workspace, by its principal agent in " (from) " (lines) and in " (to) " (columns). "
            "Blue is where both agree, amber where they do not; what differs most comes first."
        }
        div.across tabindex="0" role="region" aria-label={ (from) " against " (to) ", scrollable" } {
            table aria-describedby={ "across-" (id) } {
                thead {
                    tr {
                        td.corner { (from) " ↓ \u{a0} " (to) " →" }
                        @for head in &crossing.columns { th scope="col" { (head.words(&crossing.names)) } }
                        th.sum scope="col" { "In all" }
                    }
                }
                tbody { @for head in &crossing.lines { (crossing.line(*head)) } (crossing.sums()) }
            }
        }
    }
}

fn comparison(report: &Report<'_>, pair: &Comparison) -> Markup {
    let (from, to) = (pair.from.title(), pair.to.title());
    let summary = pair.changes.summary();
    let of = |kind| summary.get(&kind).copied().unwrap_or(0);
    let chips = [
        ("ok", "Same".to_owned(), pair.same),
        ("warning", "Different".to_owned(), of(ChangeKind::Different)),
        ("", format!("Only in {from}"), of(ChangeKind::OnlyInFrom)),
        ("", format!("Only in {to}"), of(ChangeKind::OnlyInTo)),
    ];
    html! {
        h3.unseen { (from) " and " (to) }
        div.card.matrix {
            ul.chips { @for (class, name, value) in chips { li class={ "pill " (class) } { (name) ": " (count(value)) } } }
            (crossing(report, pair))
        }
    }
}

fn list(report: &Report<'_>, pair: &Comparison) -> Markup {
    let (from, to, list) = (pair.from.title(), pair.to.title(), &pair.changes.list);
    // What both have and mean differently deserves the first look.
    let (different, single): (Vec<&Change>, Vec<&Change>) =
        list.iter().partition(|change| change.kind == ChangeKind::Different);
    html! {
        @if list.is_empty() { p.none { (from) " and " (to) " mean to do the same with every number." } } @else {
            p.said { "How " (to) " differs from " (from) " in intent: agents, routing, trunk." }
            div.scroll tabindex="0" role="region" aria-label="Differences, scrollable" {
                table.stacked {
                    thead { tr { (heads(&["Number", &from, &to, "Differs in"])) } }
                    tbody { @for change in different.iter().chain(&single).take(MOST) { (difference(report, pair, change)) } }
                }
            }
            (and_more(list.len().saturating_sub(MOST), &html! { "numbers" }))
            p.more { button.plain type="button" data-status="differs" { "Show them in the table" } }
        }
    }
}

fn difference(report: &Report<'_>, pair: &Comparison, change: &Change) -> Markup {
    let side =
        |name| report.rows.iter().find(|row| row.phone_number == change.phone_number && row.workspace == Some(name));
    html! {
        tr {
            th scope="row" { (table::to_number(change.phone_number)) }
            @for (place, row) in [(&pair.from, side(&pair.from)), (&pair.to, side(&pair.to))] {
                td data-place=(place.title()) {
                    @match row {
                        None => span.pill { "not imported" },
                        Some(row) if !row.is_assigned() => {
                            span.pill.off { (row.handled_by().map_or("unassigned", |by| by.words())) } (answering::live(row))
                        }
                        Some(row) => { (table::who_answers(row).unwrap_or_default()) " " span.pill { (row.assignment_type().directions()) } }
                    }
                }
            }
            td {
                @if change.kind == ChangeKind::Different {
                    @for field in &change.fields { code { (field.field.as_str()) } " " }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_counted_once_and_the_busiest_agents_come_first() {
        let names: Vec<String> = (0..20).map(|at| format!("agents/a{at:02}")).collect();
        let mut pairs: Vec<_> = names.iter().map(|name| (Reach::Agent(name), Reach::NoAgent)).collect();
        pairs.push((Reach::Agent(&names[19]), Reach::Agent(&names[19])));
        let crossing = Crossing::counted(&pairs);
        assert_eq!(crossing.lines[1], Reach::Agent(&names[19]), "the others have more exceptions");
        assert_eq!((crossing.lines.len(), crossing.columns.len()), (AGENTS + 1, 2), "only what a number reaches");
        assert_eq!(crossing.cells.values().sum::<usize>(), pairs.len());
        assert_eq!(crossing.at(Reach::Others, Reach::NoAgent), 20 - AGENTS);
    }

    #[test]
    fn where_the_sides_disagree_comes_first_whatever_it_is() {
        let [agrees, differs] = ["agents/busy", "agents/quiet"].map(Reach::Agent);
        let mut pairs = vec![(agrees, agrees); 9];
        pairs.extend([(differs, Reach::NotImported), (agrees, Reach::NotImported)]);
        let crossing = Crossing::counted(&pairs);
        assert_eq!(crossing.columns, [Reach::NotImported, agrees], "no column that no number reaches");
        assert_eq!(crossing.lines, [agrees, differs]);
    }

    #[test]
    fn a_single_number_shows_beside_thousands() {
        assert_eq!([step(1, 9000), step(100, 9000), step(9000, 9000), step(1, 1)], [1, 2, 4, 4]);
    }
}
