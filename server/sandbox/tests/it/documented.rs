//! The example requests of Microsoft's pages about Graph v1.0, each beside the name of its page:
//! `https://learn.microsoft.com/graph/api/{page}`. Ids are the sandbox's own, and so are the words that
//! stand for a value (`address-value`).

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox};

/// Where the sandbox differs from the page, and the README says so.
const DIFFERENT: &str = "as the README says";

/// Text that the pages post as MIME: headers without a recipient, cut off in the middle.
const CUT_MIME: &str = "Q29udGVudC1UeXBlOiBhcHBsaWNhdGlvbi9wa2NzNy1taW1lOw0KCW5hbWU9c21pbWUucDdtOw0KCXNtaW1lLXR5cGU9ZW52ZWxvcGVkLWRhdGENCk1pbWUtVmVyc2lvbjogMS4wIChNYWMgT1MgWCBNYWlsIDEzLjAgXCgzNjAxLjAuMTBcKSkNClN1YmplY3Q6IFJlOiBUZXN0aW5nIFMvTUlNRQ0KQ29udGVudC1EaXNwb3Np";

/// The message of `user-sendmail`, example 4, with its two texts and its file.
const MIME: &str = "From: Petra Personal <personal@sandbox.example>\nTo: Alex Wilber <AlexW@contoso.com>\nSubject:Test Message\nContent-Type: multipart/mixed;\n\tboundary=\"a\"\nMIME-Version: 1.0\n\n--a\nContent-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable\n\ntest text body\n\n--a\nContent-Type: text/plain;\nContent-Disposition: attachment;\n        filename=\"test.txt\"\n\nthis is the attachment text\n\n--a--";

fn to(addresses: &[&str]) -> Value {
    addresses.iter().map(|it| json!({ "emailAddress": { "address": it } })).collect()
}

fn message(subject: &str, kind: &str, content: &str, more: Value) -> Value {
    let mut message = json!({
        "subject": subject,
        "body": { "contentType": kind, "content": content },
        "toRecipients": to(&["frannis@contoso.com"]),
    });
    message.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    message
}

fn headers(state: &str, id: &str) -> Value {
    json!({ "internetMessageHeaders": [
        { "name": "x-custom-header-group-name", "value": state },
        { "name": "x-custom-header-group-id", "value": id },
    ] })
}

