//! The part of the page about calls: only there where a store of calls is.

use super::chart::{self, Bar};
use super::markup::{count, text};
use super::sections::{MOST, and_more, section};
use crate::activity::money::MicroDollars;
use crate::activity::report::{ActivityReport, IdlePaid};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The side of an hour's square, and its distance to the next.
const HOUR: usize = 14;
/// The room for the names of days.
const NAMES: usize = 34;

/// The section about calls.
pub fn calls(activity: &ActivityReport) -> String {
    let days: Vec<_> = activity.days.iter().map(|(day, calls)| (day.clone(), size(*calls))).collect();
    let per_day = chart::columns("calls-by-day", "Calls a day", "calls", &days);
    let agents = activity.agents.iter().map(|agent| {
        let cost = agent.counts.cost;
        let label = format!("{} ({})", agent.name, agent.workspace);
        Bar::whole(label, size(u64::try_from(cost.0).unwrap_or(0))).shown_as(dollars(cost))
    });
    let charts = chart::bars("cost-by-agent", "Cost of calls per agent", agents.collect(), None);
    let body = format!(
        "<div class=\"grid\">{charts}<figure class=\"card\">{}</figure></div><div class=\"card apart\">\
         <p class=\"said\">{}</p>{per_day}</div>{}",
        week(&activity.week),
        text(&crate::render::report::activity::summary(activity)),
        idle(activity),
    );
    section("calls", "Calls", &body)
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn dollars(amount: MicroDollars) -> String {
    let cents = (amount.0 + 5_000).div_euclid(10_000);
    format!("{}.{:02} USD", count(usize::try_from(cents / 100).unwrap_or(0)), cents % 100)
}

/// The hours of a week as squares, the fuller the more calls.
fn week(week: &[[u64; 24]; 7]) -> String {
    let most = week.iter().flatten().max().copied().unwrap_or(0).max(1);
    let busiest = week
        .iter()
        .enumerate()
        .flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, calls)| (*calls, day, hour)));
    let (calls, day, hour) =
        busiest.max_by_key(|(calls, day, hour)| (*calls, std::cmp::Reverse((*day, *hour)))).unwrap_or_default();
    let square = |day: usize, hour: usize, calls: u64| {
        let (x, y) = (NAMES + hour * HOUR, day * HOUR);
        let strength = if calls == 0 { 0 } else { (calls * 90 / most).max(8) + 10 };
        format!(
            "<rect class=\"c-track\" x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" rx=\"2\"/><rect class=\"c-bar\" x=\"{x}\" \
             y=\"{y}\" width=\"12\" height=\"12\" rx=\"2\" fill-opacity=\"0.{strength:02}\"><title>{} {hour:02}:00: {}</title></rect>",
            DAYS[day],
            count(size(calls))
        )
        .replace("fill-opacity=\"0.100\"", "fill-opacity=\"1\"")
    };
    let row = |(day, hours): (usize, &[u64; 24])| {
        let name = format!("<text class=\"c-label\" x=\"0\" y=\"{}\">{}</text>", day * HOUR + 11, DAYS[day]);
        let squares: String = hours.iter().enumerate().map(|(hour, calls)| square(day, hour, *calls)).collect();
        name + &squares
    };
    let drawn: String = week.iter().enumerate().map(row).collect();
    format!(
        "<figcaption><h3 id=\"week-h\">Hours of the week, in UTC</h3></figcaption><svg class=\"chart\" \
         viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"week-h week-d\"><desc id=\"week-d\">The busiest hour is {} \
         {hour:02}:00 with {} calls</desc>{drawn}</svg>",
        NAMES + 24 * HOUR,
        7 * HOUR,
        DAYS[day],
        count(size(calls)),
    )
}

/// The numbers that nobody called, with what they cost.
fn idle(activity: &ActivityReport) -> String {
    let heading = "<h3>Numbers that nobody called</h3>";
    let unknown = match activity.idle_unknown {
        0 => String::new(),
        unknown => format!("<p class=\"more\">Of {} numbers it is not known.</p>", count(unknown)),
    };
    if activity.idle.is_empty() {
        return format!(
            "<div class=\"card apart\">{heading}<p class=\"none\">None is known to be idle.</p>{unknown}</div>"
        );
    }
    let row = |idle: &IdlePaid| {
        format!(
            "<tr><th scope=\"row\"><a class=\"number\" href=\"#{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            chart::filter("find", idle.number.as_str()),
            idle.number,
            text(idle.workspace.as_str()),
            text(idle.agent_path.as_ref().map_or("-", |path| path.as_str())),
            idle.days.map_or_else(|| "-".to_owned(), |days| days.to_string()),
            idle.rent.map_or_else(|| "unknown".to_owned(), |rent| rent.to_string()),
        )
    };
    let rows: String = activity.idle.iter().take(MOST).map(row).collect();
    let year = activity.idle_rent_a_year();
    format!(
        "<div class=\"card apart scroll\">{heading}<p class=\"said\">Their known rents are {year} USD a year.</p><table>\
         <thead><tr><th scope=\"col\">Number</th><th scope=\"col\">Workspace</th><th scope=\"col\">Agent</th>\
         <th scope=\"col\">Days</th><th scope=\"col\">USD a month</th></tr></thead><tbody>{rows}</tbody></table>{}{unknown}</div>",
        and_more(
            activity.idle.len().saturating_sub(MOST),
            "numbers: <code>phone-dir cost --idle 30d</code> lists them"
        ),
    )
}
