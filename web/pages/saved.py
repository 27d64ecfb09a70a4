"""Saved searches: each as it stands now, with what is new since somebody looked."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.handing import FORMS, handed_out
from winloss.errors import QueryError
from winloss.model import SavedSearch
from winloss.ports import Workbench
from winloss.services.research import quoting
from winloss.services.search import saving

SHOWN = 100
"""So many verbatims of a saved search stand on its page; the search itself has them all."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/saved`."""
    pages = Blueprint("saved", __name__)

    @pages.get("/saved")
    def searches() -> ResponseReturnValue:
        return redirect(url_for("collections.collections", _anchor="saved"))

    @pages.post("/saved")
    def change() -> ResponseReturnValue:
        form, me = request.form, coders.coder()
        if form.get("do") == "save":
            mode, filters = form.get("mode") or "hybrid", asking.filters_of(form)
            saving.save(bench, form.get("name", ""), form.get("q", ""), filters, mode=mode, by=me)
        elif form.get("do") == "rename":
            saving.rename(bench, form.get("id", ""), form.get("name", ""), by=me)
        elif form.get("do") == "remove":
            saving.remove(bench, form.get("id", ""), by=me)
        else:
            raise QueryError("nothing to do was named", hint="Go back, load the page again, and send it once more.")
        return redirect(url_for("collections.collections"), code=303)

    @pages.get("/saved/<name>")
    def saved(name: str) -> ResponseReturnValue:
        found = saving.standing(bench, name)
        wanted = found.new_first[:SHOWN]
        page = render_template(
            "saved.html",
            found=found,
            passages=bench.store.passages(wanted),
            forms=FORMS,
            search=_address(found.search),
        )
        saving.looked_at(bench, found.search, wanted)
        return page

    @pages.get("/saved/<name>/export")
    def export_saved(name: str) -> ResponseReturnValue:
        return handed_out(bench, quoting.of_search(bench, name), request.args)

    return pages


def told_searches(bench: Workbench) -> list[dict[str, object]]:
    """Every saved search: its address, and how it stands or why it can no longer be asked."""
    return [
        {
            "search": found.search,
            "address": _address(found.search),
            "found": None if found.wrong else found,
            "wrong": found.wrong,
        }
        for found in saving.standings(bench)
    ]


def _address(search: SavedSearch) -> str:
    told: asking.Address = {"q": search.query} if search.query else {}
    if search.mode != "hybrid":
        told["mode"] = search.mode
    return url_for("finding.search", **told, **asking.address_of(search.filters))
