//! Where the built site is: the stylesheet, the WebAssembly and its loader.

use std::{fs, io, net::SocketAddr, path::Path};

use app::pages::Assets;
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
        .hash_file(beside.join("hash.txt").to_string_lossy().into())
        .build()
}

/// Whether `cargo leptos watch` has started this process and reloads its pages.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "leptos itself looks there")]
pub fn is_watched() -> bool {
    std::env::var_os("LEPTOS_WATCH").is_some()
}

/// The URLs of the built files. `cargo leptos` writes each file's hash into `hash.txt`, in lines
/// such as `css: 3Fa…`.
///
/// # Errors
/// `hash.txt` can't be read, although the files have hashes in their names.
pub fn assets(options: &LeptosOptions) -> io::Result<Assets> {
    let hashes = if options.hash_files {
        fs::read_to_string(options.hash_file.as_ref())?
    } else {
        String::new()
    };
    let url = |kind: &str| {
        let hash = hashes.lines().filter_map(|line| line.split_once(':'));
        let hash = hash.filter(|(file, _)| file.trim() == kind).map(|(_, hash)| hash.trim());
        let name = [options.output_name.as_ref()].into_iter().chain(hash).chain([kind]);
        format!("/{}/{}", options.site_pkg_dir, name.collect::<Vec<_>>().join("."))
    };
    Ok(Assets { style: url("css"), loader: url("js"), wasm: url("wasm") })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{assets, options};

    #[test]
    fn a_page_names_its_files_with_the_hashes_of_the_build() {
        let beside = tempfile::tempdir().unwrap();
        let hashes = "css: c3\nmanifest: m\njs: j5\nwasm: w7\n";
        fs::write(beside.path().join("hash.txt"), hashes).unwrap();
        let options = options(|_| None, beside.path(), ([127, 0, 0, 1], 0).into());
        let assets = assets(&options).unwrap();
        assert_eq!(assets.style, "/pkg/graph-connect.c3.css");
        assert_eq!(assets.loader, "/pkg/graph-connect.j5.js");
        assert_eq!(assets.wasm, "/pkg/graph-connect.w7.wasm");
    }

    #[test]
    fn hashes_that_cannot_be_read_are_an_error_and_not_a_page_without_style() {
        let beside = tempfile::tempdir().unwrap();
        let hashed = |name: &str| (name == "LEPTOS_HASH_FILES").then(|| "true".to_owned());
        let options = options(hashed, beside.path(), ([127, 0, 0, 1], 0).into());
        assert!(assets(&options).is_err());
    }
}
