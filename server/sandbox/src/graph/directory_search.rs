//! `$search` on people of the directory: clauses such as `"displayName:ann"`, each within double quotes,
//! joined by `AND` and `OR`.
//!
//! Source: <https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections>.

use serde_json::{Map, Value};

use crate::graph::error::GraphError;

/// What is looked for: one of these lists of clauses has to fit whole.
#[derive(Debug)]
pub struct DirectorySearch(Vec<Vec<Clause>>);

#[derive(Debug)]
struct Clause {
    property: String,
    value: String,
}

const SYNTAX: &str = "The value of '$search' must be clauses such as \"displayName:ann\", each within double quotes, joined by AND or OR.";

impl DirectorySearch {
    /// Reads the value of `$search`.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let refused = GraphError::UnsupportedQuery(SYNTAX);
        let (mut alternatives, mut clauses) = (Vec::new(), Vec::new());
        let mut rest = text.trim();
        loop {
            let Some((clause, after)) = rest.strip_prefix('"').and_then(|it| it.split_once('"'))
            else {
                return Err(refused);
            };
            clauses.push(Clause::parse(clause).ok_or(GraphError::UnsupportedQuery(SYNTAX))?);
            let after = after.trim_start();
            if after.is_empty() {
                alternatives.push(clauses);
                return Ok(Self(alternatives));
            }
            rest = match after.split_once(char::is_whitespace) {
                Some(("AND", next)) => next.trim_start(),
                Some(("OR", next)) => {
                    alternatives.push(std::mem::take(&mut clauses));
                    next.trim_start()
                }
                _ => return Err(refused),
            };
        }
    }

    /// The properties that it looks at.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(|clause| clause.property.as_str())
    }

    /// Whether a person is found.
    pub fn admits(&self, user: &Map<String, Value>) -> bool {
        self.0.iter().any(|clauses| clauses.iter().all(|clause| clause.fits(user)))
    }
}

impl Clause {
    fn parse(text: &str) -> Option<Self> {
        let (property, value) = text.split_once(':')?;
        let value = value.trim().to_lowercase();
        (!property.is_empty() && !value.is_empty())
            .then(|| Self { property: property.trim().to_owned(), value })
    }

    /// Words of `displayName` begin with what is looked for, in any order; other properties begin with it
    /// as a whole.
    fn fits(&self, user: &Map<String, Value>) -> bool {
        let found = user.iter().find(|(name, _)| name.eq_ignore_ascii_case(&self.property));
        let Some(text) = found.and_then(|(_, value)| value.as_str()) else {
            return false;
        };
        if self.property.eq_ignore_ascii_case("displayName") {
            let tokens = tokens(text);
            let begins =
                |wanted: &String| tokens.iter().any(|token| token.starts_with(wanted.as_str()));
            self::tokens(&self.value).iter().all(begins)
        } else {
            text.to_lowercase().starts_with(&self.value)
        }
    }
}

/// The words of a text, and what its words are when joined over symbols: `O'Neill` is `o`, `neill` and
/// `oneill`.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let parts: Vec<String> = word
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_lowercase)
            .collect();
        if parts.len() > 1 {
            found.push(parts.concat());
        }
        found.extend(parts);
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_of_a_name_are_found_by_their_beginnings_in_any_order() {
        let user = json!({ "displayName": "Mary Jo O'Neill", "mail": "mary@x.example" });
        let user = user.as_object().unwrap();
        for (search, found) in [
            (r#""displayName:mar""#, true),
            (r#""displayName:jo mary""#, true),
            (r#""displayName:oneill""#, true),
            (r#""displayName:ary""#, false),
            (r#""mail:mary@""#, true),
            (r#""mail:x.example""#, false),
            (r#""displayName:bob" OR "mail:mary""#, true),
            (r#""displayName:bob" AND "mail:mary""#, false),
        ] {
            assert_eq!(
                DirectorySearch::parse(search).map(|it| it.admits(user)),
                Ok(found),
                "{search}"
            );
        }
        for wrong in ["", "ann", r#""ann""#, r#""displayName:""#, r#""displayName:a" "mail:a""#] {
            assert!(DirectorySearch::parse(wrong).is_err(), "{wrong}");
        }
    }
}
