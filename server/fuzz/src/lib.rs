//! The product's own sources that read what others write, compiled here by themselves, so that fuzzing
//! needs neither pages nor TLS. What they take from the rest of the product stands in for it below; where
//! the two differ, this doesn't compile.

#![allow(dead_code, unused_imports, reason = "the sources have more than what is fuzzed")]

// The sources name their crates.
extern crate self as app;
extern crate self as bff;

pub use http_client::{HttpResponse, TransportError, retry_after};
pub use session::PersonId;

#[path = "../../src/mail/address.rs"]
pub mod address;

#[path = "../../src/graph/error.rs"]
mod error;

#[path = "../../bff/src/cookies/header.rs"]
mod header;

mod cookie_header;
mod graph_answer;
pub mod http_client;
pub mod session;
mod session_codec;
pub mod sign_in;
mod token_answer;

pub use cookie_header::cookie_header;
pub use graph_answer::graph_answer;
pub use session_codec::session_codec;
pub use token_answer::token_answer;

/// In place of `app::wire`.
pub mod wire {
    pub type Ids = Vec<(String, String)>;
}

/// In place of `app::words`.
pub mod words {
    pub struct Details {
        pub status: &'static str,
        pub code: &'static str,
        pub request_id: &'static str,
        pub client_request_id: &'static str,
        pub date: &'static str,
    }

    pub struct Words {
        pub details: Details,
    }

    pub const EN: Words = Words {
        details: Details {
            status: "Status",
            code: "Code",
            request_id: "Request ID",
            client_request_id: "Client request ID",
            date: "Date",
        },
    };
}

/// What the token client takes from `bff`.
pub struct Settings {
    pub client_id: String,
    pub client_secret: secrecy::SecretString,
    pub time_out: std::time::Duration,
}
