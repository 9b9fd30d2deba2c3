//! The pages of a sign-in on behalf of a device: typing its code, and the end.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::pages;

/// Asks for the code that the device shows; `again` after one that fits no device.
pub fn ask(again: bool) -> Response {
    let main = html! {
        main.card {
            h1 { "Enter code to allow access" }
            @if again {
                p.alert role="alert" {
                    "That code didn't work. Check the code on your device, or start again there."
                }
            }
            p { "Once you enter the code displayed on your app or device, it will have access to your account." }
            form method="post" action="/sandbox/sign-in/device" {
                p.field {
                    label for="code" { "Code" }
                    input id="code" name="code" autocomplete="off" autocapitalize="characters" required autofocus;
                }
                p.buttons { button { "Next" } }
            }
        }
    };
    let status = if again { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages::page(status, "Enter code", &main)
}

/// Says that the device has what it asked for.
pub fn signed_in(app: &str) -> Response {
    let main = html! {
        main.card {
            h1 { "You're signed in" }
            p { "You have signed in to " strong { (app) } " on your device. You can close this window." }
        }
    };
    pages::page(StatusCode::OK, "You're signed in", &main)
}

/// Says that the device gets nothing.
pub fn declined(app: &str) -> Response {
    let main = html! {
        main.card {
            h1 { "You didn't sign in" }
            p { strong { (app) } " didn't get access to your account. You can close this window." }
        }
    };
    pages::page(StatusCode::OK, "You didn't sign in", &main)
}
