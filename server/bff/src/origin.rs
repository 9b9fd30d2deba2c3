//! Where a request comes from: refuses what another site makes a browser send, and tells a person's
//! own press from a link on another site.
//!
//! The threat is a page elsewhere that has the browser post a form here with the person's cookies.
//! The browser says where a request comes from: in `Sec-Fetch-Site`, or in `Origin` where it doesn't
//! know that header. A request that carries neither is no browser's form, and is refused too.

use axum::http::{
    HeaderMap, Method,
    header::{ORIGIN, REFERER},
};

use crate::PublicUrl;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// The request may be answered: it changes nothing, or it comes from this very origin.
#[must_use]
pub fn is_allowed(method: &Method, headers: &HeaderMap, own: &PublicUrl) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    match headers.get(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => headers.get(ORIGIN).is_some_and(|origin| *origin == own.origin()),
    }
}

/// The person followed a link on this site, typed the address, or uses a browser that doesn't say.
///
/// WebKit calls a link with `target=_blank` cross-site although both pages are of one origin. Its
/// `Referer` tells: no other site can send one of ours, and with `Referrer-Policy: same-origin` our
/// pages send none to other sites that could lead back here.
#[must_use]
pub fn is_own_press(headers: &HeaderMap, own: &PublicUrl) -> bool {
    let Some(site) = headers.get(SEC_FETCH_SITE) else { return true };
    let referrer = headers.get(REFERER).and_then(|it| it.to_str().ok());
    site == "same-origin" || site == "none" || referrer.is_some_and(|it| own.is_origin_of(it))
}
