//! Every way connecting can fail has a page: its status, its heading, a way on.

use std::time::Duration;

use bff::Clock;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::server::{ON_SANDBOX, Server, patience, sandbox};

const WORK: &str = "work@sandbox.example";

/// What was pressed or went wrong, and the page it ends on.
struct Case {
    faults: Value,
    buttons: (&'static str, &'static str),
    status: u16,
    heading: &'static str,
    words: &'static str,
}

fn case(faults: Value, status: u16, heading: &'static str, words: &'static str) -> Case {
    Case { faults, buttons: (WORK, "Accept"), status, heading, words }
}

fn pressed(
    buttons: (&'static str, &'static str),
    heading: &'static str,
    words: &'static str,
) -> Case {
    Case { faults: json!([]), buttons, status: 403, heading, words }
}

fn cases() -> Vec<Case> {
    const DOWN: &str = "Microsoft sign-in isn't working right now";
    const GRAPH_DOWN: &str = "Microsoft Graph isn't working right now";
    let token = |code: &str| json!([{ "route": "token", "code": code }]);
    vec![
        pressed(("Cancel", ""), "You cancelled signing in", "Nothing was shared"),
        pressed((WORK, "Cancel"), "You cancelled signing in", "Nothing was shared"),
        pressed((WORK, "Decline"), "You didn't give permission", "AADSTS65004"),
        pressed(
            ("needsadmin@sandbox.example", "Return to the application without granting consent"),
            "Your administrator needs to approve this app",
            "/organizations/v2.0/adminconsent?",
        ),
        case(
            token("AADSTS7000215"),
            500,
            "Graph Connect isn't set up correctly",
            "The client secret is wrong",
        ),
        case(
            token("AADSTS7000222"),
            500,
            "Graph Connect isn't set up correctly",
            "The client secret has expired",
        ),
        case(
            token("AADSTS700016"),
            500,
            "Graph Connect isn't set up correctly",
            "client ID isn't known",
        ),
        case(token("AADSTS54005"), 400, "This sign-in link has expired", "Sign in again"),
        case(token("AADSTS53003"), 400, "Microsoft didn't sign you in", "rules don't allow"),
        case(json!([{ "route": "token", "status": 503 }]), 503, DOWN, "in a few minutes"),
        case(json!([{ "route": "token", "close": "before" }]), 503, DOWN, "in a few minutes"),
        case(
            json!([{ "route": "token", "status": 429, "retryAfter": "9" }]),
            503,
            "Microsoft sign-in is busy",
            "Wait 9 seconds",
        ),
        case(
            json!([{ "route": "token", "delayMs": 1500 }]),
            504,
            "Microsoft sign-in is taking too long",
            "not signed in",
        ),
        case(
            json!([{ "route": "token", "body": "<html>" }]),
            502,
            "We couldn't read the answer from Microsoft sign-in",
            "not signed in",
        ),
        case(
            json!([{ "route": "keys", "body": "<html>" }]),
            502,
            "We couldn't read the answer from Microsoft sign-in",
            "not signed in",
        ),
        case(json!([{ "route": "me", "status": 503 }]), 503, GRAPH_DOWN, "not signed in"),
        case(json!([{ "route": "me", "close": "before" }]), 503, GRAPH_DOWN, "not signed in"),
        case(
            json!([{ "route": "me", "delayMs": 1500 }]),
            504,
            "Microsoft Graph is taking too long",
            "not signed in",
        ),
        case(
            json!([{ "route": "me", "body": "{}" }]),
            502,
            "We couldn't read the answer from Microsoft Graph",
            "not signed in",
        ),
        case(
            json!([{ "route": "me", "status": 429, "retryAfter": "3" }]),
            503,
            "Microsoft Graph is busy",
            "Wait 3 seconds",
        ),
        case(
            json!([{ "route": "me", "status": 403 }]),
            502,
            "Microsoft Graph didn't share your profile",
            "not signed in",
        ),
        case(
            json!([{ "route": "authorize", "code": "server_error" }]),
            503,
            DOWN,
            "in a few minutes",
        ),
    ]
}

#[tokio::test]
async fn every_failed_sign_in_ends_on_its_page_and_makes_no_session() {
    for case in cases() {
        let server = Server::on_sandbox_with(patience(&case.faults)).await;
        server.fault(case.faults.clone()).await;
        let mut browser = server.browser();
        let authorize = browser.press_connect().await;
        let back = browser.at_sandbox(authorize, case.buttons.0, case.buttons.1).await;
        let page = browser.get(&back).await;
        let name = format!("{} {:?}", case.faults, case.buttons);
        assert_eq!(
            (page.status.as_u16(), page.heading().as_str()),
            (case.status, case.heading),
            "{name}"
        );
        assert!(page.body.contains(case.words), "{name}: {}", page.body);
        assert!(page.body.contains("Sign in again"), "{name}: a way on");
        assert!(browser.cookies.is_empty(), "{name}: {:?}", browser.cookies.keys());
    }
}