/// A request with a JSON body, and what it is answered with.
struct Example(&'static str, Method, &'static str, Value, u16, &'static str);

/// Sends each example; `{message}`, `{draft}` and `{folder}` stand for ids.
async fn check(sandbox: &TestSandbox, token: &str, examples: Vec<Example>) {
    let mut wrong = Vec::new();
    for Example(page, method, path, body, status, note) in examples {
        let inbox = sandbox.get("/v1.0/me/mailFolders/inbox/messages?$top=1", token).await.ok();
        let draft = sandbox.draft(token, &json!({ "toRecipients": to(&["a@b.example"]) })).await;
        let path = path
            .replace("{message}", inbox["value"][0]["id"].as_str().unwrap())
            .replace("{folder}", inbox["value"][0]["parentFolderId"].as_str().unwrap())
            .replace("{draft}", &draft);
        let url = format!("{}/v1.0/{path}", sandbox.url);
        let mut request = sandbox.http.request(method, url).bearer_auth(token);
        request = request.header("prefer", "outlook.body-content-type=\"text\"");
        request = match body {
            Value::Null => request,
            Value::String(mime) => request.header("content-type", "text/plain").body(mime),
            body => request.json(&body),
        };
        let answer = Answer::of(request).await;
        let code = note.strip_prefix("Error").map(|_| answer.json()["error"]["code"].clone());
        if answer.status.as_u16() != status || code.is_some_and(|code| code != note) {
            wrong.push(format!("{page}: {} {}", answer.status, answer.text));
        }
        assert!(status < 400 || note == DIFFERENT || note.starts_with("Error"), "{page}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn the_example_requests_about_messages_are_answered_as_documented() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let encoded = |mime: &str| {
        use base64::Engine;
        json!(base64::engine::general_purpose::STANDARD.encode(mime))
    };
    let lunch = |more| message("Meet for lunch?", "Text", "The new cafeteria is open.", more);
    let (get, post) = (Method::GET, Method::POST);
    let none = Value::Null;
    let file = json!({ "attachments": [{
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "attachment.txt",
        "contentType": "text/plain",
        "contentBytes": "SGVsbG8gV29ybGQh",
    }] });
    let event = json!({
        "@odata.type": "#microsoft.graph.itemAttachment",
        "name": "Holiday event",
        "item": {
            "@odata.type": "#microsoft.graph.event",
            "subject": "Discuss gifts for children",
            "body": { "contentType": "HTML", "content": "Let's look for funding!" },
            "start": { "dateTime": "2016-12-02T18:00:00", "timeZone": "Pacific Standard Time" },
            "end": { "dateTime": "2016-12-02T19:00:00", "timeZone": "Pacific Standard Time" },
        },
    });
    let flagged = json!({
        "subject": "Please respond by Friday",
        "toRecipients": to(&["meganb@contoso.com"]),
        "flag": {
            "flagStatus": "flagged",
            "startDateTime": { "dateTime": "2023-08-30T12:13:00", "timeZone": "Eastern Standard Time" },
            "dueDateTime": { "dateTime": "2023-09-01T17:00:00", "timeZone": "Eastern Standard Time" },
        },
    });
    let upload = |size: u32, more: Value| {
        let mut item = json!({ "attachmentType": "file", "name": "flower", "size": size });
        item.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        json!({ "AttachmentItem": item })
    };
    let concert = "The group represents Nevada.";
    #[rustfmt::skip]
    let examples = vec![
        Example("user-sendmail 1", post.clone(), "me/sendMail", json!({ "message": lunch(json!({ "ccRecipients": to(&["danas@contoso.com"]) })), "saveToSentItems": "false" }), 202, ""),
        Example("user-sendmail 2", post.clone(), "me/sendMail", json!({ "message": message("9/9/2018: concert", "HTML", concert, headers("Nevada", "NV001")) }), 202, ""),
        Example("user-sendmail 3", post.clone(), "me/sendMail", json!({ "message": lunch(file) }), 202, ""),
        Example("user-sendmail 4", post.clone(), "me/sendMail", encoded(MIME), 202, ""),
        Example("user-sendmail 4, malformed", post.clone(), "me/sendMail", json!("*"), 400, "ErrorMimeContentInvalidBase64String"),
        Example("user-sendmail 5", post.clone(), "me/sendMail", flagged.clone(), 400, DIFFERENT),
        Example("user-sendmail 5, wrapped", post.clone(), "me/sendMail", json!({ "message": flagged }), 202, ""),
        Example("user-post-messages 1", post.clone(), "me/messages", message("Did you see last night's game?", "HTML", "They were <b>awesome</b>!", json!({ "importance": "Low" })), 201, ""),
        Example("user-post-messages 2", post.clone(), "me/messages", message("9/8/2018: concert", "HTML", "The group represents Washington.", headers("Washington", "WA001")), 201, ""),
        Example("user-post-messages 3", post.clone(), "me/messages", json!(CUT_MIME), 201, ""),
        Example("message-get 1", get.clone(), "me/messages/{message}", none.clone(), 200, ""),
        Example("message-get 2", get.clone(), "me/messages/{message}/?$select=internetMessageHeaders", none.clone(), 200, ""),
        Example("message-get 3", get.clone(), "me/messages/{message}/?$select=subject,body,bodyPreview,uniqueBody", none.clone(), 200, ""),
        Example("message-get 4", get.clone(), "me/messages/{message}/$value", none.clone(), 200, ""),
        Example("message-update", Method::PATCH, "me/messages/{draft}", json!({ "subject": "subject-value", "body": { "contentType": "text", "content": "content-value" }, "inferenceClassification": "other" }), 200, ""),
        Example("message-send", post.clone(), "me/messages/{draft}/send", none.clone(), 202, ""),
        Example("message-delete", Method::DELETE, "me/messages/{draft}", none.clone(), 204, ""),
        Example("message-move", post.clone(), "me/messages/{message}/move", json!({ "destinationId": "deleteditems" }), 201, ""),
        Example("message-reply 1", post.clone(), "me/messages/{message}/reply", json!({ "message": { "toRecipients": [{ "emailAddress": { "address": "samanthab@contoso.onmicrosoft.com", "name": "Samantha Booth" } }] }, "comment": "Samantha, Randi, would you name the group please?" }), 202, ""),
        Example("message-reply 2", post.clone(), "me/messages/{message}/reply", json!(CUT_MIME), 202, ""),
        Example("message-forward 1", post.clone(), "me/messages/{message}/forward", json!({ "comment": "comment-value", "toRecipients": [{ "emailAddress": { "name": "name-value", "address": "address@value.example" } }] }), 202, ""),
        Example("message-forward 2", post.clone(), "me/messages/{message}/forward", json!(CUT_MIME), 400, DIFFERENT),
        Example("message-list-attachments", get.clone(), "me/messages/{message}/attachments", none.clone(), 200, ""),
        Example("message-post-attachments 1", post.clone(), "me/messages/{draft}/attachments", json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "smile", "contentBytes": "R0lGODdhEAYEAA7" }), 400, DIFFERENT),
        Example("message-post-attachments 1, whole", post.clone(), "me/messages/{draft}/attachments", json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "smile", "contentBytes": "R0lGODdhEAYEAA==" }), 201, ""),
        Example("message-post-attachments 2", post.clone(), "me/messages/{draft}/attachments", event, 201, ""),
        Example("attachment-createuploadsession 1", post.clone(), "me/messages/{draft}/attachments/createUploadSession", upload(3_483_322, json!({})), 201, ""),
        Example("attachment-createuploadsession 2", post, "me/messages/{draft}/attachments/createUploadSession", upload(7_208_534, json!({ "isInline": true, "contentId": "my_inline_picture" })), 201, ""),
        Example("user-list-messages", get.clone(), "me/messages?$select=sender,subject", none.clone(), 200, ""),
        Example("user-list-mailfolders 1", get.clone(), "me/mailFolders", none.clone(), 200, ""),
        Example("user-list-mailfolders 2", get.clone(), "me/mailFolders/?includeHiddenFolders=true", none.clone(), 200, ""),
        Example("mailfolder-get", get, "me/mailFolders/{folder}", none, 200, ""),
    ];
    check(&sandbox, &token, examples).await;
}

