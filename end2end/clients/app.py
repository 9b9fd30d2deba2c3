"""An app that signs people in with MSAL for Python, as its documentation shows."""

import msal

import sandbox
from person import Person
from sandbox import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, WORK


def new_app(tenant="common", client_id=CLIENT_ID, secret=CLIENT_SECRET, **options):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=secret,
        authority=f"{sandbox.URL}/{tenant}",
        instance_discovery=False,
        **options,
    )


def authorize(app, scopes=("User.Read",), words=(WORK, "Accept"), **options):
    """The way through the browser: the flow that began, and the answer that came back."""
    flow = app.initiate_auth_code_flow(list(scopes), redirect_uri=REDIRECT_URI, **options)
    return flow, Person(REDIRECT_URI).walk(flow["auth_uri"], words)


def sign_in(app, **options):
    flow, answer = authorize(app, **options)
    return app.acquire_token_by_auth_code_flow(flow, answer)
