//! The crate as an app uses it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod http_client;
mod whoami;
