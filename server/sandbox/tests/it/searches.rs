//! `$search` on messages.
//!
//! Source: <https://learn.microsoft.com/graph/search-query-parameter#using-search-on-message-collections>.

use serde_json::json;

use crate::support::{PERSONAL, TestSandbox};

#[tokio::test]
async fn a_search_looks_at_the_writer_the_subject_and_the_text_or_at_what_it_names() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = json!({
        "subject": "Numbers",
        "body": { "contentType": "text", "content": "Profit and loss" },
        "toRecipients": [{ "emailAddress": { "address": "randiw@b.example", "name": "Randi Welch" } }],
        "bccRecipients": [{ "emailAddress": { "address": "samanthab@b.example" } }],
        "importance": "low",
        "attachments": [{
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "api-catalog.md", "contentBytes": "aGk=",
        }],
    });
    sandbox.draft(&token, &draft).await;
    for (search, found) in [
        ("pizza", vec!["Offers of the week"]),
        ("\"pizza\"", vec!["Offers of the week"]),
        ("\"izza\"", vec![]),
        ("\"profit loss\"", vec!["Numbers"]),
        ("\"subject:notes\"", vec!["Notes from Monday"]),
        ("\"subject:pizza\"", vec![]),
        ("\"subject:'notes from'\"", vec!["Notes from Monday"]),
        ("\"body:profit AND to:randiw\"", vec!["Numbers"]),
        ("\"bcc:samanthab@b.example\"", vec!["Numbers"]),
        ("\"recipients:samanthab\"", vec!["Numbers"]),
        ("\"participants:randi\"", vec!["Numbers"]),
        ("\"attachment:api-catalog.md\"", vec!["Numbers"]),
        ("\"hasAttachments:true\"", vec!["Numbers"]),
        ("\"importance:low\"", vec!["Numbers"]),
        ("\"subject:lunch OR subject:notes\"", vec!["Lunch tomorrow?", "Notes from Monday"]),
        ("\"isread:false NOT subject:lunch\"", vec!["Can you look at this draft?"]),
        ("\"kind:voicemail\"", vec![]),
        ("\"received:07/23/2018\"", vec![]),
        ("\"size:1..500000 subject:numbers\"", vec!["Numbers"]),
    ] {
        let list = sandbox.get(&format!("/v1.0/me/messages?$search={search}"), &token).await.ok();
        let list = list["value"].as_array().unwrap();
        let subjects: Vec<_> = list.iter().map(|one| one["subject"].as_str().unwrap()).collect();
        assert_eq!(subjects, found, "{search}");
    }
}
