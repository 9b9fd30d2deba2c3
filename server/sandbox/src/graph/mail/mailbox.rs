//! The mailboxes of everybody, and what lies in each.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::changes::{Changes, Removed};
use crate::graph::mail::folder::{self, Folder, FolderEntry};
use crate::graph::mail::id;
use crate::graph::mail::item::Item;
use crate::graph::mail::stamp::Stamp;
use crate::graph::mail::traffic::Traffic;
use crate::graph::mail::transport::Transport;
use crate::graph::seed;

/// Every mailbox that somebody has looked into, by the object id of its owner, and what is between them.
#[derive(Debug, Default)]
pub struct Mailboxes {
    /// How mail travels.
    pub transport: Transport,
    /// What each mailbox was sent lately.
    pub traffic: Traffic,
    mailboxes: HashMap<&'static str, Mailbox>,
}

/// One mailbox.
#[derive(Debug)]
pub struct Mailbox {
    /// Whose.
    pub owner: &'static Account,
    /// Every folder.
    pub folders: Vec<FolderEntry>,
    /// What changed, for delta queries.
    pub changes: Changes,
    items: Vec<Item>,
    arriving: Vec<Item>,
}

impl Mailboxes {
    /// The mailbox of an account. One that nobody has looked into yet has what mailboxes begin with.
    pub fn of(&mut self, owner: &'static Account, stamp: Stamp<'_>) -> &mut Mailbox {
        let mailbox = self.mailboxes.entry(&owner.object_id).or_insert_with(|| {
            let mut mailbox = Mailbox::new(owner, stamp);
            seed::inbox::items(owner, stamp).into_iter().for_each(|item| mailbox.add(item));
            mailbox
        });
        mailbox.settle(stamp);
        mailbox
    }
}

impl Mailbox {
    fn new(owner: &'static Account, stamp: Stamp<'_>) -> Self {
        let folders = folder::well_known(owner);
        let made = folders.last().map(|entry| entry.changed).unwrap_or_default();
        Self {
            owner,
            folders,
            changes: Changes::new(stamp.random, made),
            items: Vec::new(),
            arriving: Vec::new(),
        }
    }

    /// Adds an item, which is in its folder from now on.
    pub fn add(&mut self, mut item: Item) {
        item.changed = self.changes.advance();
        self.items.push(item);
    }

    /// Adds an item that is in its folder from the moment on that it names.
    pub fn add_later(&mut self, item: Item) {
        self.arriving.push(item);
    }

    /// Every item, those added last first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().rev()
    }

    /// One item.
    pub fn item(&self, id: &str) -> Result<&Item, GraphError> {
        self.find(id).map(|at| &self.items[at])
    }

    /// Changes one item, all or nothing. `seen` is the change key that it had when the request arrived:
    /// where another request has changed it since, Exchange refuses.
    ///
    /// Source: <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/7934>.
    pub fn change<T>(
        &mut self,
        id: &str,
        seen: Option<&str>,
        stamp: Stamp<'_>,
        change: impl FnOnce(&mut Item) -> Result<T, GraphError>,
    ) -> Result<T, GraphError> {
        let at = self.find(id)?;
        let item = &mut self.items[at];
        if seen.is_some_and(|seen| seen != item.change_key()) {
            return Err(GraphError::Conflict);
        }
        if item.leaves.is_some() {
            return Err(GraphError::AlreadySent);
        }
        let changed = change(item)?;
        item.touch(stamp);
        item.changed = self.changes.advance();
        Ok(changed)
    }

    /// Takes one item out.
    pub fn take(&mut self, id: &str) -> Result<Item, GraphError> {
        let at = self.find(id)?;
        Ok(self.take_at(at))
    }

    /// Puts an item into another folder, where only its immutable id stays the same.
    pub fn move_item(&mut self, id: &str, to: Folder, stamp: Stamp<'_>) -> Result<(), GraphError> {
        let mut item = self.take(id)?;
        item.move_to(to, stamp);
        self.add(item);
        Ok(())
    }

    /// Takes every item out of a folder for good.
    pub fn empty(&mut self, folder: Folder) {
        self.items.retain(|item| item.folder != folder);
    }

    /// Lets what is due by now happen: mail arrives, and what was sent leaves Drafts.
    fn settle(&mut self, stamp: Stamp<'_>) {
        let is_due = |at: OffsetDateTime| at <= stamp.now;
        let due = |item: &mut Item| is_due(item.received);
        for item in self.arriving.extract_if(.., due).collect::<Vec<_>>() {
            self.add(item);
        }
        let leaves = |item: &Item| item.leaves.as_ref().is_some_and(|(at, _)| is_due(*at));
        while let Some(at) = self.items.iter().position(leaves) {
            if let Some((at, mut sent)) = self.take_at(at).leaves {
                sent.received = at;
                self.add(*sent);
            }
        }
    }

    fn take_at(&mut self, at: usize) -> Item {
        let item = self.items.remove(at);
        let removed = Removed { folder: item.folder, id: item.id.clone() };
        self.changes.remove(removed);
        item
    }

    fn find(&self, id: &str) -> Result<usize, GraphError> {
        id::check(id)?;
        self.items.iter().position(|item| item.id.is(id)).ok_or(GraphError::NoItem)
    }
}
