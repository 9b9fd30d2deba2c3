//! The document around every page: head, sandbox bar, header, footer.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Assets, Page, connect, disconnect, failure, head, send};
use crate::{
    wire::VERSION,
    words::{DocumentWords, Words},
};

/// What every page needs beside its own data.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What leptos serves and renders with.
    pub options: LeptosOptions,
    /// The stylesheet and the WebAssembly.
    pub assets: Assets,
    /// `cargo leptos watch` reloads the pages.
    pub watched: bool,
    /// The sandbox's outbox, where this server runs on the sandbox.
    pub sandbox: Option<String>,
    /// Where people find what was sent.
    pub sent_items: String,
    /// The [`hidden_notices`](super::hidden_notices) of this site, which are the same on every page.
    pub notices: Arc<str>,
    /// The language of the page.
    pub words: &'static Words,
    /// The longest time after which this server answers a press, in milliseconds: the browser waits
    /// no less.
    pub time_out: u128,
}

/// Renders `page` as a whole document.
pub fn document(frame: &Frame, page: Page) -> impl IntoView + use<> {
    let words = frame.words;
    let time_out = frame.time_out.to_string();
    let head = head::view(frame, &page);
    let sandbox = frame.sandbox.clone().map(|outbox| sandbox_bar(&words.document, outbox));
    view! {
        <!DOCTYPE html>
        <html lang=words.document.language>
            {head}
            <body data-time-out=time_out data-wire-version=VERSION>
                <a class="skip" href="#main">
                    {words.document.skip}
                </a>
                {sandbox}
                {header(words, &page)}
                <main id="main" tabindex="-1">
                    {match page {
                        Page::Connect(page) => connect::view(&words.connect, page).into_any(),
                        Page::Send(page) => send::view(frame, *page).into_any(),
                        Page::Disconnect => disconnect::view(&words.disconnect).into_any(),
                        Page::Failure(failure) => failure::view(words, &failure).into_any(),
                    }}
                </main>
                <footer class="footer">
                    <p>{words.document.footer}</p>
                </footer>
            </body>
        </html>
    }
}

fn sandbox_bar(words: &'static DocumentWords, outbox: String) -> impl IntoView {
    view! {
        <aside class="sandbox-bar" aria-label=words.sandbox>
            <p>
                {words.sandbox_note} " "
                <a href=outbox target="_blank" rel="external noopener">
                    {words.outbox}
                </a>
            </p>
        </aside>
    }
}

fn header(words: &'static Words, page: &Page) -> impl IntoView + use<> {
    view! {
        <header class="header">
            <a class="brand" href="/" rel="external">
                <img src="/favicon.svg" alt="" width="24" height="24" />
                {words.document.app}
            </a>
            {page
                .person()
                .cloned()
                .map(|person| {
                    view! {
                        <div class="account">
                            <p class="who">
                                <span class="name" id="account-name">{person.name}</span>
                                <span class="address" id="account-address">{person.address}</span>
                            </p>
                            {disconnect::button(&words.disconnect)}
                        </div>
                    }
                })}
        </header>
    }
}
