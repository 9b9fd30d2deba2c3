//! Where a fault can happen.

use serde::{Deserialize, Serialize};

/// Where a fault can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Route {
    /// The discovery document.
    Discovery,
    /// The published keys.
    Keys,
    /// The authorize endpoint and its pages.
    Authorize,
    /// The token endpoint.
    Token,
    /// `GET /me`.
    Me,
    /// Every route of the photo.
    Photo,
    /// The people of the organization.
    Users,
    /// The address book.
    Contacts,
    /// `GET /me/people`.
    People,
    /// `POST /me/sendMail`.
    SendMail,
    /// Messages: drafts, and lists of messages.
    Messages,
    /// `POST /me/messages/{id}/send`.
    Send,
    /// Attachments of messages.
    Attachments,
    /// `POST /me/messages/{id}/attachments/createUploadSession`.
    CreateUploadSession,
    /// The address that a session uploads to.
    Upload,
    /// Any of them.
    #[serde(rename = "*")]
    Any,
}

impl Route {
    /// Whether an access token, or the way to one, can lack claims there.
    pub fn has_challenges(self) -> bool {
        self == Self::Token || self.is_at_graph()
    }

    /// Whether it takes an access token.
    pub fn is_at_graph(self) -> bool {
        match self {
            Self::Discovery | Self::Keys | Self::Authorize | Self::Token => false,
            // Its address is all that an upload needs.
            Self::Upload | Self::Any => false,
            Self::Users | Self::Contacts | Self::People => true,
            Self::Me | Self::Photo | Self::SendMail | Self::Messages | Self::Send => true,
            Self::Attachments | Self::CreateUploadSession => true,
        }
    }

    /// As it is posted.
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(ToOwned::to_owned))
            .unwrap_or_default()
    }
}
