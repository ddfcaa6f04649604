//! Reads contents straight out of pack files, putting each together from the deltas it is stored as.
//!
//! A history takes hundreds of versions of a file, each stored as its difference from another. libgit2 keeps 16 MiB of
//! such bases and none above 1 MiB, and so begins most versions of a large file at the start of their chain; a
//! `git cat-file` keeps more, but hands every version through a pipe. Here a version costs little more than copying it once.
//!
//! Why the packs are not read by `gix_pack`'s own `decode_entry`, whose index, map and zlib are used: measured on histories of a
//! directory of some megabytes it takes 2.6 to 10 times as long. It hands out no base: its cache copies each into and out
//! of itself, and every version is put together in fresh memory. Here a version is copied once, however long its chain of
//! deltas is ([`recipe`]), and memory goes from one version to the next ([`memory`](super::memory)).

mod alternates;
mod last_used;
mod pack;
mod recipe;

use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::SystemTime;

use bytes::Bytes;
use git2::Oid;
use gix_hash::ObjectId;
use gix_pack::data::Entry;
use gix_pack::data::entry::Header;
use gix_zlib::Inflate;

use self::last_used::LastUsed;
use self::pack::Pack;
use self::recipe::Recipe;
use super::ObjectKind;
use super::memory::Memory;

/// How much is kept of what contents are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expecting {
    /// A version or two of each file: kept is what the second may have in common with the first.
    Few,
    /// A history: enough for what the chains of a few large files begin with, and bounded whatever they are.
    Many,
}

impl Expecting {
    fn kept_bytes(self) -> usize {
        match self {
            Self::Few => 16 << 20,
            Self::Many => 36 << 20,
        }
    }
}

/// The longest chain of deltas: git's own limit (`pack.depth`).
const LONGEST_CHAIN: usize = 4095;

/// How many bytes of what chains of deltas make of their bases are kept.
const RECIPES: usize = 8 << 20;

/// How many bytes are kept of commits, and of trees.
const SMALL: usize = 1 << 20;

/// How many bytes keeping something takes beside it.
const FRAME: usize = 128;

/// The packs of a repository, as they were when it was opened.
pub(in crate::store::git) struct Packs {
    opened: Vec<Pack>,
    commits: Shelf,
    trees: Shelf,
    contents: Shelf,
    memory: Memory,
    inflate: Inflate,
}

/// What others of a kind are made from.
struct Shelf {
    /// What chains of deltas begin with.
    bases: LastUsed<Bytes>,
    /// How contents are made from these.
    recipes: LastUsed<(Location, Rc<Recipe>)>,
}

/// Where an object is: the place of its pack, and its offset there.
type Location = (usize, u64);

/// What an object is made from.
struct Chain {
    /// What the earliest delta applies to.
    begin: Made,
    /// The deltas, the last one first.
    deltas: Vec<(Location, Entry)>,
}

/// A content that is not put together yet.
struct Made {
    root: Location,
    /// The content of the root.
    base: Bytes,
    /// How it is made from that; none where it is the root itself.
    recipe: Option<Rc<Recipe>>,
}

/// Why an object that a pack has is not read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is larger than a file may be.
    Huge,
    /// It is of another kind, or not as git writes it: libgit2 has the words for what is wrong.
    Broken,
}

