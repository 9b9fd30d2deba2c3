//! The program as the site owner runs it: its log, and how it stops (security.md, L1, L2).

use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use futures::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::timeout,
};

use crate::{
    browser::{Browser, Page},
    server::{ON_SANDBOX, Server, key, sandbox},
};

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
    async fn start(settings: &[(&str, &str)]) -> Self {
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

    fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        let kill = std::process::Command::new("kill").args(["-TERM", &pid]).status();
        assert!(kill.unwrap().success());
    }

    /// Ends it without a chance to finish anything.
    pub async fn kill(mut self) {
        timeout(FOREVER, self.child.kill()).await.expect("it ends").unwrap();
    }

    /// How it ended, and what it wrote to the log.
    async fn end(self) -> (ExitStatus, String) {
        let output =
            timeout(FOREVER, self.child.wait_with_output()).await.expect("it ends").unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }
}

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
async fn told_to_stop_it_answers_what_is_in_flight_and_exits_with_0() {
    let program = Program::start(&[]).await;
    let server = &program.server;
    let accounts = ["work@sandbox.example", "personal@sandbox.example", "markup@sandbox.example"];
    let mut tabs: Vec<(Browser, Vec<(&str, String)>)> = Vec::new();
    for account in accounts {
        let mut browser = server.browser();
        browser.connect(account).await;
        for _ in 0..4 {
            let form = browser.form("a@b.example", "s", "m").await;
            tabs.push((browser.clone(), form));
        }
    }
    let all = tabs.len();
    server.fault(json!([{ "route": "sendMail", "times": all, "delayMs": 1000 }])).await;
    let presses = join_all(tabs.iter_mut().map(|(tab, form)| tab.press_send(form)));
    let stop = async {
        server.has_arrived("sendMail", all).await;
        program.terminate();
    };
    let (pages, ()) = tokio::join!(presses, stop);
    assert!(pages.iter().all(|page| page.status == 303), "every press was answered");
    assert_eq!(server.outbox().await.len(), all, "every mail was sent");
    let address = program.address.clone();
    let (status, log) = program.end().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn told_to_stop_it_answers_who_had_asked_before_also_where_it_had_not_looked_yet() {
    // While it serves, and before it does.
    for serves in [true, false] {
        let program = Program::start(&[]).await;
        if serves {
            assert_eq!(program.server.browser().get("/healthz").await.status, 200);
        }
        let mut asked = Vec::new();
        for _ in 0..100 {
            let mut stream = TcpStream::connect(&program.address).await.unwrap();
            let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(request).await.unwrap();
            asked.push(stream);
        }
        program.terminate();
        for stream in &mut asked {
            let mut answer = String::new();
            let end = timeout(FOREVER, stream.read_to_string(&mut answer)).await.expect("an end");
            assert!(
                end.is_ok() && answer.starts_with("HTTP/1.1 200 "),
                "{serves} {end:?} {answer}"
            );
        }
        assert_eq!(program.end().await.0.code(), Some(0));
    }
}

#[tokio::test]
async fn told_to_stop_it_is_not_ready_but_serves_on_for_the_drain_delay() {
    let program = Program::start(&[("DRAIN_DELAY", "2")]).await;
    let mut browser = program.server.browser();
    for path in ["/livez", "/readyz"] {
        let page = browser.get(path).await;
        assert_eq!((page.status.as_u16(), page.header("connection").as_str()), (200, ""), "{path}");
    }
    let began = Instant::now();
    program.terminate();
    let not_ready = async {
        loop {
            let page = browser.get("/readyz").await;
            if page.status == 503 {
                return page;
            }
        }
    };
    let page = timeout(FOREVER, not_ready).await.expect("it says that it ends");
    assert_eq!(page.body, "draining");
    for path in ["/livez", "/healthz", "/"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("connection"), "close", "{path}");
    }
    let (status, log) = program.end().await;
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("answered") && !log.contains("/livez"), "probes leave no line: {log}");
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

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_refresh_once_each_at_most_and_answer_everybody() {
    // Tokens that are always about to end: what is under five minutes is refreshed.
    let lifetime = Duration::from_secs(240);
    let settings = sandbox::Settings::default().access_tokens_live(lifetime);
    let (microsoft, _) = sandbox(settings).await;
    let one = Program::start_at(&microsoft, &[]).await;
    let two = Program::start_at(&microsoft, &[]).await;
    let mut browser = one.server.browser();
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, "work@sandbox.example", "Accept").await;
    browser.get(&back).await;
    assert_eq!(one.server.refreshes().await, 0);

    let tabs = [vec![browser.at(&one.server); 25], vec![browser.at(&two.server); 25]];
    let mut tabs = tabs.concat();
    let pages = join_all(tabs.iter_mut().map(|tab| tab.get("/send"))).await;
    let is_mail_page = |page: &&Page| page.status == 200 && page.heading() == "Hi, Wanda Work!";
    assert_eq!(pages.iter().filter(is_mail_page).count(), 50);
    let refreshes = one.server.refreshes().await;
    assert!((1..=2).contains(&refreshes), "{refreshes} refreshes");
}

