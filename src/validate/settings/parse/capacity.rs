//! Reading `[[capacity.group]]` and `[capacity.concurrency.WORKSPACE]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::{Settings, Table};
use crate::activity::time::{DAY, length};
use crate::capacity::{ConcurrencyThresholds, GroupMatch, GroupThresholds, TraitMatch};
use crate::model::pools::CountryCode;
use crate::model::{NumberType, PoolName, WorkspaceName};
use crate::validate::settings::capacity::{ConfiguredConcurrency, ConfiguredGroup};

/// The section as it is written.
#[derive(Default, Deserialize)]
pub(super) struct CapacityTable {
    #[serde(default)]
    group: Vec<Spanned<Table<Spanned<Value>>>>,
    #[serde(default)]
    concurrency: Table<Table<Spanned<Value>>>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

const GROUP_HELP: &str = "`[[capacity.group]]` has `pool`, `area_code`, `type`, `country` and `workspace` for its numbers, and \
    `min_free`, `warn_free` and `horizon`";
const CONCURRENCY_HELP: &str =
    "`[capacity.concurrency.WORKSPACE]` has `warn = 0.8`, `error = 0.95` and `count_burst = true`";

impl Settings {
    pub(super) fn take_capacity(&mut self, section: Spanned<CapacityTable>) {
        let span = section.span();
        let CapacityTable { group, concurrency, unknown } = section.into_inner();
        for name in unknown.keys() {
            let help = "`[capacity]` has `[[capacity.group]]` and `[capacity.concurrency.WORKSPACE]`";
            self.problem(&format!("there is no setting `{name}`"), span.clone(), Some(help.to_owned()));
        }
        for group in group {
            self.take_group(group);
        }
        for (name, table) in concurrency {
            self.take_concurrency(&name, table);
        }
    }

    fn take_group(&mut self, table: Spanned<Table<Spanned<Value>>>) {
        let span = table.span();
        let mut taken = ConfiguredGroup { group: GroupMatch::default(), thresholds: GroupThresholds::default(), span };
        let problems = self.problems.len();
        for (name, value) in table.into_inner() {
            self.take_group_key(&mut taken, &name, &value);
        }
        // A group with a part that is not understood would count other numbers than it was meant to.
        if self.problems.len() > problems {
            return;
        }
        let ConfiguredGroup { group, thresholds, span } = &taken;
        let missing = match (group.is_empty(), thresholds.is_empty()) {
            (true, _) => "the group names no numbers",
            (_, true) => "the group has no threshold",
            _ if thresholds.warn_free.is_some_and(|warn| thresholds.min_free.is_some_and(|least| warn <= least)) => {
                "`warn_free` is not above `min_free`, so it never warns"
            }
            _ => return self.capacity.groups.push(taken),
        };
        self.problem(missing, span.clone(), Some(GROUP_HELP.to_owned()));
    }

    fn take_group_key(&mut self, taken: &mut ConfiguredGroup, name: &Spanned<String>, value: &Spanned<Value>) {
        let text = value.get_ref().as_str();
        let expected = match name.get_ref().as_str() {
            "pool" => set(&mut taken.group.pool, text.and_then(|text| PoolName::parse(text).ok()), "a pool's name"),
            "area_code" => set(&mut taken.group.area_code, digits(value.get_ref()), "an area code such as `\"415\"`"),
            "type" => {
                let kind = NumberType::ALL.iter().copied().find(|kind| Some(kind.as_str()) == text);
                set(&mut taken.group.kind, kind, "a kind of number, such as `local` or `toll-free`")
            }
            "country" => set(
                &mut taken.group.country,
                text.and_then(|text| CountryCode::parse(text).ok()),
                CountryCode::EXPECTED,
            ),
            "workspace" => {
                taken.group.workspace = text.and_then(|text| WorkspaceName::parse(text).ok());
                taken.group.workspace.is_none().then_some("a workspace's name")
            }
            "min_free" => limit(&mut taken.thresholds.min_free, count(value.get_ref()), "a whole number from 1"),
            "warn_free" => limit(&mut taken.thresholds.warn_free, count(value.get_ref()), "a whole number from 1"),
            "horizon" => limit(&mut taken.thresholds.horizon, text.and_then(days), "whole days, such as `30d`"),
            _ => return self.unknown_key(name, GROUP_HELP),
        };
        if let Some(expected) = expected {
            self.problem(&format!("expected {expected}"), value.span(), None);
        }
    }

