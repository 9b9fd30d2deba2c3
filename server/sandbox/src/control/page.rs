//! The page at the root and its buttons, which do what the control routes do: for people who want to see
//! how an app handles failures.

use std::time::Duration;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::control::{ControlError, faults, revoke_sign_ins};
use crate::identity::signing::SigningKey;
use crate::pages::{
    self,
    home::{Button, Group, Home},
};
use crate::platform::App;

const HOUR: Duration = Duration::from_secs(3600);

/// Common faults: what the button says, and what it plants.
const FAULTS: [(Button, &str); 12] = [
    (
        Button { group: Group::Sending, value: "throttled", label: "Throttle the next send (429)" },
        r#"[{"route":"sendMail","status":429,"retryAfter":"10"}]"#,
    ),
    (
        Button { group: Group::Sending, value: "unavailable", label: "Refuse the next send (503)" },
        r#"[{"route":"sendMail","status":503}]"#,
    ),
    (
        Button { group: Group::Sending, value: "timeout", label: "Send, then answer 504" },
        r#"[{"route":"sendMail","status":504,"close":"after"}]"#,
    ),
    (
        Button { group: Group::Sending, value: "unheard", label: "Send, then drop the connection" },
        r#"[{"route":"sendMail","close":"after"}]"#,
    ),
    (
        Button { group: Group::Sending, value: "slow", label: "Delay the next send (20 s)" },
        r#"[{"route":"sendMail","delayMs":20000}]"#,
    ),
    (
        Button { group: Group::Sending, value: "full", label: "Mailbox full" },
        r#"[{"route":"sendMail","code":"ErrorQuotaExceeded"}]"#,
    ),
    (
        Button { group: Group::Sending, value: "denied", label: "Remove permission to send (403)" },
        r#"[{"route":"sendMail","code":"ErrorAccessDenied"}]"#,
    ),
    (
        Button { group: Group::Sending, value: "challenge", label: "Claims challenge" },
        r#"[{"route":"sendMail","claims":{}}]"#,
    ),
    (
        Button { group: Group::SigningIn, value: "refresh", label: "Refuse the next refresh" },
        r#"[{"route":"token","code":"AADSTS700082"}]"#,
    ),
    (
        Button { group: Group::SigningIn, value: "blocked", label: "Block the next sign-in" },
        r#"[{"route":"authorize","status":200,"code":"AADSTS53003"}]"#,
    ),
    (
        Button { group: Group::Everything, value: "cut", label: "Cut the next answer in half" },
        r#"[{"route":"*","close":"during"}]"#,
    ),
    (
        Button {
            group: Group::Everything,
            value: "down",
            label: "Take everything down until a reset",
        },
        r#"[{"route":"*","status":503,"retryAfter":"30","times":"always"}]"#,
    ),
];

/// What the press before a page did, in its address.
#[derive(Debug, Deserialize)]
pub struct After {
    done: Option<String>,
}

/// What a press did, in words; nothing for what is no button.
fn confirmation(done: Option<&str>) -> Option<String> {
    let done = done?;
    let words = match done {
        "reset" => "The sandbox was reset.",
        "clear" => "The faults were removed.",
        "hour" => "An hour has passed.",
        "keys" => "Another key signs from now on.",
        "revoke" => "The sign-ins of that account were revoked.",
        _ => {
            let (button, _) = FAULTS.iter().find(|(button, _)| button.value == done)?;
            return Some(format!("Planted: {}.", button.label));
        }
    };
    Some(words.to_owned())
}

/// `GET /`
pub async fn page(State(app): State<App>, Query(after): Query<After>) -> Response {
    let world = app.world();
    let buttons: Vec<Button> = FAULTS.iter().map(|(button, _)| *button).collect();
    let home = Home {
        now: app.clock.now(),
        sent: world.outbox.all(),
        faults: world.faults.waiting(),
        buttons: &buttons,
        confirmed: confirmation(after.done.as_deref()),
    };
    home.page()
}

/// `GET /sandbox/pages/requests`
pub async fn requests(State(app): State<App>) -> Response {
    pages::requests::page(app.world().requests.all().rev(), app.clock.now())
}

/// `GET /sandbox/pages/accounts`
pub async fn accounts(State(app): State<App>, Query(after): Query<After>) -> Response {
    pages::accounts::page(app.directory.accounts, confirmation(after.done.as_deref()))
}

/// `GET /sandbox/pages/accounts/{address}`
pub async fn account(State(app): State<App>, Path(address): Path<String>) -> Response {
    match app.directory.by_address(&address) {
        Some(account) => {
            pages::accounts::messages(account, app.world().outbox.all(), app.clock.now())
        }
        None => pages::failure::page(StatusCode::NOT_FOUND, "No account has this address."),
    }
}

/// The button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(rename = "do")]
    action: String,
    account: Option<String>,
}

/// `POST /sandbox/page`: a button of a page, which then shows the page again, with a word that confirms.
pub async fn press(State(app): State<App>, Form(pressed): Form<Pressed>) -> Response {
    match act(&app, &pressed) {
        Ok(()) => {
            let page = match pressed.action.as_str() {
                "revoke" => "/sandbox/pages/accounts?done=revoke".to_owned(),
                action => format!("/?done={action}#faults"),
            };
            Redirect::to(&page).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// Why a button did nothing.
#[derive(Debug, thiserror::Error)]
enum PressError {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error(transparent)]
    Fault(#[from] faults::FaultError),
    #[error("There's no button '{0}'.")]
    Unknown(String),
}

impl IntoResponse for PressError {
    fn into_response(self) -> Response {
        match self {
            Self::Control(error) => error.into_response(),
            Self::Fault(error) => error.into_response(),
            Self::Unknown(_) => (StatusCode::BAD_REQUEST, self.to_string()).into_response(),
        }
    }
}

fn act(app: &App, pressed: &Pressed) -> Result<(), PressError> {
    match pressed.action.as_str() {
        "reset" => app.reset(),
        "clear" => app.world().faults.clear(),
        "hour" => app.clock.advance(HOUR).map_err(ControlError::from)?,
        "keys" => app.keys().roll(SigningKey::generate().map_err(ControlError::from)?),
        "revoke" => {
            let address = pressed.account.clone().unwrap_or_default();
            let account = app.directory.by_address(&address);
            revoke_sign_ins(app, account.ok_or(ControlError::Account(address))?);
        }
        other => {
            let known = FAULTS.iter().find(|(button, _)| button.value == other);
            let (_, json) = known.ok_or_else(|| PressError::Unknown(other.to_owned()))?;
            faults::plant(app, json.as_bytes())?;
        }
    }
    tracing::info!(button = pressed.action, "pressed");
    Ok(())
}
