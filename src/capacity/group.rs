//! Which numbers are counted together.

use std::collections::BTreeSet;

use crate::model::pools::CountryCode;
use crate::model::{Directory, NumberType, PhoneNumber, PoolName, WorkspaceName, numbering};

/// What a group asks of one trait of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraitMatch<T> {
    /// Nothing.
    #[default]
    Any,
    Is(T),
    Missing,
}

impl<T: PartialEq> TraitMatch<T> {
    fn admits(&self, value: Option<&T>) -> bool {
        match self {
            Self::Any => true,
            Self::Is(wanted) => value == Some(wanted),
            Self::Missing => value.is_none(),
        }
    }
}

impl<T> From<Option<T>> for TraitMatch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::Is)
    }
}

/// Which numbers a group counts: those with every trait that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupMatch {
    pub pool: TraitMatch<PoolName>,
    pub area_code: TraitMatch<String>,
    pub kind: TraitMatch<NumberType>,
    pub country: TraitMatch<CountryCode>,
    /// As they stand in this workspace; in all of their pool's, or all, without it.
    pub workspace: Option<WorkspaceName>,
}

impl GroupMatch {
    /// Whether it names no trait.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Its traits, by their names in `phone-dir.toml`, in one order; none for a trait that the numbers do not have.
    pub fn traits(&self) -> Vec<(&'static str, Option<String>)> {
        fn one<T: ToString>(name: &'static str, wanted: &TraitMatch<T>) -> Option<(&'static str, Option<String>)> {
            match wanted {
                TraitMatch::Any => None,
                TraitMatch::Is(value) => Some((name, Some(value.to_string()))),
                TraitMatch::Missing => Some((name, None)),
            }
        }
        let workspace = self.workspace.as_ref().map(|name| ("workspace", Some(name.to_string())));
        let traits = [
            one("pool", &self.pool),
            one("area_code", &self.area_code),
            one("type", &self.kind),
            one("country", &self.country),
            workspace,
        ];
        traits.into_iter().flatten().collect()
    }

    /// Its name in words: `pool sales, area code 415, in production`.
    pub fn words(&self) -> String {
        let part = |(name, value): (&str, Option<String>)| match (name, value) {
            ("workspace", Some(value)) => format!("in {value}"),
            ("area_code", Some(value)) => format!("area code {value}"),
            ("type", Some(value)) => value,
            (name, Some(value)) => format!("{name} {value}"),
            (name, None) => format!("no {}", name.replace('_', " ")),
        };
        match (&self.workspace, self.traits().len()) {
            (Some(name), 1) => format!("workspace {name}"),
            _ => self.traits().into_iter().map(part).collect::<Vec<_>>().join(", "),
        }
    }

    /// Whether a number has the traits, wherever it stands.
    pub fn admits(&self, directory: &Directory, number: PhoneNumber) -> bool {
        let pool = directory.pools.as_ref().and_then(|file| file.members.get(&number)).map(|member| &member.pool);
        let traits = NumberTraits::of(directory, number);
        self.pool.admits(pool)
            && self.area_code.admits(traits.area_code.as_ref())
            && self.kind.admits(Some(&traits.kind))
            && self.country.admits(traits.country.as_ref())
    }

    /// The workspaces in which its numbers are judged.
    pub fn workspaces(&self, directory: &Directory) -> Vec<WorkspaceName> {
        let pool = match &self.pool {
            TraitMatch::Is(name) => directory.pools.as_ref().and_then(|file| file.pools.get(name)),
            TraitMatch::Any | TraitMatch::Missing => None,
        };
        match (&self.workspace, pool) {
            (Some(name), _) => vec![name.clone()],
            (None, Some(pool)) => crate::pools::inventory::workspaces_of(directory, pool),
            (None, None) => directory.workspace_names().into_iter().collect(),
        }
    }
}

/// What groups look at in a number.
struct NumberTraits {
    area_code: Option<String>,
    kind: NumberType,
    country: Option<CountryCode>,
}

impl NumberTraits {
    /// As the directory has them; as they follow from a number that it does not have.
    fn of(directory: &Directory, number: PhoneNumber) -> Self {
        let country = |code: &Option<String>| code.as_deref().and_then(|code| CountryCode::parse(code).ok());
        let Some(entry) = directory.number(number) else {
            let known = numbering::describe(number);
            return Self {
                area_code: known.area_code.clone(),
                kind: known.line,
                country: country(&known.country_code),
            };
        };
        Self {
            area_code: entry.area_code.clone(),
            kind: entry.phone_number_type,
            country: country(&entry.country_code),
        }
    }
}

/// When a group is short of numbers; what is absent asks for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupThresholds {
    /// Fewer free numbers are an error.
    pub min_free: Option<u32>,
    /// Fewer free numbers are a warning.
    pub warn_free: Option<u32>,
    /// Days; a group that runs out within them is an error.
    pub horizon: Option<u32>,
}

impl GroupThresholds {
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// By which trait numbers are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupedBy {
    Pool,
    Area,
    Type,
    Country,
    /// The workspace in which they are judged.
    Workspace,
}

impl GroupedBy {
    /// The groups of a directory; a pool without numbers is one, too.
    pub fn groups(self, directory: &Directory) -> Vec<GroupMatch> {
        let pools = directory.pools.as_ref();
        let of_number = |number: &PhoneNumber| {
            let traits = NumberTraits::of(directory, *number);
            let member = pools.and_then(|file| file.members.get(number));
            match self {
                Self::Pool => {
                    GroupMatch { pool: member.map(|member| member.pool.clone()).into(), ..GroupMatch::default() }
                }
                Self::Area => GroupMatch { area_code: traits.area_code.into(), ..GroupMatch::default() },
                Self::Type => GroupMatch { kind: TraitMatch::Is(traits.kind), ..GroupMatch::default() },
                Self::Country => GroupMatch { country: traits.country.into(), ..GroupMatch::default() },
                Self::Workspace => GroupMatch::default(),
            }
        };
        let numbers = directory.master.numbers.keys();
        let groups: BTreeSet<GroupMatch> = match self {
            Self::Workspace => directory.workspace_names().into_iter().map(of_workspace).collect(),
            Self::Pool => pools_of(directory).chain(numbers.map(of_number)).collect(),
            Self::Area | Self::Type | Self::Country => numbers.map(of_number).collect(),
        };
        groups.into_iter().collect()
    }
}

fn of_workspace(name: WorkspaceName) -> GroupMatch {
    GroupMatch { workspace: Some(name), ..GroupMatch::default() }
}

pub fn pools_of(directory: &Directory) -> impl Iterator<Item = GroupMatch> {
    let names = directory.pools.iter().flat_map(|file| file.pools.keys());
    names.map(|name| GroupMatch { pool: TraitMatch::Is(name.clone()), ..GroupMatch::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_its_traits() {
        let group = GroupMatch {
            pool: TraitMatch::Is(PoolName::parse("sales").unwrap()),
            area_code: TraitMatch::Is("415".to_owned()),
            kind: TraitMatch::Is(NumberType::TollFree),
            country: TraitMatch::Missing,
            workspace: Some(WorkspaceName::parse("production").unwrap()),
        };
        assert_eq!(group.words(), "pool sales, area code 415, toll-free, no country, in production");
        assert!(GroupMatch::default().is_empty() && !group.is_empty());
    }
}
