//! The query options of OData, for every collection that Graph lists here.
//!
//! 1. [`query`] reads which options a request has.
//! 2. [`property`] says what each type lets be filtered and ordered by.
//! 3. [`filter`] and [`order`] read the values of `$filter` and `$orderby`, [`expand`] that of `$expand`.
//! 4. [`collection`] chooses the resources of an answer and writes the link to the next page.
//!
//! Source: <https://learn.microsoft.com/graph/query-parameters>.

pub mod collection;
pub mod expand;
pub mod expression;
pub mod filter;
pub mod literal;
pub mod order;
pub mod property;
pub mod query;
pub mod words;
