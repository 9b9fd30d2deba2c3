//! What a filter says, and whether a resource fits it.

use std::cmp::Ordering;

use serde_json::Value;

use crate::graph::odata::literal::Literal;
use crate::graph::odata::property::{Kind, Property};

/// A condition, or several.
#[derive(Debug, PartialEq)]
pub enum Expression {
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// At least one holds.
    Or(Box<Self>, Box<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// One comparison.
    Test {
        /// What is compared; for a collection, each of its members.
        property: Property,
        /// How.
        test: Test,
        /// With what.
        value: Literal,
    },
    /// The value is one of these.
    In(Property, Vec<Literal>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
}

impl Test {
    /// An operator between a property and a value.
    pub fn operator(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            _ => return None,
        })
    }

    /// A function of a property and a text.
    pub fn function(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "contains" => Self::Contains,
            "startswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            _ => return None,
        })
    }

    fn holds(self, found: &Literal, value: &Literal) -> bool {
        // In OData nothing is greater or less than null.
        let order = match (found, value) {
            (Literal::Null, _) | (_, Literal::Null) => None,
            (found, value) => Some(found.compare(value)),
        };
        let texts = |test: fn(&str, &str) -> bool| {
            found.text().zip(value.text()).is_some_and(|(found, part)| test(found, part))
        };
        match self {
            Self::Equal => found == value,
            Self::NotEqual => found != value,
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Contains => texts(|found, part| found.contains(part)),
            Self::StartsWith => texts(|found, part| found.starts_with(part)),
            Self::EndsWith => texts(|found, part| found.ends_with(part)),
        }
    }
}

impl Expression {
    /// Whether a resource, with all its properties, fits.
    pub fn admits(&self, resource: &Value) -> bool {
        match self {
            Self::And(one, other) => one.admits(resource) && other.admits(resource),
            Self::Or(one, other) => one.admits(resource) || other.admits(resource),
            Self::Not(inner) => !inner.admits(resource),
            Self::Test { property, test, value } => {
                let holds = |found: &Value| test.holds(&Literal::of(found, property.kind), value);
                let found = property.of(resource);
                let members = || found.as_array().into_iter().flatten();
                match property.kind {
                    Kind::Texts => members().any(holds),
                    Kind::Objects(name) => members().any(|member| holds(&member[name])),
                    _ => holds(found),
                }
            }
            Self::In(property, values) => {
                values.contains(&Literal::of(property.of(resource), property.kind))
            }
        }
    }

    /// Every property, in the order in which they first stand in the filter.
    pub fn properties(&self) -> Vec<Property> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    /// Whether something in it satisfies a condition of the caller's.
    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::And(one, other) | Self::Or(one, other) => one.any(is) || other.any(is),
                Self::Not(inner) => inner.any(is),
                Self::Test { .. } | Self::In(..) => false,
            }
    }

    fn collect(&self, found: &mut Vec<Property>) {
        match self {
            Self::And(one, other) | Self::Or(one, other) => {
                one.collect(found);
                other.collect(found);
            }
            Self::Not(inner) => inner.collect(found),
            Self::Test { property, .. } | Self::In(property, _) => {
                if !found.contains(property) {
                    found.push(*property);
                }
            }
        }
    }
}
