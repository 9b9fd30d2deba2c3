use crate::words::SendWords;

pub(super) const SEND: SendWords = SendWords {
    description: "Write an email and send it from your own mailbox.",
    title: "Send mail",
    greeting: |name| format!("Hi, {name}!"),
    heading: "Send mail",
    lead: "Write a message and send it from your own mailbox.",
    waiting: "Microsoft sign-in isn't working right now. You're still signed in, so you can write your \
              message now and send it later.",
    from: "From",
    sender: |name, address| {
        if name == address { address.to_owned() } else { format!("{name} ({address})") }
    },
    to: "To",
    to_hint: "Separate addresses with commas or semicolons.",
    subject: "Subject",
    message: "Message",
    send: "Send mail",
    sending: "Sending…",
    send_again: "Send again",
    send_anyway: "Send anyway",
    welcome_subject: "Welcome to Microsoft Graph",
    welcome: |name| {
        format!(
            "Hi {name},\n\nThis is a test message sent with Microsoft Graph.\n\nFind out what else Graph \
             can do with email: https://learn.microsoft.com/graph/outlook-mail-concept-overview"
        )
    },
    sent_title: "Sent",
    sent: |to, others| match others {
        0 => format!("Successfully sent an email to {to}!"),
        1 => format!("Successfully sent an email to {to} and 1 other!"),
        _ => format!("Successfully sent an email to {to} and {others} others!"),
    },
    accepted: |from| {
        let copy = "You'll find a copy in your Sent Items in a moment.";
        if from.is_empty() { copy.to_owned() } else { format!("Sent from {from}. {copy}") }
    },
    another: "Write another",
    sent_items: "View in Sent Items",
    not_sent_title: "Not sent",
    unknown_title: "May have been sent",
    check_sent_items: "Check Sent Items",
    signed_out_title: "Signed out",
    sign_in: "Sign in again",
    other_account: "Use another account",
};
