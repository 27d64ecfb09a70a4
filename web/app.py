"""The app put together: pages, API, errors, and the headers that keep a confidential workspace to itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from web import api, errors, guarding, presenters, signing_in, twins
from web.pages import (
    audit,
    beliefs,
    charting,
    codes,
    coding,
    collections,
    crossing,
    curating,
    dealing,
    drift,
    finding,
    forgetting,
    home,
    jobs,
    labelling,
    reports,
    rights,
    saved,
    sources,
    taking_in,
    themes,
)
from web.pages import signing_in as signing_in_pages
from web.serving import Serving
from winloss.ports import Workbench
from winloss.services.quote_rights.rights import settle

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST = 66 << 20
"""Nothing larger is sent here than a deck with its pictures, but for files that are to be taken in."""
LARGEST_UPLOAD = 1000 << 20
"""Larger sources are read in on the command line, which streams them from where they lie."""
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
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000"


def create_app(bench: Workbench, serving: Serving | None = None) -> Flask:
    """The web app of one workspace. It reads, and keeps what people correct, pin, save, code, label and decide.

    Unless told otherwise, only requests addressed to this machine are answered, so that another web site cannot reach
    the workspace by pointing its own name here.
    """
    serving = serving or Serving()
    app = Flask("web")
    app.config["TRUSTED_HOSTS"] = list(serving.names) if serving.names else None
    if serving.https:
        app.wsgi_app = ProxyFix(_through_tls(app.wsgi_app), x_for=1, x_proto=0, x_host=1)  # type: ignore[method-assign]
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_allow_files)
    app.jinja_env.globals["largest"] = f"{LARGEST_UPLOAD >> 20:,} MB"
    presenters.register(app, bench)
    errors.register(app)
    signing_in.register(app, bench, serving)
    guarding.register(app)
    twins.register(app)
    for module in (
        home,
        charting,
        finding,
        themes,
        dealing,
        crossing,
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
        taking_in,
        jobs,
        forgetting,
        rights,
        signing_in_pages,
    ):
        app.register_blueprint(module.make_blueprint(bench))
    app.register_blueprint(api.make_blueprint(bench), url_prefix="/api/v1")
    app.before_request(lambda: settle(bench))
    app.after_request(_protect)
    return app


def _allow_files() -> None:
    """Sources may be larger than anything else that is sent here."""
    if request.endpoint == "taking_in.hand_over":
        request.max_content_length = LARGEST_UPLOAD


def _through_tls(inner: WSGIApplication) -> WSGIApplication:
    """Whatever the server in front says of it, what comes through it came by TLS: cookies are for TLS alone."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = "https"
        return inner(environ, start)

    return answer


def _protect(response: Response) -> Response:
    """Everything from this server, nothing inline; a report brings its own style sheet with it."""
    styles = "'self' 'unsafe-inline'" if g.get("own_styles") else "'self'"
    response.headers["Content-Security-Policy"] = POLICY.format(styles=styles)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    if signing_in.person():
        response.headers["Cache-Control"] = "no-store"
    return response
