//! `$filter` and `$orderby` for messages: comparisons joined by `and`, and two functions on texts. What
//! Exchange can do beyond that is refused here, not ignored.
//!
//! Source: <https://learn.microsoft.com/graph/filter-query-parameter>.

use std::cmp::Ordering;

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::mail::message::MESSAGE;

/// What has to hold for a message to be listed.
#[derive(Debug, Default)]
pub struct Filter(Vec<Condition>);

#[derive(Debug)]
struct Condition {
    property: Property,
    test: Test,
    value: Value,
}

#[derive(Debug, Clone, Copy)]
enum Test {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
    StartsWith,
}

/// The order of a list.
#[derive(Debug, Default)]
pub struct Order(Vec<(Property, Direction)>);

#[derive(Debug, Clone, Copy)]
enum Direction {
    Ascending,
    Descending,
}

/// A simple property, or one of an address: `from/emailAddress/address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Property {
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Date,
    Flag,
}

const PROPERTIES: [Property; 17] = [
    Property { name: "conversationId", kind: Kind::Text },
    Property { name: "createdDateTime", kind: Kind::Date },
    Property { name: "from/emailAddress/address", kind: Kind::Text },
    Property { name: "from/emailAddress/name", kind: Kind::Text },
    Property { name: "hasAttachments", kind: Kind::Flag },
    Property { name: "importance", kind: Kind::Text },
    Property { name: "inferenceClassification", kind: Kind::Text },
    Property { name: "internetMessageId", kind: Kind::Text },
    Property { name: "isDraft", kind: Kind::Flag },
    Property { name: "isRead", kind: Kind::Flag },
    Property { name: "lastModifiedDateTime", kind: Kind::Date },
    Property { name: "parentFolderId", kind: Kind::Text },
    Property { name: "receivedDateTime", kind: Kind::Date },
    Property { name: "sender/emailAddress/address", kind: Kind::Text },
    Property { name: "sender/emailAddress/name", kind: Kind::Text },
    Property { name: "sentDateTime", kind: Kind::Date },
    Property { name: "subject", kind: Kind::Text },
];

impl Filter {
    /// Reads the value of `$filter`.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let words = words(text)?;
        let conditions = words.split(|word| word == "and");
        conditions.map(Condition::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a message, with all its properties, is to be listed.
    pub fn admits(&self, message: &Value) -> bool {
        self.0.iter().all(|condition| condition.holds(message))
    }

    /// Exchange sorts by what it filters: the properties of the order have to stand first in the filter,
    /// in the same order.
    pub fn check_order(&self, order: &Order) -> Result<(), GraphError> {
        let mut filtered: Vec<Property> = Vec::new();
        for condition in &self.0 {
            if !filtered.contains(&condition.property) {
                filtered.push(condition.property);
            }
        }
        let ordered = order.0.iter().map(|(property, _)| property);
        if self.0.is_empty() || ordered.eq(filtered.iter().take(order.0.len())) {
            Ok(())
        } else {
            Err(GraphError::InefficientFilter)
        }
    }
}

impl Condition {
    /// `property eq value`, or `contains(property,value)` as the words of it.
    fn parse(words: &[String]) -> Result<Self, GraphError> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (property, test, literal) = match words.as_slice() {
            ["contains", "(", property, ",", literal, ")"] => (property, Test::Contains, literal),
            ["startswith", "(", property, ",", literal, ")"] => {
                (property, Test::StartsWith, literal)
            }
            [property, "eq", literal] => (property, Test::Equal, literal),
            [property, "ne", literal] => (property, Test::NotEqual, literal),
            [property, "gt", literal] => (property, Test::Greater, literal),
            [property, "ge", literal] => (property, Test::GreaterOrEqual, literal),
            [property, "lt", literal] => (property, Test::Less, literal),
            [property, "le", literal] => (property, Test::LessOrEqual, literal),
            _ => return Err(GraphError::InvalidFilter),
        };
        let property = Property::parse(property)?;
        let value = property.kind.literal(literal)?;
        let on_texts = matches!(test, Test::Contains | Test::StartsWith);
        if on_texts && property.kind != Kind::Text {
            return Err(GraphError::InvalidFilter);
        }
        Ok(Self { property, test, value })
    }

    fn holds(&self, message: &Value) -> bool {
        let found = self.property.of(message);
        let order = compare(&found, &self.value);
        let texts = || Some((found.as_str()?.to_lowercase(), self.value.as_str()?.to_lowercase()));
        match self.test {
            Test::Equal => order == Ordering::Equal,
            Test::NotEqual => order != Ordering::Equal,
            Test::Greater => order == Ordering::Greater,
            Test::GreaterOrEqual => order != Ordering::Less,
            Test::Less => order == Ordering::Less,
            Test::LessOrEqual => order != Ordering::Greater,
            Test::Contains => texts().is_some_and(|(found, part)| found.contains(&part)),
            Test::StartsWith => texts().is_some_and(|(found, part)| found.starts_with(&part)),
        }
    }
}

