"""Signing in and out, one's own account, and for admins the users and the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, signing_in
from web.asking import Args
from winloss.errors import NotSignedIn, QueryError, TooManyAttempts, WinlossError
from winloss.model import Access
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.team import signing_in as doors
from winloss.services.team import users
from winloss.services.team.passwords import SHORTEST
from winloss.services.team.signing_in import Person

PAGE = 100


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/sign-in`, `/sign-out`, `/account`, `/users` and `/journal`."""
    pages = Blueprint("signing_in", __name__)
    _door(pages, bench)
    _own(pages, bench)
    _administering(pages, bench)
    return pages


def _door(pages: Blueprint, bench: Workbench) -> None:
    @pages.get("/sign-in")
    def sign_in() -> ResponseReturnValue:
        if signing_in.person() or g.open_house:
            return redirect(url_for("home.home"))
        return render_template("sign_in.html", to=request.args.get("next", ""), wrong=None, name="")

    @pages.post("/sign-in")
    def open_door() -> ResponseReturnValue:
        form, (_, browser) = request.form, signing_in.held()
        name, address = form.get("name", ""), request.remote_addr or ""
        try:
            opened = doors.sign_in(bench, name, form.get("password", ""), address=address, browser=browser)
        except (NotSignedIn, TooManyAttempts) as error:
            page = render_template("sign_in.html", to=form.get("next", ""), wrong=error, name=name)
            return page, error.http_status
        response = make_response(redirect(signing_in.own_address(form.get("next", "")), code=303))
        signing_in.hold(response, opened)
        return response

    @pages.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        if asking_now := signing_in.person():
            doors.sign_out(bench, asking_now)
        response = make_response(redirect(url_for("signing_in.sign_in"), code=303))
        signing_in.let_go(response)
        return response


def _own(pages: Blueprint, bench: Workbench) -> None:
    @pages.get("/account")
    def account() -> ResponseReturnValue:
        me = signing_in.person()
        return _account(bench, me) if me else redirect(url_for("home.home"))

    @pages.post("/account")
    def change_account() -> ResponseReturnValue:
        me = signing_in.person()
        if me is None:
            return redirect(url_for("home.home"), code=303)
        try:
            return _changed_account(bench, me, request.form)
        except WinlossError as error:
            return _account(bench, me, wrong=error), error.http_status


def _administering(pages: Blueprint, bench: Workbench) -> None:
    @pages.get("/users", endpoint="users")
    def users_page() -> ResponseReturnValue:
        return _users(bench)

    @pages.post("/users")
    def change_users() -> ResponseReturnValue:
        try:
            _change_users(bench, request.form)
        except WinlossError as error:
            return _users(bench, wrong=error), error.http_status
        return redirect(url_for("signing_in.users"), code=303)

    @pages.get("/journal")
    def journal_page() -> str:
        before = asking.number_of(request.args, "before", default=0, low=0, high=10**15) or None
        found = journal.entries(bench, limit=PAGE + 1, before=before)
        return render_template(
            "journal.html", entries=found[:PAGE], older=found[PAGE - 1].id if len(found) > PAGE else None, before=before
        )


def _account(bench: Workbench, me: Person, *, wrong: WinlossError | None = None, shown: str | None = None) -> str:
    return render_template(
        "account.html",
        me=me,
        wrong=wrong,
        shown=shown,
        shortest=SHORTEST,
        tokens=[item for item in bench.store.tokens() if item.user == me.key],
        roles=[access for access in Access if me.access.allows(access)],
    )


def _changed_account(bench: Workbench, me: Person, form: Args) -> ResponseReturnValue:
    do, address = form.get("do"), request.remote_addr or ""
    if do == "revoke":
        users.revoke_token(bench, form.get("id", ""), of=me.key)
        return redirect(url_for("signing_in.account"), code=303)
    if do not in ("password", "token"):
        raise QueryError("nothing to do was named", hint="Load the page again.")
    doors.confirm(bench, me, form.get("password", ""), address=address)
    if do == "token":
        _, shown = users.make_token(bench, me.name, users.access_of(form.get("role", "")), form.get("purpose", ""))
        return _account(bench, me, shown=shown)
    users.set_password(bench, me.name, form.get("new", ""))
    response: Response = make_response(redirect(url_for("signing_in.sign_in"), code=303))
    signing_in.let_go(response)
    return response


def _users(bench: Workbench, *, wrong: WinlossError | None = None) -> str:
    return render_template(
        "users.html",
        users=bench.store.users(),
        tokens=bench.store.tokens(),
        wrong=wrong,
        shortest=SHORTEST,
        roles=list(Access),
    )


def _change_users(bench: Workbench, form: Args) -> None:
    """Add, change or remove a user; the first one is an admin, or nobody could add another."""
    name, role, password = (form.get(field, "") for field in ("name", "role", "password"))
    first = not bench.store.has_users()
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: users.add(bench, name, Access.ADMIN if first else users.access_of(role), password),
        "role": lambda: users.set_access(bench, name, users.access_of(role)),
        "password": lambda: users.set_password(bench, name, password),
        "remove": lambda: users.remove(bench, name),
        "revoke": lambda: users.revoke_token(bench, form.get("id", "")),
    }
    do = form.get("do", "")
    if do not in ways:
        raise QueryError("nothing to do was named", hint="Load the page again.")
    ways[do]()
