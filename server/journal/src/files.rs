//! Marks on disk: lines of text, appended, in one file for each hour in which marks expire. The
//! file's name is the hour, counted from 1970.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::{Mark, marks::Marks};

const HOUR: u64 = 3600;

/// Bytes of a file that are read at a time.
const READ_AT_ONCE: usize = 1 << 16;

/// A mark that is to be written, at `now`. Times are Unix seconds.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub mark: Mark,
    pub expires: u64,
    pub now: u64,
}

impl Line {
    pub fn hour(&self) -> u32 {
        hour_of(self.expires)
    }
}

/// The files of one journal.
pub(super) struct Files {
    folder: PathBuf,
    /// The file that was written last.
    open: Option<(u32, File)>,
    /// No file of an hour before this one is there.
    first: u32,
}

impl Files {
    /// Reads what is in `folder`, and makes it where there is none.
    pub fn open(folder: &Path, now: u64) -> io::Result<(Self, Marks)> {
        fs::create_dir_all(folder)?;
        let mut files = Self { folder: folder.to_owned(), open: None, first: 0 };
        // A folder that cannot be written to is told at the start, not at the first mark.
        let probe = folder.join("writable");
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&probe)?;
        fs::remove_file(probe)?;
        files.forget_before(now);
        let mut marks = Marks::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if let Some(hour) = named(&path).filter(|hour| *hour >= files.first) {
                load(&path, hour, &mut marks)?;
            }
        }
        marks.sort();
        Ok((files, marks))
    }

    /// Brings `lines`, which expire in the same hour, to disk.
    pub fn append(&mut self, lines: &[Line]) -> io::Result<()> {
        let Some(hour) = lines.first().map(Line::hour) else { return Ok(()) };
        // A file that somebody deleted would take marks that no restart finds. After an error the
        // file is opened anew.
        let open = self.open.take().filter(|open| open.0 == hour);
        let mut file = match open {
            Some((_, file)) if file.metadata()?.nlink() > 0 => file,
            _ => self.appending_to(hour)?,
        };
        // One call that begins a line of its own, whatever became of the one before.
        let text: String = lines.iter().map(Line::to_string).collect();
        file.write_all(format!("\n{text}").as_bytes())?;
        file.sync_data()?;
        self.open = Some((hour, file));
        Ok(())
    }

    /// Deletes the files of the hours before the one of `now`, and tells that hour, where it has
    /// just begun.
    pub fn forget_before(&mut self, now: u64) -> Option<u32> {
        let hour = hour_of(now);
        if hour <= self.first {
            return None;
        }
        self.first = hour;
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let Some(past) = named(&path).filter(|past| *past < hour) else { continue };
            if let Err(error) = fs::remove_file(path) {
                tracing::error!(event = "past_hour_not_deleted", hour = past, %error);
            }
        }
        Some(hour)
    }

    fn appending_to(&self, hour: u32) -> io::Result<File> {
        let path = self.folder.join(hour.to_string());
        let mut options = OpenOptions::new();
        options.append(true).mode(0o600);
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = options.create(true).open(&path)?;
                self.sync_folders()?;
                Ok(file)
            }
            opened => opened,
        }
    }

    /// A file's name is on disk when its folder is, and so on upwards: the journal's folder, and
    /// the two above it that its first start may have made.
    fn sync_folders(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()?;
        for above in self.folder.ancestors().skip(1).take(2) {
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            // One that this process may not read was made by somebody else, long before.
            if let Ok(folder) = File::open(above) {
                folder.sync_all()?;
            }
        }
        Ok(())
    }
}

fn hour_of(seconds: u64) -> u32 {
    u32::try_from(seconds / HOUR).unwrap_or(u32::MAX)
}

fn named(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Reads a file line by line: a whole day of marks takes more memory as text than as marks.
fn load(path: &Path, hour: u32, marks: &mut Marks) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(READ_AT_ONCE, File::open(path)?);
    let (mut line, mut unreadable) = (Vec::new(), 0_u64);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        match parse(text) {
            Some(mark) => marks.load(mark, hour),
            None if text.is_empty() => {}
            None => unreadable += 1,
        }
        line.clear();
    }
    if unreadable > 0 {
        let file = path.display();
        tracing::error!(event = "journal_lines_unreadable", %file, lines = unreadable);
    }
    Ok(())
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:032x} {:020}", u128::from_be_bytes(self.mark), self.expires)
    }
}

/// The mark of a line; `None` for one that was cut off or damaged.
fn parse(line: &[u8]) -> Option<Mark> {
    let (mark, rest) = line.split_at_checked(32)?;
    let expires = rest.strip_prefix(b" ").filter(|it| it.len() == 20)?;
    let whole = mark.iter().all(u8::is_ascii_hexdigit) && expires.iter().all(u8::is_ascii_digit);
    let mark = std::str::from_utf8(mark).ok().filter(|_| whole)?;
    u128::from_str_radix(mark, 16).ok().map(u128::to_be_bytes)
}
