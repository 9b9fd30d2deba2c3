//! The page at the root and its buttons, which do what the control routes do: for people who want to see
//! how an app handles failures.

use std::time::Duration;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::control::{ControlError, faults, revoke_sign_ins};
use crate::identity::signing::SigningKey;
use crate::pages::home::{self, Button, Home};
use crate::platform::App;

const HOUR: Duration = Duration::from_secs(3600);

/// Common faults: what the button says, and what it plants.
const FAULTS: [(Button, &str); 12] = [
    (
        Button { value: "throttled", label: "Throttle the next send (429)" },
        r#"[{"route":"sendMail","status":429,"retryAfter":"10"}]"#,
    ),
    (
        Button { value: "unavailable", label: "Refuse the next send (503)" },
        r#"[{"route":"sendMail","status":503}]"#,
    ),
    (
        Button { value: "timeout", label: "Send, then answer 504" },
        r#"[{"route":"sendMail","status":504,"close":"after"}]"#,
    ),
    (
        Button { value: "unheard", label: "Send, then drop the connection" },
        r#"[{"route":"sendMail","close":"after"}]"#,
    ),
    (
        Button { value: "slow", label: "Delay the next send (20 s)" },
        r#"[{"route":"sendMail","delayMs":20000}]"#,
    ),
    (
        Button { value: "full", label: "Mailbox full" },
        r#"[{"route":"sendMail","code":"ErrorQuotaExceeded"}]"#,
    ),
    (
        Button { value: "denied", label: "Remove permission to send (403)" },
        r#"[{"route":"sendMail","code":"ErrorAccessDenied"}]"#,
    ),
    (
        Button { value: "challenge", label: "Claims challenge" },
        r#"[{"route":"sendMail","claims":{}}]"#,
    ),
    (
        Button { value: "refresh", label: "Refuse the next refresh" },
        r#"[{"route":"token","code":"AADSTS700082"}]"#,
    ),
    (
        Button { value: "blocked", label: "Block the next sign-in" },
        r#"[{"route":"authorize","status":200,"code":"AADSTS53003"}]"#,
    ),
    (
        Button { value: "cut", label: "Cut the next answer in half" },
        r#"[{"route":"*","close":"during"}]"#,
    ),
    (
        Button { value: "down", label: "Take everything down until a reset" },
        r#"[{"route":"*","status":503,"retryAfter":"30","times":"always"}]"#,
    ),
];

/// `GET /`
pub async fn page(State(app): State<App>) -> Response {
    let world = app.world();
    let buttons: Vec<Button> = FAULTS.iter().map(|(button, _)| *button).collect();
    home::page(Home {
        now: app.clock.now(),
        accounts: app.directory.accounts,
        sent: world.outbox.all(),
        faults: world.faults.waiting(),
        buttons: &buttons,
        requests: world.requests.all().rev(),
    })
}

/// The button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(rename = "do")]
    action: String,
    account: Option<String>,
}

/// `POST /sandbox/page`: a button of the page, which then shows the page again.
pub async fn press(State(app): State<App>, Form(pressed): Form<Pressed>) -> Response {
    match act(&app, &pressed) {
        Ok(()) => Redirect::to("/").into_response(),
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
