//! The people who can sign in, and what each may consent to.

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

/// A person with a Microsoft account.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// The address on the picker's button; also the user principal name.
    pub address: String,
    /// `displayName` of `/me`, `name` of the id_token.
    pub display_name: String,
    /// `givenName` of `/me`.
    pub given_name: String,
    /// `surname` of `/me`.
    pub surname: String,
    /// `mail` of `/me`.
    pub mail: Option<String>,
    /// `oid` of tokens.
    pub object_id: String,
    /// `id` of `/me`: the object id, and its last 16 hexadecimal digits for a personal account.
    pub graph_id: String,
    /// Work account with its tenant, or personal account.
    pub kind: Kind,
    /// Which permissions the person may consent to.
    pub policy: ConsentPolicy,
    /// Whether the person may consent for the whole tenant.
    pub administrator: bool,
    /// Whether there is an Exchange mailbox.
    pub has_mailbox: bool,
    /// Whether Graph has a photo.
    pub has_photo: bool,
    /// One line for the account picker.
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

    /// The address that mail is sent from: `mail`, or the sign-in address without one.
    pub fn mailbox(&self) -> &str {
        self.mail.as_deref().unwrap_or(&self.address)
    }

    /// The sender of the account's mail.
    pub fn as_recipient(&self) -> Recipient {
        Recipient { address: self.mailbox().to_owned(), name: Some(self.display_name.clone()) }
    }
}
