//! What the listing commands share: how to choose rows, and the one path on which rows are printed.

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::completing;
use super::desk::{AsOf, load, names};
use super::{Exit, Session};
use crate::commands::options::FormatOf;
use crate::error::{Error, Result};
use crate::model::nearest::nearest;
use crate::model::{Directory, NumberType, Provider, WorkspaceName};
use crate::query::Row;
use crate::query::column::{self, COLUMNS, Column, Direction, SortKey};
use crate::query::filter::Filter;
use crate::render::numbers;
use crate::render::table::Room;

/// Which rows to take. Different options narrow the answer; the same option again widens it.
#[derive(Args, Clone, Debug, Default)]
pub struct RowFilters {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Vec<String>,
    /// Only the numbers of this agent: its path, folder, id or name
    #[arg(long, value_name = "AGENT", add = completing::agents())]
    agent: Vec<String>,
    /// Only numbers of this area code
    #[arg(long, value_name = "CODE")]
    area_code: Vec<String>,
    /// Only numbers of this kind
    #[arg(long = "type", value_name = "TYPE", value_parser = words(NumberType::ALL.iter().map(|kind| kind.as_str())))]
    kind: Vec<String>,
    /// Only numbers with this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    tag: Vec<String>,
    /// Only numbers of this carrier
    #[arg(long, value_name = "PROVIDER", value_parser = words(Provider::ALL.iter().map(|provider| provider.as_str())))]
    provider: Vec<String>,
    /// Only numbers on this trunk: its SID, domain or name; `none` for numbers on no trunk
    #[arg(long, value_name = "TRUNK", add = completing::trunks())]
    trunk: Vec<String>,
    /// Only numbers of this pool
    #[arg(long, value_name = "POOL", add = completing::pools())]
    pool: Vec<String>,
    /// Only numbers without a voice agent
    #[arg(long)]
    unassigned: bool,
}

fn words(words: impl Iterator<Item = &'static str>) -> PossibleValuesParser {
    PossibleValuesParser::new(words.collect::<Vec<_>>())
}

impl RowFilters {
    /// The choice of one workspace or all, and nothing else.
    pub fn of_workspace(workspace: Option<&String>) -> Self {
        Self { workspace: workspace.cloned().into_iter().collect(), ..Self::default() }
    }

    /// Whether only some workspaces are asked for.
    pub fn names_a_workspace(&self) -> bool {
        !self.workspace.is_empty()
    }

    /// The choice by area code, kind and tag.
    pub fn of_traits(area_code: &[String], kind: &[String], tag: &[String]) -> Self {
        let (area_code, kind, tag) = (area_code.to_vec(), kind.to_vec(), tag.to_vec());
        Self { area_code, kind, tag, ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        let lists = [
            &self.workspace,
            &self.agent,
            &self.area_code,
            &self.kind,
            &self.tag,
            &self.provider,
            &self.trunk,
            &self.pool,
        ];
        !self.unassigned && lists.iter().all(|list| list.is_empty())
    }

    /// Looks up what the options name.
    pub fn filter(&self, directory: &Directory) -> Result<Filter> {
        let workspaces = self.workspace.iter().map(|name| names::workspace(directory, name));
        let agents = self.agent.iter().map(|agent| names::agent(directory, agent));
        let known = directory.pools.as_ref();
        let pools = self.pool.iter().map(|name| names::pool(known, name).map(|(name, _)| name.clone()));
        let area_codes = self.area_code.iter().map(|code| area_code(code));
        Ok(Filter {
            workspaces: workspaces.collect::<Result<_>>()?,
            agents: agents.collect::<Result<_>>()?,
            area_codes: area_codes.collect::<Result<_>>()?,
            types: chosen(&NumberType::ALL, &self.kind, |kind| kind.as_str()),
            tags: self.tag.clone(),
            providers: chosen(&Provider::ALL, &self.provider, |provider| provider.as_str()),
            trunks: self.trunk.clone(),
            pools: pools.collect::<Result<_>>()?,
            words: Vec::new(),
            only_unassigned: self.unassigned,
        })
    }
}

/// The values whose words were given; the parser admits no others.
fn chosen<T: Copy>(all: &[T], given: &[String], word: fn(T) -> &'static str) -> Vec<T> {
    all.iter().copied().filter(|value| given.iter().any(|text| text == word(*value))).collect()
}

fn area_code(written: &str) -> Result<String> {
    let is_code = written.chars().all(|letter| letter.is_ascii_digit() || " ()".contains(letter));
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    if is_code && !digits.is_empty() {
        return Ok(digits);
    }
    Err(Error::failed(format!("`{written}` is not an area code")).hint("an area code is digits, such as `415`"))
}

/// How to print rows.
#[derive(Args, Clone, Debug, Default)]
pub struct ListingOptions {
    #[command(flatten)]
    format: FormatOf<ListFormat>,
    /// Sort by these columns; `-NAME` turns the order around
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', allow_hyphen_values = true, add = completing::columns())]
    sort: Vec<String>,
    /// Print these columns, in this order; `all` for every one; without a value, list the columns there are
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', num_args = 0..=1, add = completing::columns())]
    columns: Option<Vec<String>>,
    /// Print only how many lines there are
    #[arg(long)]
    count: bool,
    #[command(flatten)]
    as_of: AsOf,
}

/// A format of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// A JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// CSV that Excel opens with a double click: marked as UTF-8, numbers as texts
    Excel,
    /// A Markdown table
    Markdown,
}

