//! Pools for people and programs: what is in them, what is done to them, and what is taken from them.

pub mod choice;
pub mod recorded;

use serde_json::{Map, Value, json};

use crate::activity::money::MicroDollars;
use crate::activity::pool::{PoolActivity, PoolSums};
use crate::activity::traffic::grouped;
use crate::model::pools::{Member, Pool, PoolName};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::pools::{Category, Inventory, Obstacle, Tally};
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::render::table::{Cell, Room, fitted};

/// What is told of the pools.
pub struct Answer<'a> {
    /// What the directory has in them.
    pub inventory: Inventory<'a>,
    /// The only pool that is asked for.
    pub only: Option<&'a PoolName>,
    /// The only workspace that is asked for.
    pub workspace: Option<&'a WorkspaceName>,
    /// Calls and costs, where a store of calls is there.
    pub activity: Option<PoolActivity<'a>>,
}

impl<'a> Answer<'a> {
    fn pools(&self) -> impl Iterator<Item = (&'a PoolName, &'a Pool)> {
        let only = self.only;
        let pools = self.inventory.pools().into_iter().flat_map(|file| &file.pools);
        pools.filter(move |(name, _)| only.is_none_or(|only| only == *name))
    }

    fn workspaces(&self, pool: &Pool) -> Vec<WorkspaceName> {
        let names = self.inventory.workspaces_of(pool).into_iter();
        names.filter(|name| self.workspace.is_none_or(|only| only == name)).collect()
    }

    /// The calls and costs of a pool, where a store of calls is there.
    fn sums(&self, name: &PoolName, pool: &Pool) -> Option<PoolSums> {
        let numbers: Vec<_> = self.inventory.members_of(name).map(|(number, _)| number).collect();
        Some(self.activity?.sums(self.inventory.directory(), &numbers, &self.workspaces(pool)))
    }

    fn tally(&self, name: &PoolName) -> Tally {
        match self.workspace {
            Some(workspace) => self.inventory.tally(name, workspace),
            None => self.inventory.overall(name),
        }
    }
}

