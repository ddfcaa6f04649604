//! What the columns of a list mean: by the names of this program's own, as people and spreadsheets write them.

use std::collections::BTreeSet;

use crate::model::nearest::nearest;
use crate::query::column::Column;

/// The column that every list of numbers has.
pub const NUMBER: &str = "phone_number";

/// Other names of a column.
const ALIASES: [(&str, &str); 7] = [
    ("number", "phone_number"),
    ("phone", "phone_number"),
    ("telephone", "phone_number"),
    ("telephone_number", "phone_number"),
    ("e164", "phone_number"),
    ("inbound_webhook_url", "webhook"),
    ("auth_username", "username"),
];

/// The most letters by which a typing error differs from the column that is meant.
const TYPING_ERROR: usize = 2;
/// Shorter names are near to too much.
const SHORTEST_TYPING_ERROR: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Read(&'static str),
    Shown,
    Unknown,
    Nameless,
}

/// The columns of a list, and what was ignored.
pub struct Columns<'a> {
    read: &'a [&'static str],
    ignored: BTreeSet<String>,
    /// Whether a column is one that outputs of this program have.
    pub is_export: bool,
}

impl<'a> Columns<'a> {
    pub fn of(read: &'a [&'static str]) -> Self {
        Self { read, ignored: BTreeSet::new(), is_export: false }
    }

    /// What a column means; `there` says whether another column has a name. The error is lower case.
    pub fn meaning(&mut self, written: &str, there: impl Fn(&str) -> bool) -> Result<Meaning, String> {
        let name = plain(written);
        if name.is_empty() {
            return Ok(Meaning::Nameless);
        }
        if let Some(read) = self.name_read(&name) {
            self.is_export |= read == "agent_path";
            return Ok(Meaning::Read(read));
        }
        if name == "password" {
            return Err("a password does not belong in a file: name an environment variable in `password_env`".into());
        }
        if Column::find(&name).is_some() {
            self.is_export = true;
            self.ignored.insert(name);
            return Ok(Meaning::Shown);
        }
        if let Some((..=TYPING_ERROR, nearest)) = nearest(&name, self.read.iter().copied())
            && name.len() >= SHORTEST_TYPING_ERROR
            && !there(nearest)
        {
            return Err(format!("unknown column `{}`; the nearest is `{nearest}`", written.trim()));
        }
        self.ignored.insert(written.trim().to_owned());
        Ok(Meaning::Unknown)
    }

    /// The column that a plain name stands for, if it is read.
    fn name_read(&self, name: &str) -> Option<&'static str> {
        let alias = ALIASES.iter().find(|(other, _)| is_one(other, name)).map_or(name, |(_, own)| own);
        self.read.iter().copied().find(|read| is_one(read, name) || *read == alias)
    }

    /// Whether the command reads a column of numbers.
    pub fn reads_numbers(&self) -> bool {
        self.read.contains(&NUMBER)
    }

    /// The names of the columns that are read, for a hint.
    pub fn expected(&self) -> String {
        self.read.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }

    /// Whether a row of words names the column of numbers.
    pub fn is_header<'w>(&self, mut words: impl Iterator<Item = &'w str>) -> bool {
        words.any(|word| self.name_read(&plain(word)) == Some(NUMBER))
    }

    /// What is worth telling: the columns that nothing was read from.
    pub fn note(&self) -> Option<String> {
        let names: Vec<_> = self.ignored.iter().map(|name| format!("`{name}`")).collect();
        (!names.is_empty()).then(|| {
            format!("warning: these columns are ignored, since nothing can be changed by them: {}", names.join(", "))
        })
    }
}

/// Whether two names are one, however their words are joined: `phoneNumber`, `Phone-Number`, `phone_number`.
fn is_one(one: &str, other: &str) -> bool {
    one.chars().filter(|letter| *letter != '_').eq(other.chars().filter(|letter| *letter != '_'))
}

/// A name without regard to case, quotes, what stands between its words, and what is said in brackets behind it.
pub fn plain(written: &str) -> String {
    let name = written.split(['(', '[']).next().unwrap_or_default();
    let letters = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' });
    let words: String = letters.collect();
    words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join("_")
}
