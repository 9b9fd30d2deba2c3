mod failure;
mod problem;
mod send;

use super::{
    Choice, ConnectWords, DetailsWords, DisconnectWords, DocumentWords, LandingWords, PassageWords,
    Permission, Words,
};

/// English.
pub const EN: Words = Words {
    document: DocumentWords {
        language: "en",
        title: |page| format!("{page} · Graph Connect"),
        skip: "Skip to content",
        app: "Graph Connect",
        sandbox: "Sandbox",
        sandbox_note: "You're using a sandbox. Nothing leaves this computer.",
        outbox: "Open the outbox",
        footer: "Your messages are sent from your own account. We don't store them.",
    },
    connect: ConnectWords {
        title: "Sign in",
        signed_in_title: "Signed in",
        signed_out_title: "Signed out",
        description: "Write an email and send it from your own Microsoft account with Microsoft Graph.",
        heading: "Send email with Microsoft Graph",
        lead: "Sign in with your work, school, or personal Microsoft account, write a message, and \
               send it from your own mailbox.",
        connect: "Connect to Microsoft Graph",
        another_account: "Use another account",
        asks: "What you'll be asked for",
        asks_lead: "Graph Connect asks for these permissions. Most people can accept them without an \
                    administrator.",
        profile: Permission {
            name: "Sign you in and read your profile",
            reason: "To greet you by name and show the address you send from.",
        },
        send: Permission {
            name: "Send mail as you",
            reason: "To send your message when you press Send mail. It doesn't let us read your email.",
        },
        offline: Permission {
            name: "Maintain access to data you have given it access to",
            reason: "To keep you signed in until you disconnect.",
        },
        safety: "You enter your password at Microsoft, never here. Your access tokens are encrypted and \
                 never available to scripts in your browser.",
        signed_in: |name| format!("You're signed in as {name}"),
        signed_in_lead: |address| format!("Messages are sent from {address}."),
        new_message: "New message",
        signed_out: "You're signed out of Graph Connect.",
        signed_out_here_only: "You're signed out of Graph Connect, but we couldn't reach Microsoft, so \
                               you're still signed in there. To sign out there too, close this browser \
                               or sign out on any Microsoft page.",
    },
    disconnect: DisconnectWords {
        button: "Disconnect",
        title: "Sign out",
        question: "Sign out?",
        here: Choice {
            label: "Sign out of Graph Connect",
            hint: "You'll stay signed in to Microsoft.",
        },
        microsoft: Choice {
            label: "Sign out of Microsoft too",
            hint: "Use this on a shared computer. You'll also be signed out of Outlook and other \
                   Microsoft apps in this browser.",
        },
        cancel: "Cancel",
    },
    send: send::SEND,
    problem: problem::PROBLEM,
    failure: failure::FAILURE,
    landing: LandingWords {
        signed_in: PassageWords { title: "Signed in", heading: "You're signed in" },
        to_provider: PassageWords {
            title: "Signed out",
            heading: "You're signed out of Graph Connect",
        },
        back: PassageWords { title: "Back from Microsoft", heading: "You're back from Microsoft" },
        go_on: "Continue",
    },
    details: DetailsWords {
        summary: "Details",
        reference: "Reference",
        error: "Error",
        error_number: "Error number",
        message: "Microsoft's message",
        trace_id: "Trace ID",
        correlation_id: "Correlation ID",
        timestamp: "Timestamp",
        status: "Status",
        code: "Code",
        request_id: "Request ID",
        client_request_id: "Client request ID",
        date: "Date",
    },
};

fn time(seconds: u64) -> String {
    match seconds {
        1 => "1 second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}
