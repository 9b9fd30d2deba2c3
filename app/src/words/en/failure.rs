use super::time;
use crate::words::{Explanation, FailureWords, KnownErrorWords, UpstreamWords};

pub(super) const FAILURE: FailureWords = FailureWords {
    sign_in_again: "Sign in again",
    start_page: "Go to start page",
    contact: "If the problem continues, send the details below to the site owner.",
    cancelled: Explanation {
        title: "Sign-in cancelled",
        heading: "You cancelled signing in",
        what: "Nothing was shared.",
        next: "",
    },
    declined: Explanation {
        title: "Permission not given",
        heading: "You didn't give permission",
        what: "Graph Connect needs it to send email for you. Nothing was shared.",
        next: "",
    },
    needs_administrator: Explanation {
        title: "Approval needed",
        heading: "Your administrator needs to approve this app",
        what: "Your organization doesn't let people accept these permissions themselves, so nothing was \
               shared.",
        next: "Send this message to your administrator, and sign in again once the app is approved.",
    },
    admin_message_label: "Message to your administrator",
    admin_message: |request| {
        format!(
            "Hello,\n\n\
             I'd like to use Graph Connect ({}) to send email from my own mailbox. Our organization \
             requires an administrator to approve it first.\n\n\
             Graph Connect asks for these delegated permissions in Microsoft Graph: {}. It also asks \
             for offline_access, which keeps people signed in. It can send email as the person who is \
             signed in. It can't read email.\n\n\
             Application (client) ID: {}\n\n\
             To approve it, open this link and sign in with an administrator account:\n{}\n\n\
             Thank you",
            request.app_url, request.permissions, request.client_id, request.link,
        )
    },
    admin_question: "Are you an administrator?",
    admin_link: "Review the permissions and approve",
    admin_consented: Explanation {
        title: "App approved",
        heading: "App approved",
        what: "People in your organization can now use it.",
        next: "Let the person who asked you know that they can sign in.",
    },
    admin_declined: Explanation {
        title: "App not approved",
        heading: "The app wasn't approved",
        what: "Nothing changed in your organization.",
        next: "If this was a mistake, open the link in the message again.",
    },
    attempt_gone: Explanation {
        title: "Sign-in expired",
        heading: "This sign-in link has expired",
        what: "It was already used, is more than 15 minutes old, or was opened in another browser, so \
               nothing was shared.",
        next: "Sign in again. If this keeps happening, allow cookies for this site.",
    },
    state_mismatch: Explanation {
        title: "Sign-in stopped",
        heading: "This response doesn't match your sign-in",
        what: "It may come from an old tab or another site, so we ignored it and nothing was shared.",
        next: "Sign in again from this page.",
    },
    setup: Explanation {
        title: "Setup problem",
        heading: "Graph Connect isn't set up correctly",
        what: "Microsoft doesn't accept this site's credentials.",
        next: "You're not signed in. Only the site owner can fix this: send them the details below.",
    },
    refused: Explanation {
        title: "Not signed in",
        heading: "Microsoft didn't sign you in",
        what: |message| format!("Nothing was shared. {}", reason(message)),
        next: "",
    },
    refused_known: Explanation {
        title: "Not signed in",
        heading: "Microsoft didn't sign you in",
        what: "",
        next: "Nothing was shared. You can sign in with another account.",
    },
    known: KnownErrorWords {
        wrong_secret: "The client secret is wrong. Often its ID is copied instead of its value: create a \
                       new secret, and copy the Value column.",
        expired_secret: "The client secret has expired. Create a new one in the app registration.",
        missing_secret: "The app registration requires a client secret, and none was accepted.",
        unknown_client: "The client ID isn't known in this tenant.",
        unknown_tenant: "The tenant isn't known. It may be mistyped, or belong to another cloud.",
        single_tenant: "The app is registered for one tenant, but set up to sign in people from all of \
                        them.",
        not_assigned: "Your administrator needs to assign you to this app first.",
        other_organization: "Your account doesn't belong to the organization that this app is for.",
        blocked_by_policy: "Your organization's rules don't allow this sign-in from here. Your \
                            administrator can check which devices and locations are allowed.",
    },
    identity: UpstreamWords {
        down: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft sign-in isn't working right now",
            what: "It's down, or we can't reach it, so you're not signed in.",
            next: LATER,
        },
        slow: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft sign-in is taking too long",
            what: "It didn't answer in time, so you're not signed in.",
            next: LATER,
        },
        unreadable: Explanation {
            title: UNAVAILABLE,
            heading: "We couldn't read the answer from Microsoft sign-in",
            what: INTERFERENCE,
            next: LATER,
        },
        busy: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft sign-in is busy",
            what: "It's getting too many requests, so you're not signed in.",
            next: after_a_pause,
        },
    },
    graph: UpstreamWords {
        down: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft Graph isn't working right now",
            what: "It's down, or we can't reach it, so you're not signed in.",
            next: LATER,
        },
        slow: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft Graph is taking too long",
            what: "It didn't answer in time, so you're not signed in.",
            next: LATER,
        },
        unreadable: Explanation {
            title: UNAVAILABLE,
            heading: "We couldn't read the answer from Microsoft Graph",
            what: INTERFERENCE,
            next: LATER,
        },
        busy: Explanation {
            title: UNAVAILABLE,
            heading: "Microsoft Graph is busy",
            what: "It's getting too many requests, so you're not signed in.",
            next: after_a_pause,
        },
    },
    graph_refused: Explanation {
        title: "Not signed in",
        heading: "Microsoft Graph didn't share your profile",
        what: |message| format!("You're not signed in. {}", reason(message)),
        next: "",
    },
    unproven: Explanation {
        title: "Sign-in stopped",
        heading: "We couldn't confirm your identity",
        what: "Microsoft's answer didn't prove who signed in, so we stopped the sign-in.",
        next: "Try signing in again.",
    },
    session_too_large: Explanation {
        title: "Not signed in",
        heading: "We couldn't keep you signed in",
        what: "Microsoft's access tokens for your account don't fit into this site's cookies, which happens \
               to people who are in a lot of groups.",
        next: "Ask your administrator to add fewer groups and claims to this app's tokens.",
    },
    not_found: Explanation {
        title: "Page not found",
        heading: "Page not found",
        what: "The address may be mistyped, or the link may be out of date.",
        next: "Check the address, or go to the start page.",
    },
    method_not_allowed: Explanation {
        title: "Page not available",
        heading: "You can't open this page directly",
        what: "It only works from a button on this site, so nothing was changed.",
        next: "Go to the start page, and continue from there.",
    },
    cross_origin: Explanation {
        title: "Request blocked",
        heading: "This request came from another site",
        what: "We blocked it to protect your account, so nothing was changed.",
        next: "Go to the start page, and try again there.",
    },
    unreadable: Explanation {
        title: "Not sent",
        heading: "We couldn't read this form",
        what: "It didn't arrive whole. Nothing was sent.",
        next: "Go back, and try again.",
    },
    too_large: Explanation {
        title: "Too large",
        heading: "That's too much to send at once",
        what: |most| {
            format!("This site accepts up to {} at once, so nothing was sent.", size(most))
        },
        next: "Go back, shorten your message, and send it again.",
    },
    header_too_large: Explanation {
        title: "Too large",
        heading: "Your browser sent too much data",
        what: "It probably has too many cookies for this site, so nothing was sent.",
        next: "Delete this site's cookies, and sign in again.",
    },
    slow_request: Explanation {
        title: "Too slow",
        heading: "Your request took too long",
        what: |seconds| {
            format!("It didn't reach us within {}, so nothing was sent.", time(seconds))
        },
        next: "Check your connection, go back, and try again.",
    },
    too_often: Explanation {
        title: "Too many sign-ins",
        heading: "You've tried to sign in too many times",
        what: "We limit how often you can try, so you're not signed in.",
        next: |seconds| format!("Wait {}, and sign in again.", time(seconds)),
    },
    internal: Explanation {
        title: "Something went wrong",
        heading: "Something went wrong",
        what: "This is an error on our side, and it has been logged.",
        next: "Try again in a moment.",
    },
};

const UNAVAILABLE: &str = "Microsoft unavailable";
const LATER: &str = "Try signing in again in a few minutes.";
const INTERFERENCE: &str =
    "Something between this site and Microsoft may be interfering, so you're not signed in.";

fn after_a_pause(seconds: Option<u64>) -> String {
    seconds.map_or_else(
        || LATER.to_owned(),
        |seconds| format!("Wait {}, and sign in again.", time(seconds)),
    )
}

fn reason(message: &str) -> String {
    if message.is_empty() {
        "Microsoft didn't give a reason.".to_owned()
    } else {
        format!("Microsoft's reason: {message}")
    }
}

fn size(bytes: usize) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", (bytes / 1_000).max(1))
    } else {
        format!("{} MB", bytes / 1_000_000)
    }
}
