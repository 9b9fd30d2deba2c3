//! The folders of a mailbox. There are those that this sandbox puts something into, and the inbox,
//! which stays empty: nobody's mail arrives here.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/mailfolder>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest, Sha384};

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::id;

/// A folder that every mailbox has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// What came in.
    Inbox,
    /// What is not sent yet.
    Drafts,
    /// What was sent.
    SentItems,
    /// What was deleted once.
    DeletedItems,
}

impl Folder {
    /// Every folder.
    pub const ALL: [Self; 4] = [Self::DeletedItems, Self::Drafts, Self::Inbox, Self::SentItems];

    /// The name that it has in every mailbox, whatever its language.
    pub fn well_known_name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Drafts => "drafts",
            Self::SentItems => "sentitems",
            Self::DeletedItems => "deleteditems",
        }
    }

    /// The name that people see.
    pub fn display_name(self) -> &'static str {
        match self {
            Self::Inbox => "Inbox",
            Self::Drafts => "Drafts",
            Self::SentItems => "Sent Items",
            Self::DeletedItems => "Deleted Items",
        }
    }

    /// Its id in the mailbox of an account.
    pub fn id(self, account: &Account) -> String {
        folder_id(account, self.well_known_name())
    }

    /// The id of the folder that holds them all.
    pub fn root_id(account: &Account) -> String {
        folder_id(account, "msgfolderroot")
    }

    /// The folder that a path means, by either name.
    pub fn parse(text: &str, account: &Account) -> Result<Self, GraphError> {
        let named = |folder: &Self| folder.well_known_name().eq_ignore_ascii_case(text);
        if let Some(folder) = Self::ALL.into_iter().find(named) {
            return Ok(folder);
        }
        id::check(text)?;
        Self::ALL.into_iter().find(|folder| folder.id(account) == text).ok_or(GraphError::NoItem)
    }
}

fn folder_id(account: &Account, name: &str) -> String {
    let digest = Sha384::digest(format!("{} {name}", account.object_id));
    format!("AAMkADUw{}", URL_SAFE.encode(digest))
}
