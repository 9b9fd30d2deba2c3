//! Lists of messages: Sent Items and the whole mailbox, pages, orders, filters.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused, mail};

const SENT: &str = "/v1.0/me/mailFolders/sentitems/messages";

/// Sends messages with these subjects, one a minute, and waits until they have arrived.
async fn send_all(sandbox: &TestSandbox, token: &str, subjects: &[&str]) {
    for subject in subjects {
        let mut body = mail();
        body["message"]["subject"] = json!(subject);
        assert_eq!(sandbox.send(token, &body).await.status, StatusCode::ACCEPTED);
        sandbox.clock.advance(Duration::from_secs(60));
    }
}

fn subjects(list: &Value) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().map(|one| one["subject"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_sent_shows_in_sent_items_a_second_later_and_newest_first() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    send_all(&sandbox, &token, &["one", "two"]).await;
    sandbox.send(&token, &mail()).await;
    let list = sandbox.get(SENT, &token).await.ok();
    assert_eq!(subjects(&list), ["two", "one"]);
    let context = format!(
        "{}/v1.0/$metadata#users('4444444444444402')/mailFolders('sentitems')/messages",
        sandbox.url
    );
    assert_eq!(list["@odata.context"], context);
    assert!(list.get("@odata.nextLink").is_none() && list.get("@odata.count").is_none());
    let first = &list["value"][0];
    assert!(first["@odata.etag"].is_string() && first["id"].is_string());
    assert_eq!((&first["isDraft"], &first["isRead"]), (&json!(false), &json!(true)));
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(subjects(&sandbox.get(SENT, &token).await.ok()), ["Hello", "two", "one"]);
}

#[tokio::test]
async fn a_mail_that_is_not_to_be_saved_is_in_the_outbox_only() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let mut body = mail();
    body["saveToSentItems"] = json!(false);
    assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED);
    sandbox.clock.advance(Duration::from_secs(60));
    assert_eq!(sandbox.get(SENT, &token).await.ok()["value"], json!([]));
    assert_eq!(sandbox.outbox().await[0]["saveToSentItems"], false);
}

#[tokio::test]
async fn a_folder_goes_by_its_name_or_its_id_and_holds_its_own_messages() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    sandbox.draft(&token, &json!({ "subject": "draft" })).await;
    send_all(&sandbox, &token, &["sent"]).await;
    let all = sandbox.get("/v1.0/me/messages", &token).await.ok();
    // Behind them what has lain in the inbox for days.
    assert_eq!(subjects(&all)[..2], ["sent", "draft"]);
    let folders = sandbox.get("/v1.0/me/mailFolders", &token).await.ok();
    for (name, shown, held) in [
        ("Drafts", "Drafts", vec!["draft"]),
        ("SentItems", "Sent Items", vec!["sent"]),
        ("junkemail", "Junk Email", vec![]),
    ] {
        let folder = sandbox.get(&format!("/v1.0/me/mailFolders/{name}"), &token).await.ok();
        assert_eq!(
            (&folder["displayName"], &folder["totalItemCount"]),
            (&json!(shown), &json!(held.len()))
        );
        let listed = folders["value"].as_array().unwrap();
        assert!(listed.iter().any(|one| one["id"] == folder["id"]), "{folders}");
        for key in [name, folder["id"].as_str().unwrap()] {
            let path = format!("/v1.0/me/mailFolders('{key}')/messages");
            let list = sandbox.get(&path, &token).await.ok();
            assert_eq!(subjects(&list), held, "{key}");
            let inside = list["value"].as_array().unwrap();
            assert!(inside.iter().all(|one| one["parentFolderId"] == folder["id"]));
        }
    }
    let id = all["value"][0]["id"].as_str().unwrap();
    sandbox.get(&format!("/v1.0/me/mailFolders/sentitems/messages/{id}"), &token).await.ok();
    for path in ["messages", &format!("messages/{id}"), &format!("messages/{id}/attachments")] {
        let path = format!("/v1.0/me/mailFolders/nowhere/{path}");
        let nowhere = sandbox.get(&path, &token).await;
        assert_refused(&nowhere, 400, "ErrorInvalidIdMalformed", &path);
        let gone = sandbox.get(&path.replace("nowhere", id), &token).await;
        assert_refused(&gone, 404, "ErrorItemNotFound", &path);
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repetition() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let names: Vec<String> = (0..12).map(|number| format!("mail {number:02}")).collect();
    send_all(&sandbox, &token, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let first = sandbox.get(SENT, &token).await.ok();
    assert_eq!(first["value"].as_array().unwrap().len(), 10);

    let mut seen = Vec::new();
    let mut url =
        format!("{}{SENT}?$top=5&$select=subject&$orderby=subject&$count=true", sandbox.url);
    let mut pages = 0;
    loop {
        let page = Answer::of(sandbox.http.get(&url).bearer_auth(&token)).await.ok();
        assert_eq!(page["@odata.count"], 12);
        assert!(page["value"][0].get("body").is_none());
        seen.extend(subjects(&page).into_iter().map(ToOwned::to_owned));
        pages += 1;
        match page["@odata.nextLink"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((pages, seen), (3, names));
    let skipped = sandbox.get(&format!("{SENT}?$skip=11"), &token).await.ok();
    assert_eq!(subjects(&skipped), ["mail 00"]);
}

#[tokio::test]
async fn messages_are_ordered_as_asked() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    send_all(&sandbox, &token, &["b", "A", "c"]).await;
    for (order, expected) in [
        ("subject", ["A", "b", "c"]),
        ("subject desc", ["c", "b", "A"]),
        ("Subject DESC", ["c", "b", "A"]),
        ("sentdatetime Asc", ["b", "A", "c"]),
        ("sentDateTime asc", ["b", "A", "c"]),
        ("receivedDateTime desc", ["c", "A", "b"]),
        ("isRead desc,subject", ["A", "b", "c"]),
    ] {
        let list = sandbox.get(&format!("{SENT}?$orderby={order}"), &token).await.ok();
        assert_eq!(subjects(&list), expected, "{order}");
    }
}

#[tokio::test]
async fn a_sent_mail_is_found_by_the_id_that_its_sender_gave_it() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    send_all(&sandbox, &token, &["other"]).await;
    let mut message = mail()["message"].clone();
    message["internetMessageId"] = json!("<own@client.example>");
    let id = sandbox.draft(&token, &message).await;
    sandbox.send_draft(&token, &id).await;
    sandbox.clock.advance(Duration::from_secs(1));
    let url = format!("{SENT}?$filter=internetMessageId eq '<own@client.example>'");
    let list = sandbox.get(&url, &token).await.ok();
    assert_eq!(subjects(&list), ["Hello"]);
    assert_eq!(sandbox.outbox().await[1]["message"]["internetMessageId"], "<own@client.example>");
}

#[tokio::test]
async fn an_order_has_to_begin_the_filter() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let get = |query: &str| {
        let url = format!("{SENT}?{query}");
        let (sandbox, token) = (&sandbox, &token);
        async move { sandbox.get(&url, token).await }
    };
    for good in [
        "$orderby=subject&$filter=startswith(subject,'a')",
        "$orderby=sentDateTime&$filter=sentDateTime ge 2020-01-01T00:00:00Z and isRead eq true",
        "$filter=isRead eq true",
    ] {
        get(good).await.ok();
    }
    for bad in [
        "$orderby=sentDateTime&$filter=isRead eq true",
        "$orderby=sentDateTime&$filter=isRead eq true and sentDateTime ge 2020-01-01T00:00:00Z",
        "$orderby=subject,isRead&$filter=subject eq 'a'",
    ] {
        assert_refused(&get(bad).await, 400, "InefficientFilter", bad);
    }
}

