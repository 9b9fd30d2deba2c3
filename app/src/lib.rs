//! The pages, islands and wire types of Graph Connect. Knows nothing of axum, cookies, HTTP
//! clients or environment variables: the server hands in data and gets HTML back.

pub mod api;
pub mod call_error;
mod client;
pub mod islands;
pub mod wire;

#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod words;
