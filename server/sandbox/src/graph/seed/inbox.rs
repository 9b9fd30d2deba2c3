//! The messages that lie in each inbox from the start.

use time::Duration;

use crate::accounts::Account;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::flag::Classification;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::{Importance, Message};
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::stamp::Stamp;
use crate::graph::seed::people;

/// Subject, text, whether it was read, whether it is focused. The one that came last stands last; a day
/// lies between each two.
const MESSAGES: [(&str, &str, bool, bool); 5] = [
    (
        "Welcome to your mailbox",
        "<p>Everything here is made up and stays on this computer.</p>",
        true,
        true,
    ),
    (
        "Notes from Monday",
        "<p>Hi,</p><p>the notes are below.</p><ul><li>Budget</li><li>Dates</li></ul>",
        true,
        true,
    ),
    ("Offers of the week", "<p>Pizza for two, every day.</p>", true, false),
    ("Can you look at this draft?", "<p>It has to go out on Friday.</p>", false, true),
    ("Lunch tomorrow?", "<p>At noon, at the usual place.</p>", false, true),
];

/// The messages for the inbox of an account, the one that came last last.
pub fn items(owner: &'static Account, stamp: Stamp<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let domain = owner.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    for (number, (subject, text, is_read, is_focused)) in (0u8..).zip(MESSAGES) {
        let writer = people::person(usize::from(number), domain);
        let writer = Recipient { address: writer.address, name: Some(writer.display_name) };
        let message = Message {
            subject: subject.to_owned(),
            body: MessageBody::Html(format!("<html><body>{text}</body></html>")),
            to: vec![owner.as_recipient()],
            from: Some(writer.clone()),
            sender: Some(writer),
            importance: if is_read { Importance::Normal } else { Importance::High },
            classification: if is_focused {
                Classification::Focused
            } else {
                Classification::Other
            },
            is_read,
            ..Message::default()
        };
        let ago = Duration::days(i64::from(5 - number));
        let then = Stamp { now: stamp.now - ago, ..stamp };
        let mut item = Item::draft(owner, Folder::INBOX, message, then);
        item.is_draft = false;
        items.push(item);
    }
    items
}
