//! Tests of the sandbox over HTTP, as a client meets it. Names are rules.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod admin_consent;
mod assertions;
mod attachments;
mod authorize;
mod claims;
mod client_credentials;
mod concurrency;
mod config;
mod control;
mod cors;
mod csdl;
mod default_scope;
mod device;
mod discovery;
mod drafts;
mod faults;
mod foreign;
mod instance;
mod listener;
mod logout;
mod me;
mod modules;
mod pages;
mod photo;
mod program;
mod public_clients;
mod reach;
mod refresh_reuse;
mod requests;
mod send_mail;
mod sent_items;
mod sign_in;
mod support;
mod tls;
mod token;
mod token_refusals;
mod upload;
mod userinfo;
