//! Walks the whole history behind a commit: every commit with the ids of the project's files, contents unread.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use git2::Oid;

use super::GitCommits;
use crate::error::{Error, ErrorKind, Result};
use crate::model::WorkspaceName;
use crate::model::paths::FileKind;
use crate::store::git::CommitId;
use crate::store::git::objects::{DirectoryFolder, GitObjects, StoredKind};

/// A history, newest first, children before their parents.
#[derive(Debug)]
pub struct Walk {
    pub commits: Vec<WalkedCommit>,
    /// The kinds of files that occur: `directory.json`, `pools.json` and the two files of each workspace.
    pub kinds: Vec<FileKind>,
    /// The directory's files, each by the place of its kind, sorted by it; one list for each folder that occurs.
    pub listings: Vec<WalkedFiles>,
}

/// The files of a folder: places in [`Walk::kinds`] with what is stored.
pub type WalkedFiles = Box<[(usize, StoredKind)]>;

#[derive(Debug)]
pub struct WalkedCommit {
    pub id: CommitId,
    /// The places of its parents in the walk, in order, as far as they are in this clone.
    pub parents: Vec<usize>,
    /// Whether its own objects or those of its parents are not in this clone, or cannot be read.
    pub is_cut_off: bool,
    /// The committer's time, unless it makes no sense.
    pub committed: Option<DateTime<Utc>>,
    /// The place of its files in the listings; or why they cannot be listed.
    pub listing: Result<usize, String>,
}

/// A commit before it has its place in the order.
struct Node {
    id: Oid,
    tree: Result<Oid, Unlisted>,
    parents: Vec<usize>,
    is_cut_off: bool,
    committed: Option<DateTime<Utc>>,
}

/// Why the files of a commit cannot be listed.
struct Unlisted {
    why: String,
    /// Objects are not in this clone, or damaged: what they say is not known to be nothing. What is merely malformed is
    /// a gap in the history.
    is_lost: bool,
}

impl From<Error> for Unlisted {
    fn from(error: Error) -> Self {
        Self { why: error.message().to_owned(), is_lost: error.kind() == ErrorKind::CannotTell }
    }
}

impl GitCommits<'_> {
    /// Walks everything that `tip` descends from.
    ///
    /// The directory is followed when its folder moved. A commit that cannot be read is part of the walk and says
    /// why; its parents, if it names any, are walked too.
    pub fn walk(self, tip: &CommitId) -> Result<Walk> {
        let nodes = self.nodes(tip.0)?;
        if nodes[0].tree.as_ref().is_err_and(|unlisted| unlisted.is_lost) {
            self.ancestor(tip)?;
        }
        let order = order(&nodes);
        let mut place_of = vec![0; nodes.len()];
        for (place, node) in order.iter().enumerate() {
            place_of[*node] = place;
        }
        let mut lister = Lister::new(self.git.objects());
        let mut places: Vec<Option<DirectoryFolder>> = vec![None; nodes.len()];
        places[order[0]] = Some(DirectoryFolder::new(&self.git.prefix));
        let mut commits = Vec::with_capacity(nodes.len());
        let mut lost = HashSet::new();
        for at in order {
            let node = &nodes[at];
            let place = places[at].take().unwrap_or_else(|| DirectoryFolder::new(&self.git.prefix));
            let trees = node.parents.iter().map(|parent| nodes[*parent].tree.as_ref().ok().copied());
            let trees: Vec<_> = trees.collect();
            let listing = match &node.tree {
                Ok(tree) => lister.listing(*tree, &place).map_err(Unlisted::from),
                Err(unlisted) => Err(Unlisted { why: unlisted.why.clone(), ..*unlisted }),
            };
            if listing.as_ref().is_err_and(|unlisted| unlisted.is_lost) {
                lost.insert(place_of[at]);
            }
            for (parent, tree) in node.parents.iter().zip(trees) {
                if places[*parent].is_none() {
                    places[*parent] = Some(lister.place_in(tree, &place, node.tree.as_ref().ok().copied()));
                }
            }
            commits.push(WalkedCommit {
                id: CommitId(node.id),
                parents: node.parents.iter().map(|parent| place_of[*parent]).collect(),
                is_cut_off: node.is_cut_off,
                committed: node.committed,
                listing: listing.map_err(|unlisted| unlisted.why),
            });
        }
        for (at, commit) in commits.iter_mut().enumerate() {
            commit.is_cut_off |= commit.parents.iter().chain([&at]).any(|place| lost.contains(place));
        }
        Ok(Walk { commits, kinds: lister.kinds, listings: lister.listings })
    }

    fn nodes(self, tip: Oid) -> Result<Vec<Node>> {
        let mut index = HashMap::from([(tip, 0)]);
        let mut ids = vec![tip];
        let mut nodes = Vec::new();
        while nodes.len() < ids.len() {
            let id = ids[nodes.len()];
            let mut node = self.node(id);
            for parent in std::mem::take(&mut node.1) {
                if !index.contains_key(&parent) && !self.git.objects().is_here(parent)? {
                    node.0.is_cut_off = true;
                    continue;
                }
                let place = *index.entry(parent).or_insert_with(|| {
                    ids.push(parent);
                    ids.len() - 1
                });
                node.0.parents.push(place);
            }
            nodes.push(node.0);
        }
        Ok(nodes)
    }

    /// A commit and the ids of its parents.
    fn node(self, id: Oid) -> (Node, Vec<Oid>) {
        let node = |tree, committed| Node { id, tree, parents: Vec::new(), is_cut_off: false, committed };
        match self.ancestor(&CommitId(id)) {
            Err(error) => (node(Err(error.into()), None), Vec::new()),
            Ok(read) => {
                (node(Ok(read.tree), read.committed), read.parents.into_iter().map(|parent| parent.0).collect())
            }
        }
    }
}

