//! Turns a page of `app` into an answer: rendered by Leptos, with its status and its own Content
//! Security Policy. The one place that meets Leptos' rendering.
//!
//! Nothing on a page waits for anything, so a page is rendered at once, into one text. Leptos' own
//! handlers render into a stream, with a task for each page.

use std::sync::Arc;

use app::{
    pages::{Failure, FailurePage, Frame, Page, Passage, document, landing},
    words::Words,
};
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    response::{Html, IntoResponse, Response},
};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};

use crate::{csp, request_id::RequestId};

/// The pages of this site. Cheap to clone.
#[derive(Clone)]
pub struct Pages(Arc<Frame>);

impl Pages {
    /// Pages inside `frame`.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        Self(Arc::new(frame))
    }

    /// Where the built site is.
    #[must_use]
    pub fn options(&self) -> &LeptosOptions {
        &self.0.options
    }

    /// Answers with `page`.
    pub fn page(&self, status: StatusCode, page: Page) -> Response {
        let frame = &*self.0;
        let nonce = Nonce::new();
        let policy = csp::for_page(&nonce, frame.watched);
        let html = Owner::new().with(|| {
            provide_context(nonce);
            document(frame, page).to_html()
        });
        let headers = [
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (CONTENT_SECURITY_POLICY, policy),
        ];
        (status, headers, Html(html)).into_response()
    }

    /// Answers the request `id` with the page of `failure`, which the log has under that name.
    pub fn failure(&self, id: RequestId, status: StatusCode, failure: Failure) -> Response {
        let failure_page = FailurePage { failure, reference: id.ids() };
        self.page(status, Page::Failure(Box::new(failure_page)))
    }

    /// Answers that something unexpected happened. The cause is in the log, not here.
    pub fn internal(&self, id: RequestId) -> Response {
        self.failure(id, StatusCode::INTERNAL_SERVER_ERROR, Failure::Internal)
    }

    /// Answers with the page that moves on to `to`. The URL of the page or of its target may hold
    /// what others must not see, so nothing is loaded from here and no `Referer` leaves.
    pub fn move_on(&self, passage: Passage, to: String) -> Response {
        let headers = [
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
            (CONTENT_SECURITY_POLICY, csp::LANDING),
        ];
        (headers, Html(landing(self.words(), passage, to))).into_response()
    }

    /// The words of the pages.
    #[must_use]
    pub fn words(&self) -> &'static Words {
        self.0.words
    }
}
