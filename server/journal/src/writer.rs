//! The thread that brings marks to disk: whatever waits while one write is synced is the next write
//! (group commit).

use std::{
    collections::HashMap,
    io, iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

use super::{
    Mark,
    files::{Files, Line},
    marks::Marks,
};

type Written = Result<(), Arc<io::Error>>;

/// What the thread is asked to do.
pub(super) enum Job {
    Write(Line),
    /// To forget what has expired by `now`, which it does at a new hour's first line too, and tell.
    Forget {
        now: u64,
        done: oneshot::Sender<()>,
    },
}

/// What callers and the thread share.
pub(super) struct Shared(Mutex<State>);

pub(super) struct State {
    /// Every mark, also those that are not on disk yet.
    pub marks: Marks,
    /// Those that are not.
    pub waiting: HashMap<Mark, Waiting>,
}

/// Who waits for a mark to be on disk.
pub(super) struct Waiting {
    /// It stays marked where it cannot be written.
    pub stays: bool,
    pub callers: Vec<oneshot::Sender<Written>>,
}

impl Shared {
    pub fn new(marks: Marks) -> Self {
        Self(Mutex::new(State { marks, waiting: HashMap::new() }))
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes what has been written, or could not be, out of what waits; gives whoever waited for it.
    pub fn settle(&mut self, lines: &[Line], is_written: bool) -> Vec<oneshot::Sender<Written>> {
        let mut callers = Vec::with_capacity(lines.len());
        for Line { mark, .. } in lines {
            let Some(waiting) = self.waiting.remove(mark) else { continue };
            if !is_written && !waiting.stays {
                self.marks.remove(mark);
            }
            callers.extend(waiting.callers);
        }
        callers
    }
}

/// Starts the thread. It ends when the sender is dropped and all that was sent is on disk.
pub(super) fn start(shared: Arc<Shared>, files: Files) -> io::Result<mpsc::Sender<Job>> {
    let (queue, jobs) = mpsc::channel();
    thread::Builder::new().name("journal".to_owned()).spawn(move || run(&shared, files, &jobs))?;
    Ok(queue)
}

fn run(shared: &Shared, mut files: Files, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let (mut batch, mut waiting, mut now) = (Vec::new(), Vec::new(), 0);
        for job in iter::once(first).chain(queue.try_iter()) {
            match job {
                Job::Write(line) => {
                    now = now.max(line.now);
                    batch.push(line);
                }
                Job::Forget { now: asked, done } => {
                    now = now.max(asked);
                    waiting.push(done);
                }
            }
        }
        batch.sort_unstable_by_key(Line::hour);
        for lines in batch.chunk_by(|one, other| one.hour() == other.hour()) {
            let written = files.append(lines).map_err(Arc::new);
            let callers = shared.lock().settle(lines, written.is_ok());
            for caller in callers {
                // Whoever went away needs no answer.
                _ = caller.send(written.clone());
            }
        }
        if let Some(hour) = files.forget_before(now) {
            // One bucket at a time, so that nobody waits for all of them.
            for bucket in 0..Marks::BUCKETS {
                shared.lock().marks.forget(bucket, hour);
            }
        }
        for done in waiting {
            _ = done.send(());
        }
    }
}
