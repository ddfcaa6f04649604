//! A small map by workspace, as every number's entry in `directory.json` has one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::presence::unique_entries;
use super::workspace::WorkspaceName;

/// Values by workspace, in the order of workspaces.
///
/// Nearly every number is in one or two workspaces: a `BTreeMap` would take room for eleven, ten thousand times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByWorkspace<T>(Vec<(WorkspaceName, T)>);

impl<T> ByWorkspace<T> {
    pub fn get(&self, workspace: &WorkspaceName) -> Option<&T> {
        self.iter().find_map(|(name, value)| (name == workspace).then_some(value))
    }

    /// The value of a workspace, to be changed.
    pub fn get_mut(&mut self, workspace: &WorkspaceName) -> Option<&mut T> {
        self.iter_mut().find_map(|(name, value)| (name == workspace).then_some(value))
    }

    /// Sets the value of a workspace, and returns the one that it had.
    pub fn insert(&mut self, workspace: WorkspaceName, value: T) -> Option<T> {
        match self.search(&workspace) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (workspace, value));
                None
            }
        }
    }

    /// Takes the value of a workspace out.
    pub fn remove(&mut self, workspace: &WorkspaceName) -> Option<T> {
        self.search(workspace).ok().map(|at| self.0.remove(at).1)
    }

    pub fn contains_key(&self, workspace: &WorkspaceName) -> bool {
        self.get(workspace).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&WorkspaceName, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The workspaces with their values, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&WorkspaceName, &mut T)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &WorkspaceName> {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    fn search(&self, workspace: &WorkspaceName) -> Result<usize, usize> {
        self.0.binary_search_by(|(name, _)| name.cmp(workspace))
    }
}

impl<T> Default for ByWorkspace<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Of a workspace that comes twice, the last value stays, as in any other map.
impl<T> FromIterator<(WorkspaceName, T)> for ByWorkspace<T> {
    fn from_iter<I: IntoIterator<Item = (WorkspaceName, T)>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        entries.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                std::mem::swap(next, kept);
            }
            is_same
        });
        entries.shrink_to_fit();
        Self(entries)
    }
}

impl<T: Serialize> Serialize for ByWorkspace<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByWorkspace<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unique_entries(deserializer, |map: &Self| map.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> serde_json::Result<ByWorkspace<u8>> {
        serde_json::from_str(text)
    }

    #[test]
    fn a_map_is_in_the_order_of_workspaces_whatever_the_order_of_its_text() {
        let map = read(r#"{"eu": 3, "production": 2, "staging": 1}"#).unwrap();
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"staging":1,"production":2,"eu":3}"#);
        assert_eq!(map.get(&WorkspaceName::parse("eu").unwrap()), Some(&3));
    }

    #[test]
    fn a_workspace_that_stands_twice_is_refused() {
        assert!(read(r#"{"eu": 3, "staging": 2, "eu": 3}"#).is_err());
        assert!(read("[]").is_err());
    }
}