#[tokio::test]
async fn an_identity_platform_that_is_away_at_the_start_has_a_page() {
    for (fault, status, heading) in [
        (
            json!({ "route": "discovery", "status": 503 }),
            503,
            "Microsoft sign-in isn't working right now",
        ),
        (
            json!({ "route": "discovery", "delayMs": 1500 }),
            504,
            "Microsoft sign-in is taking too long",
        ),
        (
            json!({ "route": "discovery", "body": "no" }),
            502,
            "We couldn't read the answer from Microsoft sign-in",
        ),
        (json!({ "route": "discovery", "status": 429 }), 503, "Microsoft sign-in is busy"),
    ] {
        let faults = json!([fault]);
        let server = Server::on_sandbox_with(patience(&faults)).await;
        server.fault(faults).await;
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading));
        assert_eq!(browser.get("/login").await.status, 303, "a failure is not kept");
    }
    let nobody = Server::start(
        "http://127.0.0.1:9",
        &[("CLIENT_ID", "a"), ("CLIENT_SECRET", "b")],
        Clock::system(),
    )
    .await;
    assert_eq!(nobody.browser().get("/login").await.status, 503);
}

#[tokio::test]
async fn those_who_wait_for_one_answer_of_the_identity_platform_wait_no_longer_than_for_one() {
    let faults = json!([{ "route": "discovery", "times": 20, "delayMs": 60_000 }]);
    let server = Server::on_sandbox_with(patience(&faults)).await;
    server.fault(faults).await;
    let mut browsers = vec![server.browser(); 20];
    let pages = join_all(browsers.iter_mut().map(|it| it.get("/login"))).await;
    assert!(pages.iter().all(|page| page.status == 504));
    // More than one only where the machine took longer to ask than the platform may to answer.
    let asked = server.arrived("openid-configuration").await;
    assert!(asked < 5, "{asked} requests");
}

#[tokio::test]
async fn an_old_discovery_document_serves_while_there_is_no_newer_one() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let server = Server::start(&url, &ON_SANDBOX, time.clock()).await;
    server.browser().press_connect().await;
    time.advance(25 * 3600);
    server.fault(json!([{ "route": "discovery", "times": 9, "status": 503 }])).await;
    for _ in 0..3 {
        server.browser().press_connect().await;
    }
    server.has_arrived("openid-configuration", 2).await;
    server.browser().press_connect().await;
    assert_eq!(server.arrived("openid-configuration").await, 2, "once a minute at most");
    time.advance(61);
    server.browser().press_connect().await;
    server.has_arrived("openid-configuration", 3).await;
}

#[tokio::test]
async fn nobody_waits_for_a_newer_discovery_document_while_the_identity_platform_hangs() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let server = Server::start(&url, &ON_SANDBOX, time.clock()).await;
    server.browser().press_connect().await;
    time.advance(25 * 3600);
    // For longer than LOGIN_TIMEOUT, which is half a minute here.
    server.fault(json!([{ "route": "discovery", "times": 9, "delayMs": 120_000 }])).await;
    let mut browser = server.browser();
    let press = tokio::time::timeout(Duration::from_secs(15), browser.press_connect());
    press.await.expect("the old document serves at once");
    server.has_arrived("openid-configuration", 2).await;
}

#[tokio::test]
async fn no_answer_at_the_redirect_uri_sends_its_url_on() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, WORK, "Accept").await;
    let twice = format!("{back}&code=b");
    for path in [
        back.as_str(),
        &back,
        &twice,
        "/login/authorized?error=access_denied&state=a.b",
        "/login/authorized?admin_consent=True&state=a",
        "/login/authorized",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}: {}", page.status);
    }
}

#[tokio::test]
async fn a_query_that_says_one_thing_twice_has_a_page() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let page = browser.get("/login/authorized?code=a&code=b&state=c").await;
    assert_eq!(page.status, 400);
    assert_eq!(page.heading(), "This response doesn't match your sign-in");
    assert!(page.body.contains(&page.header("x-request-id")));
    assert_eq!(browser.get("/login?return_to=a&return_to=b").await.status, 303);
}

#[tokio::test]
async fn an_administrator_comes_back_to_thanks_and_no_session() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for (query, status, heading) in [
        ("admin_consent=True&tenant=x&state=y", 200, "App approved"),
        (
            "admin_consent=True&error=access_denied&error_description=AADSTS65004",
            403,
            "The app wasn't approved",
        ),
    ] {
        let page = browser.get(&format!("/login/authorized?{query}")).await;
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading));
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn text_from_outside_is_shown_as_text() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let state = browser
        .press_connect()
        .await
        .query_pairs()
        .find(|it| it.0 == "state")
        .unwrap()
        .1
        .into_owned();
    let page = browser
        .get(&format!("/login/authorized?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state={state}"))
        .await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("&lt;script&gt;alert(1)") && !page.body.contains("<script>alert"));
}
