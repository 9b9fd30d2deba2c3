//! What is done to every request and answer, whatever the route: the defences of security.md's
//! rows F1, H1 to H4, V3, L1 and L2 in one place.

mod body;
pub mod csp;
mod header;
mod headers;
mod host;
mod origin;
mod panic;
mod trace;

use axum::{Router, middleware::from_fn_with_state};
use tower::ServiceBuilder;
use tower_cookies::CookieManagerLayer;

use crate::{session::session_cookies, state::AppState};

/// Puts the layers around `routes`: what stands first meets a request first and its answer last.
pub fn around(routes: Router, state: &AppState) -> Router {
    let with = || state.clone();
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(with(), trace::named_and_logged))
            .layer(from_fn_with_state(with(), headers::security_headers))
            .layer(from_fn_with_state(with(), panic::caught))
            .layer(from_fn_with_state(with(), header::bounded))
            .layer(from_fn_with_state(with(), host::canonical_host))
            .layer(from_fn_with_state(with(), origin::same_origin))
            .layer(from_fn_with_state(with(), body::whole))
            .layer(CookieManagerLayer::new())
            .layer(from_fn_with_state(with(), session_cookies)),
    )
}
