//! Sending: what goes out, once, and what each failure says (without JavaScript and through the
//! server function).

mod bodies;
mod delivery;
mod fields;
mod graph_failures;
mod once;

use serde_json::{Value, json};

use crate::{browser::Browser, server::Server};

const WORK: &str = "work@sandbox.example";

/// The notice of a press without a session.
const SIGNED_OUT: &str = "You've been signed out.";

async fn connected() -> (Server, Browser) {
    connected_with(&[]).await
}

async fn connected_with(settings: &[(&str, &str)]) -> (Server, Browser) {
    let server = Server::on_sandbox_with(settings).await;
    let mut browser = server.browser();
    assert_eq!(browser.connect(WORK).await.status, 200);
    (server, browser)
}

fn texts<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn arguments(form: &[(&'static str, String)]) -> Value {
    let fields = form.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    fields.collect::<serde_json::Map<_, _>>().into()
}
