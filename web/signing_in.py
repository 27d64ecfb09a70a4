"""Who asks: found out before anything else is done, held against what the route needs, and noted with what they do.

Without users the app is its own machine's and asks nobody to sign in; it then answers nobody else. With users every
request needs a sign-in (a cookie) or, under `/api/`, a token, and what is done is done in that name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web import coders
from web.access import needed
from web.serving import Serving
from winloss.errors import NoAccess, NotSignedIn
from winloss.model import Access, name_key
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.team import signing_in
from winloss.services.team.signing_in import Opened, Person

SESSION, BROWSER = "winloss-session", "winloss-browser"
_AUTHORS = ("by", "coder")
"""Members and fields in which a change names who makes it."""

_NO_TOKEN = "Send Authorization: Bearer TOKEN; `winloss users token` makes one."
_NO_USERS = NoAccess(
    "this workspace has no users, and this address is not its own machine's",
    hint="On that machine: winloss users add NAME --role admin.",
)


def register(app: Flask, bench: Workbench, serving: Serving) -> None:
    """Have every request identified and checked first."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint is None and request.routing_exception is not None and request.routing_exception.code == 400:
            return None
        need = needed(request.endpoint)
        g.person = None if request.endpoint == "static" else _identified(bench, serving)
        g.acting = journal.acting(coders.coder(), request.remote_addr or "")
        g.acting.__enter__()
        return _checked(bench, serving, need)

    @app.teardown_request
    def done(_: BaseException | None) -> None:
        if acting := g.pop("acting", None):
            acting.__exit__(None, None, None)

    app.jinja_env.globals.update(signed_in=person, allowed=allowed)


def person() -> Person | None:
    """Who asks, where there are users."""
    found: Person | None = g.get("person")
    return found


def allowed(endpoint: str) -> bool:
    """Whether whoever asks may use this route; everybody at this machine may where there are no users."""
    need = needed(endpoint)
    if g.get("open_house"):
        return True
    asking = person()
    return need is None or (asking is not None and asking.access.allows(need))


def held() -> tuple[str, str]:
    """What the browser holds: of a sign-in, and of having signed in before."""
    return request.cookies.get(_cookie(SESSION), ""), request.cookies.get(_cookie(BROWSER), "")


def hold(response: Response, opened: Opened) -> None:
    """Have the browser hold a sign-in until it ends, and that it is known for longer."""
    _hold(response, SESSION, opened.held, int(signing_in.LONGEST.total_seconds()))
    _hold(response, BROWSER, opened.browser, int(signing_in.KNOWN.total_seconds()))


def let_go(response: Response) -> None:
    """Have the browser forget its sign-in."""
    response.delete_cookie(_cookie(SESSION), path="/", secure=_secure(), httponly=True, samesite="Lax")


def own_address(address: str) -> str:
    """The address where it leads within this app, else the first page: nobody is sent elsewhere by a link to here."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    plain = not any(ord(letter) < 0x20 or letter == "\\" for letter in address)
    return address if inside and plain else url_for("home.home")


def _identified(bench: Workbench, serving: Serving) -> Person | None:
    g.open_house = False
    if not bench.store.has_users():
        g.open_house = serving.alone
        return None
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() == "bearer" and request.path.startswith("/api/"):
        return signing_in.by_token(bench, shown.strip())
    session, _ = held()
    return signing_in.signed_in(bench, session) if session else None


def _checked(bench: Workbench, serving: Serving, need: Access | None) -> ResponseReturnValue | None:
    if need is None or g.open_house:
        return None
    asking = person()
    if asking is None:
        if not serving.alone and not bench.store.has_users():
            raise _NO_USERS
        return _asked_to_sign_in()
    if not asking.access.allows(need):
        raise NoAccess(f"this needs the role {need}, and you are a {asking.access}", hint="Ask an admin.")
    _refuse_another_name(asking)
    return None


def _asked_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        raise NotSignedIn("nobody is signed in", hint=_NO_TOKEN)
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    return redirect(url_for("signing_in.sign_in", next=back if back != "/" else None), code=303)


def _refuse_another_name(asking: Person) -> None:
    """Nobody does anything in the name of somebody else."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    for name in _named():
        if name_key(name) != asking.key:
            raise NoAccess(f"you are signed in as {asking.name}", hint=f"Leave {name} out: it is done in your name.")


def _named() -> Iterator[str]:
    body = request.get_json(silent=True) if request.is_json else None
    for field in _AUTHORS:
        told = body.get(field) if isinstance(body, dict) else None
        yield from (name for name in (told, *request.form.getlist(field)) if isinstance(name, str) and name.strip())


def _hold(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        _cookie(name), value, max_age=seconds, path="/", secure=_secure(), httponly=True, samesite="Lax"
    )


def _cookie(name: str) -> str:
    """With TLS a name that browsers take from this host alone."""
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    return request.is_secure
