//! The URL table and the layers around it, in one place.

mod api;
mod connect;
pub mod probes;
mod send;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    response::Response,
    routing::{get, post},
};
use leptos_axum::{site_pkg_dir_service, site_pkg_dir_service_route_path};
use tower::ServiceBuilder;
use tower_http::set_header::SetResponseHeaderLayer;

use app::pages::Failure;

use crate::{
    auth::{callback, login, logout},
    layers, paths,
    render::Pages,
    request_id::RequestId,
    state::AppState,
};

/// Every route of this server.
pub fn router(state: AppState) -> Router {
    // Says no where it was done before, by another router of this process.
    _ = any_spawner::Executor::init_tokio();
    let options = state.pages.options();
    let packages = site_pkg_dir_service_route_path(options);
    // A name with a hash in it never changes what it means.
    let caching =
        if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let packages_service = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            HeaderValue::from_static(caching),
        ))
        .service(site_pkg_dir_service(options));
    let not_found = get(not_found).with_state(state.clone());
    let files =
        site_pkg_dir_service(options).append_index_html_on_directories(false).fallback(not_found);

    let routes = Router::new()
        .route("/", get(connect::show))
        .route("/disconnect", get(connect::disconnect))
        .route("/send", get(send::show).post(send::submit))
        .route(paths::LOGIN, get(login::begin))
        .route(paths::REDIRECT, get(callback::finish))
        .route("/logout", post(logout::end))
        .route("/api/{function}", post(api::call))
        .merge(probes::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .route_service(&packages, packages_service)
        .fallback_service(files)
        .with_state(state.clone());
    layers::around(routes, &state)
}

async fn not_found(State(pages): State<Pages>, id: RequestId) -> Response {
    pages.failure(id, StatusCode::NOT_FOUND, Failure::NotFound).await
}

async fn method_not_allowed(State(pages): State<Pages>, id: RequestId) -> Response {
    pages.failure(id, StatusCode::METHOD_NOT_ALLOWED, Failure::MethodNotAllowed).await
}
