//! Turns a page of `app` into an answer: rendered by Leptos, with its status and its own Content
//! Security Policy. The one place that meets Leptos' rendering.

use app::{
    pages::{Failure, FailurePage, Frame, Page, Passage, document, landing},
    words::Words,
};
use axum::{
    body::Body,
    http::{
        HeaderValue, Request, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    response::{Html, IntoResponse, Response},
};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::use_context};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use url::Url;

use crate::{csp, request_id::RequestId};

/// The pages of this site. Cheap to clone.
#[derive(Clone)]
pub struct Pages {
    frame: Frame,
    sent_items_url: Url,
}

impl Pages {
    /// Pages inside `frame` that link to `sent_items_url`.
    #[must_use]
    pub const fn new(frame: Frame, sent_items_url: Url) -> Self {
        Self { frame, sent_items_url }
    }

    /// Where the built site is.
    #[must_use]
    pub const fn options(&self) -> &LeptosOptions {
        &self.frame.options
    }

    /// Where people read what they sent.
    #[must_use]
    pub const fn sent_items_url(&self) -> &Url {
        &self.sent_items_url
    }

    /// Answers with `page`.
    pub async fn page(&self, status: StatusCode, page: Page) -> Response {
        let frame = self.frame.clone();
        let render = render_app_async_with_context(
            move || {
                if let (Some(answer), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce())
                    && let Ok(policy) = HeaderValue::from_str(&csp::for_page(&nonce.to_string()))
                {
                    answer.insert_header(CONTENT_SECURITY_POLICY, policy);
                }
            },
            move || document(&frame, page.clone()),
        );
        let mut answer = render(Request::new(Body::empty())).await;
        *answer.status_mut() = status;
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    /// Answers the request `id` with the page of `failure`, which the log has under that name.
    pub async fn failure(&self, id: RequestId, status: StatusCode, failure: Failure) -> Response {
        let failure_page = FailurePage { failure, reference: id.ids() };
        self.page(status, Page::Failure(Box::new(failure_page))).await
    }

    /// Answers that something unexpected happened. The cause is in the log, not here.
    pub async fn internal(&self, id: RequestId) -> Response {
        self.failure(id, StatusCode::INTERNAL_SERVER_ERROR, Failure::Internal).await
    }

    /// Answers with the page that moves on to `to`. The URL of the page or of its target may hold
    /// what others must not see, so nothing is loaded from here and no `Referer` leaves.
    pub fn move_on(&self, passage: Passage, to: String) -> Response {
        let headers = [
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
            (CONTENT_SECURITY_POLICY, csp::LANDING),
        ];
        (headers, Html(landing(self.frame.words, passage, to))).into_response()
    }

    /// The words of the pages.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.frame.words
    }
}
