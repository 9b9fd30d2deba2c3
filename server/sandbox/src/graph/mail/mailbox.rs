//! Every mailbox's items, oldest first.

use time::OffsetDateTime;

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::id;
use crate::graph::mail::item::Item;

/// The items of everybody.
#[derive(Debug, Default)]
pub struct Mailboxes(Vec<Item>);

impl Mailboxes {
    /// Adds an item.
    pub fn add(&mut self, item: Item) {
        self.0.push(item);
    }

    /// The items of one mailbox that are to be seen by now, newest first.
    pub fn items(&self, account: &Account, now: OffsetDateTime) -> impl Iterator<Item = &Item> {
        self.0.iter().rev().filter(move |item| item.owner == account && item.is_visible(now))
    }

    /// One item of a mailbox.
    pub fn item(
        &mut self,
        account: &Account,
        id: &str,
        now: OffsetDateTime,
    ) -> Result<&mut Item, GraphError> {
        let at = self.find(account, id, now)?;
        self.0.get_mut(at).ok_or(GraphError::NoItem)
    }

    /// Takes one item out of a mailbox.
    pub fn take(
        &mut self,
        account: &Account,
        id: &str,
        now: OffsetDateTime,
    ) -> Result<Item, GraphError> {
        self.find(account, id, now).map(|at| self.0.remove(at))
    }

    fn find(&self, account: &Account, id: &str, now: OffsetDateTime) -> Result<usize, GraphError> {
        id::check(id)?;
        let wanted = |item: &Item| item.owner == account && item.id.is(id) && item.is_visible(now);
        self.0.iter().position(wanted).ok_or(GraphError::NoItem)
    }
}