#[tokio::test]
async fn that_addresses_are_not_counted_is_said_once() {
    let program = Program::start(&[("LOG_FORMAT", "json")]).await;
    for _ in 0..3 {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "192.0.2.1")];
        let page = program.server.browser().request(Method::GET, "/login", &headers, None).await;
        assert_eq!(page.status, 303);
    }
    program.terminate();
    let (_, log) = program.end().await;
    assert_eq!(log.matches("\"address_limit_off\"").count(), 1, "{log}");
}

#[tokio::test]
async fn a_mail_whose_sender_is_gone_is_still_sent_before_the_end() {
    let program = Program::start(&[]).await;
    let server = &program.server;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    server.fault(json!([{ "route": "sendMail", "delayMs": 1000 }])).await;
    tokio::select! {
        _ = browser.press_send(&form) => panic!("answered before the browser went away"),
        () = server.has_arrived("sendMail", 1) => {}
    }
    program.terminate();
    let microsoft = server.microsoft.clone();
    assert_eq!(program.end().await.0.code(), Some(0));
    let outbox: Value =
        reqwest::get(format!("{microsoft}/sandbox/outbox")).await.unwrap().json().await.unwrap();
    assert_eq!(outbox.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_that_was_sent_before_a_restart_is_not_sent_again() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = TempDir::new().unwrap();
    let own = [("STATE_DIR", state.path().to_str().unwrap())];
    let settings = [ON_SANDBOX.as_slice(), &own].concat();
    let server = Server::start(&url, &settings, time.clock()).await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);

    let restarted = Server::start(&url, &settings, time.clock()).await;
    let page = browser.at(&restarted).press_send(&form).await;
    assert_eq!(page.status, 502);
    assert!(page.body.contains("we no longer know how that ended"), "{}", page.body);
    assert_eq!(restarted.outbox().await.len(), 1);
}

/// Times fifty lines: more than the pipe to the reader of the log and the program itself keep.
const MORE_THAN_FITS: usize = 100;

