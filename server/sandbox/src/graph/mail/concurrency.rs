//! How many requests a mailbox answers at a time.
//!
//! Source: <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::accounts::Account;
use crate::graph::error::GraphError;

const LIMIT: usize = 4;

/// The requests that are under way, by the object id of the mailbox's owner.
#[derive(Debug, Clone, Default)]
pub struct Concurrency(Arc<Mutex<HashMap<String, usize>>>);

/// A request's place at a mailbox, free again when it is dropped: also when its client has gone.
#[derive(Debug)]
pub struct Place {
    concurrency: Concurrency,
    mailbox: String,
}

impl Concurrency {
    /// Takes one of the mailbox's places.
    pub fn enter(&self, account: &Account) -> Result<Place, GraphError> {
        let mailbox = account.object_id.to_owned();
        let mut busy = self.busy();
        let count = busy.entry(mailbox.clone()).or_default();
        if *count == LIMIT {
            return Err(GraphError::MailboxBusy);
        }
        *count += 1;
        Ok(Place { concurrency: self.clone(), mailbox })
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(count) = self.concurrency.busy().get_mut(&self.mailbox) {
            *count -= 1;
        }
    }
}
