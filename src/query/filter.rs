//! Which rows a question is about. Different conditions narrow the answer; values of one condition widen it.

use super::Row;
use super::agent::Agent;
use crate::model::{Directory, NumberType, PhoneNumber, PoolName, Provider, WorkspaceName};

/// The conditions of a question; an empty list asks for nothing in particular.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub workspaces: Vec<WorkspaceName>,
    /// With one of these voice agents.
    pub agents: Vec<Agent>,
    /// With one of these area codes, in digits.
    pub area_codes: Vec<String>,
    /// Of one of these kinds.
    pub types: Vec<NumberType>,
    pub tags: Vec<String>,
    /// Of one of these carriers.
    pub providers: Vec<Provider>,
    /// On one of these trunks: a SID, a domain or its first label, a name; `none` for no trunk.
    pub trunks: Vec<String>,
    pub pools: Vec<PoolName>,
    /// Each of these words in some text of the row, without regard to case.
    pub words: Vec<String>,
    /// Only rows without a voice agent, in git or live.
    pub only_unassigned: bool,
}

impl Filter {
    /// Whether a row fits every condition.
    pub fn admits(&self, directory: &Directory, row: &Row<'_>) -> bool {
        one_of(&self.workspaces, |name| row.workspace == Some(name))
            && (!self.only_unassigned || row.is_unassigned_anywhere())
            && one_of(&self.types, |kind| row.number_type() == Some(*kind))
            && one_of(&self.providers, |provider| row.provider() == Some(*provider))
            && one_of(&self.tags, |tag| row.tags().iter().any(|known| known.eq_ignore_ascii_case(tag)))
            && one_of(&self.area_codes, |code| has_area_code(row, code))
            && one_of(&self.agents, |agent| row.has_agent(directory, agent))
            && one_of(&self.pools, |pool| is_in_pool(directory, row, pool))
            && one_of(&self.trunks, |trunk| is_on_trunk(directory, row, trunk))
            && self.has_words(row)
    }

    fn has_words(&self, row: &Row<'_>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        if phone_digits(&self.words).is_some_and(|digits| row.phone_number.digits().contains(&digits)) {
            return true;
        }
        let text = haystack(row);
        self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }
}

fn one_of<T>(wanted: &[T], fits: impl FnMut(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(fits)
}

fn has_area_code(row: &Row<'_>, wanted: &str) -> bool {
    // People write a trunk prefix, `020` for London; the files do not.
    let plain = wanted.trim_start_matches('0');
    match row.entry {
        Some(entry) => entry.area_code.as_deref().is_some_and(|code| code == wanted || code == plain),
        None => area_code_of(row.phone_number).is_some_and(|code| code == wanted || code == plain),
    }
}

fn is_in_pool(directory: &Directory, row: &Row<'_>, wanted: &PoolName) -> bool {
    let member = directory.pools.as_ref().and_then(|file| file.members.get(&row.phone_number));
    member.is_some_and(|member| member.pool == *wanted)
}

fn area_code_of(number: PhoneNumber) -> Option<String> {
    crate::model::numbering::describe(number).area_code.clone()
}

fn is_on_trunk(directory: &Directory, row: &Row<'_>, wanted: &str) -> bool {
    let sid = row.entry.and_then(|entry| entry.twilio.as_ref()).and_then(|data| data.trunk_sid.as_ref());
    if wanted.eq_ignore_ascii_case("none") {
        return sid.is_none() && row.termination_uri().is_none();
    }
    let trunk = sid.and_then(|sid| directory.trunks.as_ref()?.trunks.get(sid));
    let domains = [row.termination_uri(), trunk.and_then(|trunk| trunk.domain_name.as_deref())];
    let names = [sid.map(|sid| sid.as_str()), trunk.and_then(|trunk| trunk.friendly_name.as_deref())];
    let is_domain = |domain: &str| {
        domain.eq_ignore_ascii_case(wanted)
            || domain.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(wanted))
    };
    names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(wanted))
        || domains.into_iter().flatten().any(is_domain)
}

/// The digits of words that, taken together, can only be a part of a phone number.
fn phone_digits(words: &[String]) -> Option<String> {
    let all = || words.iter().flat_map(|word| word.chars());
    let is_phone = all().all(|letter| letter.is_ascii_digit() || "+-(). /".contains(letter));
    let digits: String = all().filter(char::is_ascii_digit).collect();
    (is_phone && digits.len() >= 2).then_some(digits)
}

/// Every text of a row that a person could have in mind, in lower case.
fn haystack(row: &Row<'_>) -> String {
    let entry = row.entry;
    let twilio = entry.and_then(|entry| entry.twilio.as_ref());
    let texts = [
        row.pretty(),
        row.nickname(),
        row.agent_name(),
        row.agent_path().map(|path| path.as_str()),
        row.agent_id().map(|id| id.as_str()),
        entry.map(|entry| entry.notes.as_str()),
        twilio.and_then(|data| data.friendly_name.as_deref()),
        twilio.map(|data| data.phone_number_sid.as_str()),
        row.termination_uri(),
    ];
    let mut text = row.phone_number.to_string();
    for part in texts.into_iter().flatten().chain(row.tags().iter().map(String::as_str)) {
        // A line feed keeps one word from being found across two texts.
        text.push('\n');
        text.push_str(part);
    }
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::phone_digits;

    #[test]
    fn parts_of_a_number_are_looked_for_by_their_digits() {
        let digits = |words: &[&str]| phone_digits(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(digits(&["(415)", "555-01"]).as_deref(), Some("41555501"));
        assert_eq!(digits(&["sales", "415"]), None);
        assert_eq!(digits(&["+"]), None);
    }
}
