"""What may be changed from the web: only what a page of this server, or a program on this machine, asks for.

A page of another site can send forms here, but cannot read a token out of a page of ours, and its browser says where a
request comes from. Programs send JSON, which no form can.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, request

from winloss.errors import WinlossError

TOKEN = "token"
_OWN = ("same-origin", "none")


class Refused(WinlossError):
    """A change that did not come from a page of this server."""

    code = "WL-REFUSED"
    http_status = 403


def register(app: Flask) -> None:
    """Give forms a token that lives as long as the server, and refuse every change that does not come from here."""
    token = secrets.token_urlsafe(32)
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
        if not hmac.compare_digest(request.form.get(TOKEN, "").encode(), token.encode()):
            raise Refused("this form is out of date", hint="Go back, load the page again, and send it once more.")


def _from_elsewhere() -> bool:
    """Whether the browser says that another site asks; where it says nothing of the site, its origin tells."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OWN
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")
