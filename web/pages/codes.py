"""The codebook with its counts and its editing, the verbatims behind every count, and whether two coders agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.asking import Args
from winloss.errors import QueryError
from winloss.model import NONE_APPLIES
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research import agreement, coding
from winloss.services.research import codes as codebook
from winloss.services.sources import adopting

PAGE = 50


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/codes`, `/codes/verbatims` and `/agreement`."""
    pages = Blueprint("codes", __name__)

    @pages.get("/codes")
    def codes() -> ResponseReturnValue:
        me = coders.coder()
        return render_template(
            "codes.html",
            tally=coding.tally(bench),
            coder=me,
            last=coding.last_done(bench, me, about=("codes", "codings")),
            found=lambda row: url_for("finding.search", tag=list(row.tags)) if row.tags else None,
        )

    @pages.post("/codes")
    def change() -> ResponseReturnValue:
        _change(bench, request.form, coders.coder())
        return redirect(url_for("codes.codes"), code=303)

    @pages.get("/codes/verbatims")
    def verbatims() -> ResponseReturnValue:
        coder, code = request.args.get("coder") or None, request.args.get("code")
        code = NONE_APPLIES if request.args.get("none") == "true" else code or None
        ids = coding.verbatims_of(bench, coder=coder, code=code)
        offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
        return render_template(
            "coded.html",
            coder=coder,
            code=code,
            passages=bench.store.passages(ids[offset : offset + PAGE]),
            total=len(ids),
            offset=offset,
            previous=_page(offset - PAGE) if offset else None,
            next=_page(offset + PAGE) if offset + PAGE < len(ids) else None,
        )

    @pages.get("/agreement")
    def agreed() -> ResponseReturnValue:
        told = coding.tally(bench)
        a, b = request.args.get("a") or None, request.args.get("b") or None
        code = request.args.get("code") or None
        found = agreement.two_coders(bench, a, b, code=code) if a and b else None
        shown = found.disagreements[:PAGE] if found else ()
        passages = {item.id: item for item in bench.store.passages([item.verbatim_id for item in shown])}
        together = agreement.several(bench, [it.coder or "" for it in told.coders]) if len(told.coders) > 2 else None
        return render_template(
            "agreement.html", tally=told, a=a, b=b, code=code, found=found, shown=shown, passages=passages, all=together
        )

    return pages


def _page(offset: int) -> str:
    kept: asking.Address = {name: request.args[name] for name in ("coder", "code", "none") if name in request.args}
    return url_for("codes.verbatims", **kept, offset=max(0, offset))


def _change(bench: Workbench, form: Args, by: str | None) -> None:
    path = form.get("path", "")
    told, colour = form.get("description", ""), "" if form.get("plain") else form.get("colour", "")
    ways: Mapping[str, Callable[[], object]] = {
        "add": lambda: codebook.add(bench, path, by=by, description=told, colour=colour),
        "describe": lambda: codebook.describe(bench, path, by=by, description=told, colour=colour),
        "move": lambda: codebook.move(bench, path, form.get("to", ""), by=by),
        "merge": lambda: codebook.merge(bench, path, form.get("to", ""), by=by),
        "remove": lambda: codebook.remove(bench, path, by=by),
        "adopt": lambda: adopting.adopt(bench, path or None, by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    do = form.get("do", "")
    if do not in ways:
        raise QueryError("nothing to do was named", hint="Go back, load the page again, and send it once more.")
    ways[do]()
