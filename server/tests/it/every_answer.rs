//! The security headers of answers of every kind, each header by its whole value (security.md, H1, H2).

use std::fs;

use app::wire::{VERSION, VERSION_HEADER};
use reqwest::Method;
use tempfile::TempDir;

use crate::{
    browser::{Browser, Page},
    server::Server,
};

const HSTS: &str = "max-age=31536000; includeSubDomains";

const OF_ALL: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("strict-transport-security", HSTS),
];

/// Of everything that is no page.
const NO_PAGE: &str = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                       frame-ancestors 'none'";

/// Of the page that leads over to another site.
const LANDING: &str = "default-src 'none'; img-src data:; object-src 'none'; base-uri 'none'; \
                       form-action 'none'; frame-ancestors 'none'";

/// Of a page whose nonce is `nonce`.
fn of_page(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Page,
    Landing,
    Other,
}

fn check(what: &str, page: &Page, kind: Kind, referrer_policy: &str) {
    let all = OF_ALL.iter().chain(&[("referrer-policy", "")]);
    for (name, value) in all {
        let value = if *name == "referrer-policy" { referrer_policy } else { value };
        let given: Vec<_> = page.headers.get_all(*name).iter().collect();
        assert_eq!(given, [value], "{what}: {name}");
    }
    let policies: Vec<_> = page.headers.get_all("content-security-policy").iter().collect();
    let policy = page.header("content-security-policy");
    let expected = match kind {
        Kind::Page => {
            let nonce = policy.split_once("'nonce-").expect(what).1.split_once('\'').unwrap().0;
            assert!(nonce.len() >= 22, "{what}: {nonce}");
            of_page(nonce)
        }
        Kind::Landing => LANDING.to_owned(),
        Kind::Other => NO_PAGE.to_owned(),
    };
    assert_eq!((policies.len(), policy), (1, expected), "{what}");
}

/// A built site with one file in each of its folders.
fn site() -> TempDir {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    for path in ["pkg/a.css", "a.svg"] {
        fs::write(site.path().join(path), "a").unwrap();
    }
    site
}

async fn ask(
    browser: &mut Browser,
    method: &Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<String>,
) -> Page {
    let own = [&[("sec-fetch-site", "same-origin")], headers].concat();
    browser.request(method.clone(), path, &own, body).await
}

#[tokio::test]
async fn answers_of_every_kind_carry_every_header_with_its_whole_value() {
    use Kind::{Landing, Other, Page};
    let site = site();
    let settings = [
        ("PUBLIC_URL", "https://mail.example.com"),
        ("LEPTOS_SITE_ROOT", site.path().to_str().unwrap()),
        ("MAX_BODY", "1000"),
    ];
    let server = Server::on_sandbox_with(&settings).await;
    let mut browser = server.browser();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let this_build = [(VERSION_HEADER, VERSION)];
    let long = "x".repeat(20_000);
    let (get, post, same) = (Method::GET, Method::POST, "same-origin");
    let none: &[(&str, &str)] = &[];
    type Row<'a> = (&'a Method, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, Kind, &'a str);
    let table: &[Row<'_>] = &[
        (&get, "/", none, "", 200, Page, same),
        (&get, "/send", none, "", 200, Page, same),
        (&get, "/disconnect", none, "", 200, Page, same),
        (&get, "/login", none, "", 303, Other, same),
        (&get, "/login/authorized", none, "", 200, Landing, "no-referrer"),
        (&get, "/login/authorized?code=a&state=b", none, "", 400, Page, "no-referrer"),
        (&get, "/healthz", none, "", 200, Other, same),
        (&get, "/pkg/a.css", none, "", 200, Other, same),
        (&get, "/pkg/none.css", none, "", 404, Page, same),
        (&get, "/a.svg", none, "", 200, Other, same),
        (&get, "/none", none, "", 404, Page, same),
        (&get, "/logout", none, "", 405, Page, same),
        (&Method::PUT, "/send", none, "", 405, Page, same),
        (&Method::PUT, "/a.svg", none, "", 405, Other, same),
        (&Method::HEAD, "/", none, "", 200, Page, same),
        (&Method::OPTIONS, "/send", none, "", 405, Page, same),
        (&get, "/", &[("x-long", &long)], "", 431, Page, same),
        (&get, "/", &[("host", "127.0.0.1"), ("host", "127.0.0.2")], "", 400, Other, same),
        (&post, "/send", &form, "to=a", 400, Page, same),
        (&post, "/send", &form, &long[..2_000], 413, Page, same),
        (&post, "/send", &form, "key=&account=&confirmed=&to=&subject=&message=", 401, Page, same),
        (&post, "/logout", none, "", 303, Other, same),
        (&post, "/api/session", &this_build, "", 200, Other, same),
        (&post, "/api/session", none, "", 412, Other, same),
        (&post, "/api/send_mail", &this_build, "", 415, Other, same),
        (&post, "/api/none", none, "", 404, Page, same),
    ];
    for (method, path, headers, body, status, kind, referrer_policy) in table {
        let body = Some((*body).to_owned()).filter(|it| !it.is_empty());
        let page = ask(&mut browser, method, path, headers, body).await;
        let what = format!("{method} {path} {status}");
        assert_eq!(page.status, *status, "{what}: {}", page.body);
        check(&what, &page, *kind, referrer_policy);
    }
    let cross = [("sec-fetch-site", "cross-site")];
    let refused = browser.request(post, "/send", &cross, None).await;
    assert_eq!(refused.status, 403);
    check("403", &refused, Page, same);
}

#[tokio::test]
async fn the_page_after_a_panic_carries_every_header_with_its_whole_value() {
    let panics = axum::routing::get(async || -> &'static str { panic!("words") });
    let server = Server::with_routes(axum::Router::new().route("/panics", panics)).await;
    let page = server.browser().get("/panics").await;
    assert_eq!(page.status, 500);
    for (name, value) in OF_ALL.iter().filter(|it| it.1 != HSTS) {
        assert_eq!(page.header(name), *value, "{name}");
    }
    let policy = page.header("content-security-policy");
    let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0;
    assert_eq!(policy, of_page(nonce));
    assert_eq!(page.header("referrer-policy"), "same-origin");
}