#[tokio::test]
async fn the_example_requests_about_people_are_answered_as_documented() {
    let sandbox = TestSandbox::start().await;
    let scope = "User.ReadBasic.All Contacts.Read People.Read";
    let token = sandbox.token_for("admin@sandbox.example", scope).await;
    #[rustfmt::skip]
    let examples = [
        ("user-list-people", "me/people", 200),
        ("user-list-contacts", "me/contacts", 200),
        ("user-list-contacts, $filter", "me/contacts?$filter=emailAddresses/any(a:a/address eq 'garth@contoso.com')", 200),
        ("user-list 1", "users", 200),
        ("user-list 2", "users?$select=displayName,id&$filter=identities/any(c:c/issuerAssignedId eq 'j.smith@yahoo.com' and c/issuer eq 'My B2C tenant')", 400),
        ("user-list 3", "users/$count", 200),
        ("user-list 4", "users?$filter=startswith(displayName,'a')&$orderby=displayName&$count=true&$top=1", 200),
        ("user-list 5", "users?$filter=endswith(mail,'a@contoso.com')&$orderby=userPrincipalName&$count=true", 200),
        ("user-list 6", "users?$search=\"displayName:wa\"&$orderby=displayName&$count=true", 200),
        ("user-list 7", "users?$search=\"displayName:wa\" OR \"displayName:ad\"&$orderby=displayName&$count=true", 200),
        ("user-list 8", "users?$select=id,displayName,mail,identities&$filter=endsWith(userPrincipalName,'%23EXT%23@contoso.com')&$count=true", 403),
        ("user-list 9", "users?$select=id,mail,assignedLicenses&$filter=assignedLicenses/any(u:u/skuId eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)", 403),
        ("user-list 10", "users?$select=ext55gb1l09_msLearnCourses", 403),
        ("user-list 11", "users?$select=displayName,userPrincipalName,signInActivity", 403),
    ];
    let eventual = [("ConsistencyLevel", "eventual")];
    for (page, path, status) in examples {
        let answer = sandbox.call(Method::GET, path, &token, &eventual, None).await;
        assert_eq!(answer.status.as_u16(), status, "{page}: {}", answer.text);
    }
}
