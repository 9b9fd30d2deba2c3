//! What a type lets be filtered and ordered by.

use serde_json::Value;

use crate::graph::error::GraphError;

/// The properties of a type in `$filter` and `$orderby`.
#[derive(Debug)]
pub struct Schema {
    /// The type.
    pub on: &'static str,
    /// What can be compared and ordered by.
    pub properties: &'static [Property],
    /// What the type has, but neither `$filter` nor `$orderby` takes.
    pub refused: &'static [&'static str],
}

/// A simple property, or one within another: `from/emailAddress/address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// Its path.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
}

/// The type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `Edm.String`, and enumerations, whose members are written as strings.
    Text,
    /// `Edm.DateTimeOffset`
    Date,
    /// `Edm.Boolean`
    Flag,
    /// `Edm.Int32` and `Edm.Int64`
    Number,
    /// A collection of strings, for `any`.
    Texts,
    /// A collection of objects, for `any`; the name is that of the text in each.
    Objects(&'static str),
}

impl Schema {
    /// The property with this name, in any letter case.
    pub fn property(&self, name: &str) -> Result<Property, GraphError> {
        let known = self.properties.iter().find(|it| it.name.eq_ignore_ascii_case(name));
        match known {
            Some(property) => Ok(*property),
            None if self.refused.iter().any(|it| it.eq_ignore_ascii_case(name)) => {
                Err(GraphError::InvalidFilter)
            }
            None => Err(GraphError::UnknownOperand { name: name.to_owned(), on: self.on }),
        }
    }
}

impl Property {
    /// A property of type `Edm.String`.
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text }
    }

    /// Properties of type `Edm.String`.
    pub const fn texts<const COUNT: usize>(names: [&'static str; COUNT]) -> [Self; COUNT] {
        let mut all = [Self::text(""); COUNT];
        let mut at = 0;
        while at < COUNT {
            all[at] = Self::text(names[at]);
            at += 1;
        }
        all
    }

    /// A property of type `Edm.DateTimeOffset`.
    pub const fn date(name: &'static str) -> Self {
        Self { name, kind: Kind::Date }
    }

    /// A property of type `Edm.Boolean`.
    pub const fn flag(name: &'static str) -> Self {
        Self { name, kind: Kind::Flag }
    }

    /// A property of type `Edm.Int32`.
    pub const fn number(name: &'static str) -> Self {
        Self { name, kind: Kind::Number }
    }

    /// Its value in a resource; null where the resource has none.
    pub fn of(self, resource: &Value) -> &Value {
        static NULL: Value = Value::Null;
        self.name.split('/').try_fold(resource, |value, name| value.get(name)).unwrap_or(&NULL)
    }
}
