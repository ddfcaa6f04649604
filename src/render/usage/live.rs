//! The live page, and what it is told once a second.

use maud::{DOCTYPE, PreEscaped, html};
use serde::Serialize;

use crate::activity::live::{LiveCalls, LiveLine};

#[derive(Serialize)]
struct LiveJson<'a> {
    now: String,
    ongoing: u64,
    last_hour: u64,
    lost_last_hour: u64,
    failed_last_hour: u64,
    lines: &'a [LiveLine],
    minutes: &'a [u64],
    last_error: Option<&'a str>,
}

/// The state on one line, as an event carries it.
pub fn json(calls: &LiveCalls, last_error: Option<&str>) -> String {
    serde_json::to_string(&LiveJson {
        now: calls.now.to_string(),
        ongoing: calls.lines.iter().map(|line| line.ongoing).sum(),
        last_hour: calls.lines.iter().map(|line| line.last_hour).sum(),
        lost_last_hour: calls.lost,
        failed_last_hour: calls.failed,
        lines: &calls.lines,
        minutes: &calls.minutes,
        last_error,
    })
    .expect("counts always serialize")
}

/// The page: one file, which fetches nothing but its events.
pub fn page(style: &str, script: &str) -> String {
    let figures = [
        ("ongoing", "under way"),
        ("last-hour", "began in the last hour"),
        ("lost", "lost to concurrency"),
        ("missed", "not connected"),
    ];
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            meta charset="utf-8";
            title { "Calls now" }
            meta name="viewport" content="width=device-width";
            style { (PreEscaped(style)) }
            h1 { "Calls now" }
            p #state role="status" { "Waiting for the first answer" }
            div.tiles { @for (id, words) in figures { div { strong id=(id) { "-" } (words) } } }
            h2 { "The last hour, by the minute" }
            svg #hour viewBox="0 0 600 96" preserveAspectRatio="none" role="img" aria-label="Calls by the minute" {}
            h2 { "Lines" }
            table {
                thead {
                    tr { th { "Number" } th { "Workspace" } th { "Agent" } th.number { "Under way" } th.number { "Last hour" } }
                }
                tbody #lines {}
            }
            script { (PreEscaped(script)) }
        }
    };
    page.into_string()
}
