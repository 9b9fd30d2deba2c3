//! The table of URLs and the layers around them.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};

use crate::control::{self, guard};
use crate::drain_body::drain_body;
use crate::graph::graph;
use crate::graph::mail::upload::endpoint::upload;
use crate::graph::userinfo::userinfo;
use crate::identity::{authorize, device, discovery, fault, instance, logout, token};
use crate::layers::{any_origin, headers, note};
use crate::pages;
use crate::platform::App;

/// Every route of the sandbox.
pub fn router(app: App) -> Router {
    let document =
        get(discovery::document).layer(from_fn_with_state(app.clone(), fault::at_discovery));
    let keys = get(discovery::keys).layer(from_fn_with_state(app.clone(), fault::at_keys));
    let token = post(token::token).fallback(token::wrong_method).layer(any_origin());

    let identity = Router::new()
        .route("/{tenant}/v2.0/.well-known/openid-configuration", document)
        .route("/{tenant}/discovery/v2.0/keys", keys)
        .route(
            "/{tenant}/oauth2/v2.0/authorize",
            get(authorize::authorize).post(authorize::authorize),
        )
        .route("/{tenant}/oauth2/v2.0/token", token)
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device::device_code))
        .route("/devicelogin", get(device::page))
        .route("/common/discovery/instance", get(instance::instance))
        .route("/{tenant}/oauth2/v2.0/logout", get(logout::logout).post(logout::logout))
        .route("/{tenant}/v2.0/adminconsent", get(authorize::admin::page));

    let outlook = Router::new().route("/api/gv1.0/{*path}", any(upload)).layer(any_origin());

    let graph = Router::new()
        .route("/v1.0", any(graph))
        .route("/v1.0/", any(graph))
        .route("/v1.0/{*path}", any(graph))
        .route("/oidc/userinfo", get(userinfo).post(userinfo))
        .layer(any_origin());

    let sign_in = Router::new()
        .route("/sandbox/sign-in/account", post(authorize::choose))
        .route("/sandbox/sign-in/device", post(device::enter))
        .route("/sandbox/sign-in/consent", post(authorize::decide))
        .route("/sandbox/sign-in/admin", post(authorize::admin::decide))
        .layer(from_fn_with_state(app.clone(), guard::own_page));

    let control = Router::new()
        .route("/sandbox/outbox", get(control::outbox))
        .route("/sandbox/requests", get(control::requests))
        .route("/sandbox/reset", post(control::reset))
        .route("/sandbox/clock", post(control::clock))
        .route("/sandbox/mail", post(control::mail::mail))
        .route("/sandbox/revoke", post(control::revoke))
        .route("/sandbox/keys", post(control::roll_keys))
        .route("/sandbox/page", post(control::page::press))
        .route("/sandbox/faults", post(control::faults::add).delete(control::faults::clear))
        .layer(from_fn_with_state(app.clone(), guard::control));

    let tool = Router::new()
        .route("/", get(control::page::page))
        .route("/sandbox/pages/requests", get(control::page::requests))
        .route("/sandbox/pages/accounts", get(control::page::accounts))
        .route("/sandbox/pages/accounts/{address}", get(control::page::account))
        .layer(from_fn_with_state(app.clone(), guard::home));

    let js = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    let css = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    Router::new()
        .merge(tool)
        .route("/sandbox/style.css", get(move || async move { (css, pages::STYLE) }))
        .route("/sandbox/page.js", get(move || async move { (js, pages::tool::SCRIPT) }))
        .merge(identity)
        .merge(graph)
        .merge(outlook)
        .merge(sign_in)
        .merge(control)
        .fallback(|| async {
            pages::failure::page(StatusCode::NOT_FOUND, "There is nothing at this address.")
        })
        .layer(from_fn_with_state(app.clone(), note))
        .layer(from_fn_with_state(app.clone(), guard::host))
        .layer(from_fn_with_state(app.clone(), headers))
        .layer(from_fn(drain_body))
        .with_state(app)
}
