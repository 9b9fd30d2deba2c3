//! What the program reads at its start, and what it says then.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, process::Command, time::timeout};

use super::{FOREVER, Program};
use crate::server::key;

#[tokio::test]
async fn the_program_and_its_own_sandbox_go_by_the_same_clock() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let settings = [("CLIENT_ID", ""), ("CLIENT_SECRET", ""), ("SANDBOX_ADDR", address.as_str())];
    let program = Program::start_at(&format!("http://{address}"), &settings).await;
    let server = &program.server;
    let mut before = server.browser();
    assert_eq!(before.connect("work@sandbox.example").await.status, 200);
    for _ in 0..2 {
        let clock = format!("{}/sandbox/clock", server.microsoft);
        let hour = json!({ "advance": 3600 });
        let moved = reqwest::Client::new().post(clock).json(&hour).send().await.unwrap();
        assert!(moved.status().is_success());
    }
    let form = before.form("a@b.example", "s", "m").await;
    assert_eq!(before.press_send(&form).await.status, 303, "the session goes on");
    let mut later = server.browser();
    assert_eq!(later.connect("work@sandbox.example").await.status, 200, "and others can sign in");
}

#[tokio::test]
async fn a_secret_that_others_can_read_is_warned_of() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    std::fs::write(&path, key(1)).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let settings = [
        ("LOG_FORMAT", "json"),
        ("SESSION_KEYS", ""),
        ("SESSION_KEYS_FILE", path.to_str().unwrap()),
    ];
    let program = Program::start(&settings).await;
    program.terminate();
    let (_, log) = program.end().await;
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let warned = lines.iter().find(|it| it["event"] == "secret_exposed").expect(&log);
    assert_eq!(warned["setting"], "SESSION_KEYS_FILE");
    assert!(!log.contains(&key(1)));
}

/// Runs the program in a folder, to its end; what it says then.
async fn refused(folder: &Path, settings: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .env_clear()
        .current_dir(folder)
        .envs(settings.iter().copied())
        .kill_on_drop(true)
        .output();
    let output = timeout(FOREVER, output).await.expect("it does not start").unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn with_a_line_of_dotenv_that_cannot_be_read_nothing_starts_and_all_is_told() {
    let folder = TempDir::new().unwrap();
    let text = "CLIENT ID=a\nTENNANT=organizations\nCLOUD=moon\n";
    std::fs::write(folder.path().join(".env"), text).unwrap();
    let said = refused(
        folder.path(),
        &[("LEPTOS_SITE_ADDR", "127.0.0.1:0"), ("SANDBOX_ADDR", "127.0.0.1:0")],
    )
    .await;
    for expected in [".env, line 1: ", "CLOUD: ", "TENNANT isn't a setting. Is TENANT meant?"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[tokio::test]
async fn the_dotenv_of_a_parent_folder_is_not_read() {
    let parent = TempDir::new().unwrap();
    std::fs::write(parent.path().join(".env"), "CLOUD=moon\n").unwrap();
    let folder = parent.path().join("child");
    std::fs::create_dir(&folder).unwrap();
    let said = refused(&folder, &[("HSTS", "always")]).await;
    assert!(said.contains("HSTS: ") && !said.contains("CLOUD: "), "{said}");
}

#[tokio::test]
async fn a_misspelled_setting_is_warned_of() {
    let program = Program::start(&[("LOG_FORMAT", "json"), ("TENNANT", "a")]).await;
    program.terminate();
    let (_, log) = program.end().await;
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let warned = lines.iter().find(|it| it["event"] == "unknown_setting").expect(&log);
    assert_eq!(
        (&warned["name"], &warned["message"]),
        (&json!("TENNANT"), &json!("Is TENANT meant?"))
    );
}
