//! `$orderby`.
//!
//! Source: <https://learn.microsoft.com/graph/query-parameters#orderby-parameter>.

use std::cmp::Ordering;

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::odata::literal::Literal;
use crate::graph::odata::property::{Kind, Property, Schema};

/// The order of a list.
#[derive(Debug, Default)]
pub struct Order(Vec<(Property, Direction)>);

#[derive(Debug, Clone, Copy)]
enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the value of `$orderby`, in any letter case.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, GraphError> {
        let part = |part: &str| {
            let words: Vec<&str> = part.split_ascii_whitespace().collect();
            let (name, direction) = match words.as_slice() {
                [name] => (name, Direction::Ascending),
                [name, word] if word.eq_ignore_ascii_case("asc") => (name, Direction::Ascending),
                [name, word] if word.eq_ignore_ascii_case("desc") => (name, Direction::Descending),
                _ => return Err(GraphError::InvalidOrder),
            };
            match schema.property(name) {
                Ok(Property { kind: Kind::Texts | Kind::Objects(_), .. })
                | Err(GraphError::InvalidFilter) => Err(GraphError::InvalidOrder),
                known => Ok((known?, direction)),
            }
        };
        text.split(',').map(part).collect::<Result<_, _>>().map(Self)
    }

    /// What it orders by, first things first.
    pub fn properties(&self) -> impl Iterator<Item = Property> + '_ {
        self.0.iter().map(|(property, _)| *property)
    }

    /// Which of two resources comes first.
    pub fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let by = |(property, direction): &(Property, Direction)| {
            let value = |resource| Literal::of(property.of(resource), property.kind);
            let order = value(one).compare(&value(other));
            match direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        };
        self.0.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}
