"""Signs somebody in with MSAL for Python and sends an email, all in the sandbox. Needs: pip install msal"""

import os
import re
from urllib.parse import parse_qsl, urlsplit

import msal
import requests

BASE = os.environ.get("SANDBOX_URL", "https://localhost:5001")
app = msal.ConfidentialClientApplication(
    "11111111-1111-4111-8111-111111111111",
    client_credential="sandbox-secret",
    authority=f"{BASE}/common",
    instance_discovery=False,  # otherwise MSAL asks Microsoft about this host
)
flow = app.initiate_auth_code_flow(
    ["User.Read", "Mail.Send"], redirect_uri="http://localhost:5000/login/authorized"
)


def press(page, form, **fields):
    fields["transaction"] = re.search(r'name="transaction" value="([^"]+)"', page.text)[1]
    return requests.post(f"{BASE}/sandbox/sign-in/{form}", data=fields, allow_redirects=False)


# A person opens this URL in a browser and presses two buttons. A test posts the two forms itself.
answer = press(requests.get(flow["auth_uri"]), "account", account="work@sandbox.example")
if answer.status_code == 200:
    answer = press(answer, "consent", answer="accept")
callback = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

tokens = app.acquire_token_by_auth_code_flow(flow, callback)
sent = requests.post(
    f"{BASE}/v1.0/me/sendMail",
    headers={"Authorization": "Bearer " + tokens["access_token"]},
    json={
        "message": {
            "subject": "Hello",
            "toRecipients": [{"emailAddress": {"address": "friend@example.com"}}],
        }
    },
)
print(sent.status_code, requests.get(f"{BASE}/sandbox/outbox").json()[-1]["message"]["subject"])  # 202 Hello
