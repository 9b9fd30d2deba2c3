//! The pages of a sign-in, as a person meets them.

use std::time::Duration;

use reqwest::StatusCode;

use crate::support::{ALL_SCOPES, PERSONAL, TestSandbox, WORK};

#[tokio::test]
async fn the_picker_has_one_button_for_each_account_and_a_way_out() {
    let sandbox = TestSandbox::start().await;
    let picker = sandbox.browser().authorize(&[]).await;
    assert_eq!(picker.heading(), "Pick an account");
    for name in ["work", "personal", "nomailbox", "needsadmin", "markup"] {
        assert!(picker.has_button(&format!("{name}@sandbox.example")), "{name}");
    }
    assert!(picker.has_button("Cancel"));
}

#[tokio::test]
async fn the_consent_page_says_what_the_app_wants_in_words() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = browser.choose(&browser.authorize(&[]).await, WORK).await;
    for words in [
        "Sign you in and read your profile",
        "Send mail as you",
        "Maintain access to data you have given it access to",
    ] {
        assert_eq!(page.text.matches(words).count(), 1, "{words}");
    }
    for button in ["Accept", "Decline", "Cancel"] {
        assert!(page.has_button(button), "{button}");
    }
}

#[tokio::test]
async fn accepting_sends_a_code_of_real_size_with_the_state_as_it_came() {
    let sandbox = TestSandbox::start().await;
    let state = "a+b%20c&d=ä <x>";
    let callback = sandbox.browser().sign_in(WORK, &[("state", state)]).await;
    assert_eq!(callback["state"], state);
    assert!((900..1200).contains(&callback["code"].len()));
    assert!(callback.contains_key("session_state"));
    assert!(!callback.contains_key("client_info"));
}

#[tokio::test]
async fn cancel_is_an_error_without_a_description() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[]).await;
    let transaction = [("transaction", picker.transaction())];
    let on_picker = browser.post("/sandbox/sign-in/account", &transaction).await;
    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    let on_consent = browser.decide(&consent, "cancel").await;
    for callback in [on_picker.callback(), on_consent.callback()] {
        assert_eq!(callback["error"], "access_denied");
        assert_eq!(callback["error_subcode"], "cancel");
        assert_eq!(callback["state"], "some state");
        assert!(!callback.contains_key("error_description"));
    }
}

#[tokio::test]
async fn decline_says_65004() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    let callback = browser.decide(&consent, "decline").await.callback();
    assert_eq!(callback["error"], "access_denied");
    assert!(callback["error_description"].starts_with("AADSTS65004: "));
    assert_eq!(callback["state"], "some state");
}

#[tokio::test]
async fn consent_is_asked_for_once_and_again_after_a_reset() {
    let sandbox = TestSandbox::start().await;
    sandbox.code(WORK).await;
    let browser = sandbox.browser();
    let page = browser.choose(&browser.authorize(&[]).await, WORK).await;
    assert!(page.callback().contains_key("code"));
    sandbox.reset().await;
    let page = browser.choose(&browser.authorize(&[]).await, WORK).await;
    assert_eq!(page.heading(), "Permissions requested");
}

#[tokio::test]
async fn declining_grants_nothing() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    browser.decide(&consent, "decline").await;
    let page = browser.choose(&browser.authorize(&[("prompt", "login")]).await, WORK).await;
    assert_eq!(page.heading(), "Permissions requested");
}

#[tokio::test]
async fn a_second_sign_in_needs_no_page_unless_the_client_asks_for_one() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[]).await;
    assert!(browser.authorize(&[]).await.callback().contains_key("code"));
    let other_hint = browser.authorize(&[("login_hint", PERSONAL)]).await;
    assert_eq!(other_hint.heading(), "Pick an account");
    for (prompt, heading) in [
        ("select_account", "Pick an account"),
        ("login", "Pick an account"),
        ("consent", "Permissions requested"),
    ] {
        let page = browser.authorize(&[("prompt", prompt)]).await;
        assert_eq!(page.heading(), heading, "{prompt}");
    }
}

