//! Photos: sizes, properties, accounts without one.

use serde_json::json;

use crate::support::{PERSONAL, TestSandbox, WORK};

const ID: &str = "33333333-3333-4333-8333-333333333301";

/// Width and height out of the start-of-frame segment of a JPEG (ITU-T T.81, section B.2.2).
fn dimensions(jpeg: &[u8]) -> (u16, u16) {
    let at = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).expect("a baseline JPEG");
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    (number(at + 7), number(at + 5))
}

#[tokio::test]
async fn a_photo_comes_as_jpeg_in_every_size_and_in_the_largest_without_one() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for (path, size) in [
        ("photo/$value", 648),
        ("photos/48x48/$value", 48),
        ("photos/64X64/$value", 64),
        ("photos('240x240')/$value", 240),
        ("photos/648x648/$value", 648),
    ] {
        let request = sandbox.http.get(format!("{}/v1.0/me/{path}", sandbox.url));
        let answer = request.bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert_eq!(dimensions(&answer.bytes().await.unwrap()), (size, size), "{path}");
    }
}

#[tokio::test]
async fn what_is_told_about_a_photo_names_its_size_and_type() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let largest = sandbox.get("/v1.0/me/photo", &token).await.ok();
    let context = format!("{}/v1.0/$metadata#users('{ID}')/photo/$entity", sandbox.url);
    assert_eq!(largest["@odata.context"], context);
    assert_eq!(largest["@odata.mediaContentType"], "image/jpeg");
    assert!(largest["@odata.mediaEtag"].is_string());
    assert_eq!(largest["id"], "648X648");
    assert_eq!((&largest["width"], &largest["height"]), (&json!(648), &json!(648)));
    let small = sandbox.get("/v1.0/me/photos/96x96", &token).await.ok();
    assert_eq!((&small["id"], &small["width"]), (&json!("96X96"), &json!(96)));
    let all = sandbox.get("/v1.0/me/photos", &token).await.ok();
    assert_eq!(all["value"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn a_size_that_there_is_not_is_told_as_one_pixel_and_has_no_content() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for size in ["50x50", "48x64", "48"] {
        let about = sandbox.get(&format!("/v1.0/me/photos/{size}"), &token).await.ok();
        assert_eq!(about["id"], "1X1", "{size}");
        let content = sandbox.get(&format!("/v1.0/me/photos/{size}/$value"), &token).await;
        assert_eq!(content.status.as_u16(), 404, "{size}");
        assert_eq!(content.json()["error"]["code"], "ImageNotFound", "{size}");
    }
}

#[tokio::test]
async fn an_account_without_a_photo_has_none_in_any_size() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token("markup@sandbox.example").await;
    for path in ["photo", "photos", "photo/$value", "photos/48x48", "photos/48x48/$value"] {
        let answer = sandbox.get(&format!("/v1.0/me/{path}"), &token).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.json()["error"]["code"], "ImageNotFound", "{path}");
    }
}

#[tokio::test]
async fn a_personal_account_has_a_photo_of_which_nothing_is_told() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(PERSONAL).await;
    for path in ["photo", "photos", "photos/48x48"] {
        let answer = sandbox.get(&format!("/v1.0/me/{path}"), &token).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.json()["error"]["code"], "ConsumerPhotoIsNotSupported", "{path}");
    }
    let request = sandbox.http.get(format!("{}/v1.0/me/photo/$value", sandbox.url));
    let answer = request.bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
}
