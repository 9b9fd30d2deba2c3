//! The URL table and the layers around it, in one place.

mod api;
mod connect;
pub mod probes;
mod send;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    middleware::{Next, from_fn_with_state, map_response},
    response::Response,
    routing::{get, post},
};
use leptos_axum::{site_pkg_dir_service, site_pkg_dir_service_route_path};

use app::pages::Failure;

use crate::{
    auth::{callback, login, logout},
    layers, paths,
    render::Pages,
    request_id::RequestId,
    state::AppState,
};

/// The most bytes of a path that leads to a file: no file of this site has a longer name, and file
/// systems answer with all kinds of errors.
const LONGEST_PATH: usize = 250;

/// Every route of this server.
pub fn router(state: AppState) -> Router {
    // Says no where it was done before, by another router of this process.
    _ = any_spawner::Executor::init_tokio();
    let options = state.pages.options();
    let packages = site_pkg_dir_service_route_path(options);
    // A name with a hash in it never changes what it means.
    let caching =
        if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let not_found = get(not_found).with_state(state.clone());
    let files =
        site_pkg_dir_service(options).append_index_html_on_directories(false).fallback(not_found);
    let site = Router::new()
        .route_service(&packages, files.clone())
        .layer(map_response(async move |answer| cached(answer, caching)))
        .fallback_service(files)
        .layer(from_fn_with_state(state.clone(), file));

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
        .merge(site)
        .with_state(state.clone());
    layers::around(routes, &state)
}

/// Has a page in place of a file that can't be there or can't be read.
async fn file(State(pages): State<Pages>, id: RequestId, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.len() > LONGEST_PATH || path.contains("%00") {
        return not_found(State(pages), id).await;
    }
    let answer = next.run(request).await;
    if answer.status().is_server_error() { pages.internal(id) } else { answer }
}

/// Lets browsers keep a file as `caching` says, and nothing else: while two builds are served side by
/// side, a file that this one doesn't have yet is there a moment later.
fn cached(mut answer: Response, caching: &'static str) -> Response {
    let is_file = answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED;
    let caching = if is_file { caching } else { "no-store" };
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    answer
}

async fn not_found(State(pages): State<Pages>, id: RequestId) -> Response {
    pages.failure(id, StatusCode::NOT_FOUND, Failure::NotFound)
}

async fn method_not_allowed(State(pages): State<Pages>, id: RequestId) -> Response {
    pages.failure(id, StatusCode::METHOD_NOT_ALLOWED, Failure::MethodNotAllowed)
}
