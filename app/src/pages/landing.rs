//! The answer to a finished sign-in: a page that moves on by itself.
//!
//! A page and not a redirect, because browsers withhold a `SameSite=Strict` cookie along a redirect
//! chain that began on another site. It loads nothing, so that the code in its URL goes nowhere.

use leptos::prelude::*;

/// The page that moves on to `to`, a path on this site. Without anything that Leptos adds to a page
/// for its scripts.
#[must_use]
pub fn landing(to: String) -> String {
    let refresh = format!("0; url={to}");
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta http-equiv="refresh" content=refresh />
                <link rel="icon" href="data:," />
                <title>"Connected · Graph Connect"</title>
            </head>
            <body>
                <main>
                    <h1>"You are connected"</h1>
                    <p>
                        <a href=to rel="external">
                            "Continue"
                        </a>
                    </p>
                </main>
            </body>
        </html>
    }
    .to_html()
}
