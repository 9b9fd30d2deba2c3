//! Requests that change something come from this very origin or are refused (security.md, F1).

use reqwest::Method;

use crate::server::Server;

#[tokio::test]
async fn only_this_origin_can_change_anything() {
    let server = Server::on_sandbox().await;
    let own = server.origin.clone();
    let port = format!("{}0", own);
    let table: &[(&[(&str, &str)], bool)] = &[
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], true),
        (&[("origin", &own)], true),
        (&[("sec-fetch-site", "same-site"), ("origin", &own)], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "none")], false),
        (&[("origin", "null")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", &port)], false),
        (&[("origin", "http://localhost")], false),
        (&[], false),
    ];
    for path in ["/send", "/logout", "/api/session", "/api/send_mail"] {
        for (headers, allowed) in table {
            let mut browser = server.browser();
            let page = browser.request(Method::POST, path, headers, None).await;
            assert_eq!(page.status != 403, *allowed, "{path} {headers:?}");
            if !allowed {
                assert_eq!(page.heading(), "This request came from another site");
                assert!(browser.cookies.is_empty(), "no handler ran");
            }
        }
    }
}
