//! How mail travels here: how long, and how large it may be.

use time::Duration;

use crate::accounts::{Account, Kind};
use crate::graph::error::GraphError;
use crate::graph::mail::message::Message;

const MEGABYTE: u64 = 1024 * 1024;

/// What `POST /sandbox/mail` can change.
#[derive(Debug, Clone)]
pub struct Transport {
    /// How long mail is on its way, and how long a sent draft still lies in Drafts with `isDraft` true. At
    /// Microsoft that takes seconds, and a client that looks at once must not conclude that nothing was
    /// sent.
    ///
    /// Source: <https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail>.
    pub takes: Duration,
    /// The largest message of work accounts, in bytes, files counted in base64. Administrators choose up to
    /// 150 MB; what they did not choose is 35 MB.
    ///
    /// Source: <https://learn.microsoft.com/graph/outlook-large-attachments>.
    pub largest: u64,
}

impl Default for Transport {
    fn default() -> Self {
        Self { takes: Duration::SECOND, largest: 35 * MEGABYTE }
    }
}

impl Transport {
    /// A message is held against the limit when it is sent, and when a file is added to it.
    pub fn check_size(&self, account: &Account, message: &Message) -> Result<(), GraphError> {
        let (size, largest) = match account.kind {
            Kind::Work(_) => (message.size(), self.largest),
            // No administrator sets a limit: what remains is that of an upload session.
            Kind::Personal => (message.files_size(), 150 * MEGABYTE),
        };
        if size <= largest { Ok(()) } else { Err(GraphError::MessageTooLarge) }
    }

    /// The same for a file of which so many bytes have arrived.
    pub fn check_upload(
        &self,
        account: &Account,
        message: &Message,
        arrived: u64,
    ) -> Result<(), GraphError> {
        let encoded = arrived.div_ceil(3) * 4;
        match account.kind {
            Kind::Work(_) if message.size() + encoded > self.largest => {
                Err(GraphError::MessageTooLarge)
            }
            _ => Ok(()),
        }
    }
}
