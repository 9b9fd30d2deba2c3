//! The keys that seal cookies: read from the configuration, or made and kept for the sandbox.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use bff::{SessionKey, random};

/// The keys that seal cookies: the first seals, each opens.
#[derive(Clone)]
pub enum SessionKeys {
    /// Those of the configuration; never none.
    Given(Vec<SessionKey>),
    /// One that the first start makes and keeps in the file `session-key` of `STATE_DIR`, so that
    /// later ones keep people signed in. For the sandbox alone.
    KeptInStateDir,
}

impl SessionKeys {
    /// Reads comma-separated keys, base64 of 64 bytes each.
    pub(super) fn parse(value: &str) -> Result<Self, String> {
        let one = |(index, text): (usize, &str)| {
            SessionKey::parse(text.trim()).map_err(|error| format!("key {}: {error}", index + 1))
        };
        value.split(',').enumerate().map(one).collect::<Result<_, _>>().map(Self::Given)
    }

    /// The keys themselves.
    ///
    /// # Errors
    /// Where the kept key can be neither read nor made in `state_dir`.
    pub fn open(&self, state_dir: &Path) -> io::Result<Vec<SessionKey>> {
        match self {
            Self::Given(keys) => Ok(keys.clone()),
            Self::KeptInStateDir => Ok(vec![kept_in(state_dir)?]),
        }
    }
}

/// The key in `dir`, made where there is none. Only its owner can read it.
fn kept_in(dir: &Path) -> io::Result<SessionKey> {
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
