//! What a file of registrations and accounts changes.

use std::time::Duration;

use reqwest::StatusCode;
use sandbox::{BindError, CLIENT_ID, Sandbox, Settings, TENANT};

use crate::support::{Answer, TestSandbox, WORK};

const FILE: &str = r#"
[[tenant]]
id = "22222222-2222-4222-8222-222222222222"
domain = "sandbox.example"

[[tenant]]
id = "55555555-5555-4555-8555-555555555555"
domain = "other.example"

[[registration]]
client_id = "11111111-1111-4111-8111-111111111111"
name = "First"
redirect_uris = ["http://localhost:5000/login/authorized", "https://app.example/back?x=1"]
secrets = [{ value = "old", expires = 2024-12-31T00:00:00Z }, { value = "sandbox-secret" }]

[[registration]]
client_id = "11111111-1111-4111-8111-111111111112"
name = "Own tenant only"
tenant = "sandbox.example"
sign_in_audience = "AzureADMyOrg"
redirect_uris = ["http://localhost:5000/login/authorized"]
secrets = [{ value = "sandbox-secret" }]

[[registration]]
client_id = "11111111-1111-4111-8111-111111111113"
name = "Switched off"
redirect_uris = ["http://localhost:5000/login/authorized"]
disabled = true

[[registration]]
client_id = "11111111-1111-4111-8111-111111111114"
name = "Personal accounts"
sign_in_audience = "PersonalMicrosoftAccount"
redirect_uris = ["http://localhost:5000/login/authorized"]

[[registration]]
client_id = "11111111-1111-4111-8111-111111111115"
name = "Work accounts"
sign_in_audience = "AzureADMultipleOrgs"
redirect_uris = ["http://localhost:5000/login/authorized"]

[[account]]
address = "work@sandbox.example"
given_name = "W"
surname = "Ork"
tenant = "sandbox.example"
object_id = "33333333-3333-4333-8333-333333333301"

[[account]]
address = "colleague@sandbox.example"
given_name = "C"
surname = "Olleague"
tenant = "sandbox.example"
object_id = "33333333-3333-4333-8333-333333333303"
consent = "nobody"

[[account]]
address = "someone@other.example"
given_name = "Some"
surname = "One"
tenant = "other.example"
object_id = "33333333-3333-4333-8333-333333333302"
administrator = true

[[account]]
address = "me@home.example"
given_name = "M"
surname = "E"
tenant = "consumers"
object_id = "00000000-0000-0000-4444-444444444402"
"#;

const OWN_TENANT: &str = "11111111-1111-4111-8111-111111111112";
const DISABLED: &str = "11111111-1111-4111-8111-111111111113";
const CONSUMERS: &str = "11111111-1111-4111-8111-111111111114";
const ORGANIZATIONS: &str = "11111111-1111-4111-8111-111111111115";
const OTHER: &str = "someone@other.example";
const COLLEAGUE: &str = "colleague@sandbox.example";

async fn configured() -> TestSandbox {
    TestSandbox::start_with(Settings::default().config(FILE)).await
}

fn refused(answer: &Answer, status: StatusCode, number: u32) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.json()["error_codes"][0], number, "{}", answer.text);
}

#[tokio::test]
async fn a_wrong_file_is_refused_before_anything_listens() {
    let settings = Settings::default().config("[[tenant]]\nname = 'x'\n");
    let error = Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), settings).await.unwrap_err();
    assert!(matches!(error, BindError::Directory(_)), "{error:?}");
}

#[tokio::test]
async fn the_picker_and_the_consent_page_show_what_the_file_says() {
    let sandbox = configured().await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[]).await;
    assert!(picker.text.contains("to continue to First"));
    assert!(picker.has_button(OTHER) && !picker.has_button("markup@sandbox.example"));
    let consent = browser.choose(&picker, WORK).await;
    assert!(consent.text.contains("<strong>First</strong>"));
}

#[tokio::test]
async fn every_redirect_uri_of_a_registration_serves() {
    let sandbox = configured().await;
    let uri = "https://app.example/back?x=1";
    let browser = sandbox.browser();
    let page = browser.choose(&browser.authorize(&[("redirect_uri", uri)]).await, WORK).await;
    let location = browser.decide(&page, "accept").await.location();
    assert!(location.as_str().starts_with("https://app.example/back?x=1&code="), "{location}");
    let near = browser.authorize(&[("redirect_uri", "https://app.example/back")]).await;
    assert!(near.text.contains("AADSTS50011"));
}

#[tokio::test]
async fn each_secret_serves_until_its_end() {
    let sandbox = configured().await;
    let code = sandbox.code(WORK).await;
    let old = sandbox.redeem(&code, &[("client_secret", "old")]).await;
    refused(&old, StatusCode::UNAUTHORIZED, 7_000_222);
    assert_eq!(old.json()["error"], "invalid_client");
    let wrong = sandbox.redeem(&code, &[("client_secret", "older")]).await;
    refused(&wrong, StatusCode::UNAUTHORIZED, 7_000_215);
    sandbox.redeem(&code, &[]).await.ok();
}

