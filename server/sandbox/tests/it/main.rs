//! Tests of the sandbox over HTTP, as a client meets it. Names are rules.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod admin_consent;
mod assertions;
mod attached_items;
mod attachments;
mod authorize;
mod batch;
mod challenges;
mod claims;
mod client_credentials;
mod concurrency;
mod config;
mod conflicts;
mod control;
mod cors;
mod credential;
mod csdl;
mod default_scope;
mod delivery;
mod delta;
mod device;
mod differences;
mod discovery;
mod documented;
mod drafts;
mod faults;
mod folders;
mod foreign;
mod granted_before;
mod instance;
mod length;
mod listener;
mod logout;
mod mail_permissions;
mod marks;
mod me;
mod modules;
mod moves;
mod pages;
mod people;
mod photo;
mod program;
mod public_clients;
mod queries;
mod reach;
mod readme;
mod refresh_reuse;
mod requests;
mod responses;
mod searches;
mod send_mail;
mod send_mime;
mod sent_items;
mod sign_in;
mod sign_in_faults;
mod support;
mod tls;
mod token;
mod token_refusals;
mod traffic;
mod transport;
mod upload;
mod upload_session;
mod userinfo;
mod users;
