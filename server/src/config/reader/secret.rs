//! Secrets: from the variable, or from a file that another variable names.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::Path,
};

use super::Reader;

/// The most bytes of a file that are read.
const MOST: u64 = 65_536;

/// Permissions of everybody but the owner and the group. The group may read: systemd and Kubernetes
/// hand files over that way.
const OTHERS: u32 = 0o007;

/// A secret that was looked for.
pub(super) enum Secret {
    /// Neither variable is set.
    Unset,
    /// What is set cannot be used, and that has been told.
    Unusable,
    /// Its value.
    Set(String),
}

impl Reader<'_> {
    /// The value of `name`, or what stands in the file that the variable `file` names.
    pub(super) fn secret(&mut self, name: &'static str, file: &'static str) -> Secret {
        let path = match ((self.env)(name), (self.env)(file)) {
            (None, None) => return Secret::Unset,
            (Some(value), None) => return Secret::Set(value),
            (Some(_), Some(_)) => {
                self.problem(file, format!("{name} is set too."), "Keep one of the two.");
                return Secret::Unusable;
            }
            (None, Some(path)) => path,
        };
        match read(Path::new(&path)) {
            Ok((value, open_to_others)) => {
                if open_to_others {
                    self.exposed_secrets.push(file);
                }
                Secret::Set(value)
            }
            Err(error) => {
                self.problem(
                    file,
                    format!("the file {path:?} can't be used: {error}."),
                    "Name a file that this user can read, with nothing but the secret in it.",
                );
                Secret::Unusable
            }
        }
    }
}

/// What stands in the file, without white space around it; and whether others have a right to it.
fn read(path: &Path) -> io::Result<(String, bool)> {
    let file = File::open(path)?;
    let open_to_others = file.metadata()?.mode() & OTHERS != 0;
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text)?;
    match text.trim() {
        "" => Err(io::Error::other("it is empty")),
        value => Ok((value.to_owned(), open_to_others)),
    }
}
