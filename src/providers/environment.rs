//! Environment variables and the `.env` file, as plain values that the caller has read. The process environment
//! is neither read nor written here.

use std::collections::BTreeMap;
use std::fmt;

use super::dotenv;
use crate::model::run_keys::RunKeys;
use crate::model::workspaces_file::ApiKey;

/// The variables that name whom a key of Twilio belongs to.
const USERS: [&str; 2] = ["TWILIO_ACCOUNT_SID", "TWILIO_API_KEY"];

/// The variables that decide where keys are sent; a file in the repository must not.
const STEERING: [&str; 6] =
    ["TWILIO_API_URL", "TWILIO_TRUNKING_URL", "TWILIO_PRICING_URL", "TWILIO_REGION", "TWILIO_EDGE", "RETELL_BASE_URL"];

/// Whether a variable holds a key, by its name.
fn is_key(name: &str) -> bool {
    matches!(name, "TWILIO_AUTH_TOKEN" | "TWILIO_API_SECRET")
        || name.starts_with("RETELL_")
            && ["_API_KEY", "_WEBHOOK_KEY", "_WEBHOOK_KEY_OLD"].iter().any(|end| name.ends_with(end))
}

/// The most lines of `.env` that an error names.
const ODDITIES_TOLD: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariablePlace {
    Process,
    /// The `.env` file at the project's root.
    DotEnv,
}

impl fmt::Display for VariablePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Process => "the environment",
            Self::DotEnv => "`.env`",
        })
    }
}

/// A variable that is set.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub place: VariablePlace,
    /// Its value, without the blanks around it; it may be empty.
    pub value: ApiKey,
}

