"""The sandbox under test: where it is, who is registered there (sandbox.toml), and its controls."""

import os

import requests

URL = os.environ["SANDBOX_URL"]
CLIENT_ID = "11111111-1111-4111-8111-111111111111"
EXPIRED = "11111111-1111-4111-8111-111111111112"
DISABLED = "11111111-1111-4111-8111-111111111113"
ONE_TENANT = "11111111-1111-4111-8111-111111111114"
PUBLIC = "11111111-1111-4111-8111-111111111115"
CERTIFIED = "11111111-1111-4111-8111-111111111116"
CLIENT_SECRET = "sandbox-secret"
TENANT = "22222222-2222-4222-8222-222222222222"
REDIRECT_URI = "http://localhost:5000/login/authorized"
WORK = "work@sandbox.example"
PERSONAL = "personal@sandbox.example"
NO_MAILBOX = "nomailbox@sandbox.example"


def reset():
    _post("reset")


def outbox():
    """What was sent, newest last."""
    return requests.get(f"{URL}/sandbox/outbox").json()


def fault(**fault):
    """One thing goes wrong, once."""
    _post("faults", [fault])


def requests_to(path):
    """What arrived there, oldest first; a secret shows as the beginning of its hash."""
    return [it for it in requests.get(f"{URL}/sandbox/requests").json() if it["path"] == path]


def pass_time(seconds):
    _post("clock", {"advance": seconds})


def revoke(account):
    """Ends every refresh token of an account, as an administrator does."""
    _post("revoke", {"account": account})


def _post(control, json=None):
    requests.post(f"{URL}/sandbox/{control}", json=json).raise_for_status()
