/// `/send`: the form and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct SendWords {
    /// What search engines and link previews say of this page.
    pub description: &'static str,
}
