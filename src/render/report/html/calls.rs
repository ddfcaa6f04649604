//! The part of the page about calls: only there where a store of calls is.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::chart::{self, Bar};
use super::markup::count;
use super::sections::{MOST, and_more, heads, section};
use super::table;
use crate::activity::report::{ActivityReport, IdlePaid};
use crate::query::Row;
use crate::render::escape::terminal;
use crate::reporting::report::Report;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The side of an hour's square, and its distance to the next.
const HOUR: usize = 14;
/// The room for the names of days.
const NAMES: usize = 34;

pub fn calls(activity: &ActivityReport, report: &Report<'_>) -> Markup {
    let bound: BTreeSet<_> = report.rows.iter().flat_map(Row::agent_names).collect();
    let days: Vec<_> = activity.days.iter().map(|(day, calls)| (day.clone(), size(*calls))).collect();
    let per_day = chart::columns("calls-by-day", "Calls a day", "calls", &days);
    let agents = activity.agents.iter().map(|agent| {
        let cost = agent.counts.cost;
        let label = format!("{} ({})", terminal(&agent.name), agent.workspace);
        let bar = Bar::whole(label, size(u64::try_from(cost.0).unwrap_or(0))).shown_as(dollars);
        // One that no number has any more leads nowhere.
        if bound.contains(&agent.name) { bar.leading_to("agent", &terminal(&agent.name)) } else { bar }
    });
    let charts = chart::bars("cost-by-agent", "Cost of calls per agent", agents.collect(), None);
    let body = html! {
        div.grid { (charts) figure.card { (week(&activity.week)) } }
        div.card.apart { p.said { (crate::render::report::activity::summary(activity)) } (per_day) }
    };
    section("calls", "Calls", &body)
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Millionths of a dollar in whole cents.
fn dollars(millionths: usize) -> String {
    let cents = millionths.saturating_add(5_000) / 10_000;
    format!("{}.{:02} USD", count(cents / 100), cents % 100)
}

/// The hours of a week as squares, the fuller the more calls.
fn week(week: &[[u64; 24]; 7]) -> Markup {
    let hours = (0..7).flat_map(|day| (0..24).map(move |hour| (week[day][hour], day, hour)));
    let (most, day, hour) =
        hours.max_by_key(|(calls, day, hour)| (*calls, std::cmp::Reverse((*day, *hour)))).unwrap_or_default();
    let opacity = |calls: u64| match calls {
        0 => "0.00".to_owned(),
        calls if calls == most => "1".to_owned(),
        calls => format!("0.{:02}", (calls * 90 / most).max(8) + 10),
    };
    html! {
        figcaption { h3 #week-h { "Hours of the week, in UTC" } }
        svg.chart viewBox={ "0 0 " (NAMES + 24 * HOUR) " " (7 * HOUR) } role="img" aria-labelledby="week-h week-d" {
            desc #week-d { "The busiest hour is " (DAYS[day]) " " (format!("{hour:02}")) ":00 with " (count(size(most))) " calls" }
            @for (day, hours) in week.iter().enumerate() {
                text.c-label x="0" y=(day * HOUR + 11) { (DAYS[day]) }
                @for (hour, calls) in hours.iter().enumerate() {
                    @let (x, y) = (NAMES + hour * HOUR, day * HOUR);
                    rect.c-track x=(x) y=(y) width="12" height="12" rx="2" {}
                    rect.c-bar x=(x) y=(y) width="12" height="12" rx="2" fill-opacity=(opacity(*calls)) {
                        title { (DAYS[day]) " " (format!("{hour:02}")) ":00: " (count(size(*calls))) }
                    }
                }
            }
        }
    }
}

/// The numbers without a call, with what they cost.
pub fn idle(activity: &ActivityReport) -> Markup {
    let (idle, none) = (&activity.idle, activity.idle.is_empty());
    let body = html! {
        div.card {
            @if none { p.none { "None is known to be idle." } } @else {
                p.said { "Their known rents are " (activity.idle_rent_a_year().to_string()) " USD a year." }
                div.scroll tabindex="0" role="region" aria-label="Idle numbers, scrollable" {
                    table.stacked {
                        thead { tr { (heads(&["Number", "Workspace", "Agent", "Days", "USD a month"])) } }
                        tbody { @for idle in idle.iter().take(MOST) { tr { (idle_row(idle)) } } }
                    }
                }
                (and_more(idle.len().saturating_sub(MOST), &html! { "numbers: " code { "phone-dir cost --idle 30d" } " lists them" }))
            }
            @if activity.idle_unknown > 0 { p.more { "Of " (count(activity.idle_unknown)) " numbers it is not known." } }
        }
    };
    section("idle", "Numbers without a call", &body)
}

fn idle_row(idle: &IdlePaid) -> Markup {
    let days = idle.days.map_or_else(|| "-".to_owned(), |days| days.to_string());
    let rent = idle.rent.map_or_else(|| "unknown".to_owned(), |rent| rent.to_string());
    html! {
        th scope="row" { (table::to_number(idle.number)) }
        td.wide-only { (idle.workspace.as_str()) }
        td data-place=(idle.workspace.title()) { (idle.agent_path.as_ref().map_or("-", |path| path.as_str())) }
        td data-unit="days" { (days) }
        td data-unit="USD a month" { (rent) }
    }
}
