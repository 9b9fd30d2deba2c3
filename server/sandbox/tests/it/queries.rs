//! `$filter`, `$count`, `$expand`, `$select` and paths, as Graph documents them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused};

const INBOX: &str = "/v1.0/me/mailFolders/inbox/messages";

fn subjects(list: &Value) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().map(|one| one["subject"].as_str().unwrap()).collect()
}

/// Source: <https://learn.microsoft.com/graph/filter-query-parameter>.
#[tokio::test]
async fn a_filter_has_the_documented_operators_in_any_letter_case() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for (filter, found) in [
        ("isRead eq false", 2),
        ("isRead ne false", 3),
        ("not(isRead eq false)", 3),
        ("NOT isRead eq false", 3),
        ("isRead eq false or startswith(subject,'Welcome')", 3),
        ("(isRead eq false or isRead eq true) and endsWith(subject,'?')", 2),
        ("contains(subject,'draft')", 1),
        ("endswith(from/emailAddress/address,'@sandbox.example')", 5),
        ("subject in ('Lunch tomorrow?','Notes from Monday')", 2),
        ("importance eq 'high'", 2),
        ("inferenceClassification eq 'other'", 1),
        ("flag/flagStatus eq 'notFlagged'", 5),
        ("ReceivedDateTime ge 2017-04-01 and receivedDateTime lt 2050-05-01", 5),
        ("receivedDateTime ge 2017-04-01T00:00:00.000Z", 5),
        ("receivedDateTime lt 2017-04-01T00:00:00%2B00:00", 0),
        ("categories/any(c:c eq 'Red')", 0),
    ] {
        let list = sandbox.get(&format!("{INBOX}?$filter={filter}"), &token).await.ok();
        assert_eq!(subjects(&list).len(), found, "{filter}");
        let count = sandbox.get(&format!("{INBOX}/$count?$filter={filter}"), &token).await;
        let expected = (StatusCode::OK, "text/plain", found.to_string());
        assert_eq!((count.status, count.header("content-type"), count.text.clone()), expected);
    }
}

/// Source: <https://learn.microsoft.com/graph/query-parameters#count-parameter>.
#[tokio::test]
async fn every_collection_of_a_mailbox_can_be_counted() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &json!({})).await;
    for (path, count) in [
        ("me/messages", "6"),
        ("me/mailFolders/inbox/messages", "5"),
        ("me/mailFolders", "8"),
        ("me/mailFolders/inbox/childFolders", "0"),
        (&format!("me/messages/{draft}/attachments"), "0"),
    ] {
        let answer = sandbox.get(&format!("/v1.0/{path}/$count"), &token).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, count), "{path}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_means_nothing() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for path in ["/v1.0/me/", "/v1.0/me/messages/", "/v1.0/me/mailFolders/inbox/messages/?$top=1"] {
        sandbox.get(path, &token).await.ok();
    }
    assert_refused(&sandbox.get("/v1.0/me//", &token).await, 400, "BadRequest", "two of them");
}

/// Source: <https://learn.microsoft.com/graph/api/message-get>, `$expand`.
#[tokio::test]
async fn attachments_come_along_with_a_message_that_expands_them() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let file = json!({
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk=",
    });
    let draft = json!({ "subject": "With a file", "attachments": [file] });
    let id = sandbox.draft(&token, &draft).await;
    let one = format!("/v1.0/me/messages/{id}?$expand=attachments");
    let read = sandbox.get(&one, &token).await.ok();
    assert_eq!(read["attachments"][0]["contentBytes"], "aGk=");
    let narrow = "/v1.0/me/messages?$select=subject&$expand=attachments($select=name,size)";
    let list = sandbox.get(&format!("{narrow}&$filter=hasAttachments eq true"), &token).await.ok();
    let attached = &list["value"][0]["attachments"][0];
    assert_eq!((&attached["name"], &attached["size"]), (&json!("a.txt"), &json!(2)));
    assert!(attached.get("contentBytes").is_none());
    let basic = sandbox.token_for(PERSONAL, "Mail.ReadBasic").await;
    assert_refused(&sandbox.get(&one, &basic).await, 403, "ErrorAccessDenied", "basic");
}

/// Source: <https://learn.microsoft.com/graph/api/message-list-attachments>, "Optional query parameters".
#[tokio::test]
async fn a_list_of_attachments_takes_options() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let file = |name: &str, content: &str| {
        json!({
            "@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentBytes": content,
        })
    };
    let files = [file("b", "aGk="), file("a", "aGkgaGk="), file("c", "")];
    let id = sandbox.draft(&token, &json!({ "attachments": files })).await;
    let url = format!("/v1.0/me/messages/{id}/attachments");
    for (query, names) in [
        ("", vec!["b", "a", "c"]),
        ("?$orderby=name&$top=2", vec!["a", "b"]),
        ("?$filter=size gt 1&$orderby=size desc", vec!["a", "b"]),
        ("?$skip=2&$select=name", vec!["c"]),
    ] {
        let list = sandbox.get(&format!("{url}{query}"), &token).await.ok();
        let list = list["value"].as_array().unwrap();
        let found: Vec<_> = list.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{query}");
    }
    let wrong = sandbox.get(&format!("{url}?$orderby=shoeSize"), &token).await;
    assert_refused(&wrong, 400, "RequestBroker--ParseUri", "unknown");
}

/// Source: <https://learn.microsoft.com/graph/outlook-get-mime-message>.
#[tokio::test]
async fn the_content_of_a_message_is_mime() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = json!({
        "subject": "Größe",
        "body": { "contentType": "html", "content": "<p>Hi</p>" },
        "toRecipients": [{ "emailAddress": { "address": "a@b.example", "name": "A" } }],
        "internetMessageHeaders": [{ "name": "x-own", "value": "1" }],
        "attachments": [{
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "a.txt", "contentType": "text/plain", "contentBytes": "aGk=",
        }],
    });
    let id = sandbox.draft(&token, &draft).await;
    let mime = sandbox.get(&format!("/v1.0/me/messages/{id}/$value"), &token).await;
    assert_eq!((mime.status, mime.header("content-type")), (StatusCode::OK, "text/plain"));
    for part in ["a@b.example", "x-own: 1", "text/html", "<p>Hi</p>", "a.txt", "Message-ID: <"] {
        assert!(mime.text.contains(part), "{part} in {}", mime.text);
    }
    // What was read may be posted again.
    let body = STANDARD.encode(&mime.text);
    let request = sandbox.http.post(format!("{}/v1.0/me/messages", sandbox.url));
    let request = request.bearer_auth(&token).header("content-type", "text/plain").body(body);
    let again = Answer::of(request).await.json();
    assert_eq!((&again["subject"], &again["hasAttachments"]), (&json!("Größe"), &json!(true)));
    let basic = sandbox.token_for(PERSONAL, "Mail.ReadBasic").await;
    let path = format!("me/messages/{id}/$value");
    let refused = sandbox.call(Method::GET, &path, &basic, &[], None).await;
    assert_refused(&refused, 403, "ErrorAccessDenied", "basic");
}
