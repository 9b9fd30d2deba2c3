//! `$filter`: comparisons, `in`, `any`, three functions of texts, joined by `and`, `or`, `not` and
//! parentheses. What Graph can do beyond that is refused, not ignored.
//!
//! Source: <https://learn.microsoft.com/graph/filter-query-parameter>; precedence: OData 4.01, part 2,
//! section 5.1.1.16.

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::odata::expression::{Expression, Test};
use crate::graph::odata::literal::Literal;
use crate::graph::odata::order::Order;
use crate::graph::odata::property::{Kind, Property, Schema};
use crate::graph::odata::words;

/// Parentheses and negations may be nested this deep.
const DEEPEST: usize = 50;

/// What has to hold for a resource to be listed; nothing, if the request has no filter.
#[derive(Debug, Default)]
pub struct Filter(Option<Expression>);

impl Filter {
    /// Reads the value of `$filter`.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, GraphError> {
        let words = words::split(text)?;
        let mut reader = Reader { words: &words, schema, depth: 0 };
        let expression = reader.any_of()?;
        if reader.words.is_empty() {
            Ok(Self(Some(expression)))
        } else {
            Err(GraphError::InvalidFilter)
        }
    }

    /// Whether a resource, with all its properties, is to be listed.
    pub fn admits(&self, resource: &Value) -> bool {
        self.0.as_ref().is_none_or(|expression| expression.admits(resource))
    }

    /// Whether something in it satisfies a condition of the caller's.
    pub fn any(&self, is: &dyn Fn(&Expression) -> bool) -> bool {
        self.0.as_ref().is_some_and(|expression| expression.any(is))
    }

    /// Every property in it, in the order in which they first stand there.
    pub fn properties(&self) -> Vec<Property> {
        self.0.as_ref().map(Expression::properties).unwrap_or_default()
    }

    /// Exchange sorts by what it filters: the properties of the order have to stand first in the filter,
    /// in the same order.
    ///
    /// Source: <https://learn.microsoft.com/graph/api/user-list-messages>.
    pub fn check_order(&self, order: &Order) -> Result<(), GraphError> {
        let Some(expression) = &self.0 else {
            return Ok(());
        };
        let filtered = expression.properties().into_iter().take(order.properties().count());
        if order.properties().eq(filtered) { Ok(()) } else { Err(GraphError::InefficientFilter) }
    }
}

/// Reads words from the front.
struct Reader<'a> {
    words: &'a [String],
    schema: &'a Schema,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn any_of(&mut self) -> Result<Expression, GraphError> {
        let mut whole = self.all_of()?;
        while self.takes("or") {
            whole = Expression::Or(Box::new(whole), Box::new(self.all_of()?));
        }
        Ok(whole)
    }

    fn all_of(&mut self) -> Result<Expression, GraphError> {
        let mut whole = self.one()?;
        while self.takes("and") {
            whole = Expression::And(Box::new(whole), Box::new(self.one()?));
        }
        Ok(whole)
    }

    fn one(&mut self) -> Result<Expression, GraphError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(GraphError::InvalidFilter);
        }
        let read = if self.takes("not") {
            self.one().map(|inner| Expression::Not(Box::new(inner)))
        } else if self.takes("(") {
            let inner = self.any_of()?;
            self.expect(")").map(|()| inner)
        } else {
            self.condition()
        };
        self.depth -= 1;
        read
    }

    fn condition(&mut self) -> Result<Expression, GraphError> {
        let word = self.next()?;
        if let Some(test) = Test::function(word)
            && self.takes("(")
        {
            let name = self.next()?;
            let property = self.schema.property(name)?;
            return self.function(test, property);
        }
        if let Some(name) = strip_suffix_of_any_case(word, "/any") {
            let collection = self.schema.property(name)?;
            return self.lambda(collection);
        }
        let property = self.schema.property(word)?;
        self.comparison(property)
    }

    /// `, 'text')`
    fn function(&mut self, test: Test, property: Property) -> Result<Expression, GraphError> {
        if !matches!(property.kind, Kind::Text | Kind::Texts | Kind::Objects(_)) {
            return Err(GraphError::InvalidFilter);
        }
        self.expect(",")?;
        let value = Literal::parse(self.next()?, property.kind)?;
        self.expect(")")?;
        match value {
            Literal::Null => Err(GraphError::InvalidFilter),
            value => Ok(Expression::Test { property, test, value }),
        }
    }

    /// `eq 'text'`, or `in ('one', 'other')`
    fn comparison(&mut self, property: Property) -> Result<Expression, GraphError> {
        if matches!(property.kind, Kind::Texts | Kind::Objects(_)) {
            return Err(GraphError::InvalidFilter);
        }
        self.test_of(property)
    }

    fn test_of(&mut self, property: Property) -> Result<Expression, GraphError> {
        let word = self.next()?;
        if word.eq_ignore_ascii_case("in") {
            self.expect("(")?;
            let mut values = vec![Literal::parse(self.next()?, property.kind)?];
            while self.takes(",") {
                values.push(Literal::parse(self.next()?, property.kind)?);
            }
            self.expect(")")?;
            return Ok(Expression::In(property, values));
        }
        let test = Test::operator(word).ok_or(GraphError::InvalidFilter)?;
        let value = Literal::parse(self.next()?, property.kind)?;
        Ok(Expression::Test { property, test, value })
    }

    /// `(c:c eq 'text')`, `(a:a/address eq 'text')`, `(c:startswith(c, 'text'))`. Exchange refuses functions
    /// of the members of objects.
    fn lambda(&mut self, collection: Property) -> Result<Expression, GraphError> {
        self.expect("(")?;
        let (variable, rest) = self.next()?.split_once(':').ok_or(GraphError::InvalidFilter)?;
        let first = if rest.is_empty() { self.next()? } else { rest };
        let member = match collection.kind {
            Kind::Texts => variable.to_owned(),
            Kind::Objects(name) => format!("{variable}/{name}"),
            _ => return Err(GraphError::InvalidFilter),
        };
        let condition = match Test::function(first) {
            Some(test) if collection.kind == Kind::Texts => {
                self.expect("(")?;
                if self.next()? != member {
                    return Err(GraphError::InvalidFilter);
                }
                self.function(test, collection)?
            }
            None if first == member => self.test_of(collection)?,
            _ => return Err(GraphError::InvalidFilter),
        };
        self.expect(")")?;
        Ok(condition)
    }

    fn next(&mut self) -> Result<&'a str, GraphError> {
        let (first, rest) = self.words.split_first().ok_or(GraphError::InvalidFilter)?;
        self.words = rest;
        Ok(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is = self.words.first().is_some_and(|first| first.eq_ignore_ascii_case(word));
        if is {
            self.words = self.words.get(1..).unwrap_or_default();
        }
        is
    }

    fn expect(&mut self, word: &str) -> Result<(), GraphError> {
        if self.takes(word) { Ok(()) } else { Err(GraphError::InvalidFilter) }
    }
}

