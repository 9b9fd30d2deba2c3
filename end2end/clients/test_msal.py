"""MSAL for Python: what it hands to an app that signs people in."""

import base64
import json
import unittest
from pathlib import Path

import requests
from msal.exceptions import MsalServiceError

import sandbox
from app import authorize, new_app, sign_in
from sandbox import CLIENT_ID, DISABLED, EXPIRED, ONE_TENANT, PERSONAL, PUBLIC, REDIRECT_URI, TENANT, WORK

DAY = 24 * 3600


def refresh(app, scopes=("User.Read",), **options):
    """A forced refresh."""
    account, = app.get_accounts()
    return app.acquire_token_silent_with_error(list(scopes), account, force_refresh=True, **options)


def me(result):
    headers = {"Authorization": "Bearer " + result["access_token"]}
    return requests.get(f"{sandbox.URL}/v1.0/me", headers=headers)


class Case(unittest.TestCase):
    def setUp(self):
        sandbox.reset()

    def assert_refused(self, result, number, error, suberror=None):
        self.assertNotIn("access_token", result)
        self.assertEqual(result["error_codes"], [number])
        self.assertEqual((result["error"], result.get("suberror")), (error, suberror))
        self.assertIn(f"AADSTS{number}:", result["error_description"])
        for field in ("timestamp", "trace_id", "correlation_id"):
            self.assertTrue(result[field])


class SignIn(Case):
    def test_a_person_signs_in_with_pkce_and_nonce(self):
        app = new_app()
        flow, answer = authorize(app)
        self.assertTrue(flow["code_verifier"] and flow["nonce"])
        result = app.acquire_token_by_auth_code_flow(flow, answer)
        claims = result["id_token_claims"]
        self.assertEqual(claims["preferred_username"], WORK)
        self.assertEqual((claims["aud"], claims["tid"]), (CLIENT_ID, TENANT))
        self.assertEqual(claims["iss"], f"{sandbox.URL}/{TENANT}/v2.0")
        self.assertEqual(result["token_source"], "identity_provider")
        self.assertEqual(me(result).json()["userPrincipalName"], WORK)
        account, = app.get_accounts()
        self.assertEqual(account["username"], WORK)
        self.assertEqual(account["home_account_id"], f'{claims["oid"]}.{TENANT}')

    def test_every_kind_of_authority_signs_its_accounts_in(self):
        for tenant, account in [
            ("common", PERSONAL),
            ("organizations", WORK),
            ("consumers", PERSONAL),
            (TENANT, WORK),
            ("sandbox.example", WORK),
        ]:
            with self.subTest(tenant):
                sandbox.reset()
                result = sign_in(new_app(tenant), words=(account, "Accept"))
                self.assertEqual(result["id_token_claims"]["preferred_username"], account)

    def test_the_answer_may_come_as_a_form(self):
        result = sign_in(
            new_app(), response_mode="form_post", words=(WORK, "Accept", "Continue"))
        self.assertIn("access_token", result)

    def test_an_answer_for_another_nonce_is_refused_by_msal(self):
        app = new_app()
        flow, answer = authorize(app)
        flow["nonce"] = "another"
        with self.assertRaisesRegex(RuntimeError, "nonce"):
            app.acquire_token_by_auth_code_flow(flow, answer)

    def test_a_cancelled_sign_in_and_a_declined_consent_come_back_as_access_denied(self):
        # Who cancels gives no reason.
        for words, scope, reason in [
            (["Cancel"], "User.Read", ""),
            ([WORK, "Cancel"], "User.Read", ""),
            ([WORK, "Decline"], "User.Read", "AADSTS65004"),
            # Only an administrator may consent to this.
            ([WORK, "Return to the application without granting consent"], "Mail.ReadWrite", "AADSTS90094"),
        ]:
            with self.subTest(words):
                result = sign_in(new_app(), words=words, scopes=[scope])
                self.assertEqual(result["error"], "access_denied")
                self.assertEqual((result.get("error_description") or "").split(":")[0], reason)

    def test_nobody_is_asked_where_the_app_forbids_it(self):
        self.assertEqual(sign_in(new_app(), prompt="none", words=[])["error"], "login_required")


class Silent(Case):
    def test_the_cache_answers_until_a_refresh_is_forced(self):
        app = new_app()
        first = sign_in(app)
        account, = app.get_accounts()
        cached = app.acquire_token_silent(["User.Read"], account)
        self.assertEqual(cached["access_token"], first["access_token"])
        self.assertEqual(cached["token_source"], "cache")
        forced = refresh(app)
        self.assertNotEqual(forced["access_token"], first["access_token"])
        self.assertEqual(forced["token_source"], "identity_provider")
        self.assertEqual(me(forced).json()["userPrincipalName"], WORK)

    def test_consent_comes_in_steps(self):
        app = new_app()
        sign_in(app, scopes=["User.Read"])
        account, = app.get_accounts()
        refused = app.acquire_token_silent_with_error(["Mail.Send"], account)
        self.assert_refused(refused, 65001, "invalid_grant", "consent_required")
        self.assertEqual(refused["classification"], "consent_required")
        more = sign_in(app, scopes=["Mail.Send"], login_hint=WORK)
        self.assertIn("Mail.Send", more["scope"].split())
        both = app.acquire_token_silent(["User.Read", "Mail.Send"], account, force_refresh=True)
        self.assertLessEqual({"User.Read", "Mail.Send"}, set(both["scope"].split()))

    def test_interaction_is_required_when_policy_asks_for_more(self):
        app = new_app()
        sign_in(app)
        sandbox.fault(route="token", code="AADSTS50076")
        refused = refresh(app)
        self.assert_refused(refused, 50076, "invalid_grant", "basic_action")
        self.assertEqual(refused["classification"], "basic_action")
        self.assertIn("access_token", json.loads(refused["claims"]))
        # As an app does it: back to the browser, with the claims.
        again = sign_in(app, claims_challenge=refused["claims"], login_hint=WORK, words=(WORK,))
        self.assertIn("access_token", again)

    def test_a_claims_challenge_leads_to_a_token_that_graph_takes(self):
        app = new_app(client_capabilities=["CP1"])
        first = sign_in(app)
        sandbox.fault(route="me", claims={})
        refused = me(first)
        self.assertEqual(refused.status_code, 401)
        challenge = refused.headers["WWW-Authenticate"]
        self.assertIn('error="insufficient_claims"', challenge)
        claims = base64.b64decode(challenge.split('claims="')[1].split('"')[0]).decode()
        account, = app.get_accounts()
        second = app.acquire_token_silent(["User.Read"], account, claims_challenge=claims)
        self.assertNotEqual(second["access_token"], first["access_token"])
        self.assertEqual(me(first).status_code, 401)
        self.assertEqual(me(second).status_code, 200)


