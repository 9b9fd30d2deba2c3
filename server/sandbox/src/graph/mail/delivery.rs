//! Delivery: a sent message arrives in the inbox of each recipient who has a mailbox here, and bounces
//! where a domain of this sandbox has no such recipient. What goes to other domains leaves the sandbox, and
//! nothing more is known about it.

use crate::accounts::Account;
use crate::directory::Directory;
use crate::graph::mail::bounce;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::stamp::Stamp;
use crate::graph::seed;
use crate::platform::World;

/// Whom a message reaches.
enum Reached {
    Mailbox(&'static Account),
    Nobody,
    Elsewhere,
}

/// Delivers a message that was sent.
pub fn deliver(world: &mut World, directory: &Directory, sent: &Item, stamp: Stamp<'_>) {
    let arrives = sent.sent + world.mailboxes.transport.takes;
    let message = &sent.message;
    let mut bounced = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for recipient in message.to.iter().chain(&message.cc).chain(&message.bcc) {
        let address = recipient.address.to_lowercase();
        if seen.contains(&address) {
            continue;
        }
        match reached(directory, &address) {
            Reached::Mailbox(owner) => {
                let mut copy = sent.copy_to(Folder::INBOX, stamp);
                copy.owner = owner;
                (copy.sent, copy.received) = (sent.sent, arrives);
                copy.message.is_read = false;
                // Nobody sees who else got a blind copy.
                copy.message.bcc.clear();
                world.mailboxes.of(owner, stamp).add_later(copy);
            }
            Reached::Nobody => bounced.push(address.clone()),
            Reached::Elsewhere => {}
        }
        seen.push(address);
    }
    if !bounced.is_empty() {
        let mut report = bounce::report(sent, &bounced, stamp);
        report.received = arrives;
        world.mailboxes.of(sent.owner, stamp).add_later(report);
    }
}

fn reached(directory: &Directory, address: &str) -> Reached {
    let is = |account: &&Account| {
        [account.address.as_str(), account.mailbox()]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(address))
    };
    let account = directory.accounts.iter().find(is);
    let domain = address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let is_own = directory.accounts.iter().any(|account| {
        account.address.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
    });
    match account {
        Some(account) if account.has_mailbox => Reached::Mailbox(account),
        Some(_) => Reached::Nobody,
        None if seed::people::has(domain, address) => Reached::Elsewhere,
        // RFC 2606: no such domain exists.
        None if is_own || domain.ends_with(".invalid") => Reached::Nobody,
        None => Reached::Elsewhere,
    }
}
