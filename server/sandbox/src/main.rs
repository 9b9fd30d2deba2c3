//! Runs the sandbox alone: `cargo run -p sandbox`.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use sandbox::{DEFAULT_ADDRESS, Sandbox, Settings};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
A Microsoft identity platform and a Microsoft Graph for mail on this computer.

sandbox [--tls] [--config <file>]

  --tls   serve https with a certificate of a local authority, which is kept in
          STATE_DIR/sandbox (STATE_DIR is .state unless set)
  --config <file>  tenants, registrations and accounts, as TOML: see sandbox.toml,
          the file that is built in
  --help  this text

Environment: SANDBOX_ADDR (127.0.0.1:5001), STATE_DIR, RUST_LOG.
";

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

    let Some(settings) = settings()? else {
        print!("{HELP}");
        return Ok(());
    };
    let sandbox = Sandbox::bind_with(address()?, settings).await?;
    let url = sandbox.url();
    println!("The sandbox answers at {url}/ (its outbox). Settings for an app that uses it:\n");
    for (name, value) in sandbox.app_settings() {
        println!("{name}={value}");
    }
    println!();
    if let Some(authority) = sandbox.authority() {
        print_trust(&std::path::absolute(authority)?);
    }

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

/// Reads the command line; nothing if it asks for help.
fn settings() -> anyhow::Result<Option<Settings>> {
    use lexopt::prelude::{Long, Short};

    let mut settings = Settings::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        settings = match argument {
            Long("tls") => settings.tls(state_folder()),
            Long("config") => {
                let file = PathBuf::from(arguments.value()?);
                let text = std::fs::read_to_string(&file);
                settings.config(text.with_context(|| format!("{} cannot be read", file.display()))?)
            }
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        };
    }
    Ok(Some(settings))
}

fn address() -> anyhow::Result<SocketAddr> {
    let text = variable("SANDBOX_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
    text.parse().with_context(|| format!("SANDBOX_ADDR is not an address and port: '{text}'"))
}

fn state_folder() -> PathBuf {
    Path::new(&variable("STATE_DIR").unwrap_or_else(|| ".state".to_owned())).join("sandbox")
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn print_trust(authority: &Path) {
    let file = authority.display();
    println!("Clients have to trust the authority in this file:\n");
    println!("Node             NODE_EXTRA_CA_CERTS={file}");
    println!("Python requests  REQUESTS_CA_BUNDLE={file}");
    println!("Python, OpenSSL  SSL_CERT_FILE={file}");
    println!("curl             curl --cacert {file}\n");
}
