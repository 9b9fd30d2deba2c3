//! Microsoft's date formats: one in errors of the token endpoint, one in errors of Graph, one in Graph's
//! resources.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const IDENTITY: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
const GRAPH_ERROR: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
const GRAPH: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// `2026-07-15 11:14:02Z`, as in errors of the identity platform.
pub fn identity(at: OffsetDateTime) -> String {
    written(at, IDENTITY)
}

/// `2026-07-15T11:14:02`, as in `innerError.date` of Graph: UTC although it does not say so.
pub fn graph_error(at: OffsetDateTime) -> String {
    written(at, GRAPH_ERROR)
}

/// `2026-07-15T11:14:02Z`, as in properties of Graph's resources.
pub fn graph(at: OffsetDateTime) -> String {
    written(at, GRAPH)
}

/// Formatting a date that is complete, as an `OffsetDateTime` always is, has no way to fail but a
/// full disk behind the writer; there is none behind a `String`.
fn written(at: OffsetDateTime, format: &[BorrowedFormatItem<'_>]) -> String {
    at.format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_writes_dates_its_own_way() {
        let at = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(identity(at), "1970-01-01 00:00:00Z");
        assert_eq!(graph_error(at), "1970-01-01T00:00:00");
        assert_eq!(graph(at), "1970-01-01T00:00:00Z");
    }
}
