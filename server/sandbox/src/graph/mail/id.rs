//! The ids of items in mailboxes: one that changes whenever the item moves, and one that does not,
//! which a client has to ask for.
//!
//! Source: <https://learn.microsoft.com/graph/outlook-immutable-id>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

use crate::graph::error::GraphError;
use crate::random::Random;

const MOVES: &str = "AAMkADUw";
const STAYS: &str = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A";

/// What an item is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    moves: String,
    stays: String,
}

/// Which of its ids an answer names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdType {
    /// The one that changes.
    #[default]
    RestId,
    /// The one that does not.
    ImmutableId,
}

impl Id {
    /// Ids of a new item.
    pub fn new(random: &Random) -> Self {
        Self { moves: moving(random), stays: format!("{STAYS}{}", random.base64url(64)) }
    }

    /// The item is in another folder now.
    pub fn moved(&self, random: &Random) -> Self {
        Self { moves: moving(random), stays: self.stays.clone() }
    }

    /// The one that does not change.
    pub fn immutable(&self) -> &str {
        self.shown(IdType::ImmutableId)
    }

    /// As an answer names it.
    pub fn shown(&self, kind: IdType) -> &str {
        match kind {
            IdType::RestId => &self.moves,
            IdType::ImmutableId => &self.stays,
        }
    }

    /// Whether a path means it. Each of the two says of itself which one it is, so both are understood.
    pub fn is(&self, text: &str) -> bool {
        self.moves == text || self.stays == text
    }
}

/// Whether a text could be an id at all.
pub fn check(text: &str) -> Result<(), GraphError> {
    let prefix = text.starts_with("AAMkA") || text.starts_with("AAkAL");
    if prefix && URL_SAFE.decode(text).is_ok() { Ok(()) } else { Err(GraphError::MalformedId) }
}

fn moving(random: &Random) -> String {
    format!("{MOVES}{}", random.base64url(144))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_changes_one_id_and_leaves_the_other() {
        let random = Random::from_system().unwrap();
        let id = Id::new(&random);
        let moved = id.moved(&random);
        assert_ne!(id.shown(IdType::RestId), moved.shown(IdType::RestId));
        assert_eq!(id.shown(IdType::ImmutableId), moved.shown(IdType::ImmutableId));
        assert!(!moved.is(id.shown(IdType::RestId)));
    }

    #[test]
    fn both_ids_look_like_ids_and_other_words_do_not() {
        let id = Id::new(&Random::from_system().unwrap());
        assert_eq!(check(id.shown(IdType::RestId)), Ok(()));
        assert_eq!(check(id.shown(IdType::ImmutableId)), Ok(()));
        for text in ["", "1", "sentitems", "AAMkADUw*", "AAMkADUwx"] {
            assert_eq!(check(text), Err(GraphError::MalformedId), "{text}");
        }
    }
}
