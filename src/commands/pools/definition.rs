//! `phone-dir pools create`, `edit` and `delete`: what a pool is for.

use clap::{Args, ValueEnum};

use super::recording::record;
use crate::commands::desk::names;
use crate::commands::desk::publishing::WritingOptions;
use crate::commands::{Exit, Session, completing};
use crate::diff;
use crate::error::{Error, Result};
use crate::model::pools::{Accepts, CountryCode, Pool, PoolName, RestPeriod, TakingOrder};
use crate::model::{Directory, NumberType, WorkspaceName};
use crate::plural::counted;
use crate::render::pools::recorded::PoolChange;

/// The words behind `pools` that are commands, and so no names.
const RESERVED: [&str; 10] =
    ["create", "edit", "delete", "add", "remove", "reserve", "retire", "release", "allocate", "help"];
/// How long a number rests unless its pool says otherwise.
const USUAL_REST: &str = "30d";

/// What is said of a pool, as arguments.
#[derive(Args, Debug)]
struct Traits {
    /// Who answers for it, or `none`
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// A workspace in which its numbers are used; give it again for another. All without it
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Vec<String>,
    /// How long a number rests after it was released
    #[arg(long, value_name = "DAYS", value_parser = rest)]
    rest: Option<RestPeriod>,
    /// In which order free numbers are taken
    #[arg(long, value_name = "ORDER", value_enum)]
    order: Option<OrderWord>,
    /// Take only numbers of this country, such as `US`, or `none` for any
    #[arg(long, value_name = "COUNTRY")]
    accept_country: Option<String>,
    /// Take only numbers of this kind, or `none` for any; give it again for another kind
    #[arg(long, value_name = "TYPE")]
    accept_type: Vec<String>,
    /// Take only numbers that carry text messages
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    accept_sms: Option<bool>,
}

/// In which order free numbers are taken.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderWord {
    /// The one that is free for longest first
    OldestFreeFirst,
    /// By number
    ByNumber,
}

fn rest(text: &str) -> Result<RestPeriod, String> {
    RestPeriod::parse(text).map_err(|error| error.to_string())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err("expected `yes` or `no`".to_owned()),
    }
}

impl Traits {
    fn is_empty(&self) -> bool {
        self.owner.is_none()
            && self.workspace.is_empty()
            && self.rest.is_none()
            && self.order.is_none()
            && self.accept_country.is_none()
            && self.accept_type.is_empty()
            && self.accept_sms.is_none()
    }

    fn apply(&self, pool: &mut Pool, directory: &Directory) -> Result<()> {
        if let Some(owner) = &self.owner {
            pool.owner = Some(owner.trim().to_owned()).filter(|owner| !matches!(owner.as_str(), "" | "none"));
        }
        if !self.workspace.is_empty() {
            let mut names: Vec<WorkspaceName> =
                self.workspace.iter().map(|name| names::workspace(directory, name)).collect::<Result<_>>()?;
            names.sort();
            names.dedup();
            pool.workspaces = names;
        }
        if let Some(rest) = &self.rest {
            pool.quarantine = rest.clone();
        }
        if let Some(order) = self.order {
            pool.order = Some(match order {
                OrderWord::OldestFreeFirst => TakingOrder::OldestFreeFirst,
                OrderWord::ByNumber => TakingOrder::ByNumber,
            });
        }
        let mut accepts = pool.accepts.clone().unwrap_or_default();
        self.apply_conditions(&mut accepts)?;
        pool.accepts = Some(accepts).filter(|accepts| *accepts != Accepts::default());
        Ok(())
    }

    fn apply_conditions(&self, accepts: &mut Accepts) -> Result<()> {
        if let Some(written) = &self.accept_country {
            accepts.country = if written == "none" { None } else { Some(country(written)?) };
        }
        if self.accept_type.iter().any(|word| word == "none") {
            accepts.kinds = None;
        } else if !self.accept_type.is_empty() {
            let mut kinds: Vec<_> = self.accept_type.iter().map(|word| kind(word)).collect::<Result<_>>()?;
            kinds.sort();
            kinds.dedup();
            accepts.kinds = Some(kinds);
        }
        if let Some(sms) = self.accept_sms {
            accepts.sms = Some(sms).filter(|sms| *sms);
        }
        Ok(())
    }
}

fn country(written: &str) -> Result<CountryCode> {
    CountryCode::parse(&written.to_ascii_uppercase())
        .map_err(|error| Error::failed(format!("`{}` is no country: {error}", written.escape_debug())))
}

