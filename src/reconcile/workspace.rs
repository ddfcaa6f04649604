//! Turns what Retell says of a workspace into the workspace's two files.

use std::collections::BTreeSet;

use super::binding::BoundNumber;
use super::live::{RetellNumber, RetellType, RetellWorkspace};
use super::spelling;
use crate::model::equivalence;
use crate::model::field_value::AsFieldValue;
use crate::model::presence::Optional;
use crate::model::{
    AgentFolders, AgentId, Assignment, AssignmentsFile, Directory, ImportMethod, LiveRecord, NumbersFile, PhoneNumber,
    Provider, RegistryEntry, Settings, Timestamp, WorkspaceFiles, WorkspaceName, numbering, sip,
};

/// Builds both files from a complete read; what only the files know (dates, `$schema`) is taken from `before`.
pub fn from_retell(name: &WorkspaceName, read: &RetellWorkspace, before: &Directory, now: Timestamp) -> WorkspaceFiles {
    let old = before.workspaces.get(name);
    let mut files = old.cloned().unwrap_or_else(|| WorkspaceFiles::empty(name));
    let registry = |number: &RetellNumber| {
        let record = read.records.get(&number.phone_number).cloned();
        let entry = registry_entry(number, old.and_then(|files| files.registered(number.phone_number)), now);
        RegistryEntry { live: record.map(Box::new), ..entry }
    };
    let assignment = |number: &RetellNumber| {
        let known = old.and_then(|files| files.registered(number.phone_number)?.live.as_deref());
        let old = old.and_then(|files| files.assignment(number.phone_number));
        let mut assignment = BoundNumber { workspace: name, number, read, directory: before }.assignment(old, now)?;
        // A decision becomes an assignment when Retell has it.
        let is_open = |record: Option<&LiveRecord>| record.is_some_and(LiveRecord::is_about_calls);
        if is_open(known) && !is_open(read.records.get(&number.phone_number)) {
            assignment.assigned_date = Some(now);
        }
        Some(assignment)
    };
    files.numbers = NumbersFile { numbers: read.numbers.iter().map(registry).collect(), ..files.numbers };
    files.assignments =
        AssignmentsFile { assignments: read.numbers.iter().filter_map(assignment).collect(), ..files.assignments };
    if let Some(old) = old.filter(|_| !read.left_out.is_empty()) {
        keep_left_out(&mut files, old, read);
    }
    files
}

/// A number's entries with other settings, as files write them: no fact and no time changes.
pub fn restated(
    name: &WorkspaceName,
    number: PhoneNumber,
    settings: &Settings,
    directory: &Directory,
) -> Option<(RegistryEntry, Option<Assignment>)> {
    let files = directory.workspaces.get(name)?;
    let (old, bound) = (files.registered(number)?, files.assignment(number));
    let mut said = RetellNumber::bare(number);
    said.retell_type = match old.import_method {
        ImportMethod::SipTrunk => RetellType::Custom,
        ImportMethod::DirectPurchase => RetellType::RetellTwilio,
    };
    said.settings = settings.clone();
    let (read, now) = (RetellWorkspace::default(), Timestamp::EPOCH);
    let entry = registry_entry(&said, Some(old), now);
    let mut assignment = BoundNumber { workspace: name, number: &said, read: &read, directory }.assignment(bound, now);
    if let Some(assignment) = &mut assignment {
        assignment.assigned_date = bound.and_then(|bound| bound.assigned_date);
        assignment.last_modified = bound.map_or(old.last_modified, |bound| bound.last_modified);
    }
    let entry = RegistryEntry {
        phone_number_pretty: old.phone_number_pretty.clone(),
        phone_number_type: old.phone_number_type,
        provider: old.provider,
        import_method: old.import_method,
        retell_type: old.retell_type.clone(),
        import_date: old.import_date,
        auth_username: old.auth_username.clone(),
        assigned: assignment.as_ref().is_some_and(Assignment::is_assigned),
        last_modified: old.last_modified,
        live: old.live.clone(),
        ..entry
    };
    Some((entry, assignment))
}

/// Keeps the entries of numbers that Retell has in a spelling from which nothing can be read.
fn keep_left_out(files: &mut WorkspaceFiles, old: &WorkspaceFiles, read: &RetellWorkspace) {
    let is_read = |number| read.numbers.binary_search_by_key(&number, |read| read.phone_number).is_ok();
    let is_kept = |number| !is_read(number) && spelling::any_may_mean(&read.left_out, number);
    let registered = old.numbers.numbers.iter().filter(|entry| is_kept(entry.phone_number));
    files.numbers.numbers.extend(registered.cloned());
    let assigned = old.assignments.assignments.iter().filter(|entry| is_kept(entry.phone_number));
    files.assignments.assignments.extend(assigned.cloned());
    files.sort();
}

/// Keeps in the index of agents what is known of folders that are merely not here, as far as the numbers' agents are
/// the same.
pub fn keep_elsewhere(files: &mut WorkspaceFiles, old: &WorkspaceFiles, agents: &AgentFolders) {
    for (path, numbers) in old.assignments.by_agent.iter().filter(|(path, _)| agents.is_elsewhere(path)) {
        let voice = |files: &WorkspaceFiles, number| -> BTreeSet<AgentId> {
            files
                .assignment(number)
                .map(|known| known.voice_agents().into_iter().cloned().collect())
                .unwrap_or_default()
        };
        let same = numbers.iter().copied().filter(|number| voice(files, *number) == voice(old, *number));
        let same: Vec<PhoneNumber> = same.collect();
        if same.is_empty() {
            continue;
        }
        let kept = files.assignments.by_agent.entry(path.clone()).or_default();
        kept.extend(same);
        kept.sort();
        kept.dedup();
    }
}