/// Children before parents, and among what may come next the newest first.
fn order(nodes: &[Node]) -> Vec<usize> {
    let mut children = vec![0_usize; nodes.len()];
    for parent in nodes.iter().flat_map(|node| &node.parents) {
        children[*parent] += 1;
    }
    let key = |at: usize| (nodes[at].committed, Reverse(at));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|at| children[*at] == 0).map(key).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some((_, Reverse(at))) = ready.pop() {
        order.push(at);
        for parent in &nodes[at].parents {
            children[*parent] -= 1;
            if children[*parent] == 0 {
                ready.push(key(*parent));
            }
        }
    }
    order
}

/// Lists the directory's files of tree after tree, reading no folder twice.
struct Lister<'r> {
    objects: GitObjects<'r>,
    kinds: Vec<FileKind>,
    listings: Vec<WalkedFiles>,
    by_folder: HashMap<Option<Oid>, usize>,
    workspaces: HashMap<Oid, Vec<(Leaf, StoredKind)>>,
    /// The folder of the root tree that was asked for last, and of the one before: a child and its parent.
    folders: [Option<(Oid, DirectoryFolder, Option<Oid>)>; 2],
}

/// A file of a workspace's folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Numbers,
    Assignments,
}

impl<'r> Lister<'r> {
    fn new(objects: GitObjects<'r>) -> Self {
        let (kinds, listings) = (Vec::new(), Vec::new());
        Self { objects, kinds, listings, by_folder: HashMap::new(), workspaces: HashMap::new(), folders: [None, None] }
    }

    fn listing(&mut self, root: Oid, place: &DirectoryFolder) -> Result<usize> {
        let folder = self.folder(root, place)?;
        if let Some(known) = self.by_folder.get(&folder) {
            return Ok(*known);
        }
        let mut files = folder.map(|folder| self.files(folder)).transpose()?.unwrap_or_default();
        files.sort_by_key(|(kind, _)| *kind);
        self.listings.push(files.into());
        self.by_folder.insert(folder, self.listings.len() - 1);
        Ok(self.listings.len() - 1)
    }

    /// A parent's folder is asked for where its child looks for moves, and again where its own turn comes.
    fn folder(&mut self, root: Oid, place: &DirectoryFolder) -> Result<Option<Oid>> {
        let is_it = |known: &&(Oid, DirectoryFolder, Option<Oid>)| known.0 == root && known.1 == *place;
        if let Some((_, _, folder)) = self.folders.iter().flatten().find(is_it) {
            return Ok(*folder);
        }
        let folder = self.objects.folder(root, place)?;
        self.folders.swap(0, 1);
        self.folders[0] = Some((root, place.clone(), folder));
        Ok(folder)
    }

    fn files(&mut self, folder: Oid) -> Result<Vec<(usize, StoredKind)>> {
        let (mut files, mut workspaces) = (Vec::new(), Vec::new());
        self.objects.entries(folder, |entry| match entry.name {
            // A folder with another name is no workspace.
            name if entry.is_folder() => {
                let name = std::str::from_utf8(name).ok().and_then(|name| WorkspaceName::parse(name).ok());
                workspaces.extend(name.map(|name| (name, entry.id)));
            }
            b"directory.json" => files.push((FileKind::Master, GitObjects::kind(&entry))),
            b"pools.json" => files.push((FileKind::Pools, GitObjects::kind(&entry))),
            _ => {}
        })?;
        for (name, tree) in workspaces {
            let kind = |leaf| match leaf {
                Leaf::Numbers => FileKind::Numbers(name.clone()),
                Leaf::Assignments => FileKind::Assignments(name.clone()),
            };
            files.extend(self.workspace(tree)?.iter().map(|(leaf, stored)| (kind(*leaf), *stored)));
        }
        Ok(files.into_iter().map(|(kind, stored)| (self.place_of(kind), stored)).collect())
    }

    fn place_of(&mut self, kind: FileKind) -> usize {
        self.kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        })
    }

    fn workspace(&mut self, tree: Oid) -> Result<&[(Leaf, StoredKind)]> {
        if !self.workspaces.contains_key(&tree) {
            let mut files = Vec::new();
            self.objects.entries(tree, |entry| match entry.name {
                b"numbers.json" => files.push((Leaf::Numbers, GitObjects::kind(&entry))),
                b"assignments.json" => files.push((Leaf::Assignments, GitObjects::kind(&entry))),
                _ => {}
            })?;
            self.workspaces.insert(tree, files);
        }
        Ok(&self.workspaces[&tree])
    }

    /// Where the directory is in a parent's tree: where the child has it, unless it moved there just then.
    fn place_in(&mut self, parent: Option<Oid>, place: &DirectoryFolder, child: Option<Oid>) -> DirectoryFolder {
        self.moved(parent, place, child).unwrap_or_else(|| place.clone())
    }

    fn moved(&mut self, parent: Option<Oid>, place: &DirectoryFolder, child: Option<Oid>) -> Option<DirectoryFolder> {
        let (parent, child) = (parent?, child?);
        // What cannot be read here is reported where its own commit is listed.
        let here = self.folder(child, place).ok().flatten()?;
        if self.folder(parent, place).ok().flatten().is_some() {
            return None;
        }
        self.objects.moved_from(parent, child, here)
    }
}
