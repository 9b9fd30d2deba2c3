//! Runs the sandbox alone: `cargo run -p sandbox`. Listens on `SANDBOX_ADDR`, or on 127.0.0.1:5001.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use sandbox::{CLIENT_ID, CLIENT_SECRET, DEFAULT_ADDRESS, Sandbox};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    let sandbox = Sandbox::bind(address()?).await?;
    let url = sandbox.url();
    println!("The sandbox answers at {url}/ (its outbox). Settings for an app that uses it:\n");
    println!(
        "LOGIN_URL={url}\nGRAPH_URL={url}\nCLIENT_ID={CLIENT_ID}\nCLIENT_SECRET={CLIENT_SECRET}\nTENANT=common\n"
    );

    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be heard")?;
    sandbox
        .serve_with_shutdown(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await;
    Ok(())
}

fn address() -> anyhow::Result<SocketAddr> {
    let text = match std::env::var("SANDBOX_ADDR") {
        Ok(text) if !text.is_empty() => text,
        _ => DEFAULT_ADDRESS.to_owned(),
    };
    text.parse().with_context(|| format!("SANDBOX_ADDR is not an address and port: '{text}'"))
}
