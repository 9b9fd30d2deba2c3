//! Instance discovery: Microsoft's libraries ask it whether a host is one of Microsoft's before they trust
//! it. Here the sandbox is the only instance.
//!
//! Source: the requests of the MSAL libraries; the answer is theirs to read, not a documented contract.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, json};
use url::Url;

use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::params::{Params, tenant_of};
use crate::identity::trace::Trace;
use crate::platform::{App, Platform};

/// `GET /common/discovery/instance`
pub async fn instance(State(app): State<App>, RawQuery(query): RawQuery, trace: Trace) -> Response {
    answer(&app, &query.unwrap_or_default()).unwrap_or_else(|refusal| trace.refuse(&refusal))
}

fn answer(app: &Platform, query: &str) -> Result<Response, Refusal> {
    let params = Params::parse(query.as_bytes())?;
    let version = params.require("api-version")?;
    let unknown = |what: &str| Refusal::about(Aadsts::InstanceUnknown, format!("'{what}'."));
    let endpoint = params.require("authorization_endpoint")?;
    let url = Url::parse(endpoint).map_err(|_| unknown(endpoint))?;
    // MSAL for Python leaves the port out.
    if !url.host_str().is_some_and(|host| app.addresses.answers_to(host)) {
        return Err(unknown(endpoint));
    }
    let segment = url.path_segments().and_then(|mut path| path.next()).unwrap_or_default();
    let tenant = tenant_of(&app.directory, segment)?;
    let document =
        format!("{}/{}/v2.0/.well-known/openid-configuration", app.base, tenant.segment());
    let mut body = Map::new();
    body.insert("tenant_discovery_endpoint".to_owned(), document.into());
    body.insert("api-version".to_owned(), version.into());
    match version {
        "1.0" => {}
        "1.1" => {
            let host = app.host();
            let instance =
                json!({ "preferred_network": host, "preferred_cache": host, "aliases": [host] });
            body.insert("metadata".to_owned(), json!([instance]));
        }
        other => {
            return Err(Refusal::about(Aadsts::Malformed, format!("The api-version '{other}'.")));
        }
    }
    Ok(Json(body).into_response())
}
