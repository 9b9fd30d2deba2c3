//! What the server refuses to start with, and that it says everything at once.

use std::{
    borrow::Cow, collections::HashMap, fs, os::unix::fs::PermissionsExt, path::Path,
    process::Command,
};

use bff::SessionKey;
use secrecy::ExposeSecret;
use server::config::{Config, ConfigProblem, Environment};
use tempfile::TempDir;

use crate::server::key;

type Settings<'a> = &'a [(&'a str, &'a str)];

fn problems(settings: &[(&str, &str)]) -> Vec<Cow<'static, str>> {
    let problems = read(settings).err().unwrap_or_default();
    problems.into_iter().map(|problem| problem.setting).collect()
}

/// What a `.env` with this text sets, and the problems with it.
fn dotenv(text: &str) -> (Environment, Vec<ConfigProblem>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, text).unwrap();
    Environment::load([], &path)
}

fn read(settings: &[(&str, &str)]) -> Result<Config, Vec<ConfigProblem>> {
    let env: HashMap<&str, &str> = settings.iter().copied().collect();
    Config::read(|name| env.get(name).map(|&it| it.to_owned()))
}

#[test]
fn wrong_settings_are_refused_and_all_named_at_once() {
    let good = key(1);
    let real = [
        ("CLIENT_ID", "77777777-7777-4777-8777-777777777777"),
        ("CLIENT_SECRET", "s~3cret"),
        ("SESSION_KEYS", &good),
    ];
    assert_eq!(problems(&real), [""; 0]);
    for origin in ["https://login.example", "https://login.example/", "http://127.0.0.1:5001"] {
        let urls = [("LOGIN_URL", origin), ("GRAPH_URL", origin)];
        assert_eq!(problems(&[real.as_slice(), &urls].concat()), [""; 0], "{origin}");
    }
    let table: &[(Settings, &[&str])] = &[
        (&[("CLIENT_SECRET", "")], &["CLIENT_SECRET"]),
        (&[("CLIENT_ID", " ")], &["CLIENT_ID"]),
        (&[("CLIENT_ID", "your-client-id")], &["CLIENT_ID"]),
        (&[("CLIENT_ID", "00000000-0000-0000-0000-000000000000")], &["CLIENT_ID"]),
        (&[("CLIENT_SECRET", "<client secret>")], &["CLIENT_SECRET"]),
        (&[("CLIENT_SECRET", "0f1c7f2e-1f8e-4a67-9d7c-0a6a5a6e1b2c")], &["CLIENT_SECRET"]),
        (&[("SESSION_KEYS", "")], &["SESSION_KEYS"]),
        (&[("SESSION_KEYS", "c2hvcnQ=")], &["SESSION_KEYS"]),
        (&[("SESSION_KEYS", "not base64")], &["SESSION_KEYS"]),
        (&[("PUBLIC_URL", "http://mail.example.com")], &["PUBLIC_URL"]),
        (&[("PUBLIC_URL", "http://127.0.0.1:5000")], &["PUBLIC_URL"]),
        (&[("PUBLIC_URL", "https://mail.example.com/app")], &["PUBLIC_URL"]),
        (&[("TENANT", "../evil")], &["TENANT"]),
        (&[("CLOUD", "moon")], &["CLOUD"]),
        (&[("LOGIN_URL", "http://login.example")], &["LOGIN_URL"]),
        (&[("GRAPH_URL", "graph")], &["GRAPH_URL"]),
        (&[("LOGIN_URL", "https://login.example/common")], &["LOGIN_URL"]),
        (&[("LOGIN_URL", "https://login.example?a=b")], &["LOGIN_URL"]),
        (&[("LOGIN_URL", "https://login.example#a")], &["LOGIN_URL"]),
        (&[("GRAPH_URL", "https://graph.example/v1.0")], &["GRAPH_URL"]),
        (&[("GRAPH_URL", "https://user@graph.example")], &["GRAPH_URL"]),
        (&[("GRAPH_URL", "https://:password@graph.example")], &["GRAPH_URL"]),
        (&[("SENT_ITEMS_URL", "http://outlook.example")], &["SENT_ITEMS_URL"]),
        (&[("SESSION_IDLE", "0")], &["SESSION_IDLE"]),
        (&[("MAX_BODY", "-1")], &["MAX_BODY"]),
        (&[("MAX_CONNECTIONS", "0")], &["MAX_CONNECTIONS"]),
        (&[("DRAIN_DELAY", "-1")], &["DRAIN_DELAY"]),
        (&[("CLIENT_SECRET_FILE", "/nonexistent")], &["CLIENT_SECRET_FILE"]),
        (&[("CLIENT_SECRET", ""), ("CLIENT_SECRET_FILE", "/nonexistent")], &["CLIENT_SECRET_FILE"]),
        (&[("SESSION_KEYS", ""), ("SESSION_KEYS_FILE", "/dev/null")], &["SESSION_KEYS_FILE"]),
        (&[("SENDS_PER_MINUTE", "many")], &["SENDS_PER_MINUTE"]),
        (&[("TRUSTED_PROXIES", "10.0.0.0/8, proxy")], &["TRUSTED_PROXIES"]),
        (&[("HSTS", "on")], &["HSTS"]),
        (&[("LOG_FORMAT", "xml")], &["LOG_FORMAT"]),
        (&[("LEPTOS_SITE_ADDR", "5000")], &["LEPTOS_SITE_ADDR"]),
        (
            &[
                ("CLIENT_ID", "your-id"),
                ("CLIENT_SECRET", "changeme"),
                ("SESSION_KEYS", ""),
                ("TENANT", "a b"),
            ],
            &["TENANT", "CLIENT_ID", "CLIENT_SECRET", "SESSION_KEYS"],
        ),
    ];
    for (settings, expected) in table {
        let all = [real.as_slice(), settings].concat();
        assert_eq!(problems(&all), *expected, "{settings:?}");
    }
}

