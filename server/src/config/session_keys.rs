//! The keys that seal cookies: read from the configuration, or made and kept for the sandbox.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use bff::{SessionKey, random};

/// Reads comma-separated keys, base64 of 64 bytes each.
pub(super) fn parse(value: &str) -> Result<Vec<SessionKey>, String> {
    let one = |(index, text): (usize, &str)| {
        SessionKey::parse(text.trim()).map_err(|error| format!("key {}: {error}", index + 1))
    };
    value.split(',').enumerate().map(one).collect()
}

/// The key in `dir`, made at the first start so that later ones keep people signed in. Only its
/// owner can read it.
pub(super) fn kept_in(dir: &Path) -> io::Result<SessionKey> {
    let path = dir.join("session-key");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(dir, &path)?,
        Err(error) => return Err(error),
    };
    SessionKey::parse(text.trim())
        .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}

fn make(dir: &Path, path: &Path) -> io::Result<String> {
    let text = SessionKey::from_bytes(random().map_err(io::Error::other)?).to_text();
    fs::create_dir_all(dir)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(text)
}
