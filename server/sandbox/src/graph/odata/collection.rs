//! Which resources of a collection an answer lists: filter, order, page.
//!
//! Source: <https://learn.microsoft.com/graph/paging>.

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::odata::filter::Filter;
use crate::graph::odata::order::Order;
use crate::graph::odata::property::Schema;
use crate::graph::odata::query::Query;

/// What `$filter`, `$orderby`, `$top`, `$skip` and `$count` of a request say.
#[derive(Debug)]
pub struct Choice {
    /// Which resources.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    counts: bool,
    skip: usize,
    top: usize,
}

/// How many resources an answer lists.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Without `$top`.
    pub default: usize,
    /// The largest `$top`.
    pub largest: usize,
}

/// The resources of one answer.
#[derive(Debug)]
pub struct Chosen<T> {
    /// They themselves.
    pub page: Vec<T>,
    /// How many there are on all pages, if that was asked.
    pub count: Option<usize>,
    /// Where the next page begins, if there is one.
    pub next: Option<usize>,
}

impl Choice {
    /// Reads the options. Options that the resource does not take were refused before.
    pub fn read(query: &Query, schema: &Schema, page: Page) -> Result<Self, GraphError> {
        let top = match query.number("top")? {
            None => page.default,
            Some(top) if (1..=page.largest).contains(&top) => top,
            Some(_) => return Err(GraphError::InvalidOption("top")),
        };
        let filter = query.get("filter").map(|text| Filter::parse(text, schema)).transpose()?;
        let order = query.get("orderby").map(|text| Order::parse(text, schema)).transpose()?;
        Ok(Self {
            filter: filter.unwrap_or_default(),
            order: order.unwrap_or_default(),
            counts: query.flag("count")?.unwrap_or_default(),
            skip: query.number("skip")?.unwrap_or_default(),
            top,
        })
    }

    /// The same further on, for what is paged by tokens of its own.
    pub fn beginning_at(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// Chooses among resources, each with all its properties.
    pub fn choose<T>(&self, all: impl Iterator<Item = (T, Value)>) -> Chosen<T> {
        let mut found: Vec<(T, Value)> =
            all.filter(|(_, properties)| self.filter.admits(properties)).collect();
        found.sort_by(|(_, one), (_, other)| self.order.compare(one, other));
        let end = self.skip.saturating_add(self.top);
        Chosen {
            count: self.counts.then_some(found.len()),
            next: (end < found.len()).then_some(end),
            page: found.into_iter().skip(self.skip).take(self.top).map(|(one, _)| one).collect(),
        }
    }
}

impl<T> Chosen<T> {
    /// The same with something else made of each resource.
    pub fn try_map<U, E>(self, make: impl FnMut(T) -> Result<U, E>) -> Result<Chosen<U>, E> {
        let page = self.page.into_iter().map(make).collect::<Result<_, _>>()?;
        Ok(Chosen { page, count: self.count, next: self.next })
    }
}

/// How many resources `$filter` admits: the answer of `/$count`.
pub fn count(
    query: &Query,
    schema: &Schema,
    all: impl Iterator<Item = Value>,
) -> Result<usize, GraphError> {
    let filter = query.get("filter").map(|text| Filter::parse(text, schema)).transpose()?;
    let filter = filter.unwrap_or_default();
    Ok(all.filter(|resource| filter.admits(resource)).count())
}

/// The address of the next page: the same request with `option` set to `value`. `url` is without a query.
pub fn next_link(url: &str, query: &Query, option: &str, value: &str) -> String {
    let kept = query.options().filter(|(name, _)| *name != option);
    let next = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept.map(|(name, value)| (format!("${name}"), value)))
        .append_pair(&format!("${option}"), value)
        .finish();
    format!("{url}?{next}")
}
