//! What comes back when a recipient does not exist: a non-delivery report, as Exchange writes it.
//!
//! Source: <https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-550-5-1-10-in-exchange-online>.

use maud::html;

use crate::graph::mail::address::Recipient;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::Message;
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::stamp::Stamp;

/// The report about these addresses, for the sender's inbox.
pub fn report(sent: &Item, addresses: &[String], stamp: Stamp<'_>) -> Item {
    let owner = sent.owner;
    let domain = owner.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let postmaster = Recipient {
        address: format!("postmaster@{domain}"),
        name: Some("Microsoft Outlook".to_owned()),
    };
    let text = html! {
        html { body {
            p { b { "Delivery has failed to these recipients or groups:" } }
            @for address in addresses {
                p { (address) br; "The email address you entered couldn't be found." }
            }
            p { "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found" }
        } }
    };
    let message = Message {
        subject: format!("Undeliverable: {}", sent.message.subject),
        body: MessageBody::Html(text.into_string()),
        to: vec![owner.as_recipient()],
        from: Some(postmaster.clone()),
        sender: Some(postmaster),
        is_read: false,
        ..Message::default()
    };
    let mut report = Item::draft(owner, Folder::INBOX, message, stamp);
    report.is_draft = false;
    report.answering(sent, stamp.random)
}