#[test]
fn the_sandbox_is_for_this_computer_only() {
    let expected = ["CLIENT_ID", "CLIENT_SECRET"];
    assert_eq!(problems(&[("PUBLIC_URL", "https://mail.example.com")]), expected);
}

#[test]
fn every_problem_says_what_to_do() {
    for problem in read(&[("CLIENT_ID", "your-id"), ("CLOUD", "moon")]).err().unwrap() {
        assert!(problem.remedy.len() > 20, "{problem}");
    }
}

#[test]
fn on_the_sandbox_a_session_key_is_made_and_kept_for_its_owner() {
    let dir = TempDir::new().unwrap();
    let state_dir = dir.path().join("state");
    let settings = [("STATE_DIR", state_dir.to_str().unwrap())];
    let config = read(&settings).ok().unwrap();
    assert!(!state_dir.exists(), "reading the configuration makes no file");
    config.session_keys.open(&state_dir).unwrap();
    let file = state_dir.join("session-key");
    let first = fs::read(&file).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    read(&settings).ok().unwrap().session_keys.open(&state_dir).unwrap();
    assert_eq!(fs::read(&file).unwrap(), first, "the second start uses the first one's key");
}

#[test]
fn a_secret_can_stand_in_a_file_and_counts_as_it_does_in_the_variable() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let write = |name: &str, text: &str, mode: u32| {
        fs::write(path(name), text).unwrap();
        fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).unwrap();
        path(name)
    };
    let (secret, keys) = (write("secret", " s~3cret\n", 0o440), write("keys", &key(2), 0o604));
    let settings =
        [("CLIENT_ID", "a"), ("CLIENT_SECRET_FILE", &secret), ("SESSION_KEYS_FILE", &keys)];
    let config = read(&settings).ok().unwrap();
    assert_eq!(config.client_secret.expose_secret(), "s~3cret");
    let given = config.session_keys.open(Path::new("/nonexistent")).unwrap();
    assert_eq!(given.iter().map(SessionKey::to_text).collect::<Vec<_>>(), [key(2)]);
    assert_eq!(config.exposed_secrets, ["SESSION_KEYS_FILE"], "others can read it");

    for (text, setting) in [("changeme", "CLIENT_SECRET"), ("", "CLIENT_SECRET_FILE")] {
        write("secret", text, 0o400);
        assert_eq!(problems(&settings), [setting], "{text:?}");
    }
    assert_eq!(problems(&settings[1..]), ["CLIENT_SECRET_FILE", "CLIENT_ID"], "no sandbox starts");
}

