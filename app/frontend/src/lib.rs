//! The entry point that the browser calls; everything else is in `app`.
//!
//! A package of its own, because cargo turns LTO off for a crate that is `cdylib` and `rlib` at
//! once (rust-lang/cargo#9672).

// Islands are exported functions; without this the linker would see no use of `app`.
extern crate app;

/// Wakes the islands on the page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
