//! An upload session for the tests of uploads.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, mail};

pub const SIZE: usize = 3_000_000;
pub const PIECE: usize = 1_000_000;

/// A file whose pieces all differ.
pub fn content() -> Vec<u8> {
    (0..SIZE).map(|at| (at / 7919) as u8).collect()
}

pub fn file(size: usize) -> Value {
    json!({ "AttachmentItem": { "attachmentType": "file", "name": "big.bin", "size": size } })
}

/// A session for a new draft of a personal account.
pub struct Session<'a> {
    pub sandbox: &'a TestSandbox,
    pub token: String,
    pub draft: String,
    pub url: String,
}

impl<'a> Session<'a> {
    pub async fn open(sandbox: &'a TestSandbox) -> Self {
        let token = sandbox.mail_token(PERSONAL).await;
        let draft = sandbox.draft(&token, &mail()["message"]).await;
        let path = format!("me/messages/{draft}/attachments/createUploadSession");
        let answer = sandbox.post(&path, &token, &file(SIZE)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let url = answer.json()["uploadUrl"].as_str().unwrap().to_owned();
        Self { sandbox, token, draft, url }
    }

    pub fn request(&self, method: Method) -> reqwest::RequestBuilder {
        self.sandbox.http.request(method, &self.url)
    }

    pub async fn put(&self, range: &str, piece: &[u8]) -> Answer {
        let request = self.request(Method::PUT).header("content-range", range);
        let request = request.header("content-type", "application/octet-stream");
        Answer::of(request.body(piece.to_vec())).await
    }

    /// Sends the piece that begins there.
    pub async fn put_at(&self, start: usize) -> Answer {
        let end = SIZE.min(start + PIECE);
        self.put(&format!("bytes {start}-{}/{SIZE}", end - 1), &content()[start..end]).await
    }

    pub async fn next(&self) -> Value {
        Answer::of(self.request(Method::GET)).await.ok()["nextExpectedRanges"].clone()
    }
}
