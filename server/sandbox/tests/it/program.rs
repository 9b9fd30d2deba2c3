//! What the program says when it starts.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use sandbox::{CLIENT_ID, CLIENT_SECRET, TENANT};

const FILE: &str = r#"
account = []

[[tenant]]
id = "22222222-2222-4222-8222-222222222222"
domain = "sandbox.example"

[[registration]]
client_id = "11111111-1111-4111-8111-111111111112"
name = "Switched off"
disabled = true

[[registration]]
client_id = "11111111-1111-4111-8111-111111111113"
name = "The first of use"
sign_in_audience = "AzureADMyOrg"
secrets = [{ value = "old", expires = 2024-12-31T00:00:00Z }, { value = "new" }]
"#;

/// Starts it; the lines that are settings, but for the URLs.
fn settings(arguments: &[&str]) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(arguments)
        .env("SANDBOX_ADDR", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
    let lines: Vec<String> =
        lines.skip_while(|line| !line.is_empty()).skip(1).take_while(|it| !it.is_empty()).collect();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(lines[0].starts_with("LOGIN_URL=http://127.0.0.1:"), "{lines:?}");
    assert_eq!(lines[1], lines[0].replace("LOGIN", "GRAPH"));
    lines[2..].to_vec()
}

#[test]
fn the_program_prints_an_application_that_is_registered_with_a_secret_that_is_good() {
    let built_in = [
        format!("CLIENT_ID={CLIENT_ID}"),
        format!("CLIENT_SECRET={CLIENT_SECRET}"),
        "TENANT=common".to_owned(),
    ];
    assert_eq!(settings(&[]), built_in);

    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program.toml");
    let public = FILE.split("secrets").next().unwrap();
    let first = "CLIENT_ID=11111111-1111-4111-8111-111111111113";
    let tenant = format!("TENANT={TENANT}");
    for (text, expected) in
        [(FILE, vec![first, "CLIENT_SECRET=new", &tenant]), (public, vec![first, &tenant])]
    {
        fs::write(&file, text).unwrap();
        assert_eq!(settings(&["--config", file.to_str().unwrap()]), expected);
    }
}

/// A program that is ended when its test is over, however that ends.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Waits for a file with another text than an old one, for at most half a minute.
async fn appears(file: &Path, old: &str) -> String {
    let wait = async {
        loop {
            match fs::read_to_string(file) {
                Ok(text) if text != old => return text,
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap()
}

#[tokio::test]
async fn the_ready_file_appears_with_the_url_once_the_sandbox_answers_and_goes_at_the_end() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ready");
    let stale = "http://127.0.0.1:1";
    fs::write(&file, stale).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["--bind", "0.0.0.0:0", "--host", "localhost", "--ready-file"])
        .arg(&file)
        .env("SANDBOX_CONTROL_KEY", "secret")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let url = appears(&file, stale).await;
    assert!(url.starts_with("http://localhost:"), "{url}");
    let outbox = || reqwest::Client::new().get(format!("{url}/sandbox/outbox"));
    assert_eq!(outbox().send().await.unwrap().status().as_u16(), 401);
    assert_eq!(outbox().bearer_auth("secret").send().await.unwrap().status().as_u16(), 200);

    let id = running.0.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert!(running.0.wait().unwrap().success());
    assert!(!file.exists(), "the file is gone with the sandbox");
    let mut log = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("can sign in as anybody"), "{log}");
}

#[test]
fn the_address_in_the_environment_stays_on_this_computer() {
    let output = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .env("SANDBOX_ADDR", "0.0.0.0:0")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("0.0.0.0"), "{said}");
}
