//! The answer that takes a person over from one site to the other: a page that moves on by itself.
//!
//! A page and not a redirect. After a sign-in, because browsers withhold a `SameSite=Strict` cookie
//! along a redirect chain that began on another site. At sign-out, because `form-action 'self'`
//! forbids a form's answer to redirect elsewhere. It loads nothing, so that what is in its URL goes
//! nowhere.

use leptos::prelude::*;

use crate::words::{LandingWords, PassageWords, Words};

/// On which way the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// From a finished sign-in to a page of this site.
    Connected,
    /// From this site, where the session has ended, to the provider's sign-out.
    ToProvider,
    /// From the provider's sign-out back to this site. A link can lead there too, so it says nothing
    /// of a session.
    Back,
}

impl Passage {
    const fn words(self, words: &LandingWords) -> PassageWords {
        match self {
            Self::Connected => words.signed_in,
            Self::ToProvider => words.to_provider,
            Self::Back => words.back,
        }
    }
}

/// The page that moves on to `to`. Without anything that Leptos adds to a page for its scripts.
#[must_use]
pub fn landing(words: &'static Words, passage: Passage, to: String) -> String {
    let refresh = format!("0; url={to}");
    let PassageWords { title, heading } = passage.words(&words.landing);
    view! {
        <!DOCTYPE html>
        <html lang=words.document.language>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta http-equiv="refresh" content=refresh />
                <link rel="icon" href="data:," />
                <title>{(words.document.title)(title)}</title>
            </head>
            <body>
                <main>
                    <h1>{heading}</h1>
                    <p>
                        <a href=to rel="external">
                            {words.landing.go_on}
                        </a>
                    </p>
                </main>
            </body>
        </html>
    }
    .to_html()
}
