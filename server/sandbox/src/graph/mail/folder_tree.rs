//! The tree of a mailbox's folders: finding them, and what lies in each.

use serde_json::{Map, Value};

use crate::graph::error::GraphError;
use crate::graph::mail::folder::{self, Folder, FolderEntry};
use crate::graph::mail::id;
use crate::graph::mail::mailbox::Mailbox;

impl Mailbox {
    /// The folder that a path means, by its well-known name in any letter case or by its id.
    pub fn folder_named(&self, name: &str) -> Result<Folder, GraphError> {
        let by_name = |entry: &&FolderEntry| {
            entry.well_known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        if let Some(entry) = self.folders.iter().find(by_name) {
            return Ok(entry.folder);
        }
        id::check(name)?;
        let found = self.folders.iter().find(|entry| entry.id == name);
        found.map(|entry| entry.folder).ok_or(GraphError::NoItem)
    }

    /// What is known about a folder.
    pub fn folder(&self, folder: Folder) -> Result<&FolderEntry, GraphError> {
        self.folders.iter().find(|entry| entry.folder == folder).ok_or(GraphError::NoItem)
    }

    /// What is known about a folder, to change it.
    pub fn folder_mut(&mut self, folder: Folder) -> Result<&mut FolderEntry, GraphError> {
        self.folders.iter_mut().find(|entry| entry.folder == folder).ok_or(GraphError::NoItem)
    }

    /// The id of a folder.
    pub fn folder_id(&self, folder: Folder) -> &str {
        self.folder(folder).map(|entry| entry.id.as_str()).unwrap_or_default()
    }

    /// The folders within another, by the names that people see.
    pub fn children(&self, parent: Folder) -> Vec<&FolderEntry> {
        let mut found: Vec<_> =
            self.folders.iter().filter(|entry| entry.parent == Some(parent)).collect();
        found.sort_by_key(|entry| entry.display_name.to_lowercase());
        found
    }

    /// A folder and every folder below it.
    pub fn with_descendants(&self, folder: Folder) -> Vec<Folder> {
        let below = self.children(folder).into_iter();
        let below = below.flat_map(|entry| self.with_descendants(entry.folder));
        std::iter::once(folder).chain(below).collect()
    }

    /// Whether a folder within another has this name already.
    pub fn has_child_named(&self, parent: Folder, name: &str) -> bool {
        let is = |entry: &&FolderEntry| entry.display_name.to_lowercase() == name.to_lowercase();
        self.children(parent).iter().any(is)
    }

    /// A folder as Graph writes it.
    pub fn folder_properties(&self, entry: &FolderEntry) -> Map<String, Value> {
        let inside = || self.items().filter(|item| item.folder == entry.folder);
        let visible = self.children(entry.folder).iter().filter(|child| !child.is_hidden).count();
        let parent = match entry.parent {
            Some(parent) => self.folder_id(parent).to_owned(),
            None => folder::fixed_id(self.owner, "root"),
        };
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("id", entry.id.as_str().into());
        add("displayName", entry.display_name.as_str().into());
        add("parentFolderId", parent.into());
        add("childFolderCount", visible.into());
        add("unreadItemCount", inside().filter(|item| !item.message.is_read).count().into());
        add("totalItemCount", inside().count().into());
        add("isHidden", entry.is_hidden.into());
        members
    }
}
