//! Thresholds of capacity that name nothing: a pool or a workspace that is not there, or no number at all.
//!
//! Settings of another revision are not judged by their places, which are in another text; the file stands for them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::Context;
use super::finding::{Finding, Place};
use super::rule::Rule;
use super::rules::{settings as settings_rule, unmatched_threshold};
use super::settings::Settings;
use crate::capacity::{GroupMatch, GroupStock, TraitMatch};
use crate::model::{Day, PoolName, WorkspaceName, paths};
use crate::pools::Inventory;

/// What the project's own thresholds name and the directory does not have.
pub fn unknown(settings: &Settings, context: &Context<'_>) -> Vec<Finding> {
    let own = context.snapshot.bytes(paths::SETTINGS).unwrap_or_default();
    let theirs = (settings.text != own).then(|| Settings::of(Some(own)));
    // Without the directory, and without all pools where there are some, nothing is known to be missing.
    let has_pools = !context.is_there(paths::POOLS) || context.is_whole(paths::POOLS);
    if !context.is_whole(paths::MASTER) || !has_pools {
        return Vec::new();
    }
    let judge = Judge { context, has_places: theirs.is_none() };
    let settings = theirs.as_ref().unwrap_or(settings);
    let mut findings = judge.names(settings);
    findings.extend(judge.unmatched(settings));
    findings
}

struct Judge<'a> {
    context: &'a Context<'a>,
    has_places: bool,
}

impl Judge<'_> {
    fn finding(&self, rule: &'static Rule, span: &Range<usize>, message: &str) -> Finding {
        let place =
            if self.has_places { Place::bytes(paths::SETTINGS, span.clone()) } else { Place::file(paths::SETTINGS) };
        Finding::new(rule, place, format!("`{}`: {message}", paths::SETTINGS))
    }

    fn is_workspace(&self, name: &WorkspaceName) -> bool {
        self.context.workspaces.iter().any(|workspace| workspace.name == name)
    }

    fn is_pool(&self, name: &PoolName) -> bool {
        self.context.directory.pools.as_ref().is_some_and(|file| file.pools.contains_key(name))
    }

    /// Pools and workspaces that are not there.
    fn names(&self, settings: &Settings) -> Vec<Finding> {
        let mut findings = Vec::new();
        let workspaces: Vec<_> =
            self.context.workspaces.iter().map(|workspace| format!("`{}`", workspace.name)).collect();
        let no_workspace = |span: &Range<usize>, name: &WorkspaceName| {
            let message = format!("there is no workspace `{name}`, so its threshold means nothing");
            self.finding(&settings_rule::RULE, span, &message).help(format!("there are {}", workspaces.join(", ")))
        };
        for configured in &settings.capacity.groups {
            if let TraitMatch::Is(name) = &configured.group.pool
                && !self.is_pool(name)
            {
                let message = format!("there is no pool `{name}`, so its threshold means nothing");
                let finding = self.finding(&settings_rule::RULE, &configured.span, &message);
                findings.push(finding.help("`phone-dir pools` lists the pools"));
            }
            if let Some(name) = configured.group.workspace.as_ref().filter(|name| !self.is_workspace(name)) {
                findings.push(no_workspace(&configured.span, name));
            }
        }
        let unknown = settings.capacity.concurrency.iter().filter(|(name, _)| !self.is_workspace(name));
        findings.extend(unknown.map(|(name, configured)| no_workspace(&configured.span, name)));
        findings
    }

    /// Groups that no number is counted in.
    fn unmatched(&self, settings: &Settings) -> Vec<Finding> {
        let known = |group: &GroupMatch| {
            let is_pool = |wanted: &TraitMatch<PoolName>| matches!(wanted, TraitMatch::Is(name) if !self.is_pool(name));
            !is_pool(&group.pool) && group.workspace.as_ref().is_none_or(|name| self.is_workspace(name))
        };
        let configured: Vec<_> = settings.capacity.groups.iter().filter(|it| known(&it.group)).collect();
        if configured.is_empty() {
            return Vec::new();
        }
        let hosts = BTreeSet::new();
        let inventory = Inventory::new(self.context.directory, Day::of(self.context.occasion.now), &hosts);
        let groups: Vec<_> = configured.iter().map(|it| (it.group.clone(), it.thresholds)).collect();
        let stocks = GroupStock::in_order(&inventory, &groups);
        let empty = configured.iter().zip(stocks).filter(|(_, stock)| stock.numbers.is_empty());
        let finding = |(configured, stock): (&&super::settings::capacity::ConfiguredGroup, GroupStock)| {
            let message = format!("no number is counted for `{}`", stock.group.words());
            self.finding(&unmatched_threshold::RULE, &configured.span, &message).help(
                "the first group that matches a number counts it: correct the group, or move it before the one that takes its numbers",
            )
        };
        empty.map(finding).collect()
    }
}
