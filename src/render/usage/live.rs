//! The live page, and what it is told once a second.

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
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Calls now</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<style>{style}</style>\n\
         <h1>Calls now</h1>\n<p id=\"state\" role=\"status\">Waiting for the first answer</p>\n\
         <div class=\"tiles\">\n<div><strong id=\"ongoing\">-</strong>under way</div>\n\
         <div><strong id=\"last-hour\">-</strong>began in the last hour</div>\n\
         <div><strong id=\"lost\">-</strong>lost to concurrency</div>\n\
         <div><strong id=\"missed\">-</strong>not connected</div>\n</div>\n\
         <h2>The last hour, by the minute</h2>\n\
         <svg id=\"hour\" viewBox=\"0 0 600 96\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Calls by the minute\"></svg>\n\
         <h2>Lines</h2>\n<table>\n<thead><tr><th>Number</th><th>Workspace</th><th>Agent</th>\
         <th class=\"number\">Under way</th><th class=\"number\">Last hour</th></tr></thead>\n<tbody id=\"lines\"></tbody>\n\
         </table>\n<script>{script}</script>\n"
    )
}