fn kind(written: &str) -> Result<NumberType> {
    NumberType::ALL.iter().copied().find(|kind| kind.as_str() == written).ok_or_else(|| {
        let words: Vec<_> = NumberType::ALL.iter().map(|kind| format!("`{kind}`")).collect();
        Error::failed(format!("`{}` is no kind of number", written.escape_debug()))
            .hint(format!("the kinds are {}", words.join(", ")))
    })
}

fn purpose(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("a pool says what it is for".to_owned()) } else { Ok(text.to_owned()) }
}

/// Make a pool, and commit it
#[derive(Args, Debug)]
pub struct CreateArguments {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// What its numbers are for
    #[arg(long, value_name = "TEXT", value_parser = purpose)]
    purpose: String,
    #[command(flatten)]
    traits: Traits,
    #[command(flatten)]
    options: WritingOptions,
}

/// Change what a pool is for, and commit it
///
/// What is not given stays; `--workspace` and `--accept-type` replace what was there.
#[derive(Args, Debug)]
pub struct EditArguments {
    /// The pool
    #[arg(value_name = "NAME", add = completing::pools())]
    name: String,
    /// What its numbers are for
    #[arg(long, value_name = "TEXT", value_parser = purpose)]
    purpose: Option<String>,
    #[command(flatten)]
    traits: Traits,
    #[command(flatten)]
    options: WritingOptions,
}

/// Delete a pool, and commit it
///
/// Its numbers stay as they are in the directory and in Retell; they are in no pool any more.
#[derive(Args, Debug)]
pub struct DeleteArguments {
    /// The pool
    #[arg(value_name = "NAME", add = completing::pools())]
    name: String,
    /// Delete it although it has numbers
    #[arg(long)]
    with_members: bool,
    #[command(flatten)]
    options: WritingOptions,
}

pub fn create(arguments: &CreateArguments, session: &Session) -> Result<Exit> {
    let written = &arguments.name;
    let name = PoolName::parse(written)
        .map_err(|error| Error::failed(format!("`{}` is no name: {error}", written.escape_debug())))?;
    if RESERVED.contains(&written.as_str()) {
        return Err(Error::failed(format!("a pool cannot be named `{name}`, which is a command"))
            .hint("choose another name, such as what the numbers are for"));
    }
    record(session, "pools create", &arguments.options, |locked, file| {
        if file.pools.contains_key(&name) {
            return Err(Error::failed(format!("there is a pool `{name}` already"))
                .hint(format!("change it with `phone-dir pools edit {name}`")));
        }
        let quarantine = RestPeriod::parse(USUAL_REST).map_err(|error| Error::failed(error.to_string()))?;
        let mut pool = Pool {
            purpose: arguments.purpose.clone(),
            owner: None,
            workspaces: Vec::new(),
            quarantine,
            order: None,
            accepts: None,
        };
        arguments.traits.apply(&mut pool, &locked.before)?;
        file.pools.insert(name.clone(), pool);
        Ok(vec![PoolChange::of_pool(&name, "created".to_owned())])
    })
}

pub fn edit(arguments: &EditArguments, session: &Session) -> Result<Exit> {
    if arguments.purpose.is_none() && arguments.traits.is_empty() {
        return Err(Error::failed("nothing to edit").hint("see `phone-dir pools edit --help`"));
    }
    record(session, "pools edit", &arguments.options, |locked, file| {
        let (name, pool) = names::pool(Some(file), &arguments.name)?;
        let (name, mut pool) = (name.clone(), pool.clone());
        let before = pool.clone();
        if let Some(purpose) = &arguments.purpose {
            pool.purpose.clone_from(purpose);
        }
        arguments.traits.apply(&mut pool, &locked.before)?;
        let fields = diff::pools::differing(&before, &pool);
        file.pools.insert(name.clone(), pool);
        Ok(if fields.is_empty() {
            Vec::new()
        } else {
            vec![PoolChange::of_pool(&name, format!("changed {}", fields.join(", ")))]
        })
    })
}

pub fn delete(arguments: &DeleteArguments, session: &Session) -> Result<Exit> {
    record(session, "pools delete", &arguments.options, |_, file| {
        let name = names::pool(Some(file), &arguments.name)?.0.clone();
        let members: Vec<_> = file.members_of(&name).map(|(number, _)| number).collect();
        if !members.is_empty() && !arguments.with_members {
            let numbers = counted(members.len(), "number");
            return Err(Error::refused(format!("the pool `{name}` has {numbers}"), "--with-members").hint(format!(
                "take them out with `phone-dir pools remove {name} NUMBER…`, or delete them along with it"
            )));
        }
        file.pools.remove(&name);
        let mut changes = vec![PoolChange::of_pool(&name, "deleted".to_owned())];
        for number in members {
            file.members.remove(&number);
            changes.push(PoolChange::of_number(&name, number, format!("removed from {name}")));
        }
        Ok(changes)
    })
}
