//! What a shell may propose for an argument: numbers, agents, workspaces, tags, trunks and columns of the directory
//! here, and the commits behind it.
//!
//! Proposals are a convenience: where a file cannot be read, there are fewer of them, and never an error.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::builder::StyledStr;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use serde::Deserialize;

use super::known_keys;
use crate::model::paths;
use crate::model::run_keys::RunKeys;
use crate::query::column::COLUMNS;
use crate::render::escape::terminal;
use crate::schema;
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::git::{CommitId, GitRepository};
use crate::store::project::Project;
use crate::store::regular_file::{self, Links};
use crate::validate::RULES;

pub fn numbers() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| current.to_str().map(number_candidates).unwrap_or_default())
}

pub fn agents() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        names_in("agents", &[]).into_iter().map(|name| candidate(format!("agents/{name}"))).collect()
    })
}

pub fn workspaces() -> ArgValueCandidates {
    ArgValueCandidates::new(|| names_in("phone-numbers", &["twilio"]).into_iter().map(candidate).collect())
}

pub fn pools() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let pools = file::<PoolPurposes>(paths::POOLS).map(|file| file.pools).unwrap_or_default();
        let named = pools.into_iter().filter(|(name, _)| is_safe_word(name));
        named.map(|(name, pool)| candidate(name).help(Some(described(&pool.purpose)))).collect()
    })
}

pub fn tags() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let numbers = master::<TagsOfNumber>().map(|file| file.numbers).unwrap_or_default();
        let tags: BTreeSet<_> = numbers.into_values().flat_map(|number| number.tags).collect();
        tags.into_iter().filter(|tag| is_safe_word(tag)).map(candidate).collect()
    })
}

/// Proposes the trunks by their domains: of `trunks.json`, which not every clone has, and of the numbers.
pub fn trunks() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let numbers = master::<SipOfNumber>().map(|file| file.numbers).unwrap_or_default();
        let of_numbers = numbers.into_values().filter_map(|number| number.sip_config?.termination_uri);
        let trunks = file::<TrunkDomains>(paths::TRUNKS).map(|file| file.trunks).unwrap_or_default();
        let of_trunks = trunks.into_values().filter_map(|trunk| trunk.domain_name);
        let names: BTreeSet<_> = of_numbers.chain(of_trunks).chain(["none".to_owned()]).collect();
        names.into_iter().filter(|name| is_safe_word(name)).map(candidate).collect()
    })
}

pub fn revisions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| named_revisions().into_iter().map(candidate).collect())
}

/// Proposes what `rollback` takes: the latest commits of the directory with their subjects; numbers behind a `+`, and
/// in a line with `--to`.
pub fn commits_or_numbers() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let typed = current.to_str().unwrap_or_default();
        let is_of_numbers = typed.starts_with('+') || std::env::args_os().any(|word| word == "--to");
        if is_of_numbers { number_candidates(typed) } else { commit_candidates(typed) }
    })
}

/// Proposes the columns of a listing.
pub fn columns() -> ArgValueCandidates {
    ArgValueCandidates::new(|| COLUMNS.iter().map(|column| candidate(column.name)).collect())
}

/// Proposes the codes of the validator's rules.
pub fn rules() -> ArgValueCandidates {
    ArgValueCandidates::new(|| RULES.iter().map(|rule| candidate(rule.code)).collect())
}

/// Proposes the names of the schemas.
pub fn schemas() -> ArgValueCandidates {
    ArgValueCandidates::new(|| schema::all().map(|schema| candidate(schema.name)).collect())
}

fn candidate(text: impl Into<OsString>) -> CompletionCandidate {
    CompletionCandidate::new(text)
}

/// The most numbers that are proposed: a longer list is not read.
const MOST: usize = 1000;

#[derive(Deserialize)]
struct MasterNumbers<T> {
    #[serde(default = "BTreeMap::new")]
    numbers: BTreeMap<String, T>,
}

#[derive(Deserialize)]
struct TagsOfNumber {
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct SipOfNumber {
    sip_config: Option<SipDomain>,
}

#[derive(Deserialize)]
struct SipDomain {
    termination_uri: Option<String>,
}

#[derive(Deserialize)]
struct PoolPurposes {
    pools: BTreeMap<String, PoolPurpose>,
}

#[derive(Deserialize)]
struct PoolPurpose {
    purpose: String,
}

#[derive(Deserialize)]
struct TrunkDomains {
    trunks: BTreeMap<String, TrunkDomain>,
}

#[derive(Deserialize)]
struct TrunkDomain {
    domain_name: Option<String>,
}

/// The most commits that are proposed.
const MOST_COMMITS: usize = 20;

/// Commits whose short id begins with what was typed, newest first, and the names of branches and tags.
fn commit_candidates(typed: &str) -> Vec<CompletionCandidate> {
    let Some(git) = git() else { return Vec::new() };
    let commits = git.commits().latest_changes(MOST_COMMITS).unwrap_or_default();
    let proposed = |commit: &CommitId| {
        let subject = git.commits().header(commit).map(|header| header.summary).unwrap_or_default();
        candidate(commit.short()).help(Some(described(&subject)))
    };
    let commits = commits.iter().filter(|commit| commit.short().starts_with(typed)).map(proposed);
    let names = named_revisions().into_iter().filter(|name| name.starts_with(typed)).map(candidate);
    commits.chain(names).enumerate().map(|(place, found)| found.display_order(Some(place))).collect()
}

fn named_revisions() -> Vec<String> {
    let names = git().and_then(|git| git.commits().revision_names().ok()).unwrap_or_default();
    names.into_iter().filter(|name| is_safe_word(name)).collect()
}

fn git() -> Option<GitRepository> {
    GitRepository::discover(&project()?).ok()?
}

/// Numbers that begin with what was typed: in E.164, or by their digits with or without the country code.
fn number_candidates(typed: &str) -> Vec<CompletionCandidate> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let fits = |number: &str| {
        let own = number.trim_start_matches('+');
        own.starts_with(&digits) || (!typed.starts_with('+') && national_start(own, &digits))
    };
    let Some(bytes) = project().and_then(|root| read(&root.join(paths::MASTER))) else {
        return Vec::new();
    };
    let mut numbers: Vec<_> = keys_like_numbers(&bytes).filter(|number| fits(number)).take(MOST).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(candidate).collect()
}

