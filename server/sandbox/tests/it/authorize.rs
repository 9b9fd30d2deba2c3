//! What the authorize endpoint refuses, and how its answers travel.

use reqwest::StatusCode;
use url::Url;

use crate::support::{Answer, TestSandbox, WORK, between};

#[tokio::test]
async fn what_cannot_be_trusted_stays_on_a_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for (change, number) in [
        (("client_id", "99999999-1111-4111-8111-111111111111"), "AADSTS700016"),
        (("client_id", ""), "AADSTS900144"),
        (("redirect_uri", "http://localhost:5000/login/other"), "AADSTS50011"),
        (("redirect_uri", "http://localhost:5000/Login/Authorized"), "AADSTS50011"),
        (("redirect_uri", "https://evil.example/login/authorized"), "AADSTS50011"),
        (("redirect_uri", ""), "AADSTS900144"),
        (("response_mode", "telepathy"), "AADSTS70007"),
    ] {
        let page = browser.authorize(&[change]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{change:?}");
        assert!(page.text.contains(number), "{change:?}: {}", page.text);
        assert_eq!(page.header("location"), "");
    }
    let page = browser.authorize_at("contoso.com", &[]).await;
    assert!(page.text.contains("AADSTS90002"));
}

#[tokio::test]
async fn a_parameter_that_comes_twice_stays_on_a_page() {
    let sandbox = TestSandbox::start().await;
    let page =
        sandbox.browser().get("/common/oauth2/v2.0/authorize?state=1&client_id=x&state=2").await;
    assert!(page.text.contains("AADSTS9002313"), "{}", page.text);
}

#[tokio::test]
async fn other_mistakes_go_back_to_the_client_with_its_state() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let challenge = "a".repeat(43);
    for (change, error, number) in [
        (vec![("response_type", "")], "invalid_request", "AADSTS900144"),
        (vec![("response_type", "code id_token")], "unsupported_response_type", "AADSTS700054"),
        (vec![("response_type", "magic")], "unsupported_response_type", "AADSTS70005"),
        (vec![("scope", "")], "invalid_request", "AADSTS900144"),
        (vec![("scope", "openid Mail.Everything")], "invalid_scope", "AADSTS70011"),
        (vec![("scope", "openid phone")], "invalid_scope", "AADSTS70011"),
        (
            vec![("scope", "https://graph.microsoft.com/.default User.Read")],
            "invalid_scope",
            "AADSTS70011",
        ),
        (vec![("scope", "api://other/Read")], "invalid_resource", "AADSTS500011"),
        (vec![("prompt", "please")], "invalid_request", "AADSTS90023"),
        (
            vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
            "invalid_request",
            "AADSTS501491",
        ),
        (
            vec![("code_challenge", challenge.as_str()), ("code_challenge_method", "S512")],
            "invalid_request",
            "AADSTS50147",
        ),
        (vec![("code_challenge_method", "S256")], "invalid_request", "AADSTS50147"),
    ] {
        let callback = browser.authorize(&change).await.callback();
        assert_eq!(callback["error"], error, "{change:?}");
        assert!(callback["error_description"].starts_with(number), "{change:?} {callback:?}");
        assert_eq!(callback["state"], "some state");
    }
}

