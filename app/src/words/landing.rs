/// The answers that lead from one site to the other.
#[derive(Clone, Copy, Debug)]
pub struct LandingWords {
    /// After a sign-in.
    pub signed_in: PassageWords,
    /// On the way to Microsoft's sign-out.
    pub to_provider: PassageWords,
    /// Back from Microsoft's sign-out, or led there by anybody: says nothing of a session.
    pub back: PassageWords,
    /// The link for browsers that don't move on.
    pub go_on: &'static str,
}

/// What one of these answers says.
#[derive(Clone, Copy, Debug)]
pub struct PassageWords {
    /// Its title.
    pub title: &'static str,
    /// Its heading.
    pub heading: &'static str,
}