/// Has the program write this many times fifty lines to its log.
async fn write_log(program: &Program, times: usize) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let address = format!("http://{}/", program.address);
    for _ in 0..times {
        let asked = join_all((0..50).map(|_| client.get(&address).send()));
        let answers = timeout(FOREVER, asked).await.expect("each is answered");
        assert!(answers.iter().all(|it| it.as_ref().unwrap().status() == 308));
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_neither_requests_nor_the_end() {
    let mut program = Program::start(&[]).await;
    write_log(&program, MORE_THAN_FITS).await;
    program.terminate();
    let status = timeout(FOREVER, program.child.wait()).await.expect("it ends").unwrap();
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn lines_that_find_no_room_in_the_log_are_counted_and_told() {
    let mut program = Program::start(&[("LOG_FORMAT", "json")]).await;
    write_log(&program, MORE_THAN_FITS).await;
    let mut log = BufReader::new(program.child.stderr.take().unwrap()).lines();
    let mut lines = 0;
    let told = async {
        while let Some(line) = log.next_line().await.unwrap() {
            lines += 1;
            let line: Value = serde_json::from_str(&line).expect(&line);
            if line["event"] == "log_lines_dropped" {
                return line["lines"].as_u64().unwrap();
            }
        }
        panic!("the log ended");
    };
    let dropped = timeout(FOREVER, told).await.expect("it is told");
    assert!(lines > 4_000 && dropped > 0 && lines + dropped > 5_000, "{lines} {dropped}");

    program.terminate();
    let mut last = String::new();
    while let Some(line) = timeout(FOREVER, log.next_line()).await.expect("it ends").unwrap() {
        last = line;
    }
    assert!(last.contains("\"stopping\""), "{last}");
}

#[tokio::test]
async fn what_waits_for_room_in_the_log_is_written_before_the_end() {
    let mut program = Program::start(&[]).await;
    // More than the pipe takes, less than the program keeps.
    write_log(&program, 20).await;
    program.terminate();
    let closed = async { while TcpStream::connect(&program.address).await.is_ok() {} };
    timeout(FOREVER, closed).await.expect("it listens no longer");
    let ended = timeout(Duration::from_millis(300), program.child.wait()).await;
    assert!(ended.is_err(), "it waits for the reader");
    let (status, log) = program.end().await;
    assert_eq!(status.code(), Some(0));
    assert_eq!(log.matches("answered").count(), 1_000);
    assert!(log.lines().last().unwrap().contains("stopping"), "{log}");
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

#[tokio::test]
async fn each_line_of_a_json_log_has_its_time_and_the_name_of_its_request() {
    let program = Program::start(&[("LOG_FORMAT", "json"), ("SENDS_PER_MINUTE", "1")]).await;
    let mut browser = program.server.browser();
    let page = browser.connect("work@sandbox.example").await;
    let id = page.header("x-request-id");
    assert!(uuid::Uuid::parse_str(&id).is_ok(), "{id}");
    for status in [303, 429] {
        let form = browser.form("a@b.example", "s", "m").await;
        assert_eq!(browser.press_send(&form).await.status, status);
    }
    let failed = browser.get("/login/authorized?code=SECRETcode&state=none").await;
    assert!(failed.body.contains(&failed.header("x-request-id")), "an error page has its name");
    browser.request(Method::POST, "/logout", &[("sec-fetch-site", "cross-site")], None).await;
    let mut tampered = browser.clone();
    tampered.cookies.insert("graph-connect-session-0".to_owned(), "1.nonsense".to_owned());
    tampered.get("/").await;
    browser.post("/logout", &[]).await;
    program.terminate();
    let (_, log) = program.end().await;
    assert!(!log.contains("SECRETcode"), "no query is logged");

    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "UTC: {line}");
    }
    let of = |event: &str| lines.iter().find(|it| it["event"] == event).expect(event);
    for event in [
        "signed_in",
        "sign_in_failed",
        "signed_out",
        "mail_accepted",
        "rate_limited",
        "cross_origin_refused",
        "cookie_refused",
        "answered",
    ] {
        let id = of(event)["span"]["id"].as_str().expect(event);
        assert!(uuid::Uuid::parse_str(id).is_ok(), "{event} has the name of its request");
    }
    assert_eq!(of("signed_in")["span"]["id"], id);
    let person = of("signed_in")["person"].as_str().unwrap();
    assert!(person.len() == 16 && !log.contains("work@sandbox.example"), "hashed");
    for event in ["mail_accepted", "rate_limited", "signed_out"] {
        assert_eq!(of(event)["person"], person, "{event}");
    }
}

#[tokio::test]
async fn what_others_write_stays_within_its_line_of_the_log() {
    let program = Program::start(&[]).await;
    let mut browser = program.server.browser();
    let authorize = browser.press_connect().await;
    let state = authorize.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
    let path = format!("/login/authorized?error=a%0D%0AFORGED&state={state}");
    assert_eq!(browser.get(&path).await.status, 400);
    browser.get("/%0AFORGED").await;
    program.terminate();
    let (_, log) = program.end().await;
    assert!(log.contains("FORGED"), "it was logged: {log}");
    assert!(log.lines().all(|line| !line.starts_with("FORGED")), "{log}");
}

#[tokio::test]
async fn the_name_of_a_request_goes_to_graph() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    let id = browser.press_send(&form).await.header("x-request-id");
    let requests = server.requests().await;
    let sent = requests.iter().rfind(|it| it["path"].as_str().unwrap().ends_with("sendMail"));
    assert_eq!(sent.unwrap()["headers"]["client-request-id"], id);
}

#[tokio::test]
async fn a_panic_in_a_handler_is_a_page_with_the_name_of_its_request() {
    let routes = axum::Router::new()
        .route("/panics", axum::routing::get(async || -> StatusCode { panic!("SECRETwords") }))
        .route("/lives", axum::routing::get(async || StatusCode::OK));
    let server = Server::with_routes(routes).await;
    let mut browser = server.browser();
    let page = browser.get("/panics").await;
    assert_eq!(page.status, 500);
    assert_eq!(page.heading(), "Something went wrong");
    assert!(page.body.contains(&page.header("x-request-id")), "{}", page.body);
    assert!(!page.body.contains("SECRETwords"));
    assert_eq!(page.header("x-content-type-options"), "nosniff", "with every header");
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(browser.request(Method::GET, "/lives", &own, None).await.status, 200);
}
