//! Whose messages a token opens, and which scope each route of them needs.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{PERSONAL, TestSandbox, assert_refused, mail};

#[tokio::test]
async fn nobody_reaches_the_messages_of_somebody_else() {
    let sandbox = TestSandbox::start().await;
    let personal = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&personal, &json!({})).await;
    let work = sandbox.work_mail_token().await;
    let answer = sandbox.get(&format!("/v1.0/me/messages/{id}"), &work).await;
    assert_refused(&answer, 404, "ErrorItemNotFound", "by id");
    let answer = sandbox.get(&format!("/v1.0/users/{PERSONAL}/messages/{id}"), &work).await;
    assert_refused(&answer, 403, "ErrorAccessDenied", "by address");
}

#[tokio::test]
async fn each_route_of_a_draft_needs_its_own_scope() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let one = format!("me/messages/{id}");
    let files = format!("{one}/attachments");
    let send = format!("{one}/send");
    #[rustfmt::skip]
    let table: [(&str, Method, &str, &[&str]); 7] = [
        ("me/messages", Method::POST, "create", &["Mail.ReadWrite"]),
        (&one, Method::GET, "read", &["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"]),
        (&one, Method::PATCH, "change", &["Mail.ReadWrite"]),
        (&one, Method::DELETE, "delete", &["Mail.ReadWrite"]),
        (&files, Method::GET, "list files", &["Mail.Read", "Mail.ReadWrite"]),
        (&files, Method::POST, "add a file", &["Mail.ReadWrite"]),
        (&send, Method::POST, "send", &["Mail.Send"]),
    ];
    for scope in ["User.Read", "Mail.Send", "Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"] {
        let token = sandbox.token_for(PERSONAL, scope).await;
        for (path, method, what, enough) in &table {
            // A refused body shows that the token was not what was wrong, and changes nothing.
            let body = json!([]);
            let body = (*method != Method::GET && *what != "send").then_some(&body);
            if enough.contains(&scope) && ["delete", "send"].contains(what) {
                continue;
            }
            let answer = sandbox.call(method.clone(), path, &token, &[], body).await;
            let denied = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(!denied, enough.contains(&scope), "{what} with {scope}: {}", answer.text);
            if denied {
                assert_refused(&answer, 403, "ErrorAccessDenied", what);
            }
        }
    }
}

#[tokio::test]
async fn with_basic_reading_nobody_sees_texts() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let basic = sandbox.token_for(PERSONAL, "Mail.ReadBasic").await;
    let url = format!("/v1.0/me/messages/{id}");
    let read = sandbox.get(&url, &basic).await.ok();
    assert_eq!(read["subject"], "Hello");
    assert!(read.get("body").is_none() && read.get("bodyPreview").is_none(), "{read}");
    for name in ["body", "bodyPreview"] {
        let answer = sandbox.get(&format!("{url}?$select=subject,{name}"), &basic).await;
        assert_refused(&answer, 403, "ErrorAccessDenied", name);
    }
}

#[tokio::test]
async fn an_account_without_a_mailbox_has_no_drafts() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token("nomailbox@sandbox.example").await;
    let answer = sandbox.send_draft(&token, "AAMkADUw").await;
    assert_refused(&answer, 404, "MailboxNotEnabledForRESTAPI", "nomailbox");
}
