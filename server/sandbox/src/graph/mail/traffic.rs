//! How much each mailbox was asked and sent lately, and when that is too much.
//!
//! Source: <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>. There the limits are
//! those of an app and a mailbox, here those of a mailbox.

use std::collections::{HashMap, VecDeque};

use time::{Duration, OffsetDateTime};

use crate::accounts::Account;
use crate::graph::error::GraphError;

const REQUESTS: usize = 10_000;
const REQUESTS_WITHIN: Duration = Duration::minutes(10);
const BYTES: u64 = 150 * 1024 * 1024;
const BYTES_WITHIN: Duration = Duration::minutes(5);

/// What arrived, by the object id of the mailbox's owner.
#[derive(Debug, Default)]
pub struct Traffic(HashMap<&'static str, VecDeque<Arrival>>);

#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: OffsetDateTime,
    bytes: u64,
}

impl Traffic {
    /// Counts a request with so many bytes in its body. A refused one is counted too, without its body.
    pub fn admit(
        &mut self,
        account: &'static Account,
        now: OffsetDateTime,
        bytes: u64,
    ) -> Result<(), GraphError> {
        let arrivals = self.0.entry(&account.object_id).or_default();
        while arrivals.front().is_some_and(|it| it.at + REQUESTS_WITHIN <= now) {
            arrivals.pop_front();
        }
        let wait = if arrivals.len() >= REQUESTS {
            arrivals.pop_front().map(|oldest| oldest.at + REQUESTS_WITHIN - now)
        } else {
            wait_for(arrivals, now, bytes)
        };
        let bytes = if wait.is_some() { 0 } else { bytes };
        arrivals.push_back(Arrival { at: now, bytes });
        match wait {
            Some(wait) => Err(GraphError::MailboxThrottled { seconds: seconds(wait) }),
            None => Ok(()),
        }
    }
}

/// How long it takes until so many bytes fit in, if they don't now.
fn wait_for(arrivals: &VecDeque<Arrival>, now: OffsetDateTime, bytes: u64) -> Option<Duration> {
    let recent = || arrivals.iter().filter(|it| it.at + BYTES_WITHIN > now);
    let mut over = (recent().map(|it| it.bytes).sum::<u64>() + bytes).checked_sub(BYTES)?;
    if over == 0 || bytes == 0 {
        return None;
    }
    let last = recent().find(|it| {
        over = over.saturating_sub(it.bytes);
        over == 0
    });
    Some(last.map_or(BYTES_WITHIN, |it| it.at + BYTES_WITHIN - now))
}

/// Rounded up, so that nobody comes back too early.
fn seconds(wait: Duration) -> u64 {
    let whole = wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0);
    whole.max(1).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;

    #[test]
    fn a_mailbox_takes_ten_thousand_requests_in_ten_minutes() {
        let account = Directory::built_in().by_address("work@sandbox.example").unwrap();
        let (mut traffic, start) = (Traffic::default(), OffsetDateTime::UNIX_EPOCH);
        for _ in 0..10_000 {
            assert!(traffic.admit(account, start, 0).is_ok());
        }
        let nearly = start + Duration::minutes(10) - Duration::SECOND;
        assert!(traffic.admit(account, nearly, 0).is_err());
        assert!(traffic.admit(account, start + Duration::minutes(10), 0).is_ok());
    }
}