pub fn text(answer: &Answer<'_>, room: Room) -> String {
    let headings =
        ["Pool", "Total", "In service", "Free", "Reserved", "Resting", "Retired", "Not imported", "Unusable"];
    let known: &[&str] = if answer.activity.is_some() { &["Calls (30d)", "Their cost", "Rent a month"] } else { &[] };
    let mut rows = vec![headings.iter().chain(known).map(|heading| Cell::heading(heading)).collect::<Vec<_>>()];
    for (name, pool) in answer.pools() {
        let tally = answer.tally(name);
        let counts = Category::COLUMNS.iter().map(|category| Cell::plain(tally.of(*category).to_string()));
        let first = [Cell::plain(name.to_string()), Cell::plain(tally.total.to_string())];
        let sums = answer.sums(name, pool).into_iter().flat_map(|sums| {
            let amount = |amount: Option<MicroDollars>| amount.map(|amount| amount.to_string());
            [sums.calls.map(grouped), amount(sums.cost), amount(sums.rent)]
                .map(|text| text.map_or_else(|| Cell::faint("unknown"), Cell::plain))
        });
        rows.push(first.into_iter().chain(counts).chain(sums).collect());
    }
    if rows.len() == 1 {
        return "No pools.\n".to_owned();
    }
    let mut text = lines(&fitted(&rows, room));
    if let Some(name) = answer.only {
        text.push_str(&details(answer, name, room));
    }
    text
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn details(answer: &Answer<'_>, name: &PoolName, room: Room) -> String {
    let Some((_, pool)) = answer.pools().next() else { return String::new() };
    let workspaces = answer.workspaces(pool);
    let named: Vec<_> = workspaces.iter().map(ToString::to_string).collect();
    let mut text = format!("\nPurpose: {}\n", terminal(&pool.purpose));
    if let Some(owner) = &pool.owner {
        text.push_str(&format!("Owner: {}\n", terminal(owner)));
    }
    text.push_str(&format!("Workspaces: {}\nRests: {}\n", named.join(", "), pool.quarantine));
    text.push_str(&conditions(pool));
    let rows: Vec<Vec<Cell>> = answer
        .inventory
        .members_of(name)
        .map(|(number, member)| {
            let states = workspaces.iter().map(|workspace| {
                let obstacle = answer.inventory.obstacle(number, workspace);
                Cell::plain(format!("{workspace}: {}", obstacle.map_or("free", Obstacle::words)))
            });
            let last = Cell::plain(decision(member));
            std::iter::once(Cell::plain(number.to_string())).chain(states).chain([last]).collect()
        })
        .collect();
    text.push('\n');
    text.push_str(&lines(&fitted(&rows, room)));
    text
}

fn conditions(pool: &Pool) -> String {
    let Some(accepts) = &pool.accepts else { return String::new() };
    let kinds =
        accepts.kinds.iter().map(|kinds| kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "));
    let sms = accepts.sms.filter(|sms| *sms).map(|_| "SMS".to_owned());
    let words: Vec<_> = accepts.country.iter().map(ToString::to_string).chain(kinds).chain(sms).collect();
    format!("Accepts: {}\n", words.join(", "))
}

fn decision(member: &Member) -> String {
    let mut words = Vec::new();
    if let Some(state) = member.state {
        words.push(match member.until {
            Some(until) => format!("{state} until {until}"),
            None => state.to_string(),
        });
    }
    words.extend(member.reason.iter().map(|reason| format!("({})", terminal(reason))));
    words.extend(member.allocated_for.iter().map(|reason| format!("for {}", terminal(reason))));
    words.join(" ")
}

pub fn json(answer: &Answer<'_>) -> String {
    let pools: Vec<Value> = answer.pools().map(|(name, pool)| pool_json(answer, name, pool)).collect();
    escape::json_of(&json!({"format_version": FORMAT_VERSION, "pools": pools}))
}

fn pool_json(answer: &Answer<'_>, name: &PoolName, pool: &Pool) -> Value {
    let workspaces = answer.workspaces(pool);
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(name));
    object.insert("purpose".to_owned(), json!(pool.purpose));
    object.insert("owner".to_owned(), json!(pool.owner));
    object.insert("workspaces".to_owned(), json!(workspaces));
    object.insert("quarantine_period".to_owned(), json!(pool.quarantine));
    object.insert("accepts".to_owned(), json!(pool.accepts));
    object.extend(counts(&answer.tally(name)));
    let by_workspace = workspaces.iter().map(|workspace| {
        let mut object = Map::new();
        object.insert("workspace".to_owned(), json!(workspace));
        object.extend(counts(&answer.inventory.tally(name, workspace)));
        Value::Object(object)
    });
    object.insert("by_workspace".to_owned(), by_workspace.collect());
    if let Some(sums) = answer.sums(name, pool) {
        let amount = |amount: Option<MicroDollars>| json!(amount.map(|amount| amount.to_string()));
        object.insert("calls_30d".to_owned(), json!(sums.calls));
        object.insert("cost_30d".to_owned(), amount(sums.cost));
        object.insert("rent_month".to_owned(), amount(sums.rent));
    }
    if answer.only.is_some() {
        let members = answer.inventory.members_of(name);
        let members = members.map(|(number, member)| member_json(answer, &workspaces, number, member));
        object.insert("members".to_owned(), members.collect());
    }
    Value::Object(object)
}

/// Counts as members of an object: every category, and the obstacles by their words.
pub fn counts(tally: &Tally) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("total".to_owned(), json!(tally.total));
    for category in Category::COLUMNS {
        object.insert(category.as_str().to_owned(), json!(tally.of(category)));
    }
    object.insert("not_free".to_owned(), obstacles(tally));
    object
}

fn obstacles(tally: &Tally) -> Value {
    tally
        .obstacles
        .iter()
        .map(|(obstacle, count)| (obstacle.as_str().to_owned(), json!(count)))
        .collect::<Map<_, _>>()
        .into()
}

fn member_json(answer: &Answer<'_>, workspaces: &[WorkspaceName], number: PhoneNumber, member: &Member) -> Value {
    let standing = |workspace: &WorkspaceName| {
        let obstacle = answer.inventory.obstacle(number, workspace);
        let state = obstacle.map_or(Category::Free, Obstacle::category).as_str();
        json!({"workspace": workspace, "state": state, "why": obstacle.map(Obstacle::as_str)})
    };
    json!({
        "phone_number": number, "since": member.since, "decision": member.state, "until": member.until,
        "reason": member.reason, "for": member.allocated_for,
        "workspaces": workspaces.iter().map(standing).collect::<Vec<_>>(),
    })
}
