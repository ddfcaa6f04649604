//! A report as one self-contained page: no network, no inline event handler, and a content security policy that
//! allows its own style and script by their hashes and nothing else.

mod calls;
mod chart;
mod markup;
mod matrix;
mod pools;
mod sections;
mod table;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::activity::report::ActivityReport;
use crate::query::report::Report;
use crate::query::status::in_words;
use markup::text;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

const MARK: &str = "<svg viewBox=\"0 0 40 40\" aria-hidden=\"true\"><rect class=\"mark\" width=\"40\" height=\"40\" rx=\"11\"/>\
    <path class=\"mark-ink\" d=\"M13 11.5h4l2 5-2.6 1.8a12 12 0 0 0 5.3 5.3L23.5 21l5 2v4a2 2 0 0 1-2.2 2A16 16 0 0 1 11 13.7a2 2 0 0 1 2-2.2z\"/></svg>";

/// Writes the report as a page.
pub fn write(report: &Report<'_>, activity: Option<&ActivityReport>) -> String {
    let findings = report.findings.as_deref().map(sections::findings);
    let recent = report.recent.as_deref().map(|recent| sections::recent(report, recent));
    let links = [("charts", "Where the numbers are", true), ("matrix", "Workspaces", true)]
        .into_iter()
        .chain([("pools", "Pools", !report.pools.is_empty()), ("calls", "Calls", activity.is_some())])
        .chain([("numbers-heading", "Every number", true)])
        .chain([("findings", "Findings", findings.is_some()), ("history", "Recent changes", recent.is_some())]);
    let links: String = links
        .filter(|(_, _, is_there)| *is_there)
        .map(|(id, words, _)| format!("<li><a href=\"#{id}\">{words}</a></li>"))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Phone number directory, {made}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#numbers-heading\">Skip to the table</a>\n\
         <header><div class=\"brand\">{MARK}<div><h1>Phone number directory</h1>\
         <p class=\"made\">{origin}generated <time datetime=\"{time}\">{made}</time></p></div></div>\
         <nav aria-label=\"Sections\"><ul>{links}</ul></nav></header>\n<main>\n{tiles}\n{charts}\n{pools}{matrix}\n{calls}{frame}\n\
         {findings}\n{recent}\n</main>\n<footer>Made by <code>phone-dir report --format html</code>. \
         Everything on this page is in this one file.</footer>\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        policy = policy(),
        origin = origin(report),
        time = report.generated,
        made = text(&report.generated.as_str().replace('T', " ").replace('Z', " UTC")),
        tiles = sections::tiles(report),
        charts = sections::charts(report),
        pools = pools::pools(&report.pools),
        matrix = matrix::matrix(report),
        calls = activity.map(|activity| calls::calls(activity) + "\n").unwrap_or_default(),
        findings = findings.unwrap_or_default(),
        recent = recent.unwrap_or_default(),
        frame = table::frame(report),
        data = table::embedded(report),
    )
}

/// The project, branch and commit, and how long ago it was synced, as far as they are known.
fn origin(report: &Report<'_>) -> String {
    let run = report.directory.sync_log.as_ref().and_then(|log| log.sync_history.first());
    let synced = run.map(|run| {
        let age = report.generated.to_datetime() - run.timestamp.to_datetime();
        format!("synced {} before", in_words(age))
    });
    let origin = report.origin.clone().unwrap_or_default();
    let parts = [Some(origin.project), origin.branch, origin.commit, synced].into_iter().flatten();
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).map(|part| format!("{} · ", text(&part))).collect();
    parts.concat()
}

fn policy() -> String {
    let hash = |content: &str| STANDARD.encode(Sha256::digest(content.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}
