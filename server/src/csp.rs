//! The Content Security Policies. Everything comes from this site; scripts also need the answer's
//! nonce, and WebAssembly is the one thing that may be compiled.

use axum::http::HeaderValue;

/// The policy of a page whose inline scripts carry `nonce`. `cargo leptos watch` reloads a `watched` page
/// through a socket of its own, and writes markup into it.
#[must_use]
pub fn for_page(nonce: &str, watched: bool) -> HeaderValue {
    let (reload, trusted_types) = if watched {
        (" ws:", "")
    } else {
        ("", "; require-trusted-types-for 'script'; trusted-types 'none'")
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'{reload}; base-uri 'none'; object-src 'none'; \
         form-action 'self'; frame-ancestors 'none'{trusted_types}"
    );
    // A nonce is base64url, so this is a header's value; without scripts the page works too.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(DEFAULT))
}

/// The policy of everything that is no page.
pub const DEFAULT: &str = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of the page that ends a sign-in: it loads nothing but its own empty icon.
pub const LANDING: &str = "default-src 'none'; img-src data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
