//! The headers of every answer, whatever it is, and the addresses there are.

use app::wire::{VERSION, VERSION_HEADER};
use reqwest::Method;

use crate::server::Server;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for path in [
        "/",
        "/send",
        "/login",
        "/login/authorized",
        "/healthz",
        "/none",
        "/pkg/none.js",
        "/logout",
        "/api/none",
    ] {
        let page = browser.get(path).await;
        let csp = page.header("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        let form_action = csp.split("; ").find_map(|it| it.strip_prefix("form-action "));
        assert!(matches!(form_action, Some("'self'" | "'none'")), "{path}: {csp}");
        assert!(!csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"), "{path}: {csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), value, "{path}: {name}");
        }
        assert!(
            !page.header("referrer-policy").is_empty()
                && !page.header("permissions-policy").is_empty(),
            "{path}"
        );
        assert_eq!(page.header("strict-transport-security"), "", "not on http");
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_its_scripts_carry_it() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = browser.get("/").await;
        let csp = page.header("content-security-policy");
        let nonce = csp.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
        for script in page.body.split("<script").skip(1) {
            assert!(
                script.split_once('>').unwrap().0.contains(&format!("nonce=\"{nonce}\"")),
                "{script}"
            );
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn pages_are_not_stored_and_failures_need_no_script() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for path in ["/", "/send", "/disconnect", "/none", "/login/authorized"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert!(!browser.get("/none").await.body.contains("wasm"));
}

#[tokio::test]
async fn an_unknown_page_is_404_and_a_method_without_a_meaning_405() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    assert_eq!(browser.get("/none").await.status, 404);
    let own = [("sec-fetch-site", "same-origin")];
    for (method, path) in [
        (Method::GET, "/logout"),
        (Method::GET, "/api/session"),
        (Method::PUT, "/send"),
        (Method::DELETE, "/"),
    ] {
        let page = browser.request(method.clone(), path, &own, None).await;
        assert_eq!(page.status, 405, "{method} {path}");
        assert!(!page.header("allow").is_empty(), "{method} {path}");
    }
}

#[tokio::test]
async fn https_is_asked_for_as_far_as_the_site_owner_wants() {
    for (setting, header) in [
        ("off", ""),
        ("host", "max-age=31536000"),
        ("subdomains", "max-age=31536000; includeSubDomains"),
        ("", "max-age=31536000; includeSubDomains"),
    ] {
        let settings = [("HSTS", setting), ("PUBLIC_URL", "https://mail.example.com")];
        let server = Server::on_sandbox_with(&settings).await;
        for path in ["/", "/none", "/healthz"] {
            let page = server.browser().get(path).await;
            assert_eq!(page.header("strict-transport-security"), header, "{setting} {path}");
        }
    }
}

#[tokio::test]
async fn text_says_its_type_and_its_charset() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/send", "text/html; charset=utf-8"),
        ("/none", "text/html; charset=utf-8"),
        ("/login/authorized", "text/html; charset=utf-8"),
        ("/healthz", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(browser.get(path).await.header("content-type"), kind, "{path}");
    }
    let own = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let body = Some("{}".to_owned());
    let page = browser.request(Method::POST, "/api/none", &own, body.clone()).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (404, "Page not found"));
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let own = [own[0], own[1], (VERSION_HEADER, VERSION)];
    let page = browser.request(Method::POST, "/api/session", &own, body).await;
    assert_eq!(page.header("content-type"), "application/x-postcard");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn files_say_their_type_and_their_charset() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    let kinds = [
        ("pkg/a.css", "text/css; charset=utf-8"),
        ("pkg/a.js", "text/javascript; charset=utf-8"),
        ("pkg/a.wasm", "application/wasm"),
        ("a.svg", "image/svg+xml"),
    ];
    for (path, _) in kinds {
        std::fs::write(site.path().join(path), "a").unwrap();
    }
    let root = site.path().to_str().unwrap();
    let server = Server::on_sandbox_with(&[("LEPTOS_SITE_ROOT", root)]).await;
    for (path, kind) in kinds {
        let file = server.browser().get(&format!("/{path}")).await;
        assert_eq!((file.status.as_u16(), file.body.as_str()), (200, "a"), "{path}");
        assert_eq!(file.header("content-type"), kind, "{path}");
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn another_name_for_this_computer_leads_to_the_public_one() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for host in ["127.0.0.1:5000", "[::1]:5000", "127.0.0.1"] {
        let page = browser.request(Method::GET, "/send?a=b", &[("host", host)], None).await;
        assert_eq!(page.status, 308, "{host}");
        assert_eq!(page.location(), format!("{}/send?a=b", server.origin), "{host}");
        assert!(browser.set_cookies.is_empty());
        for probe in ["/livez", "/readyz", "/healthz"] {
            let page = browser.request(Method::GET, probe, &[("host", host)], None).await;
            assert_eq!((page.status.as_u16(), page.body.as_str()), (200, "ok"), "{probe}");
        }
    }
    let page = browser.request(Method::GET, "//evil.example", &[("host", "127.0.0.1")], None).await;
    assert_eq!(page.location(), format!("{}/evil.example", server.origin));
}
