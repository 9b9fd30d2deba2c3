//! What every page and answer keeps to, and the page that shows the outbox.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, between, mail};

#[tokio::test]
async fn every_answer_is_safe_to_show_and_is_kept_by_no_cache() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[]).await;
    let consent = browser.choose(&picker, WORK).await;
    let answers = [
        picker,
        consent,
        browser.get("/nothing/here").await,
        browser.get("/sandbox/style.css").await,
        browser.get("/sandbox/outbox").await,
        browser.get("/v1.0/me").await,
        browser.get("/common/oauth2/v2.0/logout").await,
        browser.authorize(&[("client_id", "x")]).await,
        browser.authorize(&[("prompt", "none")]).await,
        sandbox.token(&[]).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
        let referrer = answer.header("referrer-policy");
        assert!(["no-referrer", "same-origin"].contains(&referrer), "{answer:?}");
        assert!(answer.header("cache-control").contains("no-store"), "{answer:?}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{answer:?}");
        assert!(policy.contains("frame-ancestors 'none'"), "{answer:?}");
        assert!(!policy.contains("script-src"), "{answer:?}");
    }
}

#[tokio::test]
async fn pages_about_the_sandbox_run_its_own_script_and_no_other() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let account = format!("/sandbox/pages/accounts/{WORK}");
    for path in ["/", "/sandbox/pages/requests", "/sandbox/pages/accounts", &account] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.text.matches("<script").count(), 1, "{path}");
        assert!(page.text.contains("<script src=\"/sandbox/page.js\" type=\"module\"></script>"));
        assert!(page.header("cache-control").contains("no-store"), "{path}");
    }
    let script = browser.get("/sandbox/page.js").await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn a_page_says_what_it_is_and_that_it_is_not_microsofts() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for (page, title) in [
        (browser.authorize(&[]).await, "Pick an account · Graph Connect sandbox"),
        (browser.get("/").await, "Sandbox outbox"),
    ] {
        assert_eq!(between(&page.text, "<title>", "</title>"), title);
        assert!(page.text.contains("<html lang=\"en\">"));
        assert!(page.text.contains("not a Microsoft page"));
    }
}

#[tokio::test]
async fn names_with_markup_are_text_on_every_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let token = sandbox.access_token("markup@sandbox.example").await;
    let mut body = mail();
    body["message"]["subject"] = json!("<script>alert('subject')</script>");
    body["message"]["toRecipients"][0]["emailAddress"]["name"] =
        json!("<script>alert('to')</script>");
    sandbox.send(&token, &body).await;
    let refusal = "/x%3Cscript%3Ealert(1)/oauth2/v2.0/authorize";
    for page in [browser.authorize(&[]).await, browser.get("/").await, browser.get(refusal).await] {
        assert!(page.text.contains("&lt;script&gt;alert("), "{}", page.text);
        assert!(!page.text.contains("<script>"), "{}", page.text);
    }
}

#[tokio::test]
async fn an_empty_outbox_says_what_to_do_and_that_nothing_leaves() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.browser().get("/").await;
    assert!(page.text.contains("No messages yet."));
    assert!(page.text.contains("Sandbox: nothing leaves this computer"));
}

#[tokio::test]
async fn the_outbox_shows_the_newest_mail_first_with_all_that_a_mailbox_shows() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    let mut body = mail();
    body["message"]["subject"] = json!("Second");
    body["message"]["ccRecipients"] =
        json!([{ "emailAddress": { "address": "copy@example.com", "name": "Copy" } }]);
    body["message"]["attachments"] = json!([{
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGVsbG8=",
    }]);
    sandbox.send(&token, &body).await;
    let page = sandbox.browser().get("/").await.text;
    assert!(page.find(">Second</h2>").unwrap() < page.find(">Hello</h2>").unwrap());
    let open = page.split("<details id=").skip(1).map(|rest| between(rest, "\"", "<summary>"));
    let open: Vec<bool> = open.map(|attributes| attributes.contains(" open")).collect();
    assert_eq!(open, [true, false], "the newest is open, and no other");
    for part in [
        "Wanda Work &lt;work@sandbox.example&gt;",
        "<dd>friend@example.com</dd>",
        "Copy &lt;copy@example.com&gt;",
        "a.txt (less than 1 kB)",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_mails_markup_stands_in_a_frame_that_runs_and_loads_nothing() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let hostile = "</iframe>\"><script>alert(1)</script><img src=https://evil.example/x>";
    let mut body = mail();
    body["message"]["body"] = json!({ "contentType": "html", "content": hostile });
    sandbox.send(&token, &body).await;
    body["message"]["body"] = json!({ "contentType": "text", "content": "<b>1 < 2</b>" });
    sandbox.send(&token, &body).await;
    let page: Answer = sandbox.browser().get("/").await;
    assert_eq!(page.text.matches("<iframe sandbox=\"\" ").count(), 2);
    assert_eq!(page.text.matches("<iframe").count(), 2);
    assert_eq!(page.text.matches("</iframe>").count(), 2);
    assert!(!page.text.contains("<script>") && !page.text.contains("<img"), "{}", page.text);
    let frames: Vec<&str> = page.text.split("srcdoc=\"").skip(1).collect();
    let policy = "&lt;!DOCTYPE html&gt;&lt;meta http-equiv=&quot;Content-Security-Policy&quot; content=&quot;default-src 'none';";
    for frame in &frames {
        assert!(frame.starts_with(policy), "{frame}");
    }
    assert!(frames[0].contains("&amp;lt;b&amp;gt;1 &amp;lt; 2"), "a text is text: {}", frames[0]);
    assert!(frames[1].contains("&lt;script&gt;alert(1)"), "markup is markup: {}", frames[1]);
}

