//! The floor: what an axum server costs that does nothing but answer with these bytes.

use std::{env, fs, sync::Arc};

use anyhow::Context;
use axum::{
    Form, Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;

/// What the form has and Graph gets.
#[derive(Deserialize)]
struct MailForm {
    to: String,
    subject: String,
    message: String,
}

/// Serves the two pages whose files the arguments name, and posts to the Graph at the URL after them
/// with the token after that.
pub fn router() -> anyhow::Result<Router> {
    let argument = |index| env::args().nth(index).context("bare CONNECT SEND GRAPH TOKEN");
    let page = |index| anyhow::Ok(Arc::<str>::from(fs::read_to_string(argument(index)?)?));
    let (connect, send) = (page(2)?, page(3)?);
    let url = format!("{}/v1.0/me/microsoft.graph.sendMail", argument(4)?);
    let token = argument(5)?;
    let client = reqwest::Client::new();
    let submit = async move |Form(form): Form<MailForm>| -> Response {
        let body = json!({
            "message": {
                "subject": form.subject,
                "body": { "contentType": "html", "content": form.message },
                "toRecipients": [{ "emailAddress": { "address": form.to } }],
            },
            "saveToSentItems": true,
        });
        match client.post(&url).bearer_auth(&token).json(&body).send().await {
            Ok(answer) if answer.status() == 202 => Redirect::to("/send").into_response(),
            _ => StatusCode::BAD_GATEWAY.into_response(),
        }
    };
    let show = |page: Arc<str>| async move || Html(page.to_string());
    Ok(Router::new().route("/", get(show(connect))).route("/send", get(show(send)).post(submit)))
}
