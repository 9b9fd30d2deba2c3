/// `/`: what this is, or who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct ConnectWords {
    /// Title for somebody who isn't signed in.
    pub title: &'static str,
    /// Title for somebody who is.
    pub signed_in_title: &'static str,
    /// Title after "Disconnect".
    pub signed_out_title: &'static str,
    /// What search engines and link previews say of this page.
    pub description: &'static str,
    /// Heading for somebody who isn't signed in.
    pub heading: &'static str,
    /// What one can do here.
    pub lead: &'static str,
    /// The link that starts a sign-in.
    pub connect: &'static str,
    /// The link that starts one and asks which account.
    pub another_account: &'static str,
    /// Heading of the permissions.
    pub asks: &'static str,
    /// Who can give them.
    pub asks_lead: &'static str,
    /// To sign in and read the profile.
    pub profile: Permission,
    /// To send.
    pub send: Permission,
    /// To keep the access.
    pub offline: Permission,
    /// Where password and tokens are.
    pub safety: &'static str,
    /// Heading for somebody who is signed in; takes the name.
    pub signed_in: fn(&str) -> String,
    /// What that person can do here; takes the address.
    pub signed_in_lead: fn(&str) -> String,
    /// The link to the form.
    pub new_message: &'static str,
    /// After a sign-out that went as far as was asked for.
    pub signed_out: &'static str,
    /// After a sign-out that should have reached Microsoft and didn't.
    pub signed_out_here_only: &'static str,
}

/// One permission, and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// As Microsoft's consent page words it in this language.
    pub name: &'static str,
    /// What this app does with it.
    pub reason: &'static str,
}
