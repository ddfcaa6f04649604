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
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::activity::report::ActivityReport;
use crate::render::escape;
use crate::reporting::report::Report;
use crate::reporting::status::in_words;

const STYLE: &str = concat!(include_str!("../../look.css"), include_str!("page.css"));
const SCRIPT: &str = include_str!("page.js");

/// Writes the report as a page.
pub fn write(report: &Report<'_>, activity: Option<&ActivityReport>) -> String {
    let made = report.generated.as_str().replace('T', " ").replace('Z', " UTC");
    // Nothing that was typed into a name or a note acts, whichever part of the page shows it.
    let body = body(report, activity, &made).into_string();
    let page = html! {
        (PreEscaped("<!doctype html>\n"))
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { "Phone number directory, " (made) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                (PreEscaped(escape::terminal(&body)))
                script type="application/json" #data { (table::embedded(report)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
        "\n"
    };
    page.into_string()
}

fn body(report: &Report<'_>, activity: Option<&ActivityReport>, made: &str) -> Markup {
    let (findings, recent) = (report.findings.as_deref(), report.recent.as_deref());
    let links = [
        ("charts", "Where the numbers are", true),
        ("matrix", "Workspaces", !report.comparisons.is_empty()),
        ("pools", "Pools", !report.pools.is_empty()),
        ("calls", "Calls", activity.is_some()),
        ("numbers-heading", "Every number", true),
        ("differences", "Differences", !report.comparisons.is_empty()),
        ("idle", "Idle numbers", activity.is_some()),
        ("findings", "Findings", findings.is_some()),
        ("history", "Recent changes", recent.is_some()),
    ];
    html! {
        a.skip href="#numbers-heading" { "Skip to the table" }
        header {
            div.brand { (mark()) div { h1 { "Phone number directory" } p.made { (origin(report)) "generated " time datetime=(report.generated.as_str()) { (made) } } } }
            nav aria-label="Sections" {
                ul { @for (id, words, _) in links.iter().filter(|(.., is_there)| *is_there) { li { a href={ "#" (id) } { (words) } } } }
            }
        }
        main {
            (sections::tiles(report)) (sections::charts(report)) (pools::pools(&report.pools)) (matrix::matrix(report))
            @if let Some(activity) = activity { (calls::calls(activity, report)) }
            (table::frame(report))
            (matrix::differences(report))
            @if let Some(activity) = activity { (calls::idle(activity)) }
            @if let Some(findings) = findings { (sections::findings(findings)) }
            @if let Some(recent) = recent { (sections::recent(report, recent)) }
        }
        footer { "Made by " code { "phone-dir report --format html" } ". Everything on this page is in this one file." }
    }
}

pub fn mark() -> Markup {
    html! {
        svg viewBox="0 0 40 40" aria-hidden="true" {
            rect.mark width="40" height="40" rx="11" {}
            path.mark-ink d="M13 11.5h4l2 5-2.6 1.8a12 12 0 0 0 5.3 5.3L23.5 21l5 2v4a2 2 0 0 1-2.2 2A16 16 0 0 1 11 13.7a2 2 0 0 1 2-2.2z" {}
        }
    }
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
    parts.filter(|part| !part.is_empty()).map(|part| part + " · ").collect()
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
