//! Where settings come from: the environment of the process, and the file `.env` in its working
//! directory. Where both have a name, the environment counts.

use std::{
    cell::Cell,
    collections::HashMap,
    ffi::OsString,
    fs,
    io::{self, Read},
    path::Path,
};

use super::{ConfigProblem, NAMES};

/// Names up to this length are taken for a misspelling where they differ in one letter; longer ones
/// where they differ in two.
const SHORT: usize = 6;

/// Other spellings of settings, and a variable of other programs that is nearly one.
const ALSO_KNOWN: [&str; 5] = ["HTTP_PROXY", "all_proxy", "http_proxy", "https_proxy", "no_proxy"];

/// What is set, by name.
#[derive(Default)]
pub struct Environment {
    process: HashMap<String, String>,
    file: HashMap<String, String>,
}

impl Environment {
    /// Takes the variables of `process` and reads the file `.env` at `path`, which may be missing.
    /// Also returns a problem for each line of the file that cannot be read. A problem names the
    /// line by its number and never quotes it, since a secret may stand there.
    pub fn load(
        process: impl IntoIterator<Item = (OsString, OsString)>,
        path: &Path,
    ) -> (Self, Vec<ConfigProblem>) {
        let text = |it: OsString| it.into_string().ok();
        let process =
            process.into_iter().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
        let mut environment = Self { process: process.collect(), file: HashMap::new() };
        let problems = match fs::read(path) {
            Ok(bytes) => environment.read_file(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => vec![ConfigProblem {
                setting: ".env".into(),
                what: format!("the file can't be read: {error}."),
                remedy: "Make it a file that this user can read, or remove it.".to_owned(),
            }],
        };
        (environment, problems)
    }

    /// The value of `name`. A variable that the process has counts even where it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.process.get(name).or_else(|| self.file.get(name)).cloned()
    }

    /// Names that are no setting but nearly one, each with the setting it is close to.
    #[must_use]
    pub fn misspelled(&self) -> Vec<(String, &'static str)> {
        let mut found: Vec<_> = self
            .process
            .keys()
            .chain(self.file.keys())
            .filter_map(|name| Some((name.clone(), close_to(name)?)))
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn read_file(&mut self, bytes: &[u8]) -> Vec<ConfigProblem> {
        // Editors on Windows put a byte order mark before the first line.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let line = Cell::new(0);
        let mut problems = Vec::new();
        for entry in dotenvy::from_read_iter(Lines { text, line: &line }) {
            match entry {
                // As in a shell script that sets only what is unset, the first value counts.
                Ok((name, value)) => _ = self.file.entry(name).or_insert(value),
                Err(error) => problems.push(unreadable(line.get(), &error)),
            }
        }
        problems
    }
}

/// The setting that `name` is probably meant to be; `None` where `name` is one or is like none.
fn close_to(name: &str) -> Option<&'static str> {
    if NAMES.contains(&name) || ALSO_KNOWN.contains(&name) {
        return None;
    }
    let name = name.to_ascii_uppercase();
    NAMES.into_iter().find(|known| {
        let allowed = if known.len() > SHORT { 2 } else { 1 };
        strsim::osa_distance(&name, known) <= allowed
    })
}

fn unreadable(last_line: usize, error: &dotenvy::Error) -> ConfigProblem {
    // An entry whose quotes are open has swallowed the lines up to the end of the file.
    let lines = match error {
        dotenvy::Error::LineParse(entry, _) => entry.lines().count().max(1),
        _ => 1,
    };
    ConfigProblem {
        setting: format!(".env, line {}", (last_line + 1).saturating_sub(lines)).into(),
        what: "this isn't NAME=value.".to_owned(),
        remedy:
            "Write one NAME=value on a line, with quotes around a value that has spaces. A command \
                 such as $(openssl …) isn't run here: paste what it prints."
                .to_owned(),
    }
}

/// Reads `text` one line at a time and counts in `line`. dotenvy tells the text of a line it can't
/// read, but not where it stands.
struct Lines<'a> {
    text: &'a [u8],
    line: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.text.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let mut piece = &self.text[..end.unwrap_or(self.text.len())];
        let length = piece.read(buffer)?;
        if length > 0 && piece.is_empty() {
            self.line.set(self.line.get() + 1);
        }
        self.text = &self.text[length..];
        Ok(length)
    }
}
