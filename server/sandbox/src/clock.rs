//! Owns what time it is in the sandbox. Nothing else asks the system, so a test can let ten minutes
//! pass at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

/// The system's time, set forward by as much as a test wants.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: Mutex<Duration>,
}

impl Clock {
    /// What time it is.
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + self.ahead()
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Back to the system's time.
    pub fn reset(&self) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Duration::ZERO;
    }

    fn ahead(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_when_told_and_comes_back_on_reset() {
        let clock = Clock::default();
        let start = clock.now();
        clock.advance(Duration::from_secs(600));
        assert!(clock.now() - start >= time::Duration::seconds(600));
        clock.reset();
        assert!(clock.now() - start < time::Duration::seconds(60));
    }
}
