//! The head of every page: its title, and the built files that it loads.

use leptos::{
    hydration::AutoReload,
    nonce::{Nonce, use_nonce},
    prelude::*,
};

use super::{Frame, Page};

/// Loads the WebAssembly and wakes the islands.
///
/// This and not leptos' `HydrationScripts`, which reads `hash.txt` from disk for each page, and whose
/// `as=fetch` preload WebKit never uses, so that it downloads the WebAssembly twice.
const WAKE: &str = include_str!("wake.js");

/// The URLs of the built files, which have a hash in their names in a release build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The stylesheet.
    pub style: String,
    /// The module that wasm-bindgen wrote.
    pub loader: String,
    /// The WebAssembly that it loads.
    pub wasm: String,
}

pub(super) fn view(frame: &Frame, page: &Page) -> impl IntoView + use<> {
    let words = frame.words;
    let title = (words.document.title)(page.title(words));
    let description = page.description(words);
    let wake = page.has_islands().then(|| wake(&frame.assets, use_nonce()));
    let reload = (frame.watched && page.has_islands()).then(|| {
        let options = frame.options.clone();
        view! { <AutoReload options /> }
    });
    view! {
        <head>
            <meta charset="utf-8" />
            // Before the stylesheet, which would hold it up.
            {wake}
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            // Not as a child: a debug build puts a marker behind those, which a title shows.
            <title inner_html=title></title>
            {description.map(|text| view! { <meta name="description" content=text /> })}
            <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
            <link rel="stylesheet" id="style" href=frame.assets.style.clone() />
            {reload}
        </head>
    }
}

fn wake(assets: &Assets, nonce: Option<Nonce>) -> impl IntoView + use<> {
    view! {
        <script
            nonce=nonce
            data-loader=assets.loader.clone()
            data-wasm=assets.wasm.clone()
            inner_html=WAKE
        ></script>
    }
}
