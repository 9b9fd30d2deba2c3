//! What is kept between two pages of a sign-in, by an unguessable id. A form that carries the id comes
//! from the sandbox's own page.

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a page may stay open.
const LIFETIME: Duration = Duration::hours(1);

/// Things by id, each for an hour.
#[derive(Debug)]
pub struct Transactions<T>(HashMap<Uuid, (OffsetDateTime, T)>);

impl<T> Default for Transactions<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Transactions<T> {
    /// Keeps a thing, and forgets those that nobody came back for.
    pub fn put(&mut self, id: Uuid, now: OffsetDateTime, thing: T) {
        self.0.retain(|_, (since, _)| now - *since < LIFETIME);
        self.0.insert(id, (now, thing));
    }

    /// Takes a thing out: it serves once.
    pub fn take(&mut self, id: Uuid, now: OffsetDateTime) -> Option<T> {
        let (since, thing) = self.0.remove(&id)?;
        (now - since < LIFETIME).then_some(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_serves_once_and_for_an_hour() {
        let (mut table, id, start) =
            (Transactions::default(), Uuid::nil(), OffsetDateTime::UNIX_EPOCH);
        table.put(id, start, "thing");
        assert_eq!(table.take(id, start + Duration::minutes(59)), Some("thing"));
        assert_eq!(table.take(id, start), None);
        table.put(id, start, "thing");
        assert_eq!(table.take(id, start + Duration::hours(1)), None);
    }
}
