//! The answer that takes a person over from one site to the other: a page that moves on by itself.
//!
//! A page and not a redirect. After a sign-in, because browsers withhold a `SameSite=Strict` cookie
//! along a redirect chain that began on another site. At sign-out, because `form-action 'self'`
//! forbids a form's answer to redirect elsewhere. It loads nothing, so that what is in its URL goes
//! nowhere.

use leptos::prelude::*;

/// On which way the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// From a finished sign-in to a page of this site.
    Connected,
    /// From this site, where the session has ended, to the provider's sign-out.
    ToProvider,
    /// From the provider's sign-out back to this site.
    Disconnected,
}

impl Passage {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Connected => ("Connected", "You are connected"),
            Self::ToProvider => ("Disconnected", "You are disconnected here"),
            Self::Disconnected => ("Disconnected", "You are disconnected"),
        }
    }
}

/// The page that moves on to `to`. Without anything that Leptos adds to a page for its scripts.
#[must_use]
pub fn landing(passage: Passage, to: String) -> String {
    let refresh = format!("0; url={to}");
    let (title, heading) = passage.words();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta http-equiv="refresh" content=refresh />
                <link rel="icon" href="data:," />
                <title>{format!("{title} · Graph Connect")}</title>
            </head>
            <body>
                <main>
                    <h1>{heading}</h1>
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
