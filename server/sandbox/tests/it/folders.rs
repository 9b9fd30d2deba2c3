//! Folders: those that every mailbox has, and those that somebody makes.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{PERSONAL, TestSandbox, assert_refused};

fn names(list: &Value) -> Vec<&str> {
    let list = list["value"].as_array().unwrap();
    list.iter().map(|one| one["displayName"].as_str().unwrap()).collect()
}

async fn make(sandbox: &TestSandbox, token: &str, parent: &str, name: &str) -> Value {
    let path = match parent {
        "" => "me/mailFolders".to_owned(),
        parent => format!("me/mailFolders/{parent}/childFolders"),
    };
    let answer = sandbox.post(&path, token, &json!({ "displayName": name })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

/// Source: <https://learn.microsoft.com/graph/api/resources/mailfolder>.
#[tokio::test]
async fn every_well_known_name_is_a_folder() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for name in [
        "archive",
        "clutter",
        "conflicts",
        "conversationhistory",
        "deleteditems",
        "drafts",
        "inbox",
        "junkemail",
        "localfailures",
        "msgfolderroot",
        "outbox",
        "recoverableitemsdeletions",
        "scheduled",
        "searchfolders",
        "sentitems",
        "serverfailures",
        "syncissues",
        "SentItems",
    ] {
        let folder = sandbox.get(&format!("/v1.0/me/mailFolders/{name}"), &token).await.ok();
        let id = folder["id"].as_str().unwrap();
        let same = sandbox.get(&format!("/v1.0/me/mailFolders('{id}')"), &token).await.ok();
        assert_eq!(same["displayName"], folder["displayName"], "{name}");
    }
    let root = sandbox.get("/v1.0/me/mailFolders/msgfolderroot", &token).await.ok();
    let inbox = sandbox.get("/v1.0/me/mailFolders/inbox", &token).await.ok();
    assert_eq!(inbox["parentFolderId"], root["id"]);
}

/// Source: <https://learn.microsoft.com/graph/api/user-list-mailfolders>.
#[tokio::test]
async fn a_list_of_folders_takes_options_and_leaves_hidden_ones_out() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let get = |query: &str| {
        let url = format!("/v1.0/me/mailFolders?{query}");
        let (sandbox, token) = (&sandbox, &token);
        async move { sandbox.get(&url, token).await }
    };
    let visible = [
        "Archive",
        "Conversation History",
        "Deleted Items",
        "Drafts",
        "Inbox",
        "Junk Email",
        "Outbox",
        "Sent Items",
    ];
    assert_eq!(names(&get("").await.ok()), visible);
    let all = get("includeHiddenFolders=true&$top=50").await.ok();
    assert!(names(&all).contains(&"Clutter"));
    let first = get("$top=3&$count=true&$orderby=displayName DESC").await.ok();
    assert_eq!(
        (names(&first), &first["@odata.count"]),
        (vec!["Sent Items", "Outbox", "Junk Email"], &json!(8))
    );
    let next = first["@odata.nextLink"].as_str().unwrap().strip_prefix(&sandbox.url).unwrap();
    assert_eq!(names(&sandbox.get(next, &token).await.ok())[0], "Inbox");
    assert_eq!(names(&get("$filter=displayName eq 'inbox'").await.ok()), ["Inbox"]);
    assert_eq!(
        names(&get("$filter=unreadItemCount gt 0&$select=displayName").await.ok()),
        ["Inbox"]
    );
    make(&sandbox, &token, "inbox", "Inside").await;
    let expanded = get("$expand=childFolders&$filter=childFolderCount eq 1").await.ok();
    assert_eq!(expanded["value"][0]["childFolders"][0]["displayName"], "Inside");
    assert_refused(
        &get("$filter=colour eq 'red'").await,
        400,
        "RequestBroker--ParseUri",
        "unknown",
    );
    assert_refused(&get("$search=\"a\"").await, 400, "BadRequest", "search");
}

/// Sources: <https://learn.microsoft.com/graph/api/user-post-mailfolders>,
/// <https://learn.microsoft.com/graph/api/mailfolder-update>.
#[tokio::test]
async fn a_folder_is_made_renamed_and_found_by_its_id() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let made = make(&sandbox, &token, "", "Projects").await;
    assert_eq!((&made["isHidden"], &made["totalItemCount"]), (&json!(false), &json!(0)));
    let id = made["id"].as_str().unwrap();
    let child = make(&sandbox, &token, id, "2026").await;
    assert_eq!(child["parentFolderId"], made["id"]);
    let path = format!("me/mailFolders/{id}");
    let rename = json!({ "displayName": "Work" });
    let renamed = sandbox.call(Method::PATCH, &path, &token, &[], Some(&rename)).await.ok();
    assert_eq!(
        (&renamed["displayName"], &renamed["id"], &renamed["childFolderCount"]),
        (&json!("Work"), &made["id"], &json!(1))
    );
    // Messages can be made in it, by whichever path.
    let child_id = child["id"].as_str().unwrap();
    for path in [
        format!("me/mailFolders/{child_id}/messages"),
        format!("me/mailFolders/{id}/childFolders/{child_id}/messages"),
    ] {
        let answer = sandbox.post(&path, &token, &json!({ "subject": "Inside" })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.json()["parentFolderId"], child["id"]);
    }
}

