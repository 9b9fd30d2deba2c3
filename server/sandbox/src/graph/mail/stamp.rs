//! What a change to a mailbox takes from outside it: one moment, and randomness.

use time::OffsetDateTime;

use crate::inputs::Inputs;
use crate::random::Random;

/// When a change happens, and where the ids of what it makes come from.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The moment.
    pub now: OffsetDateTime,
    /// New ids.
    pub random: &'a Random,
}

impl<'a> Stamp<'a> {
    /// A change that happens now.
    pub fn now(inputs: Inputs<'a>) -> Self {
        Self { now: inputs.clock.now(), random: inputs.random }
    }
}
