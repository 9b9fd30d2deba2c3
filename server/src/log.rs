//! The log: lines to stderr, in UTC, each with its event (`server/docs/log.md`).
//!
//! No line is longer than `line` allows. A thread of its own writes the lines, since whoever reads
//! stderr may stop reading: requests are answered all the same, and the lines that find no room are
//! counted. Lines that wait at the same time are written together.

mod line;

use std::{
    io::{self, BufWriter, IsTerminal},
    sync::mpsc,
    thread,
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;
use line::Bounded;

/// Lines that wait to be written: about a megabyte, and 16 MB where each is as long as it may be.
const ROOM: usize = 4096;

/// How often lines that were dropped are told, and half the longest wait for the last lines at the end.
const SECOND: Duration = Duration::from_secs(1);

/// The log of this process, from [`start`] on.
pub struct Log {
    worker: WorkerGuard,
    dropped: ErrorCounter,
}

/// Sends the events of the whole process that `filter` lets through to stderr. A panic is logged by
/// its place alone, since its message can quote anything.
#[must_use]
pub fn start(format: LogFormat, filter: Targets) -> Log {
    let (writer, worker) = NonBlockingBuilder::default()
        .buffered_lines_limit(ROOM)
        .thread_name("log")
        .finish(BufWriter::new(io::stderr()));
    let dropped = writer.error_counter();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Bounded { lines: writer, format })
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(event = "panic", place);
    }));
    Log { worker, dropped }
}

impl Log {
    /// Logs how many lines were dropped since the start, each time that number has grown. This line
    /// can be dropped as well; it counts then, and the next one tells.
    pub async fn tell_dropped(&self) {
        let mut each_second = interval(SECOND);
        each_second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = 0;
        loop {
            each_second.tick().await;
            let lines = self.dropped.dropped_lines();
            if lines > told {
                tracing::warn!(event = "log_lines_dropped", lines);
                told = lines;
            }
        }
    }

    /// Writes the lines that wait, as far as they are taken within two seconds.
    pub fn close(self) {
        let (closing, closed) = mpsc::channel::<()>();
        // Dropping the guard waits for its thread, and may print: to a reader that has stopped, for
        // ever. So another thread does it.
        thread::spawn(move || {
            drop(self.worker);
            drop(closing);
        });
        // Ends with an error either way: the sender is gone, or the time is over.
        _ = closed.recv_timeout(2 * SECOND);
    }
}
