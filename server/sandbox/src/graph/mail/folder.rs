//! The folders of a mailbox: those that every mailbox has, and those that somebody made.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/mailfolder>, also for the well-known names.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest, Sha384};

use crate::accounts::Account;

/// A folder, by its number in its mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folder(u32);

/// What a mailbox knows about a folder.
#[derive(Debug, Clone)]
pub struct FolderEntry {
    /// Which one.
    pub folder: Folder,
    /// Its id, which it keeps when it moves.
    pub id: String,
    /// The name that it has in every mailbox, whatever its language; none for a folder somebody made.
    pub well_known: Option<&'static str>,
    /// The name that people see.
    pub display_name: String,
    /// The folder that holds it; none for what lies beside the root of the visible ones.
    pub parent: Option<Folder>,
    /// Whether lists leave it out unless asked for.
    pub is_hidden: bool,
    /// The number of its last change in its mailbox.
    pub changed: u64,
}

/// Well-known name, shown name, the folder that holds it, hidden. Its place is its number.
const WELL_KNOWN: [(&str, &str, Option<Folder>, bool); 17] = [
    ("msgfolderroot", "Top of Information Store", None, false),
    ("inbox", "Inbox", Some(Folder::ROOT), false),
    ("drafts", "Drafts", Some(Folder::ROOT), false),
    ("sentitems", "Sent Items", Some(Folder::ROOT), false),
    ("deleteditems", "Deleted Items", Some(Folder::ROOT), false),
    ("archive", "Archive", Some(Folder::ROOT), false),
    ("junkemail", "Junk Email", Some(Folder::ROOT), false),
    ("outbox", "Outbox", Some(Folder::ROOT), false),
    ("conversationhistory", "Conversation History", Some(Folder::ROOT), false),
    ("clutter", "Clutter", Some(Folder::ROOT), true),
    ("syncissues", "Sync Issues", Some(Folder::ROOT), true),
    ("conflicts", "Conflicts", Some(Folder(10)), true),
    ("localfailures", "Local Failures", Some(Folder(10)), true),
    ("serverfailures", "Server Failures", Some(Folder(10)), true),
    ("searchfolders", "Finder", None, true),
    ("scheduled", "Scheduled", Some(Folder::ROOT), true),
    ("recoverableitemsdeletions", "Deletions", None, true),
];

impl Folder {
    /// What holds every visible folder.
    pub const ROOT: Self = Self(0);
    /// What came in.
    pub const INBOX: Self = Self(1);
    /// What is not sent yet.
    pub const DRAFTS: Self = Self(2);
    /// What was sent.
    pub const SENT_ITEMS: Self = Self(3);
    /// What was deleted once.
    pub const DELETED_ITEMS: Self = Self(4);

    /// The folder after this one: for the next that somebody makes.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The folders of a new mailbox, numbered in the order in which they were made.
pub fn well_known(account: &Account) -> Vec<FolderEntry> {
    let entry = |(number, (name, shown, parent, is_hidden)): (u32, (&'static str, &str, _, _))| {
        FolderEntry {
            folder: Folder(number),
            id: fixed_id(account, name),
            well_known: Some(name),
            display_name: shown.to_owned(),
            parent,
            is_hidden,
            changed: u64::from(number) + 1,
        }
    };
    (0..).zip(WELL_KNOWN).map(entry).collect()
}

/// The id of a folder that every mailbox has, or of the root of them all: the same after each reset.
pub fn fixed_id(account: &Account, name: &str) -> String {
    let digest = Sha384::digest(format!("{} {name}", account.object_id));
    format!("AAMkADUw{}", URL_SAFE.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_known_folder_has_the_number_that_its_name_stands_for() {
        for (folder, name) in [
            (Folder::ROOT, "msgfolderroot"),
            (Folder::INBOX, "inbox"),
            (Folder::DRAFTS, "drafts"),
            (Folder::SENT_ITEMS, "sentitems"),
            (Folder::DELETED_ITEMS, "deleteditems"),
            (Folder(10), "syncissues"),
        ] {
            assert_eq!(WELL_KNOWN[folder.0 as usize].0, name);
        }
    }
}
