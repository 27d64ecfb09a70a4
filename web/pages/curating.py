"""What people decide about themes, by forms on a theme's page; and what happened to each theme, when and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from web import asking, coders
from winloss.errors import QueryError
from winloss.model import Filters, Theme
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.library import library
from winloss.services.research.coding import coder_name
from winloss.services.themes import curation

LATEST = 200
PAGE = 100
"""How many of a theme's verbatims are there to choose from at once."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/themes/<id>/curate` and `/ledger`."""
    pages = Blueprint("curating", __name__)

    @pages.get("/themes/<theme_id>/curate")
    def curate(theme_id: str) -> str:
        return _shown(bench, bench.store.theme(theme_id))

    @pages.post("/themes/<theme_id>/curate")
    def change(theme_id: str) -> ResponseReturnValue:
        form = request.form
        me = coder_name(coders.author(form.get("by")) or coders.coder())
        changed = decided(bench, theme_id, form, me)
        response = redirect(url_for("curating.curate", theme_id=changed), code=303)
        coders.remember_coder(response, me)  # type: ignore[arg-type]
        return response

    @pages.get("/ledger")
    def ledger() -> str:
        themes = {theme.id: theme for theme in bench.store.themes(dormant=True)}
        return render_template("ledger.html", events=bench.store.theme_events(limit=LATEST), themes=themes)

    return pages


def decided(bench: Workbench, theme_id: str, form: MultiDict[str, str], me: str) -> str:
    """Do what a form asks for; returns the id of the theme to look at then.

    Raises:
        QueryError: it asks for nothing that there is.
    """
    into = form.get("into") or None
    ways: Mapping[str, Callable[[], object]] = {
        "rename": lambda: curation.rename(bench, theme_id, form.get("title", ""), by=me),
        "merge": lambda: curation.merge(bench, theme_id, into or "", by=me),
        "split": lambda: curation.split(bench, theme_id, form.getlist("verbatim"), form.get("title", ""), by=me),
        "move": lambda: curation.move(bench, form.getlist("verbatim"), into, by=me),
        "pin": lambda: curation.pin(bench, theme_id, by=me),
        "archive": lambda: curation.archive(bench, theme_id, by=me),
        "undo": lambda: doing.undo(bench, by=me),
        "take-back": lambda: curation.take_back(bench, form.get("decision", ""), by=me),
    }
    wanted = form.get("do", "")
    if wanted not in ways:
        raise QueryError("nothing that can be decided about a theme", hint=f"Known: {', '.join(ways)}.")
    done = ways[wanted]()
    return done.id if isinstance(done, Theme) else theme_id


def _shown(bench: Workbench, theme: Theme) -> str:
    rows = library(bench).by_theme(Filters()).get(theme.id, ())
    offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
    events = bench.store.theme_events(theme.id)
    known = {item.id: item for item in bench.store.themes(dormant=True)}
    return render_template(
        "curate.html",
        theme=theme,
        coder=coders.coder(),
        others=[item for item in bench.store.themes(theme.facet) if item.id != theme.id],
        passages=bench.store.passages([row.id for row in rows[offset : offset + PAGE]]),
        offset=offset,
        size=PAGE,
        total=len(rows),
        decisions=curation.decisions_on(bench, theme.id),
        events=events,
        themes=known,
    )
