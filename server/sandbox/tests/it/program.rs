//! What the program says when it starts.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

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
