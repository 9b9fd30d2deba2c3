//! The server over HTTP on loopback, as a browser meets it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and it measures real time"
)]
#![allow(clippy::allow_attributes, reason = "one lint is met in some test files only")]

mod attempts;
mod browser;
mod canary;
mod configuration;
mod cookies;
mod costs;
mod docs;
mod durability;
mod ended_sessions;
mod every_answer;
mod failures;
mod files;
mod headers;
mod id_token;
mod limits;
mod networks;
mod origin;
mod process;
mod provider;
mod provider_changes;
mod requests;
mod sending;
mod sent_text;
mod server;
mod session;
mod sign_in;
mod upstream_text;
mod wire;
