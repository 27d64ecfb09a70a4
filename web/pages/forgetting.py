"""Forgetting in the browser: what would go is shown first, whole; then it goes, as a job of its own."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.asking import Args
from winloss.errors import QueryError
from winloss.model import SourceKind
from winloss.ports import Workbench
from winloss.services.erasure import forgetting, tombstones
from winloss.services.erasure.forgetting import Wish


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/forget`."""
    pages = Blueprint("forgetting", __name__, url_prefix="/forget")

    @pages.get("")
    def plan() -> str:
        return shown(wish_of(request.args))

    @pages.post("")
    def forget() -> ResponseReturnValue:
        wish = wish_of(request.form)
        if wish is None:
            raise QueryError("nothing to forget was named", hint="Name a person, a document, or a source.")
        if request.form.get("sure") != "1":
            return shown(wish)
        return redirect(url_for("jobs.job", job_id=forgetting.ask(bench, wish).id), code=303)

    def shown(wish: Wish | None) -> str:
        """What would go; a person is named by POST, so that no address and no browser's history holds the name."""
        return render_template(
            "forget.html",
            wish=wish,
            plan=forgetting.plan(bench, wish) if wish else None,
            forgotten=tombstones.told(bench),
            kinds=list(SourceKind),
        )

    return pages


def wish_of(told: Args) -> Wish | None:
    """What is to be forgotten; None where nothing is named."""

    def named(name: str) -> tuple[str, ...]:
        return tuple(text for value in told.getlist(name) if (text := value.strip()))

    wish = Wish(
        people=named("person"),
        documents=named("document"),
        sources=named("source"),
        account=(told.get("account") or "").strip() or None,
    )
    if wish.account and not wish.people:
        raise QueryError("an account narrows a person", hint="Name the person too.")
    return wish if wish.people or wish.documents or wish.sources else None
