//! What is done to every request and answer, whatever the route.

pub mod csp;
mod headers;
mod host;
mod origin;

pub use headers::security_headers;
pub use host::canonical_host;
pub use origin::same_origin;
