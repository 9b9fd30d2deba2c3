//! The program as the site owner runs it: its log, and how it stops (security.md, L1, L2).

mod log;
mod log_reader;
mod replicas;
mod start;
mod stop;

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::timeout,
};

use crate::server::{ON_SANDBOX, Server, key, sandbox};

/// Longer than the program takes for anything; a test that gets here has failed.
const FOREVER: Duration = Duration::from_secs(60);

/// The program, running until it is told to stop.
pub struct Program {
    child: Child,
    address: String,
    pub server: Server,
    _state: TempDir,
}

impl Program {
    /// Against a sandbox of its own.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let (microsoft, _) = sandbox(sandbox::Settings::default()).await;
        Self::start_at(&microsoft, settings).await
    }

    /// The same against a sandbox that is there.
    pub async fn start_at(microsoft: &str, settings: &[(&str, &str)]) -> Self {
        let start = async {
            loop {
                // Somebody else may take a port that was free a moment ago.
                if let Some(program) = Self::try_to_start(microsoft, settings).await {
                    return program;
                }
            }
        };
        timeout(FOREVER, start).await.expect("the program starts")
    }

    async fn try_to_start(microsoft: &str, settings: &[(&str, &str)]) -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let origin = format!("http://localhost:{}", address.rsplit_once(':').unwrap().1);
        let state = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
            .env_clear()
            .current_dir(state.path())
            .envs(ON_SANDBOX)
            .envs([
                ("LOGIN_URL", microsoft),
                ("GRAPH_URL", microsoft),
                ("PUBLIC_URL", &origin),
                ("LEPTOS_SITE_ADDR", &address),
                ("SESSION_KEYS", &key(1)),
            ])
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        while TcpStream::connect(&address).await.is_err() {
            if child.try_wait().unwrap().is_some() {
                return None;
            }
            tokio::task::yield_now().await;
        }
        let server = Server { origin, microsoft: microsoft.to_owned() };
        Some(Self { child, address, server, _state: state })
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        let kill = std::process::Command::new("kill").args(["-TERM", &pid]).status();
        assert!(kill.unwrap().success());
    }

    /// Ends it without a chance to finish anything.
    pub async fn kill(mut self) {
        timeout(FOREVER, self.child.kill()).await.expect("it ends").unwrap();
    }

    /// How it ended, and what it wrote to the log.
    pub async fn end(self) -> (ExitStatus, String) {
        let output =
            timeout(FOREVER, self.child.wait_with_output()).await.expect("it ends").unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }
}
