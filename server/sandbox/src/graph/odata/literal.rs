//! Values in `$filter`, and how they compare with those of resources.

use std::cmp::Ordering;

use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, Time};

use crate::graph::error::GraphError;
use crate::graph::odata::property::Kind;

/// A value that a filter compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// In lower case: Exchange and the directory compare without regard to it.
    Text(String),
    /// A moment.
    Date(OffsetDateTime),
    /// `true` or `false`
    Flag(bool),
    /// A whole number.
    Number(i64),
}

impl Literal {
    /// Reads a word of a filter as a value of this type. Dates stand without quotes, a day alone means its
    /// beginning in UTC.
    ///
    /// Source: <https://learn.microsoft.com/graph/filter-query-parameter>.
    pub fn parse(word: &str, kind: Kind) -> Result<Self, GraphError> {
        let quoted = word.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        let read = match (kind, quoted) {
            (_, None) if word.eq_ignore_ascii_case("null") => Some(Self::Null),
            (Kind::Text | Kind::Texts | Kind::Objects(_), Some(text)) => {
                Some(Self::Text(text.replace("''", "'").to_lowercase()))
            }
            (Kind::Flag, None) => word.to_ascii_lowercase().parse().ok().map(Self::Flag),
            (Kind::Number, None) => word.parse().ok().map(Self::Number),
            (Kind::Date, None) => date(word).map(Self::Date),
            _ => None,
        };
        read.ok_or(GraphError::InvalidFilter)
    }

    /// The value of a resource's property.
    pub fn of(value: &Value, kind: Kind) -> Self {
        match (value, kind) {
            (Value::String(text), Kind::Date) => date(text).map_or(Self::Null, Self::Date),
            (Value::String(text), _) => Self::Text(text.to_lowercase()),
            (Value::Bool(flag), _) => Self::Flag(*flag),
            (Value::Number(number), _) => number.as_i64().map_or(Self::Null, Self::Number),
            _ => Self::Null,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Which comes first; null before everything.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Date(one), Self::Date(other)) => one.cmp(other),
            (Self::Flag(one), Self::Flag(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (one, other) => (*one != Self::Null).cmp(&(*other != Self::Null)),
        }
    }
}

/// `2017-04-01`, `2017-04-01T00:00:00Z`, with a fraction of a second or an offset.
fn date(text: &str) -> Option<OffsetDateTime> {
    let day = time::macros::format_description!("[year]-[month]-[day]");
    match Date::parse(text, &day) {
        Ok(date) => Some(date.with_time(Time::MIDNIGHT).assume_utc()),
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_every_documented_form() {
        let midnight = Literal::parse("2017-04-01", Kind::Date).unwrap();
        for form in [
            "2017-04-01T00:00:00Z",
            "2017-04-01T00:00:00.000Z",
            "2017-04-01T00:00:00+00:00",
            "2017-04-01T02:00:00+02:00",
            "2017-04-01T00:00:00.0000000Z",
        ] {
            assert_eq!(Literal::parse(form, Kind::Date).unwrap(), midnight, "{form}");
        }
        for form in ["2017-4-1", "2017-04-01T00:00:00", "01/04/2017", ""] {
            assert_eq!(Literal::parse(form, Kind::Date), Err(GraphError::InvalidFilter), "{form}");
        }
    }
}
