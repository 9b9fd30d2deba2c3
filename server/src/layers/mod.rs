//! What is done to every request and answer, whatever the route: the defences of security.md's
//! rows F1, H1 to H4, V3, L1 and L2 in one place.

mod body;
mod header;
mod headers;
mod host;
mod origin;
mod panic;
mod room;
mod trace;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use tower::ServiceBuilder;

use crate::state::AppState;
use room::Room;

/// Puts the layers around `routes`: what stands first meets a request first and its answer last.
/// Within them, `bff` reads and writes the cookies.
pub fn around(routes: Router, state: &AppState) -> Router {
    let pages = || state.pages.clone();
    let limits = state.limits;
    let public_url = || state.bff.settings().public_url.clone();
    let hsts = state.hsts.header().filter(|_| public_url().is_https());
    state.bff.protect(routes).layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.tasks.clone(), trace::named_and_logged))
            .layer(from_fn_with_state(hsts, headers::security_headers))
            .layer(from_fn_with_state(pages(), panic::caught))
            .layer(from_fn_with_state((limits, pages()), header::bounded))
            .layer(from_fn(host::one_host))
            .layer(from_fn_with_state(public_url(), host::canonical_host))
            .layer(from_fn_with_state((public_url(), pages()), origin::same_origin))
            .layer(from_fn_with_state((limits, pages(), Room::new()), body::whole)),
    )
}
