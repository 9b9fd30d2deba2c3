//! What https with the local authority keeps to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use reqwest::{Certificate, Client};
use sandbox::{Sandbox, Settings};
use serde_json::Value;

/// A folder of the test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        _ = fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts a sandbox; its URL and the authority's file.
async fn start(folder: &Path) -> (String, PathBuf) {
    let settings = Settings::default().tls(folder);
    let sandbox = Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), settings).await.unwrap();
    let (url, authority) = (sandbox.url().to_owned(), sandbox.authority().unwrap().to_owned());
    tokio::spawn(sandbox.run());
    (url, authority)
}

fn trusting(authority: &Path) -> Client {
    let certificate = Certificate::from_pem(&fs::read(authority).unwrap()).unwrap();
    Client::builder().tls_certs_only([certificate]).build().unwrap()
}

async fn issuer(client: &Client, url: &str) -> Value {
    let url = format!("{url}/consumers/v2.0/.well-known/openid-configuration");
    let document: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    document["issuer"].clone()
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_reaches_both_names_and_no_other_client_does() {
    let folder = Folder::new("tls-trust");
    let settings = Settings::default().tls(&folder.0);
    let sandbox = Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), settings).await.unwrap();
    let (url, upload_url) = (sandbox.url().to_owned(), sandbox.upload_url().to_owned());
    let client = trusting(sandbox.authority().unwrap());
    tokio::spawn(sandbox.run());
    assert!(url.starts_with("https://localhost:"), "{url}");
    assert!(upload_url.starts_with("https://127.0.0.1:"), "{upload_url}");
    let expected = format!("{url}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
    assert_eq!(issuer(&client, &url).await, expected);
    assert_eq!(issuer(&client, &upload_url).await, expected);
    let stranger = Client::new().get(&url).send().await.unwrap_err();
    assert!(stranger.is_connect(), "{stranger:?}");
}

#[tokio::test]
async fn the_authority_stays_the_same_and_only_its_owner_reads_the_key() {
    let folder = Folder::new("tls-kept");
    let (_, authority) = start(&folder.0).await;
    let first = fs::read(&authority).unwrap();
    let client = trusting(&authority);
    let (url, authority) = start(&folder.0).await;
    assert_eq!(fs::read(&authority).unwrap(), first);
    issuer(&client, &url).await;
    let key = fs::metadata(folder.0.join("authority-key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2);
}

#[tokio::test]
async fn a_client_without_tls_does_not_stop_the_sandbox() {
    let folder = Folder::new("tls-plain");
    let (url, authority) = start(&folder.0).await;
    let plain = Client::new().get(url.replace("https", "http")).send().await;
    assert!(plain.is_err(), "{plain:?}");
    issuer(&trusting(&authority), &url).await;
}