impl Order {
    /// Reads the value of `$orderby`.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let part = |part: &str| {
            let words: Vec<&str> = part.split_ascii_whitespace().collect();
            match words.as_slice() {
                [name] | [name, "asc"] => Ok((Property::parse(name)?, Direction::Ascending)),
                [name, "desc"] => Ok((Property::parse(name)?, Direction::Descending)),
                _ => Err(GraphError::InvalidOrder),
            }
        };
        text.split(',').map(part).collect::<Result<_, _>>().map(Self)
    }

    /// Which of two messages comes first.
    pub fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let by = |(property, direction): &(Property, Direction)| {
            let order = compare(&property.of(one), &property.of(other));
            match direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        };
        self.0.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl Property {
    fn parse(text: &str) -> Result<Self, GraphError> {
        let found = PROPERTIES.iter().find(|property| property.name.eq_ignore_ascii_case(text));
        found
            .copied()
            .ok_or_else(|| GraphError::UnknownOperand { name: text.to_owned(), on: MESSAGE })
    }

    fn of(self, message: &Value) -> Value {
        let value = message.pointer(&format!("/{}", self.name));
        value.cloned().unwrap_or_default()
    }
}

impl Kind {
    fn literal(self, text: &str) -> Result<Value, GraphError> {
        let quoted = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        match (self, quoted, text) {
            (Self::Text, Some(text), _) => Ok(text.replace("''", "'").into()),
            (Self::Flag, None, "true") => Ok(true.into()),
            (Self::Flag, None, "false") => Ok(false.into()),
            (Self::Date, None, text) if is_date(text) => Ok(text.into()),
            _ => Err(GraphError::InvalidFilter),
        }
    }
}

/// Texts without regard to letter case, as Exchange does. Dates of the one form that is written here
/// compare as texts.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.to_lowercase().cmp(&other.to_lowercase()),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (one, other) => one.is_null().cmp(&other.is_null()).reverse(),
    }
}

/// `2026-07-15T11:14:02Z`, and nothing else.
fn is_date(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00Z";
    let fits = |(found, shape): (char, char)| {
        if shape == '0' { found.is_ascii_digit() } else { found == shape }
    };
    text.len() == shape.len() && text.chars().zip(shape.chars()).all(fits)
}

/// Splits at spaces and around parentheses and commas, but not within quotes, in which a quote stands
/// twice.
fn words(text: &str) -> Result<Vec<String>, GraphError> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.push(letter);
            }
            ' ' | '(' | ')' | ',' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                if letter != ' ' {
                    words.push(letter.to_string());
                }
            }
            _ => word.push(letter),
        }
    }
    if quoted {
        return Err(GraphError::InvalidFilter);
    }
    if !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_condition_compares_texts_dates_and_flags() {
        let message = json!({
            "subject": "It's a Test",
            "isDraft": false,
            "sentDateTime": "2026-07-15T11:14:02Z",
            "from": { "emailAddress": { "address": "A@b.example" } },
        });
        for (filter, admitted) in [
            ("subject eq 'it''s a test'", true),
            ("subject ne 'it''s a test'", false),
            ("contains(subject,'a te')", true),
            ("startswith(subject, 'a te')", false),
            ("isDraft eq false and sentDateTime ge 2026-07-15T11:14:02Z", true),
            ("isDraft eq false and sentDateTime gt 2026-07-15T11:14:02Z", false),
            ("sentDateTime lt 2026-07-15T11:14:03Z", true),
            ("from/emailAddress/address eq 'a@B.example'", true),
            ("sender/emailAddress/address eq 'a@b.example'", false),
        ] {
            assert_eq!(Filter::parse(filter).unwrap().admits(&message), admitted, "{filter}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for filter in [
            "",
            "subject",
            "subject eq",
            "subject eq 'a",
            "subject eq a",
            "subject eq 'a' or subject eq 'b'",
            "not subject eq 'a'",
            "(subject eq 'a')",
            "isDraft eq 'true'",
            "sentDateTime ge '2026-07-15T11:14:02Z'",
            "sentDateTime ge 2026-07-15",
            "contains(isDraft,'t')",
            "endswith(subject,'a')",
        ] {
            let refusal = Filter::parse(filter).map(|_| ());
            assert_eq!(refusal, Err(GraphError::InvalidFilter), "{filter}");
        }
    }
}
