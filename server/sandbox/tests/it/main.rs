//! Tests of the sandbox over HTTP, as a client meets it. Names are rules.

mod admin_consent;
mod attachments;
mod authorize;
mod claims;
mod concurrency;
mod config;
mod control;
mod discovery;
mod drafts;
mod faults;
mod instance;
mod listener;
mod logout;
mod me;
mod pages;
mod photo;
mod public_clients;
mod refresh_reuse;
mod requests;
mod send_mail;
mod sign_in;
mod support;
mod tls;
mod token;
mod token_refusals;
mod upload;
