//! Starts Graph Connect: reads the configuration, starts the sandbox where there is no app
//! registration, and serves until it is told to stop. Only wires; decides nothing.

use std::{env, io, net::SocketAddr, path::Path, process::ExitCode};

use anyhow::{Context, anyhow};
use bff::Clock;
use sandbox::Sandbox;
use server::{
    config::{Config, ConfigProblem, Environment},
    log::{self, Log},
    routes::router,
    serve::serve,
    site,
    state::AppState,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn main() -> ExitCode {
    let (environment, problems) = Environment::load(env::vars_os(), Path::new(".env"));
    let config = match (Config::read(|name| environment.get(name)), problems.is_empty()) {
        (Ok(config), true) => config,
        (read, _) => {
            let all = [problems, read.err().unwrap_or_default()].concat();
            return missing_configuration(&environment, &all);
        }
    };
    let log = log::start(config.log_format, config.log_filter.clone());
    for (name, setting) in environment.misspelled() {
        tracing::warn!(event = "unknown_setting", name, "Is {setting} meant?");
    }
    for setting in &config.exposed_secrets {
        tracing::warn!(event = "secret_exposed", setting, "Others can read or change that file.");
    }
    let ended = run(config, &environment, &log);
    log.close();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Graph Connect cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn missing_configuration(environment: &Environment, problems: &[ConfigProblem]) -> ExitCode {
    eprintln!("MISSING CONFIGURATION");
    eprintln!("Set these in the environment or in the file .env (see .env.example):\n");
    for problem in problems {
        eprintln!("  {problem}\n");
    }
    for (name, setting) in environment.misspelled() {
        eprintln!("  {name} isn't a setting. Is {setting} meant?\n");
    }
    ExitCode::FAILURE
}

#[tokio::main]
async fn run(mut config: Config, environment: &Environment, log: &Log) -> anyhow::Result<()> {
    // Installed before listening, so that no early SIGTERM is missed.
    let stop = stop_signal().context("signals cannot be listened to")?;
    let (sandbox, clock) = match config.sandbox {
        Some(address) => {
            let (sandbox, clock) = start_sandbox(address, &mut config).await?;
            (Some(sandbox), clock)
        }
        None => (None, Clock::system()),
    };
    let listener = listen(config.address).await?;
    let public_url = config.public_url.origin();
    let executable = env::current_exe().context("the program's own folder is not known")?;
    let beside = executable.parent().context("the program's own folder is not known")?;
    let options = site::options(|name| environment.get(name), beside, listener.local_addr()?);
    let state = AppState::new(config, options, clock)?;

    tracing::info!(event = "listening", "Graph Connect is on {public_url}");
    tokio::select! {
        () = serve(listener, router(state.clone()), &state, stop) => {}
        () = log.tell_dropped() => {}
    }
    if let Some(sandbox) = sandbox {
        sandbox.abort();
    }
    Ok(())
}

/// Starts the sandbox, and gives its clock for this server too: when it is moved, both move.
async fn start_sandbox(
    address: SocketAddr,
    config: &mut Config,
) -> anyhow::Result<(tokio::task::JoinHandle<()>, Clock)> {
    let another = "the sandbox needs another address: start with SANDBOX_ADDR=127.0.0.1:5081";
    let sandbox = Sandbox::bind(address).await.context(another)?;
    let url = sandbox.url().to_string();
    config.use_sandbox_at(&url)?;
    tracing::info!(
        event = "sandbox_listening",
        "Sandbox: nothing leaves this computer. Its outbox is on {url}"
    );
    let shared = sandbox.clock();
    let clock = Clock::new(move || shared.now());
    Ok((tokio::spawn(sandbox.run()), clock))
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