#[tokio::test]
async fn a_folder_is_not_made_where_its_name_is_taken_or_missing() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    make(&sandbox, &token, "inbox", "Same").await;
    for (path, body, status, code) in [
        ("me/mailFolders", json!({ "displayName": "inbox" }), 409, "ErrorFolderExists"),
        (
            "me/mailFolders/inbox/childFolders",
            json!({ "displayName": "SAME" }),
            409,
            "ErrorFolderExists",
        ),
        ("me/mailFolders", json!({}), 400, "ErrorRequiredPropertyMissing"),
        ("me/mailFolders", json!({ "displayName": "a", "colour": "red" }), 400, "RequestBodyRead"),
    ] {
        assert_refused(&sandbox.post(path, &token, &body).await, status, code, &body.to_string());
    }
    let read = sandbox.token_for(PERSONAL, "Mail.Read").await;
    let answer = sandbox.post("me/mailFolders", &read, &json!({ "displayName": "a" })).await;
    assert_refused(&answer, 403, "ErrorAccessDenied", "reading only");
}

/// Sources: <https://learn.microsoft.com/graph/api/mailfolder-move>,
/// <https://learn.microsoft.com/graph/api/mailfolder-copy>.
#[tokio::test]
async fn a_folder_moves_and_is_copied_with_all_that_lies_in_it() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let one = make(&sandbox, &token, "", "One").await;
    let two = make(&sandbox, &token, "", "Two").await;
    let (one_id, two_id) = (one["id"].as_str().unwrap(), two["id"].as_str().unwrap());
    make(&sandbox, &token, one_id, "Deep").await;
    sandbox.post(&format!("me/mailFolders/{one_id}/messages"), &token, &json!({})).await;
    let to = |id: &str| json!({ "destinationId": id });
    let copy = sandbox.post(&format!("me/mailFolders/{one_id}/copy"), &token, &to(two_id)).await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.text);
    let copy = copy.json();
    assert_ne!(copy["id"], one["id"]);
    assert_eq!((&copy["childFolderCount"], &copy["totalItemCount"]), (&json!(1), &json!(1)));
    let path = format!("me/mailFolders/{two_id}/move");
    let moved = sandbox.post(&path, &token, &to("archive")).await;
    assert_eq!((moved.status, &moved.json()["id"]), (StatusCode::CREATED, &two["id"]));
    let inside = sandbox.get("/v1.0/me/mailFolders/archive/childFolders", &token).await.ok();
    assert_eq!(names(&inside), ["Two"]);
    for (path, to, status, code) in [
        (
            format!("me/mailFolders/{two_id}/move"),
            to(copy["id"].as_str().unwrap()),
            400,
            "ErrorMoveCopyFailed",
        ),
        ("me/mailFolders/inbox/move".to_owned(), to(one_id), 400, "ErrorDeleteDistinguishedFolder"),
        (format!("me/mailFolders/{one_id}/move"), json!({}), 400, "ErrorRequiredPropertyMissing"),
    ] {
        assert_refused(&sandbox.post(&path, &token, &to).await, status, code, &path);
    }
}

/// Source: <https://learn.microsoft.com/graph/api/mailfolder-delete>; the code is that of Exchange Web Services.
#[tokio::test]
async fn a_folder_is_deleted_into_deleted_items_and_from_there_for_good() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let made = make(&sandbox, &token, "", "Gone soon").await;
    let id = made["id"].as_str().unwrap();
    let message = sandbox.post(&format!("me/mailFolders/{id}/messages"), &token, &json!({})).await;
    let message = message.json()["id"].as_str().unwrap().to_owned();
    let path = format!("me/mailFolders/{id}");
    let delete = || sandbox.call(Method::DELETE, &path, &token, &[], None);
    assert_eq!(delete().await.status, StatusCode::NO_CONTENT);
    let deleted = sandbox.get("/v1.0/me/mailFolders/deleteditems/childFolders", &token).await.ok();
    assert_eq!(names(&deleted), ["Gone soon"]);
    sandbox.get(&format!("/v1.0/me/messages/{message}"), &token).await.ok();
    assert_eq!(delete().await.status, StatusCode::NO_CONTENT);
    assert_refused(&delete().await, 404, "ErrorItemNotFound", "gone");
    let gone = sandbox.get(&format!("/v1.0/me/messages/{message}"), &token).await;
    assert_refused(&gone, 404, "ErrorItemNotFound", "its message");
    let inbox = sandbox.call(Method::DELETE, "me/mailFolders/inbox", &token, &[], None).await;
    assert_refused(&inbox, 400, "ErrorDeleteDistinguishedFolder", "inbox");
}