#[test]
fn each_line_of_dotenv_that_cannot_be_read_is_told_by_its_number() {
    let good = "TENANT=organizations";
    for (text, lines) in [
        (format!("CLIENT ID=a\n{good}\n"), &[1][..]),
        (format!("\u{feff}# A comment\n\nCLIENT_ID\r\n{good}\r\n"), &[3]),
        (
            format!("{good}\nSESSION_KEYS=$(openssl rand -base64 64 | tr -d '\\n')   # run this\n"),
            &[2],
        ),
        (format!("=a\nA=b c\n{good}\n-"), &[1, 2, 4]),
        (format!("{good}\nA='two\nlines'\nCLIENT_SECRET=s3cret word\n"), &[4]),
        (format!("{good}\nCLIENT_SECRET=\"s3cret\nB=c\n"), &[2]),
    ] {
        let (environment, problems) = dotenv(&text);
        let told: Vec<_> = problems.iter().map(|it| it.setting.clone()).collect();
        let expected: Vec<_> = lines.iter().map(|line| format!(".env, line {line}")).collect();
        assert_eq!(told, expected, "{text:?}");
        assert_eq!(environment.get("TENANT").as_deref(), Some("organizations"), "{text:?}");
        let words = problems.iter().map(ToString::to_string).collect::<String>();
        assert!(!words.contains("s3cret"), "{words}");
    }
}

#[test]
fn where_environment_and_dotenv_have_a_name_the_environment_counts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "CLOUD=china\nTENANT=file\nHSTS=off\nHSTS=host\n").unwrap();
    let process = [("TENANT", "process"), ("CLOUD", "")].map(|(name, it)| (name.into(), it.into()));
    let (environment, problems) = Environment::load(process, &path);
    assert_eq!(problems, []);
    let get = |name| environment.get(name);
    assert_eq!(get("TENANT").as_deref(), Some("process"));
    assert_eq!(get("CLOUD").as_deref(), Some(""), "set to nothing");
    assert_eq!(get("HSTS").as_deref(), Some("off"), "the first line");
    assert_eq!(get("PUBLIC_URL"), None);
}

#[test]
fn a_dotenv_that_is_there_but_cannot_be_read_is_a_problem_and_a_missing_one_is_none() {
    let folder = TempDir::new().unwrap();
    let (_, problems) = Environment::load([], folder.path());
    assert_eq!(problems.iter().map(|it| &it.setting).collect::<Vec<_>>(), [".env"]);
    let (_, problems) = Environment::load([], &folder.path().join(".env"));
    assert_eq!(problems, []);
}

#[test]
fn a_name_that_is_nearly_a_setting_is_taken_for_a_misspelling() {
    let (environment, _) = dotenv(
        "TENNANT=a\ntenant=a\nCLEINT_ID=a\nSESSION_KEY=a\nTENANT=a\nHOST=a\nhttps_proxy=a\nHTTP_PROXY=a\nLOGNAME=a\n",
    );
    let expected = [
        ("CLEINT_ID", "CLIENT_ID"),
        ("SESSION_KEY", "SESSION_KEYS"),
        ("TENNANT", "TENANT"),
        ("tenant", "TENANT"),
    ];
    assert_eq!(environment.misspelled(), expected.map(|(name, known)| (name.to_owned(), known)));
}

#[test]
fn the_command_of_the_readme_adds_a_key_that_works() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let command = readme.lines().find(|line| line.ends_with(">>.env")).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "CLIENT_ID=a\nCLIENT_SECRET=b\n").unwrap();
    let run = Command::new("sh").args(["-c", command]).current_dir(&folder).status();
    assert!(run.unwrap().success());
    let (environment, problems) = Environment::load([], &path);
    assert_eq!(problems, []);
    assert_eq!(Config::read(|name| environment.get(name)).err(), None);
}

#[test]
fn each_cloud_has_its_own_hosts() {
    let good = key(1);
    for (cloud, login, graph) in [
        ("global", "login.microsoftonline.com", "graph.microsoft.com"),
        ("usgov-l4", "login.microsoftonline.us", "graph.microsoft.us"),
        ("usgov-l5", "login.microsoftonline.us", "dod-graph.microsoft.us"),
        ("china", "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
    ] {
        let config = read(&[
            ("CLOUD", cloud),
            ("CLIENT_ID", "a"),
            ("CLIENT_SECRET", "b"),
            ("SESSION_KEYS", &good),
        ])
        .ok()
        .unwrap();
        assert_eq!(
            (config.login_url.host_str(), config.graph_url.host_str()),
            (Some(login), Some(graph))
        );
    }
}
