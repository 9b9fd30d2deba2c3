//! Tokens that an application has for itself: the client credentials grant.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sandbox::{CLIENT_ID, CLIENT_SECRET, Settings, TENANT};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, mail};

const BUILT_IN: &str = include_str!("../../sandbox.toml");
const SCOPE: &str = "https://graph.microsoft.com/.default";

async fn start(roles: &str) -> TestSandbox {
    let none = "application_permissions = []";
    assert!(BUILT_IN.contains(none));
    let file = BUILT_IN.replacen(none, &format!("application_permissions = {roles}"), 1);
    TestSandbox::start_with(Settings::default().config(file)).await
}

async fn ask(sandbox: &TestSandbox, tenant: &str, change: &[(&str, &str)]) -> Answer {
    let mut form = std::collections::HashMap::from([
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("scope", SCOPE),
    ]);
    form.extend(change.iter().copied());
    form.retain(|_, value| !value.is_empty());
    let url = format!("{}/{tenant}/oauth2/v2.0/token", sandbox.url);
    Answer::of(sandbox.http.post(url).form(&form)).await
}

async fn token(sandbox: &TestSandbox) -> String {
    let body = ask(sandbox, TENANT, &[]).await.ok();
    body["access_token"].as_str().unwrap().to_owned()
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn an_application_gets_a_token_with_its_roles_and_nothing_else() {
    let sandbox = start("[\"Mail.Send\", \"Mail.Read\"]").await;
    let body = ask(&sandbox, TENANT, &[]).await.ok();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "ext_expires_in", "token_type"]);
    let claims = claims(body["access_token"].as_str().unwrap());
    assert_eq!(claims["roles"], json!(["Mail.Send", "Mail.Read"]));
    assert_eq!((&claims["idtyp"], &claims["tid"]), (&json!("app"), &json!(TENANT)));
    assert_eq!(claims["sub"], claims["oid"]);
    assert!(claims.get("scp").is_none() && claims.get("upn").is_none());
}

/// An operator's check of a secret needs no role: Azure/azure-docs#50935.
#[tokio::test]
async fn an_application_without_roles_gets_a_token_that_opens_nothing() {
    let sandbox = start("[]").await;
    let token = token(&sandbox).await;
    assert!(claims(&token).get("roles").is_none());
    let answer = sandbox.post(&format!("users/{WORK}/sendMail"), &token, &mail()).await;
    assert_eq!(answer.status.as_u16(), 403, "{}", answer.text);
}

#[tokio::test]
async fn each_mistake_of_a_daemon_has_its_code() {
    let sandbox = start("[]").await;
    let unknown = "22222222-0000-4000-8000-000000000000";
    for (tenant, change, status, error, number) in [
        ("common", ("", ""), 400, "invalid_request", 9_001_023),
        ("consumers", ("", ""), 400, "invalid_request", 9_001_023),
        (TENANT, ("client_id", unknown), 400, "unauthorized_client", 700_016),
        (TENANT, ("client_secret", ""), 401, "invalid_client", 7_000_216),
        (TENANT, ("client_secret", "wrong"), 401, "invalid_client", 7_000_215),
        (TENANT, ("scope", ""), 400, "invalid_request", 900_144),
        (TENANT, ("scope", "Mail.Send"), 400, "invalid_scope", 1_002_012),
        (
            TENANT,
            ("scope", "openid https://graph.microsoft.com/.default"),
            400,
            "invalid_scope",
            1_002_012,
        ),
        (
            TENANT,
            ("scope", "https://outlook.office.com/.default"),
            400,
            "invalid_resource",
            500_011,
        ),
    ] {
        let answer = ask(&sandbox, tenant, &[change]).await;
        let body = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{tenant} {change:?}: {body}");
        let seen = (&body["error"], &body["error_codes"][0]);
        assert_eq!(seen, (&json!(error), &json!(number)), "{tenant} {change:?}");
    }
    ask(&sandbox, "organizations", &[]).await.ok();
}

#[tokio::test]
async fn an_application_is_unknown_in_a_tenant_that_nobody_brought_it_to() {
    let tenant = "55555555-5555-4555-8555-555555555555";
    let other = format!("[[tenant]]\nid = \"{tenant}\"\ndomain = \"other.example\"\n");
    let file = BUILT_IN.replacen("# An application.", &format!("{other}\n# An application."), 1);
    let sandbox = TestSandbox::start_with(Settings::default().config(file)).await;
    let answer = ask(&sandbox, "other.example", &[]).await;
    assert_eq!(answer.json()["error_codes"][0], 7_000_229, "{}", answer.text);

    let browser = sandbox.browser();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", CLIENT_ID), ("redirect_uri", sandbox::REDIRECT_URI)])
        .finish();
    let page = browser.get(&format!("/other.example/v2.0/adminconsent?{query}")).await;
    let form = [("transaction", page.transaction()), ("answer", "accept")];
    browser.post("/sandbox/sign-in/admin", &form).await;
    ask(&sandbox, "other.example", &[]).await.ok();
}

/// Sources: <https://learn.microsoft.com/graph/api/user-sendmail> (application permissions);
/// <https://learn.microsoft.com/graph/auth-v2-service>.
#[tokio::test]
async fn an_application_sends_as_anybody_of_its_tenant_and_is_nobody_itself() {
    let sandbox = start("[\"Mail.Send\"]").await;
    let token = token(&sandbox).await;
    let sent = sandbox.post(&format!("users/{WORK}/sendMail"), &token, &mail()).await;
    assert_eq!(sent.status.as_u16(), 202, "{}", sent.text);
    assert_eq!(sandbox.outbox().await[0]["account"], WORK);

    let me = sandbox.post("me/sendMail", &token, &mail()).await;
    assert_eq!(me.status.as_u16(), 400, "{}", me.text);
    assert_eq!(me.json()["error"]["code"], "BadRequest");
    let personal = sandbox.post(&format!("users/{PERSONAL}/sendMail"), &token, &mail()).await;
    assert_eq!(personal.status.as_u16(), 404, "{}", personal.text);
    let profile = sandbox.get(&format!("/v1.0/users/{WORK}"), &token).await;
    assert_eq!(profile.status.as_u16(), 403, "User.Read.All is none of its roles");
}

#[tokio::test]
async fn a_role_that_only_people_can_give_is_refused_in_a_file() {
    let file = BUILT_IN.replacen(
        "application_permissions = []",
        "application_permissions = [\"User.Read\"]",
        1,
    );
    let bound = sandbox::Sandbox::bind_with(
        "127.0.0.1:0".parse().unwrap(),
        Settings::default().config(file),
    )
    .await;
    let sandbox::BindError::Directory(error) = bound.unwrap_err() else { panic!("bound") };
    assert!(error.to_string().contains("User.Read"), "{error}");
}
