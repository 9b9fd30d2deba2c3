//! `$expand`: one relationship of a resource, whole or with `$select`.
//!
//! Source: <https://learn.microsoft.com/graph/query-parameters#expand-parameter>.

use crate::graph::error::GraphError;
use crate::graph::odata::query::Query;
use crate::graph::odata::words;

/// What comes along with a resource.
#[derive(Debug, Default)]
pub struct Expand {
    /// Whether it comes along.
    pub wanted: bool,
    /// Its properties, if not all.
    pub select: Option<Vec<String>>,
}

impl Expand {
    /// Reads `$expand` of a resource that has only this relationship to expand.
    pub fn read(query: &Query, relationship: &str) -> Result<Self, GraphError> {
        let Some(text) = query.get("expand") else {
            return Ok(Self::default());
        };
        let refused = || GraphError::InvalidOption("expand");
        let words = words::split(text).map_err(|_| refused())?;
        let (name, rest) = words.split_first().ok_or_else(refused)?;
        if !name.eq_ignore_ascii_case(relationship) {
            return Err(GraphError::UnknownExpansion(name.clone()));
        }
        let select = match rest {
            [] => None,
            [open, options @ .., close] if open == "(" && close == ")" => {
                let (first, others) = options.split_first().ok_or_else(refused)?;
                let first = first.strip_prefix("$select=").ok_or_else(refused)?;
                let others = others.iter().map(String::as_str).filter(|word| *word != ",");
                Some(std::iter::once(first).chain(others).map(ToOwned::to_owned).collect())
            }
            _ => return Err(refused()),
        };
        Ok(Self { wanted: true, select })
    }

    /// The names of `$select` within it.
    pub fn names(&self) -> Option<Vec<&str>> {
        self.select.as_ref().map(|names| names.iter().map(String::as_str).collect())
    }

    /// What stands behind the name of a set in `@odata.context`.
    pub fn in_context(&self, relationship: &str) -> String {
        let names = self.select.as_ref().map(|names| names.join(",")).unwrap_or_default();
        if self.wanted { format!("{relationship}({names})") } else { String::new() }
    }
}
