//! Remembers marks until they expire, across restarts and in bounded memory: which sessions were
//! ended, which forms and attempts to sign in were used. Knows nothing of either.
//!
//! Kept as lines of text, appended, in one file for each hour in which marks expire. Forgetting is
//! deleting a file, so nothing is ever rewritten. The lines are in the operating system's hands when
//! [`Journal::add`] returns: they survive the end of the process, not a power cut in that second.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Claim, Mark};

/// Marks that are remembered one by one.
const MOST: usize = 200_000;

const HOUR: u64 = 3600;

/// See the module.
pub struct Journal {
    folder: PathBuf,
    most: usize,
    marks: Mutex<Marks>,
    claims: Mutex<()>,
}

#[derive(Default)]
struct Marks {
    expires: HashMap<Mark, u64>,
    /// The same, the first to expire first.
    in_order: BTreeSet<(u64, Mark)>,
    /// Everything that expires no later counts as marked: what had to make room is not forgotten.
    floor: u64,
    swept: u64,
}

impl Journal {
    /// The journal kept in `folder`, which is made where there is none.
    ///
    /// # Errors
    /// Where the folder cannot be read and written.
    pub fn open(folder: &Path, now: u64) -> io::Result<Self> {
        Self::with_room_for(MOST, folder, now)
    }

    fn with_room_for(most: usize, folder: &Path, now: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut marks = Marks { swept: now / HOUR, ..Marks::default() };
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if hour_of(&path).is_some_and(|hour| hour < now / HOUR) {
                fs::remove_file(path)?;
            } else if hour_of(&path).is_some() {
                for (mark, expires) in fs::read_to_string(path)?.lines().filter_map(parse) {
                    marks.remember(mark, expires, most);
                }
            }
        }
        let journal = Self {
            folder: folder.to_owned(),
            most,
            marks: Mutex::new(marks),
            claims: Mutex::default(),
        };
        // A folder that cannot be written to is told at the start, not at the first mark.
        journal.appending_to(now / HOUR)?;
        Ok(journal)
    }

    /// Marks `mark` until `expires`, in Unix seconds.
    ///
    /// # Errors
    /// Where it could not be written down; it is not marked then.
    pub fn add(&self, mark: Mark, expires: u64, now: u64) -> io::Result<()> {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        for hour in marks.sweep(now) {
            match fs::remove_file(self.file(hour)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!(event = "past_hour_not_deleted", hour, %error);
                }
                _ => {}
            }
        }
        let known = marks.expires.get(&mark).is_some_and(|known| *known >= expires);
        if known || expires < now {
            return Ok(());
        }
        // One call, so that a line is whole even where two processes share the folder.
        self.appending_to(expires / HOUR)?.write_all(line(mark, expires).as_bytes())?;
        marks.remember(mark, expires, self.most);
        Ok(())
    }

    /// Marks `mark` unless it is marked already, and tells which.
    ///
    /// # Errors
    /// Where it could not be written down; it is not marked then.
    pub fn claim(&self, mark: Mark, expires: u64, now: u64) -> io::Result<Claim> {
        let _one_at_a_time = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if self.contains(&mark, expires) {
            return Ok(Claim::Known);
        }
        self.add(mark, expires, now).map(|()| Claim::Won)
    }

    /// Marks `mark` until `expires` or the next restart.
    pub fn remember(&self, mark: Mark, expires: u64) {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        marks.remember(mark, expires, self.most);
    }

    /// `mark`, which would expire at `expires`, was marked.
    #[must_use]
    pub fn contains(&self, mark: &Mark, expires: u64) -> bool {
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        expires <= marks.floor || marks.expires.contains_key(mark)
    }

    fn appending_to(&self, hour: u64) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(self.file(hour))
    }

    fn file(&self, hour: u64) -> PathBuf {
        self.folder.join(hour.to_string())
    }
}

impl Marks {
    fn remember(&mut self, mark: Mark, expires: u64, most: usize) {
        if let Some(before) = self.expires.insert(mark, expires) {
            self.in_order.remove(&(before, mark));
        }
        self.in_order.insert((expires, mark));
        if self.expires.len() > most
            && let Some((expires, mark)) = self.in_order.pop_first()
        {
            self.expires.remove(&mark);
            self.floor = self.floor.max(expires);
        }
    }