#[tokio::test]
async fn the_pages_button_resets_and_shows_the_page_again() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    let browser = sandbox.browser();
    let page = browser.get("/").await;
    assert!(page.has_button("Reset the sandbox"));
    assert!(page.text.contains("<form method=\"post\" action=\"/sandbox/page\">"));
    let answer = browser.post("/sandbox/page", &[("do", "reset")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/?done=reset#faults"));
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn every_button_works_leads_back_to_its_page_and_is_confirmed_there() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    sandbox.plant(json!([{ "route": "me", "status": 500 }])).await;
    for (path, least) in [("/", 16), ("/sandbox/pages/accounts", 6)] {
        let page = browser.get(path).await;
        let buttons: Vec<&str> = page
            .text
            .split("name=\"do\" value=\"")
            .skip(1)
            .map(|it| between(it, "", "\""))
            .collect();
        assert!(buttons.len() >= least, "{buttons:?}");
        for button in &buttons {
            let form = [("do", *button), ("account", WORK)];
            let answer = browser.post("/sandbox/page", &form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{button}: {}", answer.text);
            let location = answer.header("location");
            let back = location.split('?').next().unwrap();
            assert_eq!(back, path, "{button}");
            let shown = browser.get(location).await;
            let status = between(&shown.text, "role=\"status\" data-part=\"status\">", "</div>");
            assert!(status.starts_with("<p class=\"notice\">"), "{button}: {status}");
        }
    }
    let unknown = browser.post("/sandbox/page", &[("do", "nonsense")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let invented = browser.get("/?done=nonsense").await;
    assert!(!invented.text.contains("nonsense"), "only what was done is confirmed");
}

#[tokio::test]
async fn faults_stand_under_what_they_are_about_and_wait_in_sight() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = browser.get("/").await;
    let places = ["Sending", "Signing in", "Everything"]
        .map(|group| page.text.find(&format!("<h3>{group}</h3>")).unwrap());
    let button = |value: &str| page.text.find(&format!("value=\"{value}\"")).unwrap();
    assert!(places[0] < button("throttled") && button("throttled") < places[1]);
    assert!(places[1] < button("refresh") && button("refresh") < places[2]);
    assert!(places[2] < button("down"));

    browser.post("/sandbox/page", &[("do", "throttled")]).await;
    let page = browser.get("/").await;
    assert!(page.text.contains("<strong>status 429, Retry-After</strong>"), "{}", page.text);
    assert!(page.has_button("Remove these faults"));
    browser.post("/sandbox/page", &[("do", "clear")]).await;
    assert!(browser.get("/").await.text.contains("No faults are waiting."));
}

#[tokio::test]
async fn requests_and_accounts_have_pages_of_their_own() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let token = sandbox.access_token(WORK).await;
    sandbox.get("/v1.0/me", &token).await.ok();
    let requests = browser.get("/sandbox/pages/requests").await;
    assert!(requests.text.contains("<strong>GET /v1.0/me</strong>"), "{}", requests.text);
    assert_eq!(requests.text.matches("<strong>").count(), sandbox.requests().await.len() + 1);
    let accounts = browser.get("/sandbox/pages/accounts").await;
    assert!(accounts.text.contains("personal@sandbox.example</a>"), "{}", accounts.text);
}

#[tokio::test]
async fn an_account_has_a_page_of_what_it_received_and_sent() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let token = sandbox.access_token(WORK).await;
    let mut body = mail();
    body["message"]["toRecipients"][0]["emailAddress"]["address"] = json!(PERSONAL.to_uppercase());
    sandbox.send(&token, &body).await;
    let accounts = browser.get("/sandbox/pages/accounts").await;
    for (address, received, sent) in [(PERSONAL, 1, 0), (WORK, 0, 1)] {
        let mut links =
            accounts.text.split("<a href=\"").map(|rest| rest.split('"').next().unwrap());
        let name = address.split('@').next().unwrap();
        let link = links.find(|link| link.contains(&format!("accounts/{name}%40"))).unwrap();
        let page = browser.get(link).await;
        let parts = page.text.split_once("id=\"sent\"").unwrap();
        let count = |part: &str| part.matches("<article").count();
        assert_eq!((count(parts.0), count(parts.1)), (received, sent), "{address}");
    }
    let unknown = browser.get("/sandbox/pages/accounts/nobody").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_time_is_one_that_people_read() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    let shown = async || {
        let page = sandbox.browser().get("/").await.text;
        between(between(&page, "<summary>", "</summary>"), "UTC\">", "</time>").to_owned()
    };
    let today = shown().await;
    assert_eq!((today.len(), today.matches(':').count()), (8, 2), "{today}");
    sandbox.clock.advance(std::time::Duration::from_secs(86400));
    let earlier = shown().await;
    assert!(earlier.contains(" 20") && earlier.contains(", "), "{earlier}");
}