fn strip_suffix_of_any_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (start, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(start)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::graph::mail::schema::MESSAGES;

    #[test]
    fn a_condition_compares_texts_dates_and_flags() {
        let message = json!({
            "subject": "It's a Test",
            "isDraft": false,
            "sentDateTime": "2026-07-15T11:14:02Z",
            "categories": ["Red", "Blue"],
            "from": { "emailAddress": { "address": "A@b.example" } },
        });
        for (filter, admitted) in [
            ("subject eq 'it''s a test'", true),
            ("subject ne 'it''s a test'", false),
            ("contains(subject,'a te')", true),
            ("startswith(subject, 'a te')", false),
            ("endsWith(subject, 'TEST')", true),
            ("isDraft eq false and SentDateTime ge 2026-07-15T11:14:02Z", true),
            ("isDraft eq false and sentDateTime gt 2026-07-15T11:14:02.000Z", false),
            ("sentDateTime lt 2026-07-15T11:14:03+00:00", true),
            ("sentDateTime ge 2026-07-15 and sentDateTime lt 2026-07-16", true),
            ("sentDateTime gt 2026-07-15T11:14:02.500Z", false),
            ("from/emailAddress/address eq 'a@B.example'", true),
            ("sender/emailAddress/address eq 'a@b.example'", false),
            ("sender/emailAddress/address eq null", true),
            ("subject eq 'a' or isDraft eq false", true),
            ("isDraft eq false or isDraft eq true and subject eq 'a'", true),
            ("(isDraft eq false or isDraft eq true) and subject eq 'a'", false),
            ("not(subject eq 'a')", true),
            ("NOT (startswith(subject,'It') or isDraft eq true)", false),
            ("not isDraft eq true and subject eq 'a'", false),
            ("subject in ('a', 'It''s a test')", true),
            ("categories/any(c:c eq 'red')", true),
            ("categories/any(c: startswith(c,'green'))", false),
            ("not categories/any(c:c eq 'green')", true),
        ] {
            let read = Filter::parse(filter, &MESSAGES);
            assert_eq!(read.map(|it| it.admits(&message)), Ok(admitted), "{filter}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let deep = format!("{}isDraft eq true{}", "(".repeat(60), ")".repeat(60));
        for filter in [
            "",
            "subject",
            "subject eq",
            "subject eq 'a",
            "subject eq a",
            "subject eq 'a' or",
            "subject eq 'a' subject eq 'b'",
            "(subject eq 'a'",
            "subject eq 'a')",
            "not",
            "isDraft eq 'true'",
            "sentDateTime ge '2026-07-15T11:14:02Z'",
            "sentDateTime ge 15.07.2026",
            "contains(isDraft,'t')",
            "contains(subject,null)",
            "categories eq 'red'",
            "categories/any(c:d eq 'red')",
            "categories/all(c:c eq 'red')",
            "toRecipients/any(r:r/emailAddress/address eq 'a@b.example')",
            "subject in ()",
            &deep,
        ] {
            let refusal = Filter::parse(filter, &MESSAGES).map(|_| ());
            assert_eq!(refusal, Err(GraphError::InvalidFilter), "{filter}");
        }
    }
}
