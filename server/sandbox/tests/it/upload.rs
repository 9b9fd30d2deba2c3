//! Upload sessions: files too large for one request.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused};
use crate::upload_session::{PIECE, SIZE, Session, content, file};

#[tokio::test]
async fn a_session_is_opened_at_another_host_and_expects_everything() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &json!({})).await;
    for name in ["createUploadSession", "microsoft.graph.createUploadSession"] {
        let path = format!("me/messages/{draft}/attachments/{name}");
        let answer = sandbox.post(&path, &token, &file(SIZE)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let session = answer.json();
        assert_eq!(session["nextExpectedRanges"], json!(["0-"]));
        let context = format!("{}/v1.0/$metadata#microsoft.graph.uploadSession", sandbox.url);
        assert_eq!(session["@odata.context"], context);
        assert!(session["expirationDateTime"].as_str().unwrap().ends_with('Z'));
        let url: Url = session["uploadUrl"].as_str().unwrap().parse().unwrap();
        let api: Url = sandbox.url.parse().unwrap();
        assert_ne!(url.host_str(), api.host_str());
        assert!(url.query().unwrap().starts_with("authtoken="));
    }
}

#[tokio::test]
async fn a_file_arrives_in_pieces_and_becomes_an_attachment() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    for start in [0, PIECE] {
        let answer = session.put_at(start).await;
        let progress = answer.ok();
        assert_eq!(progress["nextExpectedRanges"], json!([(start + PIECE).to_string()]));
        assert!(progress["ExpirationDateTime"].is_string());
        assert_eq!(session.next().await, progress["nextExpectedRanges"]);
    }
    let last = session.put_at(2 * PIECE).await;
    assert_eq!((last.status, last.text.as_str()), (StatusCode::CREATED, ""));
    assert!(!last.headers.contains_key("content-type"));
    let location = last.header("location");
    let id = location.rsplit_once("/Attachments('").unwrap().1.trim_end_matches("')");

    let (draft, token) = (&session.draft, &session.token);
    let url = format!("/v1.0/me/messages/{draft}/attachments");
    let attached = sandbox.get(&format!("{url}/{id}"), token).await.ok();
    assert_eq!((&attached["name"], &attached["size"]), (&json!("big.bin"), &json!(SIZE)));
    let message = sandbox.get(&format!("/v1.0/me/messages/{draft}"), token).await.ok();
    assert_eq!(message["hasAttachments"], true);

    assert_eq!(sandbox.send_draft(token, draft).await.status, StatusCode::ACCEPTED);
    let sha256: String =
        Sha256::digest(content()).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = json!([{ "name": "big.bin", "size": SIZE, "sha256": sha256 }]);
    assert_eq!(sandbox.outbox().await[0]["attachments"], expected);
}

#[tokio::test]
async fn only_the_beginning_of_a_large_file_is_kept_and_that_is_said() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    for start in [0, PIECE, 2 * PIECE] {
        session.put_at(start).await;
    }
    let url = format!("/v1.0/me/messages/{}/attachments", session.draft);
    let listed = sandbox.get(&url, &session.token).await.ok();
    let file = &listed["value"][0];
    assert_eq!(file["contentBytes@sandbox.cut"], true);
    assert!(file["contentBytes"].as_str().unwrap().len() < 100_000);
    let content = format!("{url}/{}/$value", file["id"].as_str().unwrap());
    let answer = sandbox.get(&content, &session.token).await;
    assert_refused(&answer, 501, "NotImplemented", "$value");
}

