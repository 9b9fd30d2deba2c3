//! A message that Graph accepted: from what is known of it to what the mail page says.

use serde::{Deserialize, Serialize};

use crate::{
    wire::{Hidden, Ids, Outcome, SendResult},
    words::Words,
};

/// What Graph accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The address of the person who sent it; empty where it is not known any more.
    pub from: String,
    /// The first recipient.
    pub to: String,
    /// How many more there were.
    pub others: u32,
    /// Ids to quote to support.
    pub ids: Ids,
}

impl Receipt {
    /// What the page says; the next form has the fields `next`.
    #[must_use]
    pub fn explain(self, words: &Words, next: Hidden) -> SendResult {
        SendResult {
            outcome: Outcome::Sent,
            heading: (words.send.sent)(&self.to, self.others),
            text: (words.send.accepted)(&self.from),
            field: None,
            other_account: false,
            button: words.send.send.to_owned(),
            wait: 0,
            hidden: next,
            sender: None,
            ids: self.ids,
        }
    }
}
