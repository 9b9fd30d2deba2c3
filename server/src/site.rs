//! Where the built site is: the stylesheet, the WebAssembly and its loader.

use std::{net::SocketAddr, path::Path};

use leptos::config::LeptosOptions;

/// The options that Leptos renders with. `cargo leptos` passes them in its `LEPTOS_*` variables; a
/// binary that is started by itself finds the site folder and `hash.txt` beside it, or where the
/// build left them.
#[must_use]
pub fn options(
    env: impl Fn(&str) -> Option<String>,
    beside: &Path,
    address: SocketAddr,
) -> LeptosOptions {
    let hash_files = env("LEPTOS_HASH_FILES").map_or_else(
        || env("LEPTOS_OUTPUT_NAME").is_none() && beside.join("hash.txt").exists(),
        |value| value == "true",
    );
    let site_root = env("LEPTOS_SITE_ROOT").unwrap_or_else(|| {
        let folders = [beside.join("site"), beside.join("../site")];
        let found = folders.into_iter().find(|folder| folder.is_dir());
        found.map_or_else(|| "target/site".to_owned(), |folder| folder.display().to_string())
    });
    let reload_port = env("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(5002);
    LeptosOptions::builder()
        .output_name("graph-connect")
        .site_root(site_root)
        .site_pkg_dir("pkg")
        .site_addr(address)
        .reload_port(reload_port)
        .hash_files(hash_files)
        .build()
}
