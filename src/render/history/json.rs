//! A history as JSON: one object, or one commit a line.

use serde::Serialize;

use super::{Heading, HistoryFormat, Turn};
use crate::diff::Changes;
use crate::model::canonical;
use crate::render::changes::json::{ChangeJson, PoolJson, list, pools};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

#[derive(Serialize)]
struct CommitJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format_version: Option<u32>,
    commit: &'a str,
    parents: &'a [String],
    date: Option<&'a str>,
    author: Option<&'a str>,
    committer: Option<&'a str>,
    summary: &'a str,
    gap: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dropped: Vec<ChangeJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pools: Vec<PoolJson<'a>>,
    changes: [(); 0],
}

impl<'a> CommitJson<'a> {
    /// A commit without its changes, which are written by and by.
    fn of(heading: &'a Heading, format_version: Option<u32>) -> Self {
        Self {
            format_version,
            commit: &heading.commit,
            parents: &heading.parents,
            date: heading.date.as_deref(),
            author: heading.author.as_deref(),
            committer: heading.committer.as_deref(),
            summary: &heading.summary,
            gap: heading.gap.as_deref(),
            uncertain: heading.uncertain.as_deref(),
            dropped: list(&heading.dropped),
            pools: pools(&heading.pools),
            changes: [],
        }
    }
}

/// One object, in the canonical layout.
pub struct Json;

impl HistoryFormat for Json {
    fn start(&self) -> String {
        format!("{{\n  \"format_version\": {FORMAT_VERSION},\n  \"commits\": [")
    }

    fn open(&self, commit: &Heading, turn: Turn) -> String {
        let text = indented(&CommitJson::of(commit, None), "    ");
        let open = text.strip_suffix("]\n    }").unwrap_or(&text);
        escape::json(format!("{}{open}", separator(turn)))
    }

    fn changes(&self, _commit: &Heading, changes: &Changes, turn: Turn) -> String {
        let mut text = String::new();
        for (at, change) in list(changes).iter().enumerate() {
            text.push_str(separator(if at == 0 { turn } else { Turn::Later }));
            text.push_str(&indented(change, "        "));
        }
        escape::json(text)
    }

    fn close(&self, _commit: &Heading, turn: Turn) -> String {
        if turn == Turn::First { "]\n    }".to_owned() } else { "\n      ]\n    }".to_owned() }
    }

    fn end(&self, stopped: Option<&str>, turn: Turn) -> String {
        let close = if turn == Turn::First { "]" } else { "\n  ]" };
        let why = serde_json::to_string(&stopped).expect("a text always serializes");
        escape::json(format!("{close},\n  \"complete\": {},\n  \"stopped\": {why}\n}}\n", stopped.is_none()))
    }
}

/// JSON Lines: a commit a line and, where the history ends early, a last line that says why.
pub struct Lines;

#[derive(Serialize)]
struct Last<'a> {
    format_version: u32,
    complete: bool,
    stopped: Option<&'a str>,
}

impl HistoryFormat for Lines {
    fn open(&self, commit: &Heading, _turn: Turn) -> String {
        let text = compact(&CommitJson::of(commit, Some(FORMAT_VERSION)));
        escape::json(text.strip_suffix("]}").unwrap_or(&text).to_owned())
    }

    fn changes(&self, _commit: &Heading, changes: &Changes, turn: Turn) -> String {
        let comma = if turn == Turn::First { "" } else { "," };
        let list: Vec<_> = list(changes).iter().map(compact).collect();
        escape::json(format!("{comma}{}", list.join(",")))
    }

    fn close(&self, _commit: &Heading, _turn: Turn) -> String {
        "]}\n".to_owned()
    }

    fn end(&self, stopped: Option<&str>, _turn: Turn) -> String {
        let last = |_| compact(&Last { format_version: FORMAT_VERSION, complete: false, stopped }) + "\n";
        escape::json(stopped.map(last).unwrap_or_default())
    }
}

fn separator(turn: Turn) -> &'static str {
    if turn == Turn::First { "\n" } else { ",\n" }
}

fn indented<T: Serialize>(value: &T, indent: &str) -> String {
    format!("{indent}{}", canonical::to_text(value).trim_end().replace('\n', &format!("\n{indent}")))
}

fn compact<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts, numbers and lists always serialize")
}
