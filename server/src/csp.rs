//! The Content Security Policies. Everything comes from this site; scripts also need the answer's
//! nonce, and WebAssembly is the one thing that may be compiled.

/// The policy of a page whose inline scripts carry `nonce`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "leptos itself looks here for `cargo leptos watch`")]
pub fn for_page(nonce: &str) -> String {
    // `cargo leptos watch` reloads the page through a socket of its own, and writes markup into it.
    let (reload, trusted_types) = if std::env::var_os("LEPTOS_WATCH").is_some() {
        (" ws:", "")
    } else {
        ("", "; require-trusted-types-for 'script'; trusted-types 'none'")
    };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'{reload}; base-uri 'none'; object-src 'none'; \
         form-action 'self'; frame-ancestors 'none'{trusted_types}"
    )
}

/// The policy of everything that is no page.
pub const DEFAULT: &str = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of the page that ends a sign-in: it loads nothing but its own empty icon.
pub const LANDING: &str = "default-src 'none'; img-src data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
