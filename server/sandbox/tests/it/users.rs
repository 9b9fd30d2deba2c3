//! The people of the organization.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-list>,
//! <https://learn.microsoft.com/graph/aad-advanced-queries>,
//! <https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections>.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, assert_refused};

const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");

async fn token(sandbox: &TestSandbox) -> String {
    sandbox.token_for(WORK, "User.Read User.ReadBasic.All").await
}

fn names(list: &Value) -> Vec<&str> {
    let list = list["value"].as_array().unwrap();
    list.iter().map(|one| one["displayName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_employee_may_agree_to_basic_profiles_and_a_personal_account_cannot_be_asked() {
    let sandbox = TestSandbox::start().await;
    token(&sandbox).await;
    let browser = sandbox.browser();
    let picker = browser.authorize(&[("scope", "User.Read User.ReadBasic.All")]).await;
    let refused = browser.choose(&picker, PERSONAL).await.callback();
    assert_eq!(refused["error"], "invalid_scope");
    // What the registration names as a whole asks for nothing in particular.
    let browser = sandbox.browser();
    let all = [("scope", "https://graph.microsoft.com/.default")];
    assert!(browser.sign_in(PERSONAL, &all).await.contains_key("code"));
}

#[tokio::test]
async fn everybody_of_the_organization_is_listed_page_by_page() {
    let sandbox = TestSandbox::start().await;
    let token = token(&sandbox).await;
    let mut url = format!("{}/v1.0/users?$select=displayName,mail", sandbox.url);
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = Answer::of(sandbox.http.get(&url).bearer_auth(&token)).await.ok();
        seen.extend(names(&page).into_iter().map(ToOwned::to_owned));
        pages += 1;
        match page["@odata.nextLink"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (205, 3));
    assert!(seen.contains(&"Wanda Work".to_owned()) && seen.contains(&"Chloé Øvergård".to_owned()));
    assert!(!seen.contains(&"Petra Personal".to_owned()));
    let count = sandbox.call(Method::GET, "users/$count", &token, &[EVENTUAL], None).await;
    assert_eq!(count.text, "205");
    let first = sandbox.get("/v1.0/users?$top=1", &token).await.ok();
    assert_eq!(first["value"][0]["jobTitle"], Value::Null);
    let context = format!("{}/v1.0/$metadata#users", sandbox.url);
    assert_eq!(first["@odata.context"], context);
}

#[tokio::test]
async fn a_search_finds_beginnings_of_words_and_needs_its_header() {
    let sandbox = TestSandbox::start().await;
    let token = token(&sandbox).await;
    let get = |query: &str, headers: Vec<(&'static str, &'static str)>| {
        let path = format!("users?{query}");
        let (sandbox, token) = (&sandbox, &token);
        async move { sandbox.call(Method::GET, &path, token, &headers, None).await }
    };
    let ann = "$search=\"displayName:ann\" OR \"mail:ann\"&$select=displayName,mail,userPrincipalName&$count=true&$top=6";
    let found = get(ann, vec![EVENTUAL]).await.ok();
    assert_eq!((found["value"].as_array().unwrap().len(), &found["@odata.count"]), (6, &json!(20)));
    assert!(names(&found).iter().all(|name| name.starts_with("Ann")), "{found}");
    assert_refused(&get(ann, vec![]).await, 400, "Request_UnsupportedQuery", "no header");
    let middle = get("$search=\"displayName:dams\"", vec![EVENTUAL]).await.ok();
    assert_eq!(names(&middle), Vec::<&str>::new());
    for wrong in ["$search=ann", "$search=\"ann\""] {
        assert_refused(&get(wrong, vec![EVENTUAL]).await, 400, "Request_UnsupportedQuery", wrong);
    }
    for outside in ["$search=\"jobTitle:aud\"", "$select=jobTitle", "$filter=jobTitle eq 'Auditor'"]
    {
        let answer = get(outside, vec![EVENTUAL]).await;
        assert_refused(&answer, 403, "Authorization_RequestDenied", outside);
    }
}

#[tokio::test]
async fn a_filter_that_is_an_advanced_query_needs_the_header_and_the_count() {
    let sandbox = TestSandbox::start().await;
    let token = token(&sandbox).await;
    for (query, simple) in [
        ("$filter=startswith(displayName,'mary') or startswith(mail,'mary')", true),
        ("$filter=mail in ('ann.adams@sandbox.example')", true),
        ("$filter=endswith(mail,'@sandbox.example')", false),
        ("$filter=not(startswith(mail,'a'))", false),
        ("$filter=surname ne 'Adams'", false),
        ("$filter=startswith(displayName,'a')&$orderby=displayName", false),
    ] {
        let plain = sandbox.get(&format!("/v1.0/users?{query}"), &token).await;
        if simple {
            assert!(!names(&plain.ok()).is_empty(), "{query}");
        } else {
            assert_refused(&plain, 400, "Request_UnsupportedQuery", query);
        }
        let path = format!("users?{query}&$count=true");
        let advanced = sandbox.call(Method::GET, &path, &token, &[EVENTUAL], None).await;
        assert!(!names(&advanced.ok()).is_empty(), "{query}");
    }
    let contains = sandbox.get("/v1.0/users?$filter=contains(displayName,'a')", &token).await;
    assert_refused(&contains, 400, "Request_UnsupportedQuery", "contains");
    let skip = sandbox.get("/v1.0/users?$skip=10", &token).await;
    assert_refused(&skip, 400, "BadRequest", "$skip");
}

#[tokio::test]
async fn another_person_is_read_with_the_permission_and_an_unknown_one_is_not_there() {
    let sandbox = TestSandbox::start().await;
    let token = token(&sandbox).await;
    let ann = sandbox.get("/v1.0/users/ann.adams@sandbox.example", &token).await.ok();
    assert_eq!((&ann["displayName"], &ann["jobTitle"]), (&json!("Ann Adams"), &Value::Null));
    let by_id = format!("/v1.0/users/{}?$select=mail", ann["id"].as_str().unwrap());
    assert_eq!(sandbox.get(&by_id, &token).await.ok()["mail"], "ann.adams@sandbox.example");
    for other in ["nobody@sandbox.example", PERSONAL] {
        let answer = sandbox.get(&format!("/v1.0/users/{other}"), &token).await;
        assert_refused(&answer, 404, "Request_ResourceNotFound", other);
    }
    let photo = sandbox.get("/v1.0/users/ann.adams@sandbox.example/photo/$value", &token).await;
    assert_refused(&photo, 404, "ImageNotFound", "no photo");
}

/// No page of Microsoft's names these codes: the README lists them among the guesses.
#[tokio::test]
async fn the_mailbox_of_somebody_else_does_not_open_and_that_of_nobody_is_invalid() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.work_mail_token().await;
    for other in ["admin@sandbox.example", "ann.adams@sandbox.example"] {
        let denied = sandbox.get(&format!("/v1.0/users/{other}/messages"), &token).await;
        assert_refused(&denied, 403, "ErrorAccessDenied", other);
    }
    let invalid = sandbox.get("/v1.0/users/nobody@sandbox.example/messages", &token).await;
    assert_refused(&invalid, 404, "ErrorInvalidUser", "nobody");
}

#[tokio::test]
async fn users_contacts_and_people_have_fault_routes_of_their_own() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox
        .token_for("admin@sandbox.example", "User.ReadBasic.All Contacts.Read People.Read")
        .await;
    for (route, path) in [("users", "users"), ("contacts", "me/contacts"), ("people", "me/people")]
    {
        sandbox.plant(json!([{ "route": route, "status": 429, "retryAfter": "9" }])).await;
        let answer = sandbox.get(&format!("/v1.0/{path}"), &token).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "9"), "{route}");
        sandbox.get(&format!("/v1.0/{path}"), &token).await.ok();
    }
}