#[tokio::test]
async fn an_option_that_is_not_understood_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for (query, code) in [
        ("$top=0", "BadRequest"),
        ("$top=1001", "BadRequest"),
        ("$top=ten", "BadRequest"),
        ("$skip=-1", "BadRequest"),
        ("$count=yes", "BadRequest"),
        ("$search=two words", "BadRequest"),
        ("$search=\"shoes:42\"", "BadRequest"),
        ("$search=\"a\"&$filter=isRead eq true", "SearchWithFilter"),
        ("$search=\"a\"&$orderby=subject", "SearchWithOrderBy"),
        ("$expand=extensions", "BadRequest"),
        ("$expand=attachments($top=1)", "BadRequest"),
        ("$skiptoken=x", "BadRequest"),
        ("$top=1&$top=2", "BadRequest"),
        ("$orderby=shoeSize", "RequestBroker--ParseUri"),
        ("$orderby=subject up", "ErrorInvalidUrlQuery"),
        ("$filter=isJunk ne true", "RequestBroker--ParseUri"),
        ("$filter=toRecipients/any(r:r/emailAddress/address eq 'a')", "ErrorInvalidUrlQueryFilter"),
    ] {
        let answer = sandbox.get(&format!("/v1.0/me/messages?{query}"), &token).await;
        assert_refused(&answer, 400, code, query);
    }
    for query in ["$select=subject,shoeSize", "select=shoeSize"] {
        let answer = sandbox.get(&format!("/v1.0/me/messages?{query}"), &token).await;
        assert_refused(&answer, 400, "BadRequest", query);
    }
}

#[tokio::test]
async fn a_list_needs_a_scope_for_reading_and_shows_no_texts_to_the_basic_one() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    send_all(&sandbox, &token, &["one"]).await;
    for (scope, texts) in [("Mail.ReadBasic", false), ("Mail.Read", true), ("Mail.ReadWrite", true)]
    {
        let token = sandbox.token_for(PERSONAL, scope).await;
        let list = sandbox.get(SENT, &token).await.ok();
        assert_eq!(list["value"][0].get("body").is_some(), texts, "{scope}");
        sandbox.get("/v1.0/me/mailFolders/sentitems", &token).await.ok();
    }
    for scope in ["User.Read", "Mail.Send"] {
        let token = sandbox.token_for(PERSONAL, scope).await;
        for path in [SENT, "/v1.0/me/messages", "/v1.0/me/mailFolders"] {
            assert_refused(&sandbox.get(path, &token).await, 403, "ErrorAccessDenied", path);
        }
    }
}
