//! The message under a field that is wrong. Reads what `Compose` provides; owns no state.

use leptos::prelude::*;

use super::compose::Sending;
use crate::wire::Field;

/// What is wrong with `field`; an empty paragraph while nothing is.
#[island]
pub fn FieldError(
    /// The field this stands under.
    field: Field,
    /// The id the field's `aria-describedby` names.
    id: String,
) -> impl IntoView {
    let text = move || {
        let problem = use_context::<Sending>()?.problem()?;
        (problem.field == Some(field)).then(|| format!("{} {}", problem.reason, problem.advice))
    };
    view! {
        <p id=id class="field-error">
            {text}
        </p>
    }
}
