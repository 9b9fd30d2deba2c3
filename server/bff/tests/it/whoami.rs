//! The example, run as a program of its own against the sandbox.

use std::{fs, path::PathBuf, process::Stdio, time::Duration};

use reqwest::{Client, redirect::Policy};
use sandbox::Sandbox;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};
use url::Url;

const PATIENCE: Duration = Duration::from_secs(30);

/// The example as cargo built it last: beside the folder of this test, with a hash in its name.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let examples = test.parent().unwrap().with_file_name("examples");
    let built = fs::read_dir(examples).unwrap().map(|it| it.unwrap()).filter(|it| {
        let name = it.file_name().into_string().unwrap();
        name.starts_with("whoami-") && !name.contains('.')
    });
    built.max_by_key(|it| it.metadata().unwrap().modified().unwrap()).unwrap().path()
}

async fn start(sandbox: &str, state_dir: &str) -> (Child, String) {
    let mut child = Command::new(program())
        .env("LOGIN_URL", sandbox)
        .env("GRAPH_URL", sandbox)
        .env("ADDRESS", "127.0.0.1:0")
        .env("STATE_DIR", state_dir)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    timeout(PATIENCE, stdout.read_line(&mut line)).await.unwrap().unwrap();
    let url = line.trim_end().strip_prefix("Open ").unwrap().to_owned();
    (child, url)
}

#[tokio::test]
async fn whoami_signs_a_person_in_and_shows_their_name() {
    let sandbox = Sandbox::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let microsoft = sandbox.url().to_owned();
    tokio::spawn(sandbox.run());
    let state_dir = tempfile::tempdir().unwrap();
    let (_child, home) = start(&microsoft, state_dir.path().to_str().unwrap()).await;

    let browser = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
    let page = async |url: String| browser.get(url).send().await.unwrap();
    assert!(page(home.clone()).await.text().await.unwrap().contains("Sign in"));

    let authorize = Url::parse(&location(&page(format!("{home}/login")).await)).unwrap();
    let picker = browser.get(authorize.clone()).send().await.unwrap().text().await.unwrap();
    let consent = press(&browser, &authorize, &picker, "work@sandbox.example").await;
    let consent = consent.text().await.unwrap();
    let back = location(&press(&browser, &authorize, &consent, "Accept").await);
    let landing = page(back).await;
    assert_eq!(landing.status(), 200);
    assert!(page(home.clone()).await.text().await.unwrap().contains("You are \"Wanda Work\""));

    let sign_out = browser.post(format!("{home}/logout"));
    assert_eq!(sign_out.try_clone().unwrap().send().await.unwrap().status(), 403, "no origin");
    let answer = sign_out.header("origin", &home).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    assert!(page(home.clone()).await.text().await.unwrap().contains("Sign in"));
}

fn location(response: &reqwest::Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// Presses the button with this text on a page of the sandbox.
async fn press(browser: &Client, at: &Url, page: &str, button: &str) -> reqwest::Response {
    let value_after = |text: &str, mark: &str| {
        let rest = text.split_once(mark).expect(mark).1;
        rest.split_once('"').expect("a closing quote").0.to_owned()
    };
    let before = page.split_once(&format!(">{button}</button>")).expect(button).0;
    let tag = &before[before.rfind("<button").unwrap()..];
    let mut fields =
        vec![("transaction".to_owned(), value_after(page, "name=\"transaction\" value=\""))];
    if tag.contains(" name=") {
        fields.push((value_after(tag, " name=\""), value_after(tag, " value=\"")));
    }
    let action = at.join(&value_after(page, "action=\"")).unwrap();
    let origin = at.origin().ascii_serialization();
    browser.post(action).header("origin", origin).form(&fields).send().await.unwrap()
}
