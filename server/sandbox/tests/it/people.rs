//! The address book, and the people who matter.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PERSONAL, TestSandbox, WORK, assert_refused};

fn names(list: &Value) -> Vec<&str> {
    let list = list["value"].as_array().unwrap();
    list.iter().map(|one| one["displayName"].as_str().unwrap()).collect()
}

/// Source: <https://learn.microsoft.com/graph/api/user-list-contacts>.
#[tokio::test]
async fn contacts_are_listed_page_by_page_and_found_by_the_beginnings_of_their_names() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token_for(WORK, "Contacts.Read").await;
    let first = sandbox.get("/v1.0/me/contacts?$count=true", &token).await.ok();
    assert_eq!(
        (first["value"].as_array().unwrap().len(), &first["@odata.count"]),
        (10, &json!(40))
    );
    assert!(first["@odata.nextLink"].as_str().unwrap().contains("skip=10"));
    let filter =
        "startswith(displayName,'ann') or startswith(givenName,'an') or startswith(surname,'an')";
    let query = format!("$filter={filter}&$select=displayName,emailAddresses&$top=6");
    let found = sandbox.get(&format!("/v1.0/me/contacts?{query}"), &token).await.ok();
    assert!(names(&found).iter().all(|name| name.starts_with("Ana ")), "{found}");
    let one = &found["value"][0];
    assert_eq!(one["emailAddresses"][0]["address"], "contact0@contoso.example");
    assert!(one.get("surname").is_none() && one["id"].is_string());
    let by_address = "$filter=emailAddresses/any(a:a/address eq 'Contact1@fabrikam.example')";
    let found = sandbox.get(&format!("/v1.0/me/contacts?{by_address}"), &token).await.ok();
    assert_eq!(names(&found).len(), 1);
    let path = format!("/v1.0/me/contacts/{}", one["id"].as_str().unwrap());
    assert_eq!(sandbox.get(&path, &token).await.ok()["displayName"], one["displayName"]);
    let count = sandbox.get("/v1.0/me/contacts/$count?$filter=givenName eq 'Ana'", &token).await;
    assert_eq!(count.text, "4");
}

/// Source of the first: <https://github.com/microsoftgraph/microsoft-graph-docs/issues/2933>.
#[tokio::test]
async fn what_exchange_cannot_ask_an_address_book_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token_for(PERSONAL, "Contacts.Read").await;
    let starts = "$filter=emailAddresses/any(a:startswith(a/address,'a'))";
    for (query, code) in [
        (starts, "ErrorInvalidUrlQueryFilter"),
        ("$filter=emailAddresses eq 'a'", "ErrorInvalidUrlQueryFilter"),
        ("$filter=shoeSize eq 'a'", "RequestBroker--ParseUri"),
        ("$search=\"ann\"", "BadRequest"),
        ("$select=shoeSize", "BadRequest"),
    ] {
        let answer = sandbox.get(&format!("/v1.0/me/contacts?{query}"), &token).await;
        assert_refused(&answer, 400, code, query);
    }
    let other = sandbox.token_for("admin@sandbox.example", "User.Read").await;
    assert_refused(
        &sandbox.get("/v1.0/me/contacts", &other).await,
        403,
        "ErrorAccessDenied",
        "scope",
    );
    let nomailbox = sandbox.token_for("nomailbox@sandbox.example", "Contacts.Read").await;
    let answer = sandbox.get("/v1.0/me/contacts", &nomailbox).await;
    assert_refused(&answer, 404, "MailboxNotEnabledForRESTAPI", "no mailbox");
}

/// Sources: <https://learn.microsoft.com/graph/api/user-list-people>,
/// <https://learn.microsoft.com/graph/people-example>.
#[tokio::test]
async fn people_are_contacts_and_with_a_header_colleagues_too() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token_for("admin@sandbox.example", "People.Read").await;
    let first = sandbox.get("/v1.0/me/people", &token).await.ok();
    assert_eq!(first["value"].as_array().unwrap().len(), 10);
    let person = &first["value"][0];
    assert_eq!(person["personType"], json!({ "class": "Person", "subclass": "PersonalContact" }));
    assert!(person["scoredEmailAddresses"][0]["address"].is_string());
    assert!(person.get("emailAddresses").is_none());
    let search =
        "me/people?$search=\"anna ad\"&$select=displayName,scoredEmailAddresses,personType&$top=6";
    let alone = sandbox.call(Method::GET, search, &token, &[], None).await.ok();
    assert_eq!(names(&alone), Vec::<&str>::new());
    let sources = [("X-PeopleQuery-QuerySources", "Mailbox,Directory")];
    let both = sandbox.call(Method::GET, search, &token, &sources, None).await.ok();
    assert_eq!(names(&both), ["Anna Adams"]);
    let skip = sandbox.get("/v1.0/me/people?$search=\"a\"&$skip=1", &token).await;
    assert_refused(&skip, 400, "SearchWithSkip", "$skip beside $search");
    let skipped = sandbox.get("/v1.0/me/people?$skip=1&$top=2", &token).await.ok();
    assert_eq!(skipped["value"][0]["id"], first["value"][1]["id"]);
    let token = sandbox.token_for(WORK, "User.Read").await;
    assert_refused(
        &sandbox.get("/v1.0/me/people", &token).await,
        403,
        "ErrorAccessDenied",
        "scope",
    );
}
