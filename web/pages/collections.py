"""Collections of pinned verbatims: to look through, to put in order, to hand on; and where a verbatim is pinned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.asking import Args
from web.handing import FORMS, handed_out
from web.pages.saved import told_searches
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research import codes, coding, collecting, quoting
from winloss.services.search import searching

NOTHING = "nothing to do was named"
AGAIN = "Go back, load the page again, and send it once more."


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/collections` and `/pin`."""
    pages = Blueprint("collections", __name__)

    @pages.get("/collections")
    def collections() -> ResponseReturnValue:
        me = coders.coder()
        return render_template(
            "collections.html",
            shelves=collecting.shelves(bench),
            searches=told_searches(bench),
            last=coding.last_done(bench, me, about=("collections", "pins", "searches")),
            coder=me,
        )

    @pages.post("/collections")
    def change() -> ResponseReturnValue:
        _change(bench, request.form, coders.coder())
        return redirect(url_for("collections.collections"), code=303)

    @pages.get("/collections/<name>")
    def collection(name: str) -> ResponseReturnValue:
        found, me = collecting.find(bench, name), coders.coder()
        return render_template(
            "collection.html",
            collection=found,
            pinned=collecting.contents(bench, found.id),
            others=[shelf.collection for shelf in collecting.shelves(bench) if shelf.collection != found],
            forms=FORMS,
            last=coding.last_done(bench, me, about=("collections", "pins", "searches")),
            back=_back(request.args),
        )

    @pages.post("/collections/<name>")
    def change_pins(name: str) -> ResponseReturnValue:
        found = collecting.find(bench, name)
        _change_pins(bench, found.id, request.form, coders.coder())
        return redirect(url_for("collections.collection", name=found.id), code=303)

    @pages.get("/collections/<name>/export")
    def export(name: str) -> ResponseReturnValue:
        return handed_out(bench, quoting.of_collection(bench, name), request.args)

    @pages.get("/pin")
    def pin() -> ResponseReturnValue:
        passage = searching.passage_of(bench, request.args.get("verbatim", ""))
        inside = {item.collection_id for item in bench.store.pins() if item.verbatim_id == passage.id}
        return render_template(
            "pin.html",
            passage=passage,
            shelves=collecting.shelves(bench),
            inside=inside,
            known=codes.codes(bench),
            coder=coders.coder(),
            back=_back(request.args) or _from_here(request.referrer),
        )

    @pages.post("/pin")
    def pin_it() -> ResponseReturnValue:
        form, me = request.form, coders.coder()
        verbatim_id, tags = form.get("verbatim", ""), [tag for tag in form.get("tags", "").split(",") if tag.strip()]
        name = collecting.proper_name(form.get("new", "").strip() or form.get("collection", ""))
        note = collecting.proper_note(form.get("note", ""))
        if tags:
            me = me or coding.as_known(bench, form.get("name"))
            coding.give(bench, verbatim_id, tags, coder=me, new=True)
        collecting.pin(bench, name, [verbatim_id], by=me, note=note, new=True)
        found = collecting.find(bench, name)
        back = _back(form)
        to = url_for("collections.collection", name=found.id, back=back)
        return redirect(f"{to}#{quote(verbatim_id)}", code=303)

    return pages


def _change(bench: Workbench, form: Args, by: str | None) -> None:
    name, to = form.get("collection", ""), form.get("to", "")
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: collecting.create(bench, form.get("name", ""), by=by, description=form.get("description", "")),
        "describe": lambda: collecting.describe(
            bench, name, by=by, to=form.get("name"), description=form.get("description")
        ),
        "merge": lambda: collecting.merge(bench, name, to, by=by),
        "remove": lambda: collecting.remove(bench, name, by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    _do(ways, form)


def _change_pins(bench: Workbench, name: str, form: Args, by: str | None) -> None:
    verbatim_id = form.get("verbatim", "")
    ways: Mapping[str, Callable[[], object]] = {
        "note": lambda: collecting.note(bench, name, verbatim_id, form.get("note", ""), by=by),
        "unpin": lambda: collecting.unpin(bench, name, [verbatim_id], by=by),
        "move": lambda: collecting.move(bench, name, verbatim_id, _place(form), by=by),
        "undo": lambda: doing.undo(bench, by=by),
    }
    _do(ways, form)


def _do(ways: Mapping[str, Callable[[], object]], form: Args) -> None:
    do = form.get("do", "")
    if do not in ways:
        raise QueryError(NOTHING, hint=AGAIN)
    ways[do]()


def _place(form: Args) -> int:
    return asking.number_of(form, "place", default=1, low=0, high=1_000_000)


def _back(args: Args) -> str | None:
    """The page of ours that somebody came from, as it was told."""
    return _own(args.get("back", ""))


def _from_here(address: str | None) -> str | None:
    """The page of ours that the browser says it came from."""
    parts = urlsplit(address or "")
    return _own(f"{parts.path}?{parts.query}" if parts.query else parts.path) if parts.netloc == request.host else None


def _own(address: str) -> str | None:
    """The address if it leads nowhere else than here."""
    parts = urlsplit(address)
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if ours and address.isprintable() and "\\" not in address else None