class TokenErrors(Case):
    """The refusals of a token endpoint (Entra, "Microsoft Entra authentication error codes")."""

    def test_what_an_app_can_do_wrong(self):
        for mistake, number, error, act in [
            ("an unknown client", 700016, "unauthorized_client", lambda: redeem(client_id=TENANT)),
            ("a wrong secret", 7000215, "invalid_client", lambda: redeem(secret="wrong")),
            ("an expired secret", 7000222, "invalid_client", lambda: redeem(client_id=EXPIRED)),
            ("a disabled app", 7000112, "unauthorized_client", lambda: redeem(client_id=DISABLED)),
            ("an app of one tenant", 50194, "invalid_request", lambda: redeem(client_id=ONE_TENANT)),
            ("a secret of a public client", 700025, "invalid_client",
                lambda: redeem(authorized_by=PUBLIC, client_id=PUBLIC)),
            ("no secret", 7000218, "invalid_client", lambda: redeem(secret=None)),
            ("a code twice", 54005, "invalid_grant", lambda: redeem(times=2)),
            ("a code after ten minutes", 70008, "invalid_grant", lambda: redeem(late=601)),
            ("a code that is none", 70000, "invalid_grant", lambda: redeem(code="none")),
            ("a code at another tenant", 700005, "invalid_grant", lambda: redeem(tenant=TENANT)),
            ("another verifier", 501481, "invalid_grant", lambda: redeem(code_verifier="v" * 43)),
            ("no verifier", 50148, "invalid_grant", lambda: redeem(code_verifier=None)),
            ("no redirect URI", 900144, "invalid_request", lambda: redeem(redirect_uri=None)),
            ("a scope that is none", 70011, "invalid_scope", lambda: redeem(scope="Mail.Everything")),
            ("two resources", 700022, "invalid_scope",
                lambda: redeem(scope="User.Read https://outlook.office.com/Mail.Send")),
            ("a grant that is not there", 70003, "unsupported_grant_type",
                lambda: new_app(TENANT).acquire_token_on_behalf_of("assertion", ["User.Read"])),
        ]:
            with self.subTest(mistake):
                sandbox.reset()
                self.assert_refused(act(), number, error)

    def test_a_refresh_token_ends_when_it_rests_for_90_days_or_is_revoked(self):
        for end, number in [
            (lambda: sandbox.pass_time(90 * DAY + 1), 700082),
            (lambda: sandbox.revoke(WORK), 50173),
        ]:
            with self.subTest(number):
                sandbox.reset()
                app = new_app()
                sign_in(app)
                end()
                self.assert_refused(refresh(app), number, "invalid_grant", "bad_token")

    def test_what_else_can_come_of_a_refresh(self):
        app = new_app()
        sign_in(app)
        for row in json.loads(Path("token-errors.json").read_text()):
            with self.subTest(row["number"]):
                sandbox.fault(route="token", code=f'AADSTS{row["number"]}')
                # A new app each time: MSAL answers the same question from memory for a minute.
                refused = refresh(new_app(token_cache=app.token_cache))
                self.assert_refused(refused, row["number"], row["error"], row.get("suberror"))
                self.assertEqual("claims" in refused, row.get("claims", False))

    def test_a_pause_that_the_endpoint_asks_for_is_kept(self):
        app = new_app()
        sign_in(app)
        sandbox.fault(route="token", code="AADSTS90055", retryAfter="60")
        first, second = refresh(app), refresh(app)
        self.assertEqual(first["error"], "temporarily_unavailable")
        self.assertEqual(first["trace_id"], second["trace_id"])

    def test_an_outage_is_raised(self):
        app = new_app()
        sign_in(app)
        sandbox.fault(route="token", code="AADSTS90033")
        with self.assertRaisesRegex(MsalServiceError, "503"):
            refresh(app)


def redeem(authorized_by=CLIENT_ID, late=0, times=1, scope="User.Read", **changes):
    """Redeems a good code with one mistake."""
    flow, answer = authorize(new_app(client_id=authorized_by))
    sandbox.pass_time(late)
    given = {
        "code": answer["code"],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": flow["code_verifier"],
    }
    client = {key: changes.pop(key) for key in ("client_id", "secret", "tenant") if key in changes}
    given |= changes
    data = {"code_verifier": given.pop("code_verifier")}
    for _ in range(times):
        # A new app each time: MSAL answers the same question from memory for a minute.
        result = new_app(**client).acquire_token_by_authorization_code(
            scopes=scope.split(), data=data, **given)
    return result


if __name__ == "__main__":
    unittest.main()
