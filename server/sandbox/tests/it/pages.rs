//! What every page and answer keeps to, and the page that shows the outbox.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, TestSandbox, WORK, between, mail};

#[tokio::test]
async fn every_answer_is_safe_to_show_and_is_kept_by_no_cache() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[]).await;
    let consent = browser.choose(&picker, WORK).await;
    let answers = [
        picker,
        consent,
        browser.get("/").await,
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
        assert!(!page.text.contains("<script"), "{}", page.text);
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
    for part in [
        "Wanda Work &lt;work@sandbox.example&gt;",
        "<dd>friend@example.com</dd>",
        "Copy &lt;copy@example.com&gt;",
        "a.txt (5 bytes)",
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
    assert!(!page.text.contains("<script") && !page.text.contains("<img"), "{}", page.text);
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
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn every_button_of_the_page_works_and_leads_back_to_it() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = browser.get("/").await;
    let buttons: Vec<&str> = page
        .text
        .split("name=\"do\" value=\"")
        .skip(1)
        .map(|rest| between(rest, "", "\""))
        .collect();
    assert!(buttons.len() > 12, "{buttons:?}");
    for button in &buttons {
        let form = [("do", *button), ("account", WORK)];
        let answer = browser.post("/sandbox/page", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{button}: {}", answer.text);
        assert_eq!(answer.header("location"), "/");
    }
    let unknown = browser.post("/sandbox/page", &[("do", "nonsense")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_page_shows_faults_requests_and_accounts() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let token = sandbox.access_token(WORK).await;
    sandbox.get("/v1.0/me", &token).await.ok();
    browser.post("/sandbox/page", &[("do", "throttled")]).await;
    let page = browser.get("/").await;
    assert!(page.text.contains("<strong>status 429, Retry-After</strong>"), "{}", page.text);
    assert!(page.text.contains("<strong>GET /v1.0/me</strong>"), "{}", page.text);
    assert!(page.text.contains("<strong>personal@sandbox.example</strong>"));
    assert!(page.has_button("Forget these faults"));
    browser.post("/sandbox/page", &[("do", "clear")]).await;
    assert!(browser.get("/").await.text.contains("No faults are waiting."));
}
