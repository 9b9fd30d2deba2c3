//! A sign-in between a valid authorize request and its answer: who signs in, whether consent is needed,
//! when a code is issued.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use crate::accounts::{Account, Kind};
use crate::faults::route::Route;
use crate::faults::{Fault, FaultCode, play};
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::answer::Destination;
use crate::identity::authorize::pending::SignIn;
use crate::identity::authorize::request::{AnswerTo, AuthorizeRequest, Prompt};
use crate::identity::consents::Missing;
use crate::identity::grants::Code;
use crate::identity::sessions::Session;
use crate::identity::token::mint;
use crate::identity::trace::Trace;
use crate::pages::{self, picker::Picker};
use crate::platform::Platform;
use crate::scope::{Permission, Scope};
use crate::scopes::Scopes;

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
        let answer_to = request.answer_to.clone();
        play(fault, |fault| self.refuse_as(&answer_to, fault), async {
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
        let answer_to = request.answer_to.clone();
        play(fault, |fault| self.refuse_as(&answer_to, fault), async {
            if !is_offered(session.account, &request.scopes) {
                return self.refuse(&request, "invalid_scope", Aadsts::ScopeInvalid);
            }
            let (request, missing) = self.resolve_default(request, session.account);
            let (scopes, name) = (request.scopes.set(), &request.registration.name);
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
                (Missing::Nothing, _) => self.finish(&request, session),
            }
        })
        .await
    }

    /// What the request asks of this account, with what `.default` stands for, and what is not granted.
    fn resolve_default(
        self,
        request: AuthorizeRequest,
        account: &'static Account,
    ) -> (AuthorizeRequest, Missing) {
        let world = self.app.world();
        let consents = &world.consents;
        let (client, ask_again) = (request.registration, request.prompt == Prompt::Consent);
        let default = consents.default_permissions(client, account, ask_again);
        let scopes = request.scopes.with_default(default);
        let missing = consents.missing(client, account, &scopes.set());
        (AuthorizeRequest { scopes, ..request }, missing)
    }

    /// Everything is consented to: answers the client with a code, or lets the device have its tokens.
    pub fn finish(self, request: &AuthorizeRequest, session: Session) -> Response {
        match &request.answer_to {
            AnswerTo::Client(destination) => self.issue_code(request, destination, session),
            AnswerTo::Device(code) => {
                let scopes = request.scopes.clone();
                let mut world = self.app.world();
                world.devices.approve(code, scopes, session.account, session.id);
                world.sessions.note_application(session.id, request.registration);
                pages::device::signed_in(&request.registration.name)
            }
        }
    }

    fn issue_code(
        self,
        request: &AuthorizeRequest,
        destination: &Destination,
        session: Session,
    ) -> Response {
        let value = mint::code(self.app, session.account);
        let code = Code {
            tenant: request.tenant,
            registration: request.registration,
            redirect: destination.redirect.clone(),
            challenge: request.challenge.clone(),
            scopes: request.scopes.clone(),
            nonce: request.nonce.clone(),
            claims: request.claims.clone(),
            account: session.account,
            session: session.id,
            issued: self.app.clock.now(),
        };
        {
            let mut world = self.app.world();
            world.grants.add_code(value.clone(), code);
            world.sessions.note_application(session.id, request.registration);
        }
        tracing::info!(account = session.account.address, "code issued");
        let mut members = vec![("code", value)];
        if request.client_info {
            members.push(("client_info", mint::client_info(session.account)));
        }
        members.push(("session_state", session.id.to_string()));
        destination.send(&self.app.random, members)
    }

    /// Answers the client with an error.
    pub fn refuse(self, request: &AuthorizeRequest, error: &str, code: Aadsts) -> Response {
        match &request.answer_to {
            AnswerTo::Client(destination) => self.tell(destination, error, code),
            AnswerTo::Device(_) => self.cancel(request),
        }
    }

    /// The person pressed "Cancel".
    pub fn cancel(self, request: &AuthorizeRequest) -> Response {
        match &request.answer_to {
            AnswerTo::Client(destination) => destination.cancel(&self.app.random),
            AnswerTo::Device(code) => {
                self.app.world().devices.decline(code);
                pages::device::declined(&request.registration.name)
            }
        }
    }

    fn tell(self, destination: &Destination, error: &str, code: Aadsts) -> Response {
        destination.refuse(&self.app.random, code, error, self.trace.describe(&code.into()))
    }

    /// Signs an account in: what the browser will be remembered by.
    pub fn open_session(self, account: &'static Account) -> (String, Session) {
        let value = self.app.random.base64url(43);
        let session = Session { account, id: self.app.random.guid() };
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
    fn refuse_as(self, answer_to: &AnswerTo, fault: &Fault) -> Response {
        let random = &self.app.random;
        let AnswerTo::Client(destination) = answer_to else {
            return self.refuse_on_page(fault.status, fault.code.as_ref());
        };
        match (fault.status, &fault.code) {
            (None, Some(FaultCode::Aadsts(code))) if code.stays_on_page() => {
                let text = self.trace.describe(&(*code).into());
                pages::failure::page(StatusCode::BAD_REQUEST, &text)
            }
            (None, Some(FaultCode::Aadsts(code))) => self.tell(destination, code.error(), *code),
            (None, Some(FaultCode::Word(error))) => {
                destination.send(random, vec![("error", error.clone())])
            }
            (status, code) => self.refuse_on_page(status, code.as_ref()),
        }
    }

    fn refuse_on_page(self, status: Option<StatusCode>, code: Option<&FaultCode>) -> Response {
        let code = match code {
            Some(FaultCode::Aadsts(code)) => *code,
            _ => Aadsts::Transient,
        };
        let text = self.trace.describe(&code.into());
        pages::failure::page(status.unwrap_or_default(), &text)
    }
}

/// Personal accounts have no organization whose people could be read. `.default` names no permission.
///
/// Source: <https://learn.microsoft.com/graph/permissions-reference#userreadbasicall>.
fn is_offered(account: &Account, scopes: &Scopes) -> bool {
    account.kind != Kind::Personal || !scopes.contains(Scope::Graph(Permission::UserReadBasicAll))
}