impl Packs {
    /// Opens the packs of a folder of objects, and of those that it borrows from; a broken pack is left to libgit2.
    pub(super) fn open(objects: &Path, expecting: Expecting) -> Self {
        let folders = alternates::with_borrowed(objects);
        let entries = folders.iter().filter_map(|folder| fs::read_dir(folder.join("pack")).ok()).flatten().flatten();
        let indexes = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "idx"));
        Self {
            opened: indexes.filter_map(|index| Pack::open(&index)).collect(),
            commits: Shelf::new(SMALL, SMALL / 8),
            trees: Shelf::new(SMALL, SMALL / 8),
            contents: Shelf::new(expecting.kept_bytes(), RECIPES),
            memory: Memory::default(),
            inflate: Inflate::default(),
        }
    }

    /// An object's bytes; none where it is in no pack.
    pub(super) fn read(&mut self, id: Oid, kind: ObjectKind) -> Option<Result<Bytes, Fault>> {
        let location = self.location(id)?;
        Some(self.content(location, kind))
    }

    /// When the pack that has an object was last written; none where no pack has it.
    pub(super) fn written(&self, id: Oid) -> Option<SystemTime> {
        let (pack, _) = self.location(id)?;
        self.opened[pack].written
    }

    /// Whether an object, of whatever kind, is in a pack.
    pub(super) fn has(&self, id: Oid) -> bool {
        self.location(id).is_some()
    }

    fn location(&self, id: Oid) -> Option<Location> {
        let id = ObjectId::try_from(id.as_bytes()).ok()?;
        self.opened.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(&id)?)))
    }

    fn content(&mut self, location: Location, kind: ObjectKind) -> Result<Bytes, Fault> {
        let Chain { begin: mut made, mut deltas } = self.chain(location, kind)?;
        while let Some((at, entry)) = deltas.pop() {
            made = self.apply(at, &entry, made, kind)?;
        }
        self.put_together(&made)
    }

    /// Follows an object's deltas down to what is kept already, or is stored whole.
    fn chain(&mut self, end: Location, kind: ObjectKind) -> Result<Chain, Fault> {
        let (mut deltas, mut at) = (Vec::new(), end);
        while deltas.len() <= LONGEST_CHAIN {
            if let Some(begin) = self.known(at, kind)? {
                return Ok(Chain { begin, deltas });
            }
            let entry = self.entry(at)?;
            let next = match entry.header {
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(base_distance),
                Header::RefDelta { base_id } => self.opened[at.0].offset(&base_id),
                _ => {
                    // Another content may be asked for next that is not made from a whole one: only a chain's is kept.
                    let is_alone = at == end && kind == ObjectKind::Blob;
                    let base = if is_alone {
                        self.whole(at.0, &entry, kind)?
                    } else {
                        self.root(at, kind)?.ok_or(Fault::Broken)?
                    };
                    return Ok(Chain { begin: Made { root: at, base, recipe: None }, deltas });
                }
            };
            deltas.push((at, entry));
            at.1 = next.ok_or(Fault::Broken)?;
        }
        Err(Fault::Broken)
    }

    /// What is kept of an object, as far as what it is made from is at hand.
    fn known(&mut self, at: Location, kind: ObjectKind) -> Result<Option<Made>, Fault> {
        if let Some(base) = self.shelf(kind).bases.get(at) {
            return Ok(Some(Made { root: at, base, recipe: None }));
        }
        let Some((root, recipe)) = self.shelf(kind).recipes.get(at) else { return Ok(None) };
        let base = self.root(root, kind)?;
        Ok(base.map(|base| Made { root, base, recipe: Some(recipe) }))
    }

    /// The content that a chain begins with, if it is kept or stored whole.
    fn root(&mut self, at: Location, kind: ObjectKind) -> Result<Option<Bytes>, Fault> {
        if let Some(base) = self.shelf(kind).bases.get(at) {
            return Ok(Some(base));
        }
        let entry = self.entry(at)?;
        if entry.header.is_delta() {
            return Ok(None);
        }
        let base = self.whole(at.0, &entry, kind)?;
        self.shelf(kind).bases.keep(at, base.clone(), base.len() + FRAME);
        Ok(Some(base))
    }

    fn shelf(&mut self, kind: ObjectKind) -> &mut Shelf {
        match kind {
            ObjectKind::Commit => &mut self.commits,
            ObjectKind::Tree => &mut self.trees,
            ObjectKind::Blob => &mut self.contents,
        }
    }

    fn entry(&self, at: Location) -> Result<Entry, Fault> {
        self.opened[at.0].entry(at.1)
    }

    fn whole(&mut self, pack: usize, entry: &Entry, kind: ObjectKind) -> Result<Bytes, Fault> {
        if kind_of(entry.header) != Some(kind) {
            return Err(Fault::Broken);
        }
        let memory = self.memory.take_filled(self.opened[pack].size(entry)?);
        let content = self.inflated(memory, pack, entry)?;
        Ok(self.memory.lend(content))
    }

    /// What the delta at a place makes of a content; kept, because the next is likely to be made from it.
    fn apply(&mut self, at: Location, entry: &Entry, before: Made, kind: ObjectKind) -> Result<Made, Fault> {
        let delta = Recipe::of_delta(self.inflated(Vec::new(), at.0, entry)?.into())?;
        let recipe = match &before.recipe {
            Some(base) => delta.through(base)?,
            None => (!delta.is_in_shreds()).then(|| delta.clone()),
        };
        if let Some(recipe) = recipe.map(Rc::new) {
            let bytes = recipe.memory() + FRAME;
            self.shelf(kind).recipes.keep(at, (before.root, Rc::clone(&recipe)), bytes);
            return Ok(Made { recipe: Some(recipe), ..before });
        }
        let before = self.put_together(&before)?;
        let base = self.memory.lend(delta.made_of(&before, self.memory.take(delta.size()))?);
        self.shelf(kind).bases.keep(at, base.clone(), base.len() + FRAME);
        Ok(Made { root: at, base, recipe: None })
    }

    fn put_together(&self, made: &Made) -> Result<Bytes, Fault> {
        let Some(recipe) = &made.recipe else { return Ok(made.base.clone()) };
        let content = recipe.made_of(&made.base, self.memory.take(recipe.size()))?;
        Ok(self.memory.lend(content))
    }

    fn inflated(&mut self, mut memory: Vec<u8>, pack: usize, entry: &Entry) -> Result<Vec<u8>, Fault> {
        memory.resize(self.opened[pack].size(entry)?, 0);
        self.opened[pack].inflate(entry, &mut self.inflate, &mut memory)?;
        Ok(memory)
    }
}

impl Shelf {
    fn new(bases: usize, recipes: usize) -> Self {
        Self { bases: LastUsed::new(bases), recipes: LastUsed::new(recipes) }
    }
}

/// The kind of what is stored whole.
fn kind_of(header: Header) -> Option<ObjectKind> {
    match header {
        Header::Commit => Some(ObjectKind::Commit),
        Header::Tree => Some(ObjectKind::Tree),
        Header::Blob => Some(ObjectKind::Blob),
        Header::Tag | Header::RefDelta { .. } | Header::OfsDelta { .. } => None,
    }
}
