//! What pages of other origins may call and read: Graph and the token endpoint, never the controls.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, mail};

const ALLOWED: &str = "access-control-allow-origin";
const PAGE: (&str, &str) = ("origin", "http://localhost:3000");

async fn ask(sandbox: &TestSandbox, method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = sandbox.http.request(method, url).header(PAGE.0, PAGE.1);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request).await
}

async fn preflight(sandbox: &TestSandbox, url: &str) -> Answer {
    let headers = [
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization,content-range"),
    ];
    ask(sandbox, Method::OPTIONS, url, &headers).await
}

/// Where a draft's file goes.
async fn upload_url(sandbox: &TestSandbox) -> String {
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &mail()["message"]).await;
    let file = json!({ "attachmentType": "file", "name": "a", "size": 3_000_000 });
    let path = format!("me/messages/{draft}/attachments/createUploadSession");
    let session = sandbox.post(&path, &token, &json!({ "AttachmentItem": file })).await.json();
    session["uploadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_of_any_origin_reads_answers_refusals_and_faults() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let authorization = format!("Bearer {token}");
    let upload = upload_url(&sandbox).await;
    let graph = |path: &str| format!("{}/v1.0/{path}", sandbox.url);
    sandbox
        .plant(json!([
            { "route": "photo", "status": 429, "retryAfter": "2" },
            { "route": "token", "status": 503 },
        ]))
        .await;
    for (method, url, status) in [
        (Method::GET, graph("me"), 200),
        (Method::GET, graph("me/photo"), 429),
        (Method::GET, graph("me/messages"), 403),
        (Method::GET, graph("me/nonsense"), 400),
        (Method::DELETE, graph("me"), 405),
        (Method::GET, upload.clone(), 401),
        (Method::POST, sandbox.token_url(), 503),
        (Method::POST, sandbox.token_url(), 400),
    ] {
        let answer =
            ask(&sandbox, method, &url, &[("authorization", authorization.as_str())]).await;
        assert_eq!(answer.status.as_u16(), status, "{url}: {}", answer.text);
        assert_eq!(answer.header(ALLOWED), "*", "{url}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{url}");
        let readable = answer.header("access-control-expose-headers");
        for name in ["request-id", "client-request-id", "retry-after", "location", "etag"] {
            assert!(readable.split(',').any(|known| known == name), "{name}: {readable}");
        }
    }
    let without_token = ask(&sandbox, Method::GET, &graph("me"), &[]).await;
    assert_eq!((without_token.status.as_u16(), without_token.header(ALLOWED)), (401, "*"));
    assert_eq!(ask(&sandbox, Method::GET, &upload, &[]).await.header(ALLOWED), "*");
}

#[tokio::test]
async fn a_browsers_question_beforehand_is_answered_and_spends_no_fault() {
    let sandbox = TestSandbox::start().await;
    let upload = upload_url(&sandbox).await;
    sandbox.plant(json!([{ "route": "*", "status": 500 }])).await;
    for url in [format!("{}/v1.0/me/sendMail", sandbox.url), upload, sandbox.token_url()] {
        let answer = preflight(&sandbox, &url).await;
        assert!(answer.status.is_success(), "{url}: {answer:?}");
        assert_eq!(answer.header(ALLOWED), "*");
        assert_eq!(answer.header("access-control-allow-methods"), "PUT");
        assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-range");
    }
    let fault = sandbox.get("/v1.0/me", "nobody's").await;
    assert_eq!(fault.status.as_u16(), 500);
}

#[tokio::test]
async fn no_page_of_another_origin_is_let_at_the_controls_or_the_pages() {
    let sandbox = TestSandbox::start().await;
    for path in [
        "/",
        "/sandbox/outbox",
        "/sandbox/requests",
        "/sandbox/reset",
        "/sandbox/faults",
        "/sandbox/page",
        "/sandbox/sign-in/account",
        "/common/oauth2/v2.0/authorize",
        "/nowhere",
    ] {
        let url = format!("{}{path}", sandbox.url);
        assert_eq!(preflight(&sandbox, &url).await.header(ALLOWED), "", "{path}");
        for method in [Method::GET, Method::POST] {
            assert_eq!(ask(&sandbox, method, &url, &[]).await.header(ALLOWED), "", "{path}");
        }
    }
}
