"""Authlib: what an app that signs people in with it gets."""

import time
import unittest

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

import sandbox
from person import Person
from sandbox import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT, WORK

SCOPE = "openid profile email offline_access User.Read Mail.Send"
ISSUER = f"{sandbox.URL}/{TENANT}/v2.0"
GRAPH = f"{sandbox.URL}/v1.0"


def metadata(tenant=TENANT):
    return requests.get(f"{sandbox.URL}/{tenant}/v2.0/.well-known/openid-configuration").json()


def new_session(**options):
    """A session that knows where it refreshes its token."""
    return OAuth2Session(
        CLIENT_ID,
        CLIENT_SECRET,
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        token_endpoint=metadata()["token_endpoint"],
        **options,
    )


def sign_in(session, words=(WORK, "Accept"), tenant=TENANT):
    """Signs somebody in; gives their tokens."""
    verifier = "v" * 48
    server = metadata(tenant)
    url, _ = session.create_authorization_url(
        server["authorization_endpoint"], code_verifier=verifier, nonce="one nonce")
    answer = Person(REDIRECT_URI).walk(url, words)
    query = requests.models.PreparedRequest()
    query.prepare_url(REDIRECT_URI, answer)
    return session.fetch_token(
        server["token_endpoint"], authorization_response=query.url, code_verifier=verifier)


class SignIn(unittest.TestCase):
    def setUp(self):
        sandbox.reset()

    def test_both_ways_of_sending_the_secret_get_tokens(self):
        for method in ("client_secret_basic", "client_secret_post"):
            with self.subTest(method):
                sandbox.reset()
                session = new_session(token_endpoint_auth_method=method)
                self.assertIn("refresh_token", sign_in(session))
                self.assertEqual(session.get(f"{GRAPH}/me").json()["userPrincipalName"], WORK)

    def test_the_id_token_stands_every_check(self):
        for tenant in (TENANT, "common"):
            with self.subTest(tenant):
                sandbox.reset()
                tokens = sign_in(new_session(), tenant=tenant)
                keys = KeySet.import_key_set(requests.get(metadata(tenant)["jwks_uri"]).json())
                decoded = jwt.decode(tokens["id_token"], keys)
                # The issuer is the person's own tenant's, wherever they signed in.
                options = {"iss": {"essential": True, "value": ISSUER}}
                params = {"nonce": "one nonce", "client_id": CLIENT_ID}
                claims = CodeIDToken(decoded.claims, decoded.header, options, params)
                claims.validate()
                self.assertEqual(claims["preferred_username"], WORK)

    def test_userinfo_names_the_same_person(self):
        session = new_session()
        sign_in(session)
        info = session.get(metadata()["userinfo_endpoint"]).json()
        self.assertEqual(info["name"], session.get(f"{GRAPH}/me").json()["displayName"])

    def test_an_app_must_look_for_an_error_in_the_answer_itself(self):
        """Where there is no code in the answer, `fetch_token` of authlib/oauth2/client.py guesses
        client credentials, which Microsoft refuses for such scopes."""
        with self.assertRaises(OAuthError) as refused:
            sign_in(new_session(), words=(WORK, "Decline"))
        self.assertEqual(refused.exception.error, "invalid_scope")
        grant = sandbox.requests_to(f"/{TENANT}/oauth2/v2.0/token")[-1]
        self.assertIn("client_credentials", str(grant))

    def test_an_email_goes_out_with_the_token(self):
        session = new_session()
        sign_in(session)
        recipient = {"emailAddress": {"address": "friend@example.com"}}
        message = {"subject": "From Authlib", "toRecipients": [recipient]}
        sent = session.post(f"{GRAPH}/me/sendMail", json={"message": message})
        self.assertEqual(sent.status_code, 202)
        self.assertEqual(sandbox.outbox()[-1]["account"], WORK)


class Refresh(unittest.TestCase):
    def setUp(self):
        sandbox.reset()

    def test_a_session_refreshes_a_token_that_has_expired(self):
        changes = []
        session = new_session(update_token=lambda token, **old: changes.append((token, old)))
        before = sign_in(session)["access_token"]
        sandbox.pass_time(7200)
        self.assertEqual(session.get(f"{GRAPH}/me").status_code, 401)
        # Its own clock has not moved.
        session.token = {**session.token, "expires_at": time.time() - 1}
        self.assertEqual(session.get(f"{GRAPH}/me").status_code, 200)
        (token, _), = changes
        self.assertNotEqual(token["access_token"], before)

    def test_a_refresh_token_that_was_revoked_is_refused_with_microsofts_number(self):
        session = new_session()
        sign_in(session)
        sandbox.revoke(WORK)
        with self.assertRaises(OAuthError) as refused:
            session.refresh_token(metadata()["token_endpoint"])
        self.assertEqual(refused.exception.error, "invalid_grant")
        self.assertRegex(refused.exception.description, r"^AADSTS\d+: ")


if __name__ == "__main__":
    unittest.main()
