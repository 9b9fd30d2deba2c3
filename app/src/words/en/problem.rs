use super::time;
use crate::words::{ProblemWords, Told};

pub(super) const PROBLEM: ProblemWords = ProblemWords {
    refused_heading: "Something went wrong, couldn't send an email.",
    not_sent_heading: "Your message wasn't sent",
    unknown_heading: "We don't know if your message was sent",
    nobody: Told { heading: "Check the address", text: "Add at least one recipient." },
    not_an_address: Told {
        heading: "Check the address",
        text: |address| {
            format!("“{address}” isn't a valid email address. Use the format name@example.com.")
        },
    },
    too_many: Told {
        heading: "Too many recipients",
        text: |most| {
            format!(
                "A message can have up to {most} recipients. Remove some, or send several messages."
            )
        },
    },
    long_subject: Told {
        heading: "Your subject is too long",
        text: |most| format!("A subject can have up to {most} characters. Shorten it."),
    },
    long_message: Told {
        heading: "Your message is too long",
        text: "Your message is too long. Shorten it, or send it in parts.",
    },
    no_subject: Told {
        heading: "Send without a subject?",
        text: "Nothing was sent yet. Add a subject, or press Send anyway.",
    },
    no_message: Told {
        heading: "Send without a message?",
        text: "Nothing was sent yet. Write a message, or press Send anyway.",
    },
    nothing: Told {
        heading: "Send without a subject and a message?",
        text: "Nothing was sent yet. Write something, or press Send anyway.",
    },
    signed_out: Told {
        heading: "You've been signed out.",
        text: "Your draft is still here, and it wasn't sent. Sign in again (opens a new tab), then come \
               back and send.",
    },
    other_account: Told {
        heading: "You're now signed in with another account",
        text: |address| {
            format!("Your message wasn't sent. Press Send mail to send it from {address}.")
        },
    },
    form_used: "This form already sent a different message. Press Send mail to send this one as a new \
                message.",
    denied: |message| {
        format!(
            "Your account isn't allowed to send this message.{} Ask your administrator whether you can \
             send email with this app.",
            said(message)
        )
    },
    no_mailbox: "This account has no mailbox that can send email with Microsoft Graph. Use another account, \
                 or ask your administrator: your administrator can check whether you have an Exchange Online \
                 mailbox.",
    mailbox_full: "Your mailbox is full, so your message wasn't sent. Delete messages you don't need, empty \
                   Deleted Items, and then press Send mail.",
    too_large: "Your message is larger than Microsoft accepts. It wasn't sent. Shorten it, and then press \
                Send mail.",
    throttled: |seconds| {
        format!(
            "Microsoft is getting too many requests, so your message wasn't sent. Wait {}, and then press \
             Send mail.",
            time(seconds)
        )
    },
    recipients_refused: |message| {
        format!(
            "Microsoft didn't accept the recipients, so your message wasn't sent.{} Check the addresses, \
             and then press Send mail.",
            said(message)
        )
    },
    refused: |message| {
        format!(
            "Microsoft didn't accept your message, so it wasn't sent.{} Change it, and then press Send mail.",
            said(message)
        )
    },
    too_often: Told {
        heading: "You've sent too many messages in the last minute",
        text: |seconds| {
            format!("This message wasn't sent. Wait {}, and then press Send mail.", time(seconds))
        },
    },
    sign_in_down: "Microsoft sign-in isn't working right now, so your message wasn't sent. You're still signed \
                   in. Press Send mail again in a minute.",
    sign_in_slow: "Microsoft sign-in didn't answer in time, so your message wasn't sent. You're still signed in. \
                   Press Send mail again in a minute.",
    sign_in_busy: |seconds| {
        format!(
            "Microsoft sign-in is busy, so your message wasn't sent. You're still signed in. Wait {}, and \
             then press Send mail.",
            time(seconds)
        )
    },
    app_refused: "Microsoft doesn't accept this app's own credentials, so your message wasn't sent. Only the \
                  site owner can fix this: send them the details below.",
    not_kept: "This site can't save its records right now, so your message wasn't sent. Press Send mail again in \
               a few minutes. If the problem continues, send the details below to the site owner.",
    unreachable: "We couldn't reach Microsoft Graph, so your message wasn't sent. Press Send mail again in a few \
                  minutes.",
    no_answer: "Microsoft Graph didn't answer in time. Check your Sent Items before you send it again. We won't \
                resend it automatically.",
    unclear: "Something went wrong at Microsoft after we handed your message over. Check your Sent Items before \
              you send it again. We won't resend it automatically.",
    forgotten: "You sent this form before, and we no longer know how that ended. Check your Sent Items before you send it again. \
                We won't resend it automatically.",
    offline: Told {
        heading: "You're offline",
        text: "Your draft is still here. When you're back online, press Send mail: we send it only once.",
    },
    lost: "No answer came back. Press Send mail to find out: if your message was sent, we won't send it again.",
    outdated: Told {
        heading: "This page is out of date",
        text: "Graph Connect has been updated since you opened it, so your message wasn't sent. Your draft is \
               still here: press Send mail to reload this page and send it.",
    },
    request_too_large: "It's larger than this site accepts at once. Shorten it, and then press Send mail.",
    request_too_slow: "Your connection is too slow for it. Check your connection, and then press Send mail.",
    request_refused: "This page may be out of date. Copy your message, reload the page, and send it from there.",
};

/// What Microsoft says, as a sentence after another one.
fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" Microsoft says: {message}") }
}
