"""MSAL for Python where there is no secret, no person or no browser: certificates, client credentials,
devices."""

import base64
import hashlib
import os
import re
import unittest
from pathlib import Path

import msal
import requests

import sandbox
from app import sign_in
from person import Person
from sandbox import CERTIFIED, CLIENT_ID, PUBLIC, TENANT, WORK

PEM = Path(os.environ["CERTIFICATE"]).read_text()
KEY, CERTIFICATE = re.findall(r"-----BEGIN [\s\S]*?-----END [^\n]*\n", PEM)
DER = base64.b64decode("".join(CERTIFICATE.splitlines()[1:-1]))
DEFAULT = ["https://graph.microsoft.com/.default"]


def certified(credential, client_id=CERTIFIED, tenant="common"):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{sandbox.URL}/{tenant}",
        instance_discovery=False,
    )


# PS256 with x5t#S256, and RS256 with x5t.
CREDENTIALS = [
    {"private_key": KEY, "public_certificate": CERTIFICATE},
    {"private_key": KEY, "thumbprint": hashlib.sha1(DER).hexdigest()},
]


class Credentials(unittest.TestCase):
    def setUp(self):
        sandbox.reset()

    def test_a_certificate_signs_a_person_in_and_refreshes_the_token(self):
        for credential in CREDENTIALS:
            app = certified(credential)
            self.assertEqual(sign_in(app)["id_token_claims"]["preferred_username"], WORK)
            account, = app.get_accounts()
            again = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
            self.assertIn("access_token", again)
            sandbox.reset()

    def test_a_certificate_that_another_application_registered_is_refused(self):
        for credential in CREDENTIALS:
            result = sign_in(certified(credential, CLIENT_ID), words=(WORK, "Accept"))
            self.assertEqual(result["error_codes"], [700027])
            sandbox.reset()

    def test_an_app_without_a_person_sends_as_somebody_of_its_tenant(self):
        tokens = certified(CREDENTIALS[0], tenant=TENANT).acquire_token_for_client(DEFAULT)
        recipient = {"emailAddress": {"address": "friend@example.com"}}
        sent = requests.post(
            f"{sandbox.URL}/v1.0/users/{WORK}/sendMail",
            headers={"Authorization": "Bearer " + tokens["access_token"]},
            json={"message": {"subject": "From a daemon", "toRecipients": [recipient]}},
        )
        self.assertEqual(sent.status_code, 202)
        self.assertEqual(sandbox.outbox()[-1]["account"], WORK)

    def test_a_device_gets_its_tokens_while_a_person_signs_in_elsewhere(self):
        app = msal.PublicClientApplication(
            PUBLIC, authority=f"{sandbox.URL}/common", instance_discovery=False
        )
        flow = app.initiate_device_flow(["User.Read"])
        self.assertIn(flow["user_code"], flow["message"])
        person = Person(end="nowhere")
        page = person._go(flow["verification_uri"])
        action, fields = page.button("Next")
        fields = [(name, value or flow["user_code"]) for name, value in fields]
        page = person._go(f"{sandbox.URL}{action}", fields)
        for word in (WORK, "Accept"):
            page = person._press(page, word)
        self.assertIn("You have signed in to", page.text)
        tokens = app.acquire_token_by_device_flow(flow)
        self.assertEqual(tokens["id_token_claims"]["preferred_username"], WORK)


if __name__ == "__main__":
    unittest.main()
