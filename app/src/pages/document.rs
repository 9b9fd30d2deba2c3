//! The document around every page: head, sandbox bar, header, footer.

use leptos::{hydration::AutoReload, prelude::*};
use leptos_meta::HashedStylesheet;

use super::{Page, Person, connect, failure, send};
use crate::title::document_title;

/// What every page needs beside its own data.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Where the stylesheet and the WebAssembly are.
    pub options: LeptosOptions,
    /// The sandbox's outbox, where this server runs on the sandbox.
    pub sandbox: Option<String>,
}

/// Renders `page` as a whole document.
pub fn document(frame: Frame, page: Page) -> impl IntoView {
    let Frame { options, sandbox } = frame;
    let title = document_title(&page.title());
    let scripts = page.has_islands().then(|| {
        view! {
            <AutoReload options=options.clone() />
            <HydrationScripts options=options.clone() islands=true />
        }
    });
    let person = page.person().cloned();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                // Not as a child: a debug build puts a marker behind those, which a title shows.
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() id="style" />
                {scripts}
            </head>
            <body>
                <a class="skip" href="#main">
                    "Skip to content"
                </a>
                {sandbox.map(sandbox_bar)}
                {header(person)}
                <main id="main" tabindex="-1">
                    {match page {
                        Page::Connect(page) => connect::view(page).into_any(),
                        Page::Send(page) => send::view(*page).into_any(),
                        Page::Failure(failure) => failure::view(&failure).into_any(),
                    }}
                </main>
                <footer class="footer">
                    <p>
                        "Mail leaves through Microsoft Graph, from your own account. "
                        "This page keeps nothing of it."
                    </p>
                </footer>
            </body>
        </html>
    }
}

fn sandbox_bar(outbox: String) -> impl IntoView {
    view! {
        <aside class="sandbox-bar" aria-label="Sandbox">
            <p>
                "Sandbox: nothing leaves this computer. "
                <a href=outbox target="_blank" rel="external noopener">
                    "Open the outbox"
                </a>
            </p>
        </aside>
    }
}

fn header(person: Option<Person>) -> impl IntoView {
    view! {
        <header class="header">
            <a class="brand" href="/" rel="external">
                <img src="/favicon.svg" alt="" width="24" height="24" />
                "Graph Connect"
            </a>
            {person
                .map(|person| {
                    view! {
                        <div class="account">
                            <p class="who">
                                <span class="name">{person.name}</span>
                                <span class="address">{person.address}</span>
                            </p>
                            <button type="button" class="button" popovertarget="disconnect">
                                "Disconnect"
                            </button>
                            {disconnect()}
                        </div>
                    }
                })}
        </header>
    }
}

/// Asks how far to disconnect. A popover needs no script; a browser that knows none shows it at
/// once.
fn disconnect() -> impl IntoView {
    view! {
        <div
            id="disconnect"
            class="dialog"
            popover="auto"
            role="dialog"
            aria-labelledby="disconnect-title"
        >
            <form method="post" action="/logout">
                <h2 id="disconnect-title">"Where do you want to disconnect?"</h2>
                <p>
                    <button
                        type="submit"
                        class="button primary"
                        name="where"
                        value="here"
                        autofocus
                        aria-describedby="here-hint"
                    >
                        "Here only"
                    </button>
                </p>
                <p class="hint" id="here-hint">
                    "This app forgets your account. You stay signed in at Microsoft."
                </p>
                <p>
                    <button
                        type="submit"
                        class="button"
                        name="where"
                        value="microsoft"
                        aria-describedby="microsoft-hint"
                    >
                        "Here and at Microsoft"
                    </button>
                </p>
                <p class="hint" id="microsoft-hint">
                    "For a computer that others use: Outlook and the rest are signed out in this \
                    browser too."
                </p>
            </form>
        </div>
    }
}
