//! `Content-Range` (RFC 9110, section 14.4), as Outlook reads it: bytes, all three numbers, no spaces
//! but one.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_RANGE;

use crate::graph::error::GraphError;

/// A piece of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Its first byte.
    pub start: u64,
    /// The byte after its last one.
    pub end: u64,
    /// The size of the file.
    pub total: u64,
}

impl Range {
    /// Reads the header of a request.
    pub fn read(headers: &HeaderMap) -> Result<Self, GraphError> {
        let header = headers.get(CONTENT_RANGE).and_then(|header| header.to_str().ok());
        header.and_then(Self::parse).ok_or(GraphError::ContentRange)
    }

    /// How many bytes it has.
    pub fn length(self) -> u64 {
        self.end - self.start
    }

    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (start, last, total) = (number(first)?, number(last)?, number(total)?);
        (start <= last && last < total).then_some(Self { start, end: last + 1, total })
    }
}

/// Digits, and not a sign, as Rust would take.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_three_numbers_in_order() {
        let range = Range { start: 0, end: 10, total: 20 };
        assert_eq!(Range::parse("bytes 0-9/20"), Some(range));
        assert_eq!(range.length(), 10);
        for text in [
            "",
            "0-9/20",
            "bytes=0-9/20",
            "bytes  0-9/20",
            "bytes 0-9/*",
            "bytes */20",
            "bytes 9-0/20",
            "bytes 0-20/20",
            "bytes +0-9/20",
            "bytes 0 - 9/20",
            "bytes 0-9/18446744073709551616",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
