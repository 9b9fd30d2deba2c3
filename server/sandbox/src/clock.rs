//! The sandbox's time. Only this file asks the system for it, so that a test can let ten minutes pass at
//! once, and a program that starts a sandbox can go by the same time.
#![expect(clippy::disallowed_methods, reason = "the one place that asks the system's time")]

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;
use time::OffsetDateTime;

/// The HTTP date so long from now, as clients will understand it: by the system's own time, which also
/// stands in `Date`.
pub fn http_date(from_now: Duration) -> Option<HeaderValue> {
    HeaderValue::try_from(httpdate::fmt_http_date(SystemTime::from(system_time() + from_now))).ok()
}

/// The one place that asks the system.
fn system_time() -> OffsetDateTime {
    SystemTime::now().into()
}

/// Ten years: longer than anything lives.
const LIMIT: Duration = Duration::from_secs(10 * 365 * 86400);

/// Time would have passed that no date has a place for.
#[derive(Debug, thiserror::Error)]
#[error("the clock is at most ten years ahead")]
pub struct TooFar;

/// The system's time, or the one moment at which it stands still, set forward by as much as a test
/// wants.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    stands_at: Option<OffsetDateTime>,
    ahead: Arc<Mutex<Duration>>,
    date_offset: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that only [`Clock::advance`] moves.
    pub fn still() -> Self {
        Self { stands_at: Some(system_time()), ..Self::default() }
    }

    /// What time it is.
    pub fn now(&self) -> OffsetDateTime {
        self.stands_at.unwrap_or_else(system_time) + self.ahead()
    }

    /// Lets time pass, as long as the clock is then at most ten years ahead.
    pub fn advance(&self, by: Duration) -> Result<(), TooFar> {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.checked_add(by).filter(|sum| *sum <= LIMIT).ok_or(TooFar)?;
        Ok(())
    }

    /// Has the `Date` of every answer be wrong by so many seconds, as if this computer's clock or the
    /// client's were.
    pub fn set_date_offset(&self, seconds: i64) {
        self.date_offset.store(seconds, Ordering::Relaxed);
    }

    /// The `Date` of an answer, where it is not the system's time.
    pub fn wrong_date(&self) -> Option<HeaderValue> {
        let offset = self.date_offset.load(Ordering::Relaxed);
        let at = system_time() + time::Duration::seconds(offset);
        let date = (offset != 0).then(|| httpdate::fmt_http_date(at.into()))?;
        HeaderValue::try_from(date).ok()
    }

    /// Back to where nobody has moved it.
    pub fn reset(&self) {
        self.set_date_offset(0);
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Duration::ZERO;
    }

    fn ahead(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock of a sandbox in the hands of the program that started it.
///
/// It follows `POST /sandbox/clock`, the button "Let an hour pass" and a reset. A client in the same
/// process that reads it sees its tokens expire when the sandbox says so.
#[derive(Debug, Clone)]
pub struct SharedClock(Clock);

impl SharedClock {
    /// Shares a clock.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self(clock.clone())
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn now(&self) -> u64 {
        self.0.now().unix_timestamp().try_into().unwrap_or_default()
    }

    /// Sets the clock forward: codes and tokens grow old at once. It goes at most ten years ahead of the
    /// system's time; an advance beyond that is logged and changes nothing.
    pub fn advance(&self, by: Duration) {
        if let Err(error) = self.0.advance(by) {
            tracing::warn!(%error, "the clock was not moved");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_when_told_and_comes_back_on_reset() {
        let clock = Clock::default();
        let start = clock.now();
        clock.advance(Duration::from_secs(600)).unwrap();
        assert!(clock.advance(LIMIT).is_err());
        assert!(clock.now() - start >= time::Duration::seconds(600));
        clock.reset();
        assert!(clock.now() - start < time::Duration::seconds(60));
    }

    #[test]
    fn a_clock_that_stands_still_moves_only_when_told() {
        let clock = Clock::still();
        let start = clock.now();
        while system_time() == start {}
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_secs(1)).unwrap();
        assert_eq!(clock.now() - start, time::Duration::SECOND);
        clock.reset();
        assert_eq!(clock.now(), start);
    }
}
