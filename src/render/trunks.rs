//! SIP trunks for people, a paragraph each, and for programs.

use crate::model::trunks::{CredentialList, OriginationUrl};
use crate::query::trunk::TrunkLine;
use crate::render::escape::{json_of, terminal};

pub fn text(lines: &[TrunkLine<'_>]) -> String {
    if lines.is_empty() {
        return "No trunks.\n".to_owned();
    }
    lines.iter().map(paragraph).collect::<Vec<_>>().join("\n")
}

fn paragraph(line: &TrunkLine<'_>) -> String {
    let mut text = format!(
        "{}\n  SID: {}\n  Domain: {}\n  Auth: {}\n",
        terminal(line.friendly_name.unwrap_or("No name")),
        line.trunk_sid,
        terminal(line.domain_name.unwrap_or("none")),
        terminal(Some(line.auth_type).filter(|kind| !kind.is_empty()).unwrap_or("none")),
    );
    text.push_str(&listed("Sends calls to", line.origination_urls.iter().map(url)));
    text.push_str(&listed("Credential lists", line.credential_lists.iter().map(|list| credentials(list))));
    text.push_str(&listed("Numbers", line.phone_numbers.iter().map(ToString::to_string)));
    text
}

fn listed(title: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return format!("  {title}: none\n");
    }
    let lines = lines.iter().map(|line| format!("    {line}\n"));
    format!("  {title}:\n{}", lines.collect::<String>())
}

fn url(url: &OriginationUrl) -> String {
    let state = if url.is_enabled() { "" } else { ", disabled" };
    format!("{} (priority {}, weight {}{state})", terminal(&url.sip_url), url.priority.0, url.weight.0)
}

fn credentials(list: &CredentialList) -> String {
    let name = list.friendly_name.as_deref().unwrap_or(list.credential_list_sid.as_str());
    format!("{} (users: {})", terminal(name), terminal(&list.usernames.join(", ")))
}

/// The trunks as a JSON array.
pub fn json(lines: &[TrunkLine<'_>]) -> String {
    json_of(&lines)
}
