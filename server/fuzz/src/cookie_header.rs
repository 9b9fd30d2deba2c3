use std::{
    convert::Infallible,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Request, header::COOKIE},
    middleware::from_fn,
    response::Response,
    routing::any,
};
use futures::executor::block_on;
use tower::ServiceExt;

use crate::header::strict_cookies;

static SEEN: Mutex<Option<HeaderMap>> = Mutex::new(None);

static ROUTER: LazyLock<Mutex<Router>> = LazyLock::new(|| {
    let handler = any(async |headers: HeaderMap| {
        *SEEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(headers);
    });
    Mutex::new(Router::new().fallback(handler).layer(from_fn(strict_cookies)))
});

/// What is kept of `Cookie` lines stands in them exactly once, under that very name.
pub fn cookie_header(data: &[u8]) {
    let mut request = Request::new(Body::empty());
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    for line in &lines {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        request.headers_mut().append(COOKIE, value);
    }
    let router = ROUTER.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let answer: Result<Response, Infallible> = block_on(router.oneshot(request));
    assert!(answer.is_ok());
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(seen) = seen else { panic!("the request did not arrive") };
    assert!(seen.get_all(COOKIE).iter().count() <= 1);
    let Some(kept) = seen.get(COOKIE) else { return };
    let trim = |it: &[u8]| -> Vec<u8> {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        let from = it.iter().position(|byte| !is_space(byte)).unwrap_or(it.len());
        let to = it.iter().rposition(|byte| !is_space(byte)).map_or(from, |at| at + 1);
        it[from..to].to_vec()
    };
    let given: Vec<(Vec<u8>, Vec<u8>)> = lines
        .iter()
        .flat_map(|line| line.split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=')?;
            Some((trim(&pair[..at]), trim(&pair[at + 1..])))
        })
        .collect();
    for pair in kept.to_str().expect("plain text").split("; ") {
        let (name, value) = pair.split_once('=').expect("a pair");
        let same = given.iter().filter(|it| it.0 == name.as_bytes()).collect::<Vec<_>>();
        assert!(same.len() == 1 && same[0].1 == value.as_bytes(), "{pair:?}");
        assert!(!name.contains('%') && !value.contains('%'));
    }
}