/// Whether a number's digits behind a country code of one to three digits begin with what was typed.
fn national_start(own: &str, typed: &str) -> bool {
    typed.len() >= 3 && (1..=3).any(|code| own.get(code..).is_some_and(|rest| rest.starts_with(typed)))
}

/// The texts `"+…":` of a file, in its order: its entries' keys. A whole parse would take several times as long.
fn keys_like_numbers(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let starts = bytes.windows(2).enumerate().filter(|(_, pair)| pair == b"\"+").map(|(at, _)| at + 1);
    starts.filter_map(|start| {
        let length = bytes[start..].iter().take(18).position(|byte| *byte == b'"')?;
        let is_key = bytes.get(start + length + 1) == Some(&b':');
        let text = std::str::from_utf8(&bytes[start..start + length]).ok()?;
        (is_key && text[1..].bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
    })
}

fn master<T: for<'de> Deserialize<'de>>() -> Option<MasterNumbers<T>> {
    file(paths::MASTER)
}

fn file<T: for<'de> Deserialize<'de>>(path: &str) -> Option<T> {
    let bytes = read(&project()?.join(path))?;
    serde_json::from_slice(&bytes).ok()
}

/// A file of the project's own, which is no link, as everywhere.
fn read(place: &Path) -> Option<Vec<u8>> {
    regular_file::read(place, Links::Refuse, MAX_FILE_BYTES).ok()
}

/// The folders in a folder of the project, without the excluded ones; sorted.
fn names_in(folder: &str, excluded: &[&str]) -> Vec<String> {
    let Some(entries) = project().and_then(|root| fs::read_dir(root.join(folder)).ok()) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    let plain = |name: &String| is_safe_word(name) && !name.starts_with('.') && !excluded.contains(&name.as_str());
    let mut names: Vec<_> = names.filter(plain).collect();
    names.sort();
    names
}

fn project() -> Option<PathBuf> {
    let start = chosen_folder().unwrap_or_else(|| PathBuf::from("."));
    Project::find(Path::new(&start)).ok().map(|project| project.root().to_owned())
}

/// The keys that no proposal repeats, as no output does.
fn keys() -> &'static RunKeys {
    static KEYS: LazyLock<RunKeys> = LazyLock::new(|| known_keys::of_words(&completed_words()));
    &KEYS
}

fn described(text: &str) -> StyledStr {
    keys().masked(&terminal(text)).into_owned().into()
}

/// Whether a text means nothing to a shell: others chose it, and the user is about to press Enter behind it.
fn is_safe_word(text: &str) -> bool {
    !text.is_empty()
        && !keys().stand_in(text)
        && !text.starts_with('-')
        && text.chars().all(|letter| letter.is_alphanumeric() || "-_.:/+@".contains(letter))
}

/// The line that is being completed, from the program's name on.
fn completed_words() -> Vec<OsString> {
    std::env::args_os().skip_while(|word| word != "--").skip(1).collect()
}

/// The folder that `-C DIR` names in the line that is being completed.
fn chosen_folder() -> Option<PathBuf> {
    let mut words = completed_words().into_iter();
    words.find(|word| word == "-C")?;
    words.next().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_the_entries_are_found_and_nothing_else() {
        let text = br#"{"numbers": {"+14155550123": {"phone_number": "+14155550123", "notes": "+1: \"+2\":"}}}"#;
        assert_eq!(keys_like_numbers(text).collect::<Vec<_>>(), ["+14155550123"]);
    }

    #[test]
    fn what_a_shell_would_run_is_never_proposed() {
        assert!(is_safe_word("customer-service") && is_safe_word("日本"));
        for bad in ["$(id)", "`id`", "a;b", "a b", "-x", "a\nb", ""] {
            assert!(!is_safe_word(bad), "{bad}");
        }
    }

    #[test]
    fn a_number_is_proposed_for_its_national_beginning() {
        assert!(national_start("14155550123", "4155"));
        assert!(!national_start("14155550123", "55"), "two digits say too little");
    }
}
