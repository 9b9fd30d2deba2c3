//! Reading typed JSON as Graph does: names in any letter case, nothing unknown, values of the right
//! type.

use serde_json::Value;

use crate::graph::error::GraphError;

/// A JSON object whose members are taken one by one; what is left over in the end is unknown.
#[derive(Debug)]
pub struct Object {
    on: &'static str,
    members: Vec<(String, Value)>,
}

impl Object {
    /// Reads an object that should be of this type. `name` is the property that holds it.
    pub fn read(value: Value, name: &str, on: &'static str) -> Result<Self, GraphError> {
        let Value::Object(members) = value else {
            return Err(wrong(name, on, "an object"));
        };
        let mut object = Self { on, members: members.into_iter().collect() };
        object.check_type()?;
        Ok(object)
    }

    /// Reads an object whose `@odata.type` must be there, since it could be several types.
    pub fn read_of_named_type(
        value: Value,
        name: &str,
        on: &'static str,
    ) -> Result<Self, GraphError> {
        if value.get("@odata.type").is_some_and(Value::is_string) {
            Self::read(value, name, on)
        } else {
            Err(wrong("@odata.type", on, "named"))
        }
    }

    /// Whether it is there, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// A text, absent if null.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name, self.on, "a string")),
        }
    }

    /// True or false.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, GraphError> {
        let flag = self.value(name).map(|value| value.as_bool());
        flag.map(|flag| flag.ok_or_else(|| wrong(name, self.on, "true or false"))).transpose()
    }

    /// True or false, also as a string.
    pub fn flag_or_word(&mut self, name: &str) -> Result<Option<bool>, GraphError> {
        let flag = self.value(name).map(|value| match value {
            Value::String(word) => word.to_ascii_lowercase().parse().ok(),
            other => other.as_bool(),
        });
        flag.map(|flag| flag.ok_or_else(|| wrong(name, self.on, "true or false"))).transpose()
    }

    /// A number that counts something.
    pub fn count(&mut self, name: &str) -> Result<Option<u64>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(wrong(name, self.on, "a whole number")),
            },
        }
    }

    /// One of some words, in any letter case.
    pub fn word<T: Copy>(
        &mut self,
        name: &str,
        words: &[(&str, T)],
        expected: &'static str,
    ) -> Result<Option<T>, GraphError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        found.map(|(_, value)| Some(*value)).ok_or_else(|| wrong(name, self.on, expected))
    }

    /// An object of another type.
    pub fn object(&mut self, name: &str, on: &'static str) -> Result<Option<Self>, GraphError> {
        self.value(name).map(|value| Self::read(value, name, on)).transpose()
    }

    /// A list of objects of another type.
    pub fn objects(&mut self, name: &str, on: &'static str) -> Result<Vec<Self>, GraphError> {
        self.list(name)?.into_iter().map(|value| Self::read(value, name, on)).collect()
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Result<Vec<String>, GraphError> {
        let on = self.on;
        let text = |value| match value {
            Value::String(text) => Ok(text),
            _ => Err(wrong(name, on, "a list of strings")),
        };
        self.list(name)?.into_iter().map(text).collect()
    }

    /// Nothing may be left over. Annotations are no properties.
    pub fn finish(self) -> Result<(), GraphError> {
        match self.members.into_iter().find(|(name, _)| !name.contains('@')) {
            None => Ok(()),
            Some((name, _)) => Err(GraphError::UnknownProperty { name, on: self.on }),
        }
    }

    /// A list of values of any type.
    pub fn list(&mut self, name: &str) -> Result<Vec<Value>, GraphError> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(wrong(name, self.on, "a list")),
        }
    }

    /// A value of any type, absent if null.
    pub fn value(&mut self, name: &str) -> Option<Value> {
        let at = self.members.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(self.members.remove(at).1).filter(|value| !value.is_null())
    }

    /// `@odata.type`, if there is one, names the type that is expected.
    fn check_type(&mut self) -> Result<(), GraphError> {
        match self.text("@odata.type")? {
            Some(other) if !other.trim_start_matches('#').eq_ignore_ascii_case(self.on) => {
                Err(wrong("@odata.type", self.on, "that type"))
            }
            _ => Ok(()),
        }
    }
}

fn wrong(name: &str, on: &'static str, expected: &'static str) -> GraphError {
    GraphError::WrongValue { name: name.to_owned(), on, expected }
}