    fn take_concurrency(&mut self, name: &Spanned<String>, table: Table<Spanned<Value>>) {
        let Ok(workspace) = WorkspaceName::parse(name.get_ref()) else {
            return self.problem("expected a workspace's name", name.span(), None);
        };
        let mut thresholds = ConcurrencyThresholds::default();
        let problems = self.problems.len();
        for (key, value) in table {
            let expected = match (key.get_ref().as_str(), value.get_ref()) {
                ("warn", value) => {
                    limit(&mut thresholds.warn, share(value), "a share of the limit above 0, such as `0.8`")
                }
                ("error", value) => {
                    limit(&mut thresholds.error, share(value), "a share of the limit above 0, such as `0.95`")
                }
                ("count_burst", Value::Boolean(counts)) => {
                    thresholds.count_burst = *counts;
                    None
                }
                ("count_burst", _) => Some("`true` or `false`"),
                _ => {
                    self.unknown_key(&key, CONCURRENCY_HELP);
                    None
                }
            };
            if let Some(expected) = expected {
                self.problem(&format!("expected {expected}"), value.span(), None);
            }
        }
        if self.problems.len() > problems {
            return;
        }
        let is_silent = thresholds.warn.zip(thresholds.error).is_some_and(|(warn, error)| warn >= error);
        match (thresholds.warn.or(thresholds.error), is_silent) {
            (None, _) => self.problem("there is no threshold", name.span(), Some(CONCURRENCY_HELP.to_owned())),
            (_, true) => self.problem("`warn` is not below `error`, so it never warns", name.span(), None),
            _ => {
                let configured = ConfiguredConcurrency { thresholds, span: name.span() };
                self.capacity.concurrency.insert(workspace, configured);
            }
        }
    }
}

/// Sets a trait; says what was expected where there is none.
fn set<T>(slot: &mut TraitMatch<T>, value: Option<T>, expected: &'static str) -> Option<&'static str> {
    let missing = value.is_none().then_some(expected);
    *slot = value.map_or(TraitMatch::Any, TraitMatch::Is);
    missing
}

/// Sets a threshold; says what was expected where there is none.
fn limit<T: Copy>(slot: &mut Option<T>, value: Option<T>, expected: &'static str) -> Option<&'static str> {
    *slot = value;
    value.is_none().then_some(expected)
}

fn digits(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn count(value: &Value) -> Option<u32> {
    value.as_integer().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0)
}

fn days(text: &str) -> Option<u32> {
    let millis = length(text).filter(|millis| millis % DAY == 0)?;
    u32::try_from(millis / DAY).ok()
}

fn share(value: &Value) -> Option<f64> {
    let share = match value {
        Value::Float(share) => *share,
        #[allow(clippy::cast_precision_loss)] // only small ones are let through
        Value::Integer(share) => *share as f64,
        _ => return None,
    };
    // With calls at a surcharge, the limit may be exceeded threefold.
    (share > 0.0 && share <= 10.0).then_some(share)
}

#[cfg(test)]
mod tests {
    use crate::capacity::{GroupThresholds, TraitMatch};
    use crate::model::{NumberType, WorkspaceName};
    use crate::validate::Settings;

    fn settings(text: &str) -> Settings {
        Settings::of(Some(text.as_bytes()))
    }

    #[test]
    fn groups_and_workspaces_have_thresholds() {
        let good = settings(
            "[[capacity.group]]\npool = \"sales\"\nmin_free = 3\nwarn_free = 5\nhorizon = \"30d\"\n\
             [[capacity.group]]\narea_code = 415\ntype = \"local\"\ncountry = \"US\"\nworkspace = \"eu\"\nmin_free = 1\n\
             [capacity.concurrency.production]\nwarn = 0.80\nerror = 0.95\ncount_burst = true\n",
        );
        assert_eq!(good.problems, []);
        let [sales, area] = &good.capacity.groups[..] else { panic!("two groups") };
        assert_eq!(sales.thresholds, GroupThresholds { min_free: Some(3), warn_free: Some(5), horizon: Some(30) });
        assert_eq!(area.group.words(), "area code 415, local, country US, in eu");
        assert_eq!(area.group.kind, TraitMatch::Is(NumberType::Local));
        let production = &good.capacity.concurrency[&WorkspaceName::parse("production").unwrap()];
        assert_eq!((production.thresholds.warn, production.thresholds.count_burst), (Some(0.8), true));
    }

    #[test]
    fn what_means_nothing_is_reported_at_its_place_and_counts_nothing() {
        for (text, message) in [
            ("[[capacity.group]]\nmin_free = 3\n", "names no numbers"),
            ("[[capacity.group]]\npool = \"sales\"\n", "has no threshold"),
            ("[[capacity.group]]\npool = \"a b\"\nmin_free = 3\n", "a pool's name"),
            ("[[capacity.group]]\npool = \"a\"\nmin_free = 0\n", "from 1"),
            ("[[capacity.group]]\npool = \"a\"\nmin_free = 3\nwarn_free = 3\n", "never warns"),
            ("[[capacity.group]]\npool = \"a\"\nhorizon = \"12h\"\n", "whole days"),
            ("[[capacity.group]]\ntype = \"satellite\"\nmin_free = 1\n", "a kind of number"),
            ("[[capacity.group]]\narea_code = \"(415)\"\nmin_free = 1\n", "an area code"),
            ("[[capacity.group]]\ncountry = \"usa\"\nmin_free = 1\n", "two capitals"),
            ("[[capacity.group]]\npools = \"a\"\nmin_free = 1\n", "no setting `pools`"),
            ("[capacity]\ngroups = 1\n", "no setting `groups`"),
            ("[capacity.concurrency.production]\ncount_burst = true\n", "no threshold"),
            ("[capacity.concurrency.production]\nwarn = 0.9\nerror = 0.9\n", "never warns"),
            ("[capacity.concurrency.production]\nwarn = \"80%\"\n", "a share"),
            ("[capacity.concurrency.production]\nwarns = 0.8\n", "no setting `warns`"),
            ("[capacity.concurrency.\"a b\"]\nwarn = 0.8\n", "a workspace's name"),
        ] {
            let bad = settings(text);
            assert_eq!(bad.problems.len(), 1, "{text}: {:?}", bad.problems);
            assert!(bad.problems[0].message.contains(message), "{text}: {:?}", bad.problems);
            assert!(bad.capacity.groups.is_empty() && bad.capacity.concurrency.is_empty(), "{text}");
        }
    }
}
