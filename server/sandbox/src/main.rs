//! Runs the sandbox alone: `cargo run -p sandbox`.

use std::fs;
use std::io::{ErrorKind, IsTerminal};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use sandbox::{DEFAULT_ADDRESS, Sandbox, Settings};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
A local Microsoft identity platform and Microsoft Graph for mail.

sandbox [options]

  --bind <address:port>  listen there (127.0.0.1:5001). On any other address than this
          computer's own, whoever reaches it can sign in as anybody.
  --host <name[:port]>   a name that clients reach it by; may be given twice, the second
          one for uploads. It answers to this computer's names too, and to no others.
  --control-key <key>    what requests to /sandbox/... have to bring as a bearer token or
          as a password; without it, only this computer controls the sandbox
  --ready-file <file>    written, with the sandbox's URL, once it answers; removed at the end
  --tls   serve https with a certificate of a local authority, which is kept in
          STATE_DIR/sandbox (STATE_DIR is .state unless set)
  --config <file>        tenants, registrations and accounts, as TOML: see sandbox.toml,
          the file that is built in
  --help  this text

Environment: SANDBOX_ADDR (like --bind, but this computer's addresses only),
SANDBOX_CONTROL_KEY (like --control-key), STATE_DIR, RUST_LOG.
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

    let Some(options) = options()? else {
        print!("{HELP}");
        return Ok(());
    };
    if let Some(file) = &options.ready_file {
        remove(file)?;
    }
    let sandbox = Sandbox::bind_with(options.address, options.settings).await?;
    let url = sandbox.url().to_owned();
    println!("The sandbox answers at {url}/ (its outbox). Settings for an app that uses it:\n");
    for (name, value) in sandbox.app_settings() {
        println!("{name}={value}");
    }
    println!();
    if let Some(authority) = sandbox.authority() {
        print_trust(&std::path::absolute(authority)?);
    }

    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    if let Some(file) = &options.ready_file {
        write_whole(file, &url)?;
    }
    sandbox
        .serve_with_shutdown(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await;
    options.ready_file.as_deref().map_or(Ok(()), remove)
}

/// Removes a file, which may not be there.
fn remove(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}

/// What the command line and the environment say.
struct Options {
    settings: Settings,
    address: SocketAddr,
    ready_file: Option<PathBuf>,
}

/// Reads the command line; nothing if it asks for help.
fn options() -> anyhow::Result<Option<Options>> {
    use lexopt::prelude::{Long, Short, ValueExt};

    let (mut bind, mut ready_file) = (None, None);
    let mut settings = Settings::default();
    if let Some(key) = variable("SANDBOX_CONTROL_KEY") {
        settings = settings.control_key(key);
    }
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        settings = match argument {
            Long("tls") => settings.tls(state_folder()),
            Long("config") => {
                let file = PathBuf::from(arguments.value()?);
                let text = fs::read_to_string(&file);
                settings.config(text.with_context(|| format!("{} cannot be read", file.display()))?)
            }
            Long("bind") => {
                bind = Some(address("--bind", &arguments.value()?.string()?)?);
                settings.any_address()
            }
            Long("host") => settings.host(arguments.value()?.string()?),
            Long("control-key") => {
                let key = arguments.value()?.string()?;
                anyhow::ensure!(!key.is_empty(), "--control-key is empty");
                settings.control_key(key)
            }
            Long("ready-file") => {
                ready_file = Some(PathBuf::from(arguments.value()?));
                settings
            }
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        };
    }
    let address = match bind {
        Some(address) => address,
        None => {
            let text = variable("SANDBOX_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
            address("SANDBOX_ADDR", &text)?
        }
    };
    Ok(Some(Options { settings, address, ready_file }))
}

fn address(named: &str, text: &str) -> anyhow::Result<SocketAddr> {
    text.parse().with_context(|| format!("{named} is not an address and port: '{text}'"))
}

/// Writes a file that others wait for: it appears with all of its text.
fn write_whole(file: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("{} cannot be written", file.display());
    let draft = file.with_extension("part");
    fs::write(&draft, text).with_context(failed)?;
    fs::rename(&draft, file).with_context(failed)
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
