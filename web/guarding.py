"""What may be changed from the web: only what a page of this server, or a program on this machine, asks for.

A page of another site can send forms here, but cannot read a token out of a page of ours, and its browser says where a
request comes from. Programs send JSON, which no form can. The token belongs to a sign-in where there is one, so that
none that was seen elsewhere does.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, request

from web import signing_in
from winloss.errors import WinlossError

TOKEN = "token"
_OWN = ("same-origin", "none")


class _FormToken:
    """The token of the page that is being made, wherever a template writes it."""

    def __init__(self, anonymous: str) -> None:
        self._anonymous = anonymous

    def __str__(self) -> str:
        if not signing_in.person():
            return self._anonymous
        session, _ = signing_in.held()
        return hmac.new(session.encode(), b"form", "sha256").hexdigest()

    def __html__(self) -> str:
        return str(self)


class Refused(WinlossError):
    """A change that did not come from a page of this server."""

    code = "WL-REFUSED"
    http_status = 403


def register(app: Flask) -> None:
    """Give forms a token and refuse every change that does not come from here.

    It lives as long as a sign-in, and where nobody is signed in as long as the server.
    """
    token = _FormToken(secrets.token_urlsafe(32))
    app.jinja_env.globals["form_token"] = token

    @app.before_request
    def check() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.routing_exception is not None:
            return
        if _from_elsewhere():
            raise Refused("this change was asked for by another site", hint="Make it on a page of this app.")
        if request.is_json:
            return
        if request.path.startswith("/api/"):
            raise Refused("the API takes JSON only", hint="Send it with Content-Type: application/json.")
        if not hmac.compare_digest(request.form.get(TOKEN, "").encode(), str(token).encode()):
            raise Refused("this form is out of date", hint="Go back, load the page again, and send it once more.")


def _from_elsewhere() -> bool:
    """Whether the browser says that another site asks; where it says nothing of the site, its origin tells."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OWN
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")
