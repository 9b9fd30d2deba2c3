//! The order of changes in a mailbox, so that a delta query can ask what changed since another.

use crate::graph::mail::folder::Folder;
use crate::graph::mail::id::Id;
use crate::random::Random;

/// Removals that are remembered; a token older than the oldest of them has to begin again.
const KEPT: usize = 10_000;

/// Numbers for changes, and what is gone.
#[derive(Debug)]
pub struct Changes {
    /// Tells this mailbox from the same account's after a reset.
    pub generation: String,
    last: u64,
    removed: Vec<(u64, Removed)>,
    removed_folders: Vec<(u64, String)>,
}

/// An item that a folder no longer holds.
#[derive(Debug, Clone)]
pub struct Removed {
    /// The folder.
    pub folder: Folder,
    /// What the item was called there.
    pub id: Id,
}

impl Changes {
    /// Of a new mailbox, in which so many changes have happened already.
    pub fn new(random: &Random, last: u64) -> Self {
        Self {
            generation: random.base64url(16),
            last,
            removed: Vec::new(),
            removed_folders: Vec::new(),
        }
    }

    /// The number of the next change.
    pub fn advance(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Notes that an item is gone.
    pub fn remove(&mut self, removed: Removed) {
        let number = self.advance();
        if self.removed.len() == KEPT {
            self.removed.remove(0);
        }
        self.removed.push((number, removed));
    }

    /// Notes that a folder is gone.
    pub fn remove_folder(&mut self, id: String) {
        let number = self.advance();
        self.removed_folders.push((number, id));
    }

    /// The ids of the folders that are gone after a change.
    pub fn folders_removed_since(&self, number: u64) -> impl Iterator<Item = (u64, &str)> {
        let since = self.removed_folders.iter().filter(move |(at, _)| *at > number);
        since.map(|(at, id)| (*at, id.as_str()))
    }

    /// The number of the last change.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// What a folder lost after a change.
    pub fn removed_since(
        &self,
        number: u64,
        folder: Folder,
    ) -> impl Iterator<Item = (u64, &Removed)> {
        let since = self
            .removed
            .iter()
            .filter(move |(at, removed)| *at > number && removed.folder == folder);
        since.map(|(at, removed)| (*at, removed))
    }
}