#[tokio::test]
async fn a_piece_that_is_not_the_next_one_is_refused_and_the_upload_goes_on() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    session.put_at(0).await;
    let whole = content();
    for (range, length, status, code) in [
        ("bytes 0-999999/3000000", PIECE, 416, "InvalidRange"),
        ("bytes 2000000-2999999/3000000", PIECE, 416, "InvalidRange"),
        ("bytes 1000000-1999999/3000001", PIECE, 416, "InvalidRange"),
        ("bytes 1000000-1999999/3000000", PIECE - 1, 400, "BadRequest"),
        ("bytes 1000000-1999999/3000000", PIECE + 1, 400, "BadRequest"),
        ("bytes 1000000-1999999/3000000", 0, 400, "BadRequest"),
        ("bytes=1000000-1999999/3000000", PIECE, 400, "BadRequest"),
        ("bytes 1000000-1999999/*", PIECE, 400, "BadRequest"),
        ("", PIECE, 400, "BadRequest"),
    ] {
        let answer = session.put(range, &whole[..length]).await;
        assert_refused(&answer, status, code, range);
        assert_eq!(session.next().await, json!(["1000000"]), "{range}");
    }
    session.put_at(PIECE).await.ok();
    assert_eq!(session.put_at(2 * PIECE).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_piece_has_at_most_four_megabytes() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &json!({})).await;
    let path = format!("me/messages/{draft}/attachments/createUploadSession");
    let answer = sandbox.post(&path, &token, &file(10_000_000)).await.json();
    let url = answer["uploadUrl"].as_str().unwrap();
    let limit = 4 * 1024 * 1024;
    for (length, status) in [(limit + 1, 413), (limit, 200)] {
        let range = format!("bytes 0-{}/10000000", length - 1);
        let request = sandbox.http.put(url).header("content-range", range);
        let answer = Answer::of(request.body(vec![0; length])).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_piece_that_breaks_off_leaves_the_session_as_it_was() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    let url: Url = session.url.parse().unwrap();
    let host = url.authority().to_owned();
    let target = format!("{}?{}", url.path(), url.query().unwrap());
    let api: Url = sandbox.url.parse().unwrap();
    let mut stream = TcpStream::connect(api.authority()).await.unwrap();
    let head = format!(
        "PUT {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n\
         Content-Range: bytes 0-999999/3000000\r\n\r\nonly the beginning"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    // The sandbox gives up: whether with an answer or without one, it is through with the piece.
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(session.next().await, json!(["0"]));
    session.put_at(0).await.ok();
}

#[tokio::test]
async fn an_upload_takes_no_token_and_only_at_its_own_address() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    let answer = Answer::of(session.request(Method::GET).bearer_auth(&session.token)).await;
    assert_refused(&answer, 401, "InvalidAudienceForResource", "with a token");
    let url: Url = session.url.parse().unwrap();
    let other_host = format!("{}{}?{}", sandbox.url, url.path(), url.query().unwrap());
    let answer = Answer::of(sandbox.http.get(other_host)).await;
    assert_refused(&answer, 400, "BadRequest", "at Graph's host");
    for wrong in [
        session.url.replace("authtoken=", "authtoken=x"),
        session.url.replace("?authtoken", "?token"),
        session.url.replace("AttachmentSessions('", "AttachmentSessions('x"),
    ] {
        let answer = Answer::of(sandbox.http.get(&wrong)).await;
        assert_refused(&answer, 404, "ErrorItemNotFound", &wrong);
    }
    let encoded = session.url.replace('(', "%28").replace('\'', "%27");
    Answer::of(sandbox.http.get(encoded)).await.ok();
    let answer = Answer::of(session.request(Method::POST)).await;
    assert_refused(&answer, 405, "Request_BadRequest", "POST");
}

#[tokio::test]
async fn a_session_ends_when_it_is_cancelled_complete_expired_or_reset() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    session.put_at(0).await.ok();
    let cancelled = Answer::of(session.request(Method::DELETE)).await;
    assert_eq!((cancelled.status, cancelled.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_refused(&session.put_at(PIECE).await, 404, "ErrorItemNotFound", "cancelled");

    let session = Session::open(&sandbox).await;
    for start in [0, PIECE, 2 * PIECE] {
        session.put_at(start).await;
    }
    let again = session.put("bytes 2000000-2999999/3000000", b"").await;
    assert_refused(&again, 404, "ErrorItemNotFound", "complete");
    let listed = sandbox
        .get(&format!("/v1.0/me/messages/{}/attachments", session.draft), &session.token)
        .await
        .ok();
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);

    let session = Session::open(&sandbox).await;
    sandbox.clock.advance(Duration::from_secs(24 * 3600));
    assert_refused(&session.put_at(0).await, 404, "ErrorItemNotFound", "expired");

    let session = Session::open(&sandbox).await;
    sandbox.reset().await;
    assert_refused(&session.put_at(0).await, 404, "ErrorItemNotFound", "reset");
}

