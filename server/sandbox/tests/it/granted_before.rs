//! What was granted before is in the tokens of later sign-ins.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{PERSONAL, TestSandbox, WORK, mail};

/// Grants sending, then signs in for reading the profile: the answer with the tokens.
async fn narrow_after_wide(sandbox: &TestSandbox, address: &str) -> Value {
    sandbox.code_for(address, &[("scope", "User.Read Mail.Send")]).await;
    let scope = "offline_access https://graph.microsoft.com/User.Read";
    let code = sandbox.code_for(address, &[("scope", scope)]).await;
    sandbox.redeem(&code, &[]).await.ok()
}

fn words(tokens: &Value) -> BTreeSet<&str> {
    tokens["scope"].as_str().unwrap().split(' ').collect()
}

#[tokio::test]
async fn a_work_accounts_token_carries_what_was_granted_before() {
    let sandbox = TestSandbox::start().await;
    let tokens = narrow_after_wide(&sandbox, WORK).await;
    let both = BTreeSet::from([
        "https://graph.microsoft.com/User.Read",
        "https://graph.microsoft.com/Mail.Send",
    ]);
    assert_eq!(words(&tokens), both);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let refreshed = sandbox.refresh(refresh_token, &[("scope", "User.Read")]).await.ok();
    assert_eq!(words(&refreshed), BTreeSet::from(["User.Read", "Mail.Send"]));
    for tokens in [tokens, refreshed] {
        let answer = sandbox.send(tokens["access_token"].as_str().unwrap(), &mail()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn a_token_that_is_not_for_graph_carries_nothing_of_it() {
    let sandbox = TestSandbox::start().await;
    sandbox.code_for(WORK, &[("scope", "User.Read Mail.Send")]).await;
    let code = sandbox.code_for(WORK, &[("scope", "openid profile")]).await;
    let tokens = sandbox.redeem(&code, &[]).await.ok();
    assert_eq!(words(&tokens), BTreeSet::from(["openid", "profile"]));
}

#[tokio::test]
async fn a_personal_accounts_token_carries_what_it_was_asked_for() {
    let sandbox = TestSandbox::start().await;
    let tokens = narrow_after_wide(&sandbox, PERSONAL).await;
    assert_eq!(words(&tokens), BTreeSet::from(["https://graph.microsoft.com/User.Read"]));
}
