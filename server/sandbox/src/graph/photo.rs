//! Photos: which sizes there are, what is told about each, and the picture, which is drawn.
//!
//! Source: <https://learn.microsoft.com/graph/api/profilephoto-get>.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jpeg_encoder::{ColorType, Encoder};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::accounts::{Account, Kind};
use crate::graph::call;
use crate::graph::error::GraphError;

/// Exchange's sizes, in pixels.
const SIZES: [u16; 9] = [48, 64, 96, 120, 240, 360, 432, 504, 648];
const LARGEST: u16 = 648;
const QUALITY: u8 = 80;

/// `GET /me/photos`: every size.
pub fn list(base: &str, account: &Account) -> Result<Response, GraphError> {
    described(account)?;
    let mut body = Map::new();
    body.insert("@odata.context".to_owned(), context(base, account, "photos").into());
    let photos: Vec<Value> =
        SIZES.iter().map(|size| Value::Object(properties(account, *size))).collect();
    body.insert("value".to_owned(), photos.into());
    Ok(call::resource(&Value::Object(body)))
}

/// `GET /me/photo` and `GET /me/photos/{size}`. A size that there is not is told as 1x1.
pub fn about(base: &str, account: &Account, size: Option<&str>) -> Result<Response, GraphError> {
    described(account)?;
    let (set, size) = match size {
        None => ("photo/$entity", LARGEST),
        Some(size) => ("photos/$entity", parse(size).unwrap_or(1)),
    };
    let mut body = Map::new();
    body.insert("@odata.context".to_owned(), context(base, account, set).into());
    body.extend(properties(account, size));
    Ok(call::resource(&Value::Object(body)))
}

/// `GET /me/photo/$value` and `GET /me/photos/{size}/$value`.
pub fn content(account: &Account, size: Option<&str>) -> Result<Response, GraphError> {
    if !account.has_photo {
        return Err(GraphError::NoPhoto);
    }
    let size = size.map_or(Some(LARGEST), parse).ok_or(GraphError::NoPhoto)?;
    let jpeg = [(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))];
    Ok((jpeg, picture(account, size)?).into_response())
}

/// Personal accounts have photos, but nothing is told about them.
fn described(account: &Account) -> Result<(), GraphError> {
    match account.kind {
        Kind::Personal => Err(GraphError::ConsumerPhoto),
        Kind::Work(_) if account.has_photo => Ok(()),
        Kind::Work(_) => Err(GraphError::NoPhoto),
    }
}

fn parse(size: &str) -> Option<u16> {
    let (width, height) = size.split_once(['x', 'X'])?;
    let width: u16 = width.parse().ok()?;
    (height.parse() == Ok(width) && SIZES.contains(&width)).then_some(width)
}

fn context(base: &str, account: &Account, set: &str) -> String {
    format!("{base}/v1.0/$metadata#users('{}')/{set}", account.graph_id)
}

fn properties(account: &Account, size: u16) -> Map<String, Value> {
    let [red, green, blue] = colour(account);
    let properties = json!({
        "@odata.mediaContentType": "image/jpeg",
        "@odata.mediaEtag": format!("W/\"{red:02X}{green:02X}{blue:02X}{size:04X}\""),
        "id": format!("{size}X{size}"),
        "width": size,
        "height": size,
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}

/// A head and shoulders before a ground of the account's own colour.
fn picture(account: &Account, size: u16) -> Result<Vec<u8>, GraphError> {
    let ground = colour(account);
    let mut pixels = Vec::with_capacity(usize::from(size) * usize::from(size) * 3);
    for y in 0..size {
        for x in 0..size {
            let at = |x: u16| (f32::from(x) + 0.5) / f32::from(size);
            let within = |middle: f32, radius: f32| {
                (at(x) - 0.5).powi(2) + (at(y) - middle).powi(2) < radius.powi(2)
            };
            let person = within(0.38, 0.19) || within(1.02, 0.40);
            pixels.extend_from_slice(if person { &[243, 242, 241] } else { &ground });
        }
    }
    let mut jpeg = Vec::new();
    // Only an empty or a huge picture cannot be encoded: there is none of that size either.
    Encoder::new(&mut jpeg, QUALITY)
        .encode(&pixels, size, size, ColorType::Rgb)
        .map_err(|_| GraphError::NoPhoto)?;
    Ok(jpeg)
}

/// Dark enough for the light figure.
fn colour(account: &Account) -> [u8; 3] {
    let digest = Sha256::digest(account.object_id.as_bytes());
    [digest[0] / 2, digest[1] / 2, digest[2] / 2 + 64]
}
