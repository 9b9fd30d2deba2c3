//! Owns what an account is. Must not know what anybody consented to or sent.

use serde::Deserialize;

use crate::graph::mail::address::Recipient;
use crate::organization::Organization;

/// The tenant that holds every personal account, at Microsoft too.
pub const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Which kind of account it is; the two differ in tokens, ids and consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Work or school: Microsoft Entra ID.
    Work(&'static Organization),
    /// A personal Microsoft account.
    Personal,
}

/// What an account may consent to without an administrator.
///
/// Source: <https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentPolicy {
    /// Microsoft's managed default for tenants: not to reading mail or people.
    #[default]
    Managed,
    /// The administrator lets nobody consent.
    Nobody,
    /// Personal accounts have no administrator, and an administrator needs none.
    Everything,
}

/// One person.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// The address on the picker's button; also the user principal name.
    pub address: String,
    /// As `/me` and the id_token say it.
    pub display_name: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub surname: String,
    /// `mail` of `/me`.
    pub mail: Option<String>,
    /// `oid` of tokens.
    pub object_id: String,
    /// `id` of `/me`: the object id, and its last 16 hexadecimal digits for a personal account.
    pub graph_id: String,
    /// Work or personal.
    pub kind: Kind,
    /// What it may consent to.
    pub policy: ConsentPolicy,
    /// Whether it may consent for its whole tenant.
    pub administrator: bool,
    /// Whether Exchange knows it.
    pub has_mailbox: bool,
    /// Whether there is a photo.
    pub has_photo: bool,
    /// One line for the picker.
    pub about: String,
}

impl Account {
    /// The `tid` of its tokens.
    pub fn tenant(&self) -> &'static str {
        match self.kind {
            Kind::Work(organization) => &organization.id,
            Kind::Personal => PERSONAL_TENANT,
        }
    }

    /// What it sends mail as.
    pub fn mailbox(&self) -> &str {
        self.mail.as_deref().unwrap_or(&self.address)
    }

    /// As the sender of its mail.
    pub fn as_recipient(&self) -> Recipient {
        Recipient { address: self.mailbox().to_owned(), name: Some(self.display_name.clone()) }
    }
}