    /// Forgets what has expired, once an hour, and tells the hours that are past.
    fn sweep(&mut self, now: u64) -> std::ops::Range<u64> {
        let (from, to) = (self.swept, now / HOUR);
        if from < to {
            self.in_order.retain(|(expires, _)| *expires / HOUR >= to);
            self.expires.retain(|_, expires| *expires / HOUR >= to);
            self.swept = to;
        }
        from..to
    }
}

fn hour_of(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Begins a line of its own, whatever became of the one before.
fn line(mark: Mark, expires: u64) -> String {
    format!("\n{:032x} {expires:020}\n", u128::from_be_bytes(mark))
}

/// The other way round; `None` for what was cut off.
fn parse(line: &str) -> Option<(Mark, u64)> {
    let (mark, expires) = line.split_once(' ').filter(|it| it.0.len() == 32 && it.1.len() == 20)?;
    Some((u128::from_str_radix(mark, 16).ok()?.to_be_bytes(), expires.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::{HOUR, Journal};

    #[expect(clippy::disallowed_methods, reason = "a name that no other test has")]
    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("graph-connect-journal-{}", uuid::Uuid::new_v4()))
    }

    #[test]
    fn what_was_marked_is_known_after_a_restart_until_it_expires() {
        let folder = folder();
        let journal = Journal::open(&folder, 0).unwrap();
        journal.add([1; 16], 10, 0).unwrap();
        journal.add([2; 16], 3 * HOUR, 0).unwrap();

        let restarted = Journal::open(&folder, HOUR).unwrap();
        assert!(!restarted.contains(&[1; 16], 10), "expired");
        assert!(restarted.contains(&[2; 16], 3 * HOUR));
        assert!(!restarted.contains(&[3; 16], 3 * HOUR), "never marked");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn files_of_past_hours_are_deleted() {
        let folder = folder();
        let journal = Journal::open(&folder, 0).unwrap();
        for hour in 0..5 {
            journal.add([u8::try_from(hour).unwrap(); 16], hour * HOUR, hour * HOUR).unwrap();
        }
        let mut files: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .filter_map(|it| it.unwrap().file_name().into_string().ok())
            .collect();
        files.sort();
        assert_eq!(files, ["4"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_line_that_was_cut_off_costs_no_other_mark() {
        for cut in 1..super::line([1; 16], 100).len() {
            let folder = folder();
            let journal = Journal::open(&folder, 0).unwrap();
            journal.add([1; 16], 100, 0).unwrap();
            let file = fs::File::options().write(true).open(journal.file(0)).unwrap();
            file.set_len(u64::try_from(cut).unwrap()).unwrap();
            journal.add([2; 16], 100, 0).unwrap();

            let restarted = Journal::open(&folder, 0).unwrap();
            assert!(restarted.contains(&[2; 16], 100), "cut after {cut}");
            let known = restarted.marks.lock().unwrap().expires.clone();
            assert!(known.values().all(|it| *it == 100), "cut after {cut}: {known:?}");
            fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_written_down_is_not_marked() {
        let folder = folder();
        let journal = Journal::open(&folder, 0).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(journal.add([1; 16], 100, 0).is_err());
        assert!(!journal.contains(&[1; 16], 100));
        journal.remember([1; 16], 100);
        assert!(journal.contains(&[1; 16], 100));
    }

    #[test]
    fn a_mark_that_is_known_is_not_written_again() {
        let folder = folder();
        let journal = Journal::open(&folder, 0).unwrap();
        journal.add([1; 16], 100, 0).unwrap();
        let size = || fs::metadata(journal.file(0)).unwrap().len();
        let before = size();
        journal.add([1; 16], 100, 0).unwrap();
        assert_eq!(size(), before);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_makes_room_still_counts_as_marked() {
        let folder = folder();
        let journal = Journal::with_room_for(2, &folder, 0).unwrap();
        for mark in 1..=3 {
            journal.add([mark; 16], 100 + u64::from(mark), 0).unwrap();
        }
        assert!((1..=3).all(|mark| journal.contains(&[mark; 16], 100 + u64::from(mark))));
        assert!(!journal.contains(&[9; 16], 200));
        let restarted = Journal::with_room_for(2, &folder, 0).unwrap();
        assert!(restarted.contains(&[1; 16], 101));
        fs::remove_dir_all(folder).unwrap();
    }
}
