//! A sign-in between a valid authorize request and its answer: who signs in, whether consent is needed,
//! when a code is issued.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use crate::accounts::Account;
use crate::faults::{Fault, FaultCode, Route, play};
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::answer::Destination;
use crate::identity::authorize::pending::SignIn;
use crate::identity::authorize::request::{AuthorizeRequest, Prompt};
use crate::identity::consents::Missing;
use crate::identity::grants::Code;
use crate::identity::sessions::Session;
use crate::identity::token::mint;
use crate::identity::trace::Trace;
use crate::pages::{self, picker::Picker};
use crate::platform::Platform;

/// The steps of a sign-in, for one HTTP request.
#[derive(Debug, Clone, Copy)]
pub struct SignInFlow<'a> {
    /// The sandbox that answers.
    pub app: &'a Platform,
    /// The ids of the HTTP request.
    pub trace: &'a Trace,
}

impl SignInFlow<'_> {
    /// Starts a sign-in from a valid request; `session` is who the browser is signed in as.
    pub async fn begin(self, request: AuthorizeRequest, session: Option<Session>) -> Response {
        let fault = self.app.world().faults.take(Route::Authorize, None);
        let destination = request.destination.clone();
        play(fault, |fault| self.refuse_as(&destination, fault), async {
            let known = session.filter(|session| request.accepts(session.account));
            let hinted = |session: &Session| match &request.login_hint {
                Some(hint) => hint.eq_ignore_ascii_case(&session.account.address),
                None => true,
            };
            // An authentication context is only satisfied by the person, at the picker.
            let more = !request.claims.contexts.is_empty();
            match (request.prompt, known.filter(hinted)) {
                (Prompt::Nothing, Some(_)) if more => {
                    self.refuse(&request, "interaction_required", Aadsts::MfaNeeded)
                }
                (Prompt::Nothing, None) => {
                    self.refuse(&request, "login_required", Aadsts::SignInNeeded)
                }
                (Prompt::Account, _) | (_, None) => self.ask_who(request, None),
                _ if more => self.ask_who(request, None),
                (_, Some(session)) => self.signed_in(request, session).await,
            }
        })
        .await
    }

    /// Shows the account picker, with the reason if the last choice was refused.
    pub fn ask_who(self, request: AuthorizeRequest, refusal: Option<&Refusal>) -> Response {
        let hint = request.login_hint.as_deref();
        let hinted = hint.and_then(|hint| self.app.directory.by_address(hint));
        let near = |account: &&Account| match request.domain_hint {
            Some(tenant) => tenant.accepts(account),
            None => true,
        };
        let others = self.app.directory.accounts.iter().filter(|account| Some(*account) != hinted);
        let accounts = hinted.into_iter().chain(others).filter(near).collect();
        let picker = Picker { app: &request.registration.name, accounts, focused: hinted, refusal };
        let id = self.app.random.guid();
        let page = picker.page(id);
        self.keep_as(id, SignIn { request, session: None });
        page
    }

    /// Somebody is signed in: asks for consent where it is missing, or issues the code.
    pub async fn signed_in(self, request: AuthorizeRequest, session: Session) -> Response {
        let fault = self.app.world().faults.take_named(Route::Authorize, session.account);
        let destination = request.destination.clone();
        play(fault, |fault| self.refuse_as(&destination, fault), async {
            let (scopes, name) = (request.scopes.set(), &request.registration.name);
            let missing = {
                let world = self.app.world();
                world.consents.missing(request.registration, session.account, &scopes)
            };
            match (missing, request.prompt) {
                (Missing::Administrator, Prompt::Nothing) => {
                    self.refuse(&request, "interaction_required", Aadsts::AdminNeeded)
                }
                (Missing::Consent, Prompt::Nothing) => {
                    self.refuse(&request, "consent_required", Aadsts::ConsentNeeded)
                }
                (Missing::Administrator, _) => {
                    let id = self.keep(SignIn { request, session: Some(session) });
                    pages::consent::admin_needed(id, name, session.account)
                }
                (Missing::Consent, _) | (Missing::Nothing, Prompt::Consent) => {
                    let id = self.keep(SignIn { request, session: Some(session) });
                    pages::consent::page(id, name, session.account, &scopes)
                }
                (Missing::Nothing, _) => self.issue_code(&request, session),
            }
        })
        .await
    }

    /// Everything is consented to: answers the client with a code.
    pub fn issue_code(self, request: &AuthorizeRequest, session: Session) -> Response {
        let value = mint::code(self.app, session.account);
        let code = Code {
            tenant: request.tenant,
            registration: request.registration,
            redirect: request.destination.redirect.clone(),
            challenge: request.challenge.clone(),
            scopes: request.scopes.clone(),
            nonce: request.nonce.clone(),
            claims: request.claims.clone(),
            account: session.account,
            issued: self.app.clock.now(),
        };
        self.app.world().grants.add_code(value.clone(), code);
        tracing::info!(account = session.account.address, "code issued");
        let mut members = vec![("code", value)];
        if request.client_info {
            members.push(("client_info", mint::client_info(session.account)));
        }
        members.push(("session_state", session.state.to_string()));
        request.destination.send(&self.app.random, members)
    }

    /// Answers the client with an error.
    pub fn refuse(self, request: &AuthorizeRequest, error: &str, code: Aadsts) -> Response {
        self.tell(&request.destination, error, code)
    }

    fn tell(self, destination: &Destination, error: &str, code: Aadsts) -> Response {
        destination.refuse(&self.app.random, code, error, self.trace.describe(&code.into()))
    }

    /// Signs an account in: what the browser will be remembered by.
    pub fn open_session(self, account: &'static Account) -> (String, Session) {
        let value = self.app.random.base64url(43);
        let session = Session { account, state: self.app.random.guid() };
        self.app.world().sessions.begin(value.clone(), session, self.app.clock.now());
        (value, session)
    }

    fn keep(self, sign_in: SignIn) -> Uuid {
        let id = self.app.random.guid();
        self.keep_as(id, sign_in);
        id
    }

    fn keep_as(self, id: Uuid, sign_in: SignIn) {
        self.app.world().sign_ins.put(id, self.app.clock.now(), sign_in);
    }

    /// What a fault says: to the client, or to the person where Microsoft does so or a status stands.
    fn refuse_as(self, destination: &Destination, fault: &Fault) -> Response {
        let random = &self.app.random;
        match (fault.status, &fault.code) {
            (None, Some(FaultCode::Aadsts(code))) if code.stays_on_page() => {
                let text = self.trace.describe(&(*code).into());
                pages::failure::page(StatusCode::BAD_REQUEST, &text)
            }
            (None, Some(FaultCode::Aadsts(code))) => self.tell(destination, code.error(), *code),
            (None, Some(FaultCode::Word(error))) => {
                destination.send(random, vec![("error", error.clone())])
            }
            (status, code) => {
                let code = match code {
                    Some(FaultCode::Aadsts(code)) => *code,
                    _ => Aadsts::Transient,
                };
                let text = self.trace.describe(&code.into());
                pages::failure::page(status.unwrap_or_default(), &text)
            }
        }
    }
}
