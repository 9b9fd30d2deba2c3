//! What the server refuses to start with, and that it says everything at once.

use std::{
    collections::HashMap, fs, os::unix::fs::PermissionsExt,
};

use server::config::{Config, ConfigProblem};
use tempfile::TempDir;

use crate::server::key;

type Settings<'a> = &'a [(&'a str, &'a str)];

fn problems(settings: &[(&str, &str)]) -> Vec<&'static str> {
    let variables = read(settings).err().unwrap_or_default();
    variables.into_iter().map(|problem| problem.variable).collect()
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
