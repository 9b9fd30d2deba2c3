//! Lets at most four calls run at once for one mailbox; the others wait for their turn. Graph
//! refuses the fifth with 429 (Graph, "Service-specific throttling limits", Outlook).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bff::PersonId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Calls at once.
const AT_ONCE: usize = 4;

/// Who is calling.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<PersonId, Arc<Semaphore>>>);

impl Turns {
    /// Waits for a turn at the mailbox of `person`, which ends when the permit is dropped; for
    /// `patience` at most.
    pub async fn take(
        &self,
        person: &PersonId,
        patience: Duration,
    ) -> Option<OwnedSemaphorePermit> {
        timeout(patience, self.mailbox(person).acquire_owned()).await.ok()?.ok()
    }

    fn mailbox(&self, person: &PersonId) -> Arc<Semaphore> {
        let mut mailboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mailboxes.retain(|_, mailbox| Arc::strong_count(mailbox) > 1);
        let mailbox = mailboxes.entry(person.clone());
        Arc::clone(mailbox.or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
    }
}