/// The columns that were asked for, and how wide the text for people may be.
#[derive(Clone, Copy, Debug)]
pub struct RowLayout<'a> {
    /// The columns, or none for the usual ones.
    pub columns: Option<&'a [&'static Column]>,
    pub room: Room,
}

impl ListingOptions {
    /// Loads the directory as of the moment that was asked for.
    pub fn load(&self, session: &Session) -> Result<Directory> {
        load(session, &self.as_of)
    }

    /// Sorts and prints rows; `human` lays them out for people.
    pub fn print(
        &self,
        session: &Session,
        mut rows: Vec<Row<'_>>,
        human: impl FnOnce(&[Row<'_>], RowLayout<'_>) -> String,
    ) -> Result<Exit> {
        if self.columns.as_ref().is_some_and(Vec::is_empty) {
            session.print(&numbers::text::columns())?;
            return Ok(Exit::Done);
        }
        let columns = self.columns()?;
        column::sort(&mut rows, &self.sort_keys()?);
        let machine = || columns.clone().unwrap_or_else(column::usual);
        let text = match self.format.chosen() {
            ListFormat::Json if self.count => numbers::json::count(&rows),
            _ if self.count => format!("{}\n", rows.len()),
            ListFormat::Human => {
                session.fitted(&human(&rows, RowLayout { columns: columns.as_deref(), room: session.room() }))
            }
            ListFormat::Json => numbers::json::array(&rows, &machine()),
            ListFormat::Jsonl => numbers::json::lines(&rows, &machine()),
            ListFormat::Csv => numbers::csv::table(&rows, &machine()),
            ListFormat::Excel => numbers::csv::table_for_excel(&rows, &machine()),
            ListFormat::Markdown => numbers::markdown::table(&rows, &machine()),
        };
        session.print(&text)?;
        Ok(Exit::Done)
    }

    fn columns(&self) -> Result<Option<Vec<&'static Column>>> {
        let names = self.columns.as_deref().unwrap_or_default();
        if names.iter().any(|name| name == "all") {
            return Ok(Some(column::all()));
        }
        let columns = names.iter().map(|name| find_column(name)).collect::<Result<Vec<_>>>()?;
        let twice =
            columns.iter().enumerate().find(|(at, column)| columns[..*at].iter().any(|it| it.name == column.name));
        if let Some((_, column)) = twice {
            return Err(
                Error::failed(format!("column `{}` is asked for twice", column.name)).hint("name each column once")
            );
        }
        Ok(Some(columns).filter(|columns| !columns.is_empty()))
    }

    fn sort_keys(&self) -> Result<Vec<SortKey>> {
        let key = |written: &String| {
            let (name, direction) = match written.strip_prefix('-') {
                Some(name) => (name, Direction::Descending),
                None => (written.as_str(), Direction::Ascending),
            };
            Ok(SortKey { column: find_column(name)?, direction })
        };
        self.sort.iter().map(key).collect()
    }
}

/// How many letters a column's name may be away to be what was meant.
const FURTHEST: usize = 3;

fn find_column(written: &str) -> Result<&'static Column> {
    Column::find(written).ok_or_else(|| {
        let names: Vec<_> = COLUMNS.iter().map(|column| format!("`{}`", column.name)).collect();
        let nearest = nearest(written, COLUMNS.iter().map(|column| column.name)).filter(|(far, _)| *far <= FURTHEST);
        let meant = nearest.map(|(_, name)| format!("did you mean `{name}`? ")).unwrap_or_default();
        Error::failed(format!("there is no column `{written}`")).hint(format!("{meant}there are {}", names.join(", ")))
    })
}

/// The rows of one workspace, or those in none.
pub fn of_workspace<'a>(rows: &[Row<'a>], workspace: Option<&WorkspaceName>) -> Vec<Row<'a>> {
    rows.iter().filter(|row| row.workspace == workspace).copied().collect()
}