impl fmt::Display for Variable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` in {}", self.name, self.place)
    }
}

/// The variables in force: the process's own win over those of `.env`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    process: BTreeMap<String, ApiKey>,
    file: Option<BTreeMap<String, ApiKey>>,
    /// Why `.env` could not be read, where it is there and could not.
    unread: Option<String>,
    notes: Vec<String>,
    oddities: Vec<dotenv::Oddity>,
}

impl Environment {
    /// Brings both sources together. A line of `.env` that cannot be read is left out, with a note.
    ///
    /// `${NAME}` in a value of `.env` stands for another variable that is set, unless single quotes are around it.
    pub fn new(process: &BTreeMap<String, String>, dotenv: Option<&str>) -> Self {
        let process = process.iter().map(|(name, value)| (name.clone(), ApiKey::new(value.trim()))).collect();
        let mut environment = Self { process, ..Self::default() };
        if let Some(text) = dotenv {
            environment.read_file(text);
        }
        environment
    }

    /// Notes that there is a `.env` which could not be read: the process may have all that is needed.
    #[must_use]
    pub fn with_unread_file(mut self, why: String) -> Self {
        self.notes.push(format!("warning: `.env` cannot be read: {why}"));
        self.unread = Some(why);
        self
    }

    /// What is worth telling the person: lines and variables that were left out. Never a value.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The variable, from the process or else from `.env`.
    pub fn find(&self, name: &str) -> Option<Variable> {
        let of = |place, value: &ApiKey| Variable { name: name.to_owned(), place, value: value.clone() };
        match self.process.get(name) {
            Some(value) => Some(of(VariablePlace::Process, value)),
            None => self.file.as_ref()?.get(name).map(|value| of(VariablePlace::DotEnv, value)),
        }
    }

    /// The values that are keys by their variables' names.
    pub fn keys(&self) -> impl Iterator<Item = &ApiKey> {
        let file = self.file.iter().flatten();
        self.process.iter().chain(file).filter(|(name, _)| is_key(name)).map(|(_, value)| value)
    }

    /// Everything of it that is not to be printed: the keys, and what HTTP basic authentication makes of them.
    pub fn run_keys(&self) -> RunKeys {
        let users: Vec<_> = USERS.iter().filter_map(|name| self.find(name)).collect();
        let mut keys = RunKeys::default();
        for key in self.keys() {
            keys.learn(key);
            for user in &users {
                keys.learn_pair(user.value.reveal(), key);
            }
        }
        keys
    }

    /// A variable that only the process may set, if it is not empty.
    pub fn find_steering(&self, name: &str) -> Option<&str> {
        debug_assert!(STEERING.contains(&name), "only what steers");
        self.process.get(name).map(ApiKey::reveal).filter(|value| !value.is_empty())
    }

    /// The places that were looked at, for an error, and which lines there say nothing.
    pub fn places(&self) -> String {
        if let Some(why) = &self.unread {
            return format!("looked in the environment; `.env` cannot be read: {why}");
        }
        if self.file.is_none() {
            return "looked in the environment; there is no `.env`".to_owned();
        }
        let told = self.oddities.iter().take(ODDITIES_TOLD).map(|oddity| format!("; {oddity}"));
        std::iter::once("looked in the environment and in `.env`".to_owned()).chain(told).collect()
    }

    fn read_file(&mut self, text: &str) {
        let entries = dotenv::read(text);
        self.notes.extend(entries.oddities.iter().map(ToString::to_string));
        self.oddities = entries.oddities;
        let mut variables = BTreeMap::new();
        for dotenv::Assigned { name, value, expands } in entries.assignments {
            if STEERING.contains(&name.as_str()) {
                self.notes.push(format!(
                    "`{name}` in `.env` is ignored: only the environment itself may say where keys are sent"
                ));
                continue;
            }
            let value = if expands { self.expanded(&value, &variables) } else { value };
            variables.insert(name, ApiKey::new(value.trim()));
        }
        self.file = Some(variables);
    }

    /// Puts the values of other variables in place of `${NAME}`; one that is not set leaves it as it stands.
    fn expanded(&self, value: &str, earlier: &BTreeMap<String, ApiKey>) -> String {
        let mut text = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once("${") {
            text.push_str(before);
            let found = after.split_once('}').and_then(|(name, behind)| {
                let known = self.process.get(name).or_else(|| earlier.get(name))?;
                Some((known.reveal(), behind))
            });
            let (known, behind) = found.unwrap_or(("${", after));
            text.push_str(known);
            rest = behind;
        }
        text + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_process_wins_over_the_file_even_when_it_says_empty() {
        let environment = Environment::new(&process(&[("A", "1"), ("B", "")]), Some("A=2\nB=3\nexport C='4 5'\n"));
        let found = |name: &str| environment.find(name).map(|it| (it.place, it.value.reveal().to_owned()));
        assert_eq!(found("A"), Some((VariablePlace::Process, "1".to_owned())));
        assert_eq!(found("B"), Some((VariablePlace::Process, String::new())));
        assert_eq!(found("C"), Some((VariablePlace::DotEnv, "4 5".to_owned())));
        assert_eq!(found("D"), None);
    }

    #[test]
    fn a_file_cannot_say_where_keys_are_sent() {
        let text = "RETELL_BASE_URL=http://127.0.0.1:1\nTWILIO_API_URL=x\nTWILIO_TRUNKING_URL=y\nTWILIO_PRICING_URL=z\nTWILIO_REGION=ie1\nTWILIO_EDGE=dublin\n";
        let environment = Environment::new(&BTreeMap::new(), Some(text));
        for name in STEERING {
            assert_eq!(environment.find_steering(name), None);
            assert!(environment.find(name).is_none());
        }
        assert_eq!(environment.notes().len(), STEERING.len());
    }

    #[test]
    fn a_bad_line_is_named_by_its_number_and_never_shown() {
        let environment = Environment::new(&BTreeMap::new(), Some("\u{feff}A=1\n\n=hunter2 is wrong\nB=2\n"));
        assert_eq!(environment.notes(), ["line 3 of `.env` is not `NAME=value` and is ignored"]);
        assert!(environment.find("A").is_some() && environment.find("B").is_some());
        assert!(!format!("{environment:?}").contains("hunter2"));
    }

    #[test]
    fn a_missing_key_is_told_with_the_lines_that_may_hide_it() {
        let environment = Environment::new(&BTreeMap::new(), Some("A=\"x\nKEY=1\nB=y\"\nnonsense\n"));
        assert!(environment.find("KEY").is_none());
        let places = environment.places();
        assert!(places.contains("lines 1 to 3 of `.env` are one value") && places.contains("line 4"), "{places}");
    }

    #[test]
    fn a_file_that_cannot_be_read_leaves_what_the_process_has_and_is_named_where_a_key_is_missing() {
        let environment = Environment::new(&process(&[("A", "1")]), None).with_unread_file("it is a folder".to_owned());
        assert!(environment.find("A").is_some() && environment.notes()[0].contains("it is a folder"));
        assert!(environment.places().ends_with("`.env` cannot be read: it is a folder"));
    }

    #[test]
    fn another_variable_stands_where_a_value_names_it() {
        let text = "A=1\nB=${A}-${HOST}-${NONE}-$A\nC='${A}'\nD=${A\n";
        let environment = Environment::new(&process(&[("HOST", "h")]), Some(text));
        let found = |name: &str| environment.find(name).map(|it| it.value.reveal().to_owned()).unwrap();
        assert_eq!([found("B"), found("C"), found("D")], ["1-h-${NONE}-$A", "${A}", "${A"]);
    }

    #[test]
    fn reading_a_file_leaves_the_process_environment_alone() {
        Environment::new(&BTreeMap::new(), Some("PHONE_DIR_TEST_UNTOUCHED=1"));
        assert!(std::env::var_os("PHONE_DIR_TEST_UNTOUCHED").is_none());
    }
}
