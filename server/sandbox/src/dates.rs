//! Microsoft's date formats: one in errors of the token endpoint, one in errors of Graph, one in Graph's
//! resources.

use maud::{Markup, html};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const IDENTITY: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
const GRAPH_ERROR: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
const GRAPH: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
const PEOPLE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]");

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

/// A moment on a page: "18:37:05" on the same day, "30 November 2026, 18:37" on another, with the whole date
/// for whoever points at it. Times are UTC.
pub fn element(at: OffsetDateTime, now: OffsetDateTime) -> Markup {
    let whole = written(at, PEOPLE);
    let shown = if at.date() == now.date() { written(at, CLOCK) } else { whole.clone() };
    html! { time datetime=(graph(at)) title={ (whole) " UTC" } { (shown) } }
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

    #[test]
    fn a_page_shows_the_time_of_day_and_the_date_of_other_days() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let shown = |now: OffsetDateTime| element(at, now).into_string();
        assert!(shown(at).ends_with(">00:00:00</time>"), "{}", shown(at));
        let later = shown(at + time::Duration::DAY);
        assert!(later.ends_with(">1 January 1970, 00:00</time>"), "{later}");
    }
}