fn registry_entry(number: &RetellNumber, old: Option<&RegistryEntry>, now: Timestamp) -> RegistryEntry {
    let facts = numbering::describe(number.phone_number);
    let import_method = match number.retell_type {
        RetellType::Custom => ImportMethod::SipTrunk,
        _ => ImportMethod::DirectPurchase,
    };
    RegistryEntry {
        phone_number: number.phone_number,
        phone_number_pretty: facts.pretty.clone(),
        phone_number_type: facts.line,
        provider: provider(number),
        import_method,
        retell_type: match &number.retell_type {
            RetellType::Unknown(name) => Some(name.clone()),
            _ => None,
        },
        import_date: old.map_or(Some(now), |old| old.import_date),
        termination_uri: spelled(
            "termination_uri",
            old.map(|old| &old.termination_uri),
            number.settings.termination_uri.clone(),
        ),
        auth_username: written(number.settings.auth_username.clone(), import_method, old.map(|old| &old.auth_username)),
        transport: match old {
            Some(old) if old.transport() == number.settings.transport.as_deref() => old.transport.clone(),
            _ => number.settings.transport.clone(),
        },
        codecs: match old {
            Some(old) if old.codecs() == number.settings.codecs.as_deref() => old.codecs.clone(),
            _ => number.settings.codecs.clone(),
        },
        nickname: spelled("nickname", old.map(|old| &old.nickname), number.settings.nickname.clone()),
        inbound_webhook_url: written(
            spelled(
                "inbound_webhook_url",
                old.and_then(|old| old.inbound_webhook_url.as_ref()),
                number.settings.inbound_webhook_url.clone(),
            ),
            import_method,
            old.map(|old| &old.inbound_webhook_url),
        ),
        // No file has to say that there is none, but one that says so stays as it is.
        inbound_sms_webhook_url: match spelled(
            "inbound_sms_webhook_url",
            old.and_then(|old| old.inbound_sms_webhook_url.as_ref()),
            number.settings.inbound_sms_webhook_url.clone(),
        ) {
            Some(url) => Some(Some(url)),
            None => old.and_then(|old| old.inbound_sms_webhook_url.clone()).filter(Option::is_none),
        },
        // One that cannot be read says nothing of the one that is known.
        fallback_number: if number.has_unread_fallback {
            old.and_then(|old| old.fallback_number)
        } else {
            number.settings.fallback_number
        },
        allowed_inbound_country_list: countries(
            &number.settings.allowed_inbound_country_list,
            old.map(|old| &old.allowed_inbound_country_list),
        ),
        allowed_outbound_country_list: countries(
            &number.settings.allowed_outbound_country_list,
            old.map(|old| &old.allowed_outbound_country_list),
        ),
        assigned: false,
        last_modified: number.last_modified.or_else(|| old.and_then(|old| old.last_modified)),
        live: None,
    }
}

/// Writes a setting that is not there as the specification does: as null for a SIP trunk, not at all for a
/// direct purchase; and leaves it as it stands where a file already says the same in the other way.
fn written(value: Option<String>, method: ImportMethod, old: Option<&Optional<String>>) -> Optional<String> {
    match (value.filter(|text| !text.is_empty()), old) {
        (Some(value), _) => Some(Some(value)),
        (None, Some(old)) if old.as_ref().is_none_or(Option::is_none) => old.clone(),
        (None, _) => (method == ImportMethod::SipTrunk).then_some(None),
    }
}

/// A text as it stands in the file where that means the same; an empty one is none.
fn spelled(field: &str, old: Option<&Option<String>>, new: Option<String>) -> Option<String> {
    let new = new.filter(|text| !text.is_empty());
    equivalence::kept(old, new, |old, new| old.as_field_value().says_the_same(&new.as_field_value(), field))
}

/// A list of countries, canonical unless the file says the same already; none where every country is meant.
fn countries(list: &[String], old: Option<&Option<Vec<String>>>) -> Option<Vec<String>> {
    let new = (!list.is_empty()).then(|| equivalence::canonical_countries(list));
    let of = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
    equivalence::kept(old, new, |old, new| equivalence::same_countries(&of(old), &of(new)))
}

/// The carrier as far as Retell knows it; being in the Twilio account decides over this.
fn provider(number: &RetellNumber) -> Provider {
    let terminated_at_twilio = number.settings.termination_uri.as_deref().is_some_and(sip::is_twilio);
    match number.retell_type {
        RetellType::RetellTwilio => Provider::Twilio,
        _ if terminated_at_twilio => Provider::Twilio,
        RetellType::RetellTelnyx => Provider::Telnyx,
        RetellType::Custom | RetellType::Unknown(_) => Provider::Custom,
    }
}

/// The carrier that a registry entry speaks for, whatever the Twilio account held when it was written.
pub fn carrier(entry: &RegistryEntry) -> Provider {
    match entry.import_method {
        ImportMethod::SipTrunk if entry.termination_uri.as_deref().is_some_and(sip::is_twilio) => Provider::Twilio,
        ImportMethod::SipTrunk => Provider::Custom,
        ImportMethod::DirectPurchase => entry.provider,
    }
}

/// Whether only Retell can name an agent: it has no folder, or its folder has no name.
pub fn needs_name(directory: &Directory, workspace: &WorkspaceName, id: &AgentId) -> bool {
    let path = directory.agents.path_of(workspace, id);
    path.and_then(|path| directory.agents.name_of(path)).is_none()
}

#[cfg(test)]
mod tests;