#[tokio::test]
async fn a_refusal_tells_its_ids_and_when_it_was() {
    let sandbox = TestSandbox::start().await;
    let callback = sandbox.browser().authorize(&[("prompt", "none")]).await.callback();
    let text = &callback["error_description"];
    for part in [" Trace ID: ", " Correlation ID: ", " Timestamp: "] {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn the_port_of_localhost_does_not_count() {
    let sandbox = TestSandbox::start().await;
    let elsewhere = "http://localhost:49152/login/authorized";
    let answer =
        sandbox.browser().authorize(&[("redirect_uri", elsewhere), ("prompt", "none")]).await;
    assert!(answer.location().as_str().starts_with(&format!("{elsewhere}?")));
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = browser
        .authorize(&[("x-client-SKU", "msal.js.node"), ("claims", "{}"), ("domain_hint", "x")])
        .await;
    assert_eq!(page.heading(), "Pick an account");
}

#[tokio::test]
async fn an_answer_can_travel_in_the_fragment() {
    let sandbox = TestSandbox::start().await;
    let answer =
        sandbox.browser().authorize(&[("response_mode", "fragment"), ("prompt", "none")]).await;
    let url = answer.location();
    assert_eq!(url.query(), None);
    let fragment = Url::parse(&format!("x:?{}", url.fragment().unwrap())).unwrap();
    let members: Vec<_> = fragment.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(members, ["error", "state", "error_description"]);
}

#[tokio::test]
async fn an_answer_can_be_posted_by_the_browser_with_and_without_scripts() {
    let sandbox = TestSandbox::start().await;
    let state = "\"><script>alert(1)</script>";
    let page: Answer = sandbox
        .browser()
        .authorize(&[("response_mode", "form_post"), ("prompt", "none"), ("state", state)])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text
            .contains("<form method=\"post\" action=\"http://localhost:5000/login/authorized\">")
    );
    assert!(page.text.contains("name=\"error\" value=\"login_required\""));
    assert!(page.text.contains("<noscript>") && page.has_button("Continue"));
    assert!(!page.text.contains("<script>"), "{}", page.text);
    let nonce = between(&page.text, "<script nonce=\"", "\"");
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("script-src 'nonce-{nonce}'")), "{policy}");
}

#[tokio::test]
async fn client_info_comes_when_it_is_asked_for() {
    let sandbox = TestSandbox::start().await;
    let callback = sandbox.browser().sign_in(WORK, &[("client_info", "1")]).await;
    assert!(callback.contains_key("client_info"));
}

#[tokio::test]
async fn an_authorize_request_may_be_posted() {
    let sandbox = TestSandbox::start().await;
    let form = [
        ("client_id", sandbox::CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", sandbox::REDIRECT_URI),
        ("scope", "openid"),
    ];
    let page = sandbox.browser().post("/common/oauth2/v2.0/authorize", &form).await;
    assert_eq!(page.heading(), "Pick an account");
}

#[tokio::test]
async fn a_domain_hint_leaves_the_accounts_of_that_kind() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for (hint, work, personal) in [
        ("consumers", false, true),
        ("organizations", true, false),
        ("sandbox.example", true, false),
        ("unknown.example", true, true),
    ] {
        let picker = browser.authorize(&[("domain_hint", hint)]).await;
        let seen = (
            picker.has_button("work@sandbox.example"),
            picker.has_button("personal@sandbox.example"),
        );
        assert_eq!(seen, (work, personal), "{hint}");
    }
}

#[tokio::test]
async fn a_tenant_that_is_no_name_is_told_from_one_that_nobody_has() {
    let sandbox = TestSandbox::start().await;
    for (tenant, number) in [("contoso.com", "AADSTS90002"), ("%24x", "AADSTS900023")] {
        let page = sandbox.browser().authorize_at(tenant, &[]).await;
        assert!(page.text.contains(number), "{tenant}: {}", page.text);
    }
}

/// A client that checks its registration without a person relies on both.
///
/// Sources: <https://learn.microsoft.com/entra/identity-platform/reply-url> (mismatches are never
/// redirected); <https://learn.microsoft.com/entra/identity-platform/reference-error-codes> (50011, 500113).
#[tokio::test]
async fn an_error_about_the_redirect_uri_is_a_page_even_where_no_page_is_wanted() {
    let sandbox = TestSandbox::start().await;
    let silent = ("prompt", "none");
    let other = ("redirect_uri", "https://app.example/back");
    let page = sandbox.browser().authorize(&[silent, other]).await;
    assert_eq!(page.status.as_u16(), 400);
    assert!(page.text.contains("AADSTS50011"), "{}", page.text);
    assert!(page.header("location").is_empty());
    let known = sandbox.browser().authorize(&[silent]).await.callback();
    assert_eq!(known["error"], "login_required");

    let none = "redirect_uris = [\"http://localhost:5000/login/authorized\"]";
    let built_in = include_str!("../../sandbox.toml");
    assert!(built_in.contains(none));
    let file = built_in.replacen(none, "redirect_uris = []", 1);
    let sandbox = TestSandbox::start_with(sandbox::Settings::default().config(file)).await;
    let page = sandbox.browser().authorize(&[silent]).await;
    assert!(page.text.contains("AADSTS500113"), "{}", page.text);
}
