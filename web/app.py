"""The app put together: pages, API, errors, and the headers that keep a confidential workspace to itself."""

from __future__ import annotations

from flask import Flask, Response, g

from web import api, errors, guarding, presenters
from web.pages import (
    audit,
    beliefs,
    codes,
    coding,
    collections,
    curating,
    drift,
    finding,
    home,
    labelling,
    reports,
    saved,
    sources,
    themes,
)
from winloss.ports import Workbench

LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
LARGEST_REQUEST = 66 << 20
"""Nothing larger is sent here than a deck with its pictures."""
POLICY = (
    "default-src 'self'; script-src 'self'; style-src {styles}; img-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def create_app(bench: Workbench) -> Flask:
    """The web app of one workspace. It reads, and keeps what people correct, pin, save, code, label and decide.

    Only requests addressed to this machine are answered, so that another web site cannot reach the workspace by
    pointing its own name here; a server in front must pass the local address as `Host`.
    """
    app = Flask("web")
    app.config["TRUSTED_HOSTS"] = LOCAL_NAMES
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    presenters.register(app, bench)
    errors.register(app)
    guarding.register(app)
    for module in (
        home,
        finding,
        themes,
        drift,
        beliefs,
        reports,
        audit,
        collections,
        saved,
        coding,
        codes,
        labelling,
        curating,
        sources,
    ):
        app.register_blueprint(module.make_blueprint(bench))
    app.register_blueprint(api.make_blueprint(bench), url_prefix="/api/v1")
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    """Everything from this server, nothing inline; a report brings its own style sheet with it."""
    styles = "'self' 'unsafe-inline'" if g.get("own_styles") else "'self'"
    response.headers["Content-Security-Policy"] = POLICY.format(styles=styles)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
