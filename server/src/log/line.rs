//! Keeps each line of the log short, whatever a client or another service put into it.

use std::{borrow::Cow, io};

use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::{config::LogFormat, text::beginning};

/// The most bytes of a line.
const LONGEST: usize = 4_096;

/// The most letters of a value in a JSON line that would be longer.
const LONGEST_VALUE: usize = 200;

/// Writes each line to `lines` with no more bytes than a line may have.
pub(super) struct Bounded<W> {
    pub(super) lines: W,
    pub(super) format: LogFormat,
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Bounded<W> {
    type Writer = Bounded<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Bounded { lines: self.lines.make_writer(), format: self.format }
    }
}

impl<W: io::Write> io::Write for Bounded<W> {
    /// Takes a whole line, as `tracing_subscriber` gives it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.write_all(&shortened(line, self.format))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.flush()
    }
}

fn shortened(line: &[u8], format: LogFormat) -> Cow<'_, [u8]> {
    if line.len() <= LONGEST {
        return line.into();
    }
    if format == LogFormat::Json
        && let Ok(mut object) = serde_json::from_slice::<Value>(line)
    {
        shorten(&mut object);
        let shorter = format!("{object}\n");
        if shorter.len() <= LONGEST {
            return shorter.into_bytes().into();
        }
    }
    // A letter has up to four bytes.
    let text = String::from_utf8_lossy(line);
    format!("{}\n", beginning(text.trim_end(), LONGEST / 4 - 1)).into_bytes().into()
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => *text = beginning(text, LONGEST_VALUE),
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LONGEST, shortened};
    use crate::config::LogFormat;

    #[test]
    fn a_line_that_is_too_long_is_cut_and_stays_a_line() {
        for long in ["x".repeat(LONGEST), "漢".repeat(LONGEST), "\u{1b}".repeat(LONGEST)] {
            let line = json!({ "event": "a", "error": long, "spans": [{ "path": long }] });
            let line = format!("{line}\n");
            let cut = shortened(line.as_bytes(), LogFormat::Json);
            assert!(cut.len() <= LONGEST && cut.ends_with(b"\n"));
            let cut: Value = serde_json::from_slice(&cut).unwrap();
            assert_eq!(cut["event"], "a");

            let cut = shortened(line.as_bytes(), LogFormat::Text);
            assert!(cut.len() <= LONGEST && cut.ends_with("…\n".as_bytes()));
        }
        let short = b"as it is\n";
        assert_eq!(*shortened(short, LogFormat::Text), *short);
    }
}