#[tokio::test]
async fn a_single_tenant_registration_is_for_its_own_tenant() {
    let sandbox = configured().await;
    let browser = sandbox.browser();
    let client = [("client_id", OWN_TENANT)];
    for (tenant, number) in [
        ("common", "AADSTS50194"),
        ("organizations", "AADSTS50194"),
        ("consumers", "AADSTS9002332"),
        ("other.example", "AADSTS700016"),
    ] {
        let page = browser.authorize_at(tenant, &client).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{tenant}");
        assert!(page.text.contains(number), "{tenant}: {}", page.text);
    }
    let picker = browser.authorize_at(TENANT, &client).await;
    let other = browser.choose(&picker, OTHER).await;
    assert!(other.text.contains("AADSTS50020"));
    let consent = browser.choose(&other, WORK).await;
    let code = browser.decide(&consent, "accept").await.callback()["code"].clone();
    refused(&sandbox.redeem(&code, &client).await, StatusCode::BAD_REQUEST, 50194);
}

#[tokio::test]
async fn an_audience_decides_which_endpoints_and_accounts_serve() {
    let sandbox = configured().await;
    let browser = sandbox.browser();
    let common = browser.authorize_at("common", &[("client_id", CONSUMERS)]).await;
    assert!(common.text.contains("AADSTS9002331"));
    let consumers = browser.authorize_at("consumers", &[("client_id", ORGANIZATIONS)]).await;
    assert!(consumers.text.contains("AADSTS9002332"));
    let picker = browser.authorize(&[("client_id", ORGANIZATIONS)]).await;
    let personal = browser.choose(&picker, "me@home.example").await;
    assert!(personal.text.contains("AADSTS50020"));
}

#[tokio::test]
async fn a_disabled_application_is_refused_at_both_endpoints() {
    let sandbox = configured().await;
    let client = [("client_id", DISABLED)];
    let page = sandbox.browser().authorize(&client).await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("AADSTS7000112"));
    let answer = sandbox.redeem("x", &client).await;
    refused(&answer, StatusCode::BAD_REQUEST, 7_000_112);
    assert_eq!(answer.json()["error"], "unauthorized_client");
}

#[tokio::test]
async fn codes_tokens_and_consents_are_of_one_application() {
    let sandbox = configured().await;
    let browser = sandbox.browser();
    let tokens = sandbox.tokens(WORK).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("client_id", OWN_TENANT),
        ("client_secret", "sandbox-secret"),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
    ];
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", sandbox.url);
    let answer = Answer::of(sandbox.http.post(url).form(&form)).await;
    refused(&answer, StatusCode::BAD_REQUEST, 70000);
    let picker = browser.authorize_at(TENANT, &[("client_id", OWN_TENANT)]).await;
    let page = browser.choose(&picker, WORK).await;
    assert_eq!(page.heading(), "Permissions requested");
}

#[tokio::test]
async fn a_person_of_another_tenant_has_that_tenants_tokens_and_consents() {
    let sandbox = configured().await;
    let code = sandbox.code_for(OTHER, &[("scope", "openid User.Read Mail.ReadWrite")]).await;
    let tokens = sandbox.redeem(&code, &[("client_id", CLIENT_ID)]).await.ok();
    let token = tokens["access_token"].as_str().unwrap();
    let me = sandbox.get("/v1.0/me", token).await.ok();
    assert_eq!(me["mail"], OTHER);
    let sign_in = sandbox.browser().authorize_at("sandbox.example", &[]).await;
    assert!(sandbox.browser().choose(&sign_in, OTHER).await.text.contains("AADSTS50020"));
}

#[tokio::test]
async fn an_administrator_may_consent_to_everything_and_for_everyone() {
    let sandbox = configured().await;
    let scope = [("scope", "openid Mail.ReadWrite")];
    let admin = FILE.replace("surname = \"Ork\"", "surname = \"Ork\"\nadministrator = true");
    let strict = TestSandbox::start_with(Settings::default().config(admin)).await;
    let browser = sandbox.browser();
    let page = browser.choose(&browser.authorize(&scope).await, WORK).await;
    assert_eq!(page.heading(), "Need admin approval");
    let browser = strict.browser();
    let page = browser.choose(&browser.authorize(&scope).await, WORK).await;
    assert!(page.text.contains("Consent on behalf of your organization"));
    let form = [("transaction", page.transaction()), ("answer", "accept"), ("everyone", "yes")];
    let callback = browser.post("/sandbox/sign-in/consent", &form).await.callback();
    assert!(callback.contains_key("code"), "{callback:?}");
    let colleague = strict.browser();
    let page = colleague.choose(&colleague.authorize(&scope).await, COLLEAGUE).await;
    assert!(page.callback().contains_key("code"));
}

#[tokio::test]
async fn the_file_can_ask_for_punished_reuse() {
    let file = format!("punish_refresh_reuse = true\n{FILE}");
    let sandbox = TestSandbox::start_with(Settings::default().config(file)).await;
    let tokens = sandbox.tokens(WORK).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    sandbox.clock.advance(Duration::from_secs(60));
    sandbox.refresh(refresh, &[]).await.ok();
    refused(&sandbox.refresh(refresh, &[]).await, StatusCode::BAD_REQUEST, 50173);
}
