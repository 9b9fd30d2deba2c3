//! Starts Graph Connect: reads the configuration, starts the sandbox where there is no app
//! registration, and serves until it is told to stop. Only wires; decides nothing.

use std::{
    env,
    io::{self, IsTerminal},
    net::SocketAddr,
    process::ExitCode,
};

use anyhow::{Context, anyhow};
use bff::Clock;
use sandbox::Sandbox;
use server::{
    config::{Config, ConfigProblem, LogFormat},
    routes::router,
    serve::serve,
    site,
    state::AppState,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Before any thread, since it writes to the environment. A missing file is no error.
    _ = dotenvy::dotenv();
    let read = |name: &str| env::var(name).ok();
    let config = match Config::read(read) {
        Ok(config) => config,
        Err(problems) => return missing_configuration(&problems),
    };
    log(config.log_format);
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Graph Connect cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to stderr, in UTC. A panic is told by its place alone: its words can quote anything.
fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(event = "panic", place);
    }));
}

fn missing_configuration(problems: &[ConfigProblem]) -> ExitCode {
    eprintln!("MISSING CONFIGURATION");
    eprintln!("Set these in the environment or in the file .env (see .env.example):\n");
    for problem in problems {
        eprintln!("  {problem}\n");
    }
    ExitCode::FAILURE
}

#[tokio::main]
async fn run(mut config: Config) -> anyhow::Result<()> {
    // Before anybody can connect, so that whoever has is answered.
    let stop = stop_signal().context("signals cannot be listened to")?;
    let sandbox = match config.sandbox {
        Some(address) => Some(start_sandbox(address, &mut config).await?),
        None => None,
    };
    let listener = listen(config.address).await?;
    let public_url = config.public_url.origin();
    let executable = env::current_exe().context("the program's own folder is not known")?;
    let beside = executable.parent().context("the program's own folder is not known")?;
    let options = site::options(|name| env::var(name).ok(), beside, listener.local_addr()?);
    let state = AppState::new(config, options, Clock::system())?;

    tracing::info!(event = "listening", "Graph Connect is on {public_url}");
    serve(listener, router(state.clone()), &state, stop).await;
    if let Some(sandbox) = sandbox {
        sandbox.abort();
    }
    Ok(())
}

async fn start_sandbox(
    address: SocketAddr,
    config: &mut Config,
) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let another = "the sandbox needs another address: start with SANDBOX_ADDR=127.0.0.1:5081";
    let sandbox = Sandbox::bind(address).await.context(another)?;
    let url = sandbox.url().to_string();
    config.use_sandbox_at(&url)?;
    tracing::info!(
        event = "sandbox_listening",
        "Sandbox: nothing leaves this computer. Its outbox is on {url}"
    );
    Ok(tokio::spawn(sandbox.run()))
}

/// Binds `address`, and says how to choose another where it is taken.
async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "{address} is taken by another program (on macOS, AirPlay takes port 5000): start with \
             LEPTOS_SITE_ADDR=127.0.0.1:5080; a registered redirect URI on localhost works with any port"
        ),
        _ => anyhow!("{address} cannot be listened on ({error}): set LEPTOS_SITE_ADDR"),
    })
}

/// Ends when the process is told to stop, also where that was before anybody waited for it.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
