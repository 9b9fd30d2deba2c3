//! Reads the query options of a request, of which each resource takes some.
//!
//! Source: <https://learn.microsoft.com/graph/query-parameters>.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::graph::error::GraphError;

/// The options of a request that its resource takes.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Reads a query. The `$` of an option may be left out; what is no option is not heeded.
    pub fn parse(query: &str, taken: &[&'static str]) -> Result<Self, GraphError> {
        let mut options: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let plain = name.strip_prefix('$').unwrap_or(&name);
            match taken.iter().find(|known| known.eq_ignore_ascii_case(plain)) {
                Some(known) if options.iter().any(|(seen, _)| seen == known) => {
                    return Err(GraphError::RepeatedOption(known));
                }
                Some(known) => options.push((known, value.into_owned())),
                None if name.starts_with('$') => {
                    return Err(GraphError::UnknownOption(name.into_owned()));
                }
                None => {}
            }
        }
        Ok(Self(options))
    }

    /// The value of an option, by its name without `$`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Every option, in the order in which they came.
    pub fn options(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The value of an option that counts something.
    pub fn number(&self, name: &'static str) -> Result<Option<usize>, GraphError> {
        let number = |text: &str| text.parse().map_err(|_| GraphError::InvalidOption(name));
        self.get(name).map(number).transpose()
    }

    /// The value of an option that is true or false.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, GraphError> {
        match self.get(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(GraphError::InvalidOption(name)),
        }
    }

    /// The properties that `$select` names.
    pub fn select(&self) -> Option<Vec<&str>> {
        self.get("select").map(|names| names.split(',').map(str::trim).collect())
    }

    /// What stands behind the name of a set in `@odata.context`.
    pub fn in_context(&self) -> Cow<'_, str> {
        self.get("select").map_or(Cow::Borrowed(""), |names| Cow::Owned(format!("({names})")))
    }
}

/// The properties with these names, in any letter case. `on` is the type that ought to have them.
pub fn pick(
    all: &Map<String, Value>,
    names: &[&str],
    on: &'static str,
) -> Result<Map<String, Value>, GraphError> {
    let pick = |name: &&str| {
        let found = all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(name, value)| (name.clone(), value.clone()))
            .ok_or_else(|| GraphError::UnknownSelection { name: (*name).to_owned(), on })
    };
    names.iter().map(pick).collect()
}
