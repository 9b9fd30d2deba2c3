//! Owns the parameters of the action `sendMail`.

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::mail::message::Message;
use crate::graph::mail::object::Object;

/// What was posted.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The message.
    pub message: Message,
    /// Whether a copy goes to Sent Items.
    pub save_to_sent_items: bool,
}

impl Posted {
    /// Reads `{"message": …, "saveToSentItems": …}`.
    pub fn parse_json(bytes: &[u8]) -> Result<Self, GraphError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(GraphError::EmptyPayload);
        }
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| GraphError::NotJson(error.to_string()))?;
        let mut parameters = Object::read(value, "the payload", "sendMail")?;
        let message = parameters.value("message").map(Message::read).transpose()?;
        let save_to_sent_items = parameters.flag("saveToSentItems")?.unwrap_or(true);
        parameters.finish()?;
        Ok(Self { message: message.ok_or(GraphError::NoMessage)?, save_to_sent_items })
    }
}
