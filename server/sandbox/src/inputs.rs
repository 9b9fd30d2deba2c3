//! What comes into the sandbox from outside: time and randomness.

use crate::clock::Clock;
use crate::random::Random;

/// Time and randomness, lent to whatever makes something new.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The sandbox's time.
    pub clock: &'a Clock,
    /// Random ids and values.
    pub random: &'a Random,
}
