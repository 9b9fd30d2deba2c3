//! What `make bench` measures with, one role in a process: `bare` serves the same pages and makes the
//! same call of Graph with axum alone, `graph` plays Graph, `load` asks any of them.
//! `.make/bench.mjs` starts them and prints the table.

mod bare;
mod load;

use std::env;

use axum::{
    Json, Router,
    http::StatusCode,
    routing::{get, post},
};
use serde_json::json;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match env::args().nth(1).as_deref() {
        Some("bare") => serve(bare::router()?).await,
        Some("graph") => serve(graph()).await,
        Some("load") => load::run().await,
        _ => anyhow::bail!("bare, graph or load?"),
    }
}

/// Serves on a free port, and prints it.
async fn serve(router: Router) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    Ok(axum::serve(listener, router).await?)
}

fn graph() -> Router {
    let me = json!({ "displayName": "Wanda Work", "mail": "work@sandbox.example" });
    let accepted = (StatusCode::ACCEPTED, [("request-id", "27b2ac83-1d2c-4f3a-9f0e-9c0b1ad5d4a0")]);
    Router::new()
        .route("/v1.0/me", get(async || Json(me)))
        .route("/v1.0/me/microsoft.graph.sendMail", post(async move |_: String| accepted))
}
