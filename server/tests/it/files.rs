//! Which files browsers keep, and what they hear of files that there are not.

use std::fs;

use reqwest::Method;

use crate::server::Server;

#[tokio::test]
async fn a_file_is_kept_and_what_is_said_in_place_of_one_never() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    fs::write(site.path().join("pkg/a.css"), "a").unwrap();
    // A link to itself can't be read, as a file on a broken disk can't.
    std::os::unix::fs::symlink("b.css", site.path().join("pkg/b.css")).unwrap();
    let root = site.path().to_str().unwrap();
    let server = Server::on_sandbox_with(&[("LEPTOS_SITE_ROOT", root)]).await;
    let mut browser = server.browser();
    let own = [("sec-fetch-site", "same-origin")];
    let file = browser.get("/pkg/a.css").await;
    assert_eq!((file.status.as_u16(), file.header("cache-control").as_str()), (200, "no-cache"));
    let known = [own[0], ("if-modified-since", "Mon, 23 Nov 2099 00:00:00 GMT")];
    let same = browser.request(Method::GET, "/pkg/a.css", &known, None).await;
    assert_eq!((same.status.as_u16(), same.header("cache-control").as_str()), (304, "no-cache"));
    for (method, path, status) in [
        (Method::GET, "/pkg/none.css", 404),
        (Method::GET, "/pkg/%00", 404),
        (Method::GET, "/pkg/b.css", 500),
        (Method::PUT, "/pkg/a.css", 405),
    ] {
        let page = browser.request(method.clone(), path, &own, None).await;
        assert_eq!(page.status, status, "{path}");
        assert!(
            method == Method::PUT || page.body.contains(&page.header("x-request-id")),
            "a page"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_path_that_no_file_can_have_is_a_page_that_there_is_not() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let (folders, name) = ("/a".repeat(3_000), format!("/{}", "a".repeat(5_000)));
    for path in ["/%00", "/a%00b", "/pkg/%00", "/%ff", "/..%2f..%2fetc/passwd", &folders, &name] {
        let page = browser.get(path).await;
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (404, "Page not found"));
        let own = [("sec-fetch-site", "same-origin")];
        let head = browser.request(Method::HEAD, path, &own, None).await;
        assert_eq!(head.status, 404, "{path}");
    }
}