#[tokio::test]
async fn what_becomes_of_the_draft_meanwhile_decides_over_the_last_piece() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    session.put_at(0).await.ok();
    session.put_at(PIECE).await.ok();
    sandbox.send_draft(&session.token, &session.draft).await;
    assert_refused(&session.put_at(2 * PIECE).await, 400, "ErrorInvalidRequest", "sent");
    assert_eq!(sandbox.outbox().await[0]["attachments"], json!([]));
}

#[tokio::test]
async fn what_a_session_must_not_be_for_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &json!({})).await;
    let path = format!("me/messages/{draft}/attachments/createUploadSession");
    let item = |name: &str, value: Value| {
        let mut file = file(SIZE);
        file["AttachmentItem"][name] = value;
        file
    };
    for (body, code) in [
        (file(2_999_999), "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"),
        (file(150 * 1024 * 1024 + 1), "ErrorAttachmentSizeLimitExceeded"),
        (item("size", Value::Null), "ErrorRequiredPropertyMissing"),
        (item("size", json!("3000000")), "RequestBodyRead"),
        (item("size", json!(-1)), "RequestBodyRead"),
        (item("name", Value::Null), "ErrorRequiredPropertyMissing"),
        (item("attachmentType", Value::Null), "ErrorRequiredPropertyMissing"),
        (item("attachmentType", json!("reference")), "RequestBodyRead"),
        (item("shoeSize", json!(1)), "RequestBodyRead"),
        (json!({}), "ErrorRequiredPropertyMissing"),
        (json!({ "name": "a" }), "RequestBodyRead"),
    ] {
        let answer = sandbox.post(&path, &token, &body).await;
        assert_refused(&answer, 400, code, &body.to_string());
    }
    let largest = sandbox.post(&path, &token, &file(150 * 1024 * 1024)).await;
    assert_eq!(largest.status, StatusCode::CREATED);
    let send = sandbox.token_for(PERSONAL, "Mail.Send Mail.Read").await;
    let denied = sandbox.post(&path, &send, &file(SIZE)).await;
    assert_refused(&denied, 403, "ErrorAccessDenied", "scope");
    let sent = sandbox.sent(&token).await;
    let path = format!("me/messages/{sent}/attachments/createUploadSession");
    let answer = sandbox.post(&path, &token, &file(SIZE)).await;
    assert_refused(&answer, 400, "ErrorInvalidPropertySet", "a sent message");
}

#[tokio::test]
async fn faults_reach_opening_a_session_and_uploading() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    let faults = json!([
        { "route": "upload", "account": PERSONAL, "status": 503, "close": "after" },
        { "route": "createUploadSession", "status": 500 },
    ]);
    sandbox.plant(faults).await;
    // The piece arrived although its answer says otherwise: only the session knows.
    assert_eq!(session.put_at(0).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(session.next().await, json!(["1000000"]));
    let path = format!("me/messages/{}/attachments/createUploadSession", session.draft);
    let answer = sandbox.post(&path, &session.token, &file(SIZE)).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn the_secret_of_an_upload_address_is_not_in_the_list_of_requests() {
    let sandbox = TestSandbox::start().await;
    let session = Session::open(&sandbox).await;
    session.put_at(0).await.ok();
    let secret = session.url.split_once("authtoken=").unwrap().1;
    let requests = json!(sandbox.requests().await).to_string();
    assert!(requests.contains("AttachmentSessions") && !requests.contains(secret));
}