#[tokio::test]
async fn no_prompt_means_an_error_where_a_page_would_be_needed() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let none = [("prompt", "none")];
    let callback = browser.authorize(&none).await.callback();
    assert_eq!(callback["error"], "login_required");
    assert!(callback["error_description"].starts_with("AADSTS50058: "));

    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    assert_eq!(browser.authorize(&none).await.callback()["error"], "consent_required");

    browser.decide(&consent, "accept").await;
    assert!(browser.authorize(&none).await.callback().contains_key("code"));

    let mail = [("prompt", "none"), ("scope", "openid Mail.ReadWrite")];
    assert_eq!(browser.authorize(&mail).await.callback()["error"], "interaction_required");
}

#[tokio::test]
async fn the_hinted_account_comes_first() {
    let sandbox = TestSandbox::start().await;
    let hint = "markup@sandbox.example";
    let picker = sandbox.browser().authorize(&[("login_hint", hint)]).await;
    let first = picker.text.find("name=\"account\"").unwrap();
    assert_eq!(picker.text.find(&format!("name=\"account\" value=\"{hint}\"")), Some(first));
    assert_eq!(picker.text.matches("name=\"account\"").count(), 6);
}

#[tokio::test]
async fn an_endpoint_takes_only_accounts_of_its_kind() {
    let sandbox = TestSandbox::start().await;
    for (tenant, address) in [
        ("consumers", WORK),
        ("organizations", PERSONAL),
        (sandbox::TENANT, PERSONAL),
        ("sandbox.example", PERSONAL),
    ] {
        let browser = sandbox.browser();
        let picker = browser.authorize_at(tenant, &[]).await;
        let refused = browser.choose(&picker, address).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text.contains("AADSTS50020"), "{tenant}");
        let other = if address == WORK { PERSONAL } else { WORK };
        let page = browser.choose(&refused, other).await;
        assert_eq!(page.heading(), "Permissions requested", "{tenant}");
    }
}

#[tokio::test]
async fn an_account_of_another_kind_that_is_signed_in_is_asked_again() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[]).await;
    let page = browser.authorize_at("consumers", &[]).await;
    assert_eq!(page.heading(), "Pick an account");
}

#[tokio::test]
async fn people_cannot_consent_to_reading_mail_but_a_personal_account_can() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for (address, heading) in [(WORK, "Need admin approval"), (PERSONAL, "Permissions requested")] {
        let ask = [("scope", "User.Read Mail.ReadWrite"), ("prompt", "select_account")];
        let page = browser.choose(&browser.authorize(&ask).await, address).await;
        assert_eq!(page.heading(), heading);
    }
}

#[tokio::test]
async fn where_an_administrator_is_needed_the_person_can_only_return() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = browser.choose(&browser.authorize(&[]).await, "needsadmin@sandbox.example").await;
    assert_eq!(page.heading(), "Need admin approval");
    assert!(page.has_button("Return to the application without granting consent"));
    assert!(!page.has_button("Accept"));
    let callback = browser.decide(&page, "return").await.callback();
    assert_eq!(callback["error"], "access_denied");
    assert!(callback["error_description"].starts_with("AADSTS90094: "));

    let page = browser.authorize(&[]).await;
    let forged = browser.decide(&page, "accept").await.callback();
    assert_eq!(forged["error"], "access_denied");
}

#[tokio::test]
async fn a_form_serves_once_and_for_an_hour() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    browser.decide(&consent, "accept").await.callback();
    let again = browser.decide(&consent, "accept").await;
    assert_eq!(
        (again.status, again.heading()),
        (StatusCode::BAD_REQUEST, "Sorry, that didn't work")
    );

    let picker = browser.authorize(&[("prompt", "login")]).await;
    sandbox.clock.advance(Duration::from_secs(3600));
    assert_eq!(browser.choose(&picker, WORK).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_picker_cannot_be_answered_with_a_consent() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[]).await;
    assert_eq!(browser.decide(&picker, "accept").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn new_scopes_are_asked_for_when_they_are_needed() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[("scope", "openid User.Read")]).await;
    let page = browser.authorize(&[("scope", ALL_SCOPES)]).await;
    assert_eq!(page.heading(), "Permissions requested");
}

#[tokio::test]
async fn a_browser_stays_signed_in_until_it_is_away_for_90_days() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[]).await;
    let away = |days: u64| sandbox.clock.advance(Duration::from_secs(days * 86400));
    for _ in 0..2 {
        away(89);
        assert!(browser.authorize(&[]).await.callback().contains_key("code"));
    }
    away(90);
    assert_eq!(browser.authorize(&[]).await.heading(), "Pick an account");
}
