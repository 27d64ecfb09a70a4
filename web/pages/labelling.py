"""Labelling by keyboard: one verbatim at a time, one key to say what it is; and what the labels teach the model."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from winloss.errors import NotEnoughEvidence, QueryError
from winloss.model import Facet
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research import coding, labelling, retraining
from winloss.services.search import searching

MOST = 5000
CONTEXT = 2
KEYS = {Facet.ENGAGEMENT: "e", Facet.PAIN: "p", Facet.PROOF: "r", Facet.NONE: "n"}
"""Facet -> the key that labels it; the digits do, too."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/label` and `/labels`."""
    pages = Blueprint("labelling", __name__)

    @pages.get("/label")
    def label() -> ResponseReturnValue:
        me, order = coders.coder(), _order()
        if not me:
            return render_template("label_start.html", order=order)
        skipped = asking.number_of(request.args, "skip", default=0, low=0, high=MOST)
        waiting = labelling.queue(bench, order=order, by=me, limit=skipped + 1)
        found = searching.show(bench, waiting[skipped], context=CONTEXT) if skipped < len(waiting) else None
        return render_template(
            "label.html",
            me=me,
            order=order,
            orders=labelling.ORDERS,
            blind=order == labelling.RANDOM,
            skipped=skipped,
            found=found,
            passage=found.passage if found else None,
            keys=KEYS,
            last=coding.last_done(bench, me),
        )

    @pages.post("/label")
    def change() -> ResponseReturnValue:
        me, form, order = coders.coder(), request.form, _order()
        if me is None:
            return redirect(url_for("labelling.label", order=order), code=303)
        skipped = asking.number_of(request.args, "skip", default=0, low=0, high=MOST)
        blind = order == labelling.RANDOM and "back" not in request.args
        _done(bench, form, me, blind=blind)
        if "back" in request.args:
            return redirect(url_for("finding.verbatim", verbatim_id=form.get("verbatim", "")), code=303)
        skipped += form.get("do") == "skip"
        return redirect(url_for("labelling.label", order=order, skip=skipped or None), code=303)

    @pages.get("/labels")
    def labels() -> str:
        return _report(bench)

    @pages.post("/labels")
    def learn() -> ResponseReturnValue:
        wanted = request.form.get("do")
        if wanted == "measure":
            return _measured(bench)
        ways = {"adopt": retraining.adopt, "revert": retraining.give_up}
        if wanted not in ways:
            raise QueryError("nothing that can be done with labels", hint="Go back and press one of the buttons.")
        ways[wanted](bench)
        return redirect(url_for("labelling.labels"), code=303)

    return pages


def _done(bench: Workbench, form: Mapping[str, str], me: str, *, blind: bool) -> None:
    """Do what a button of the page asks for."""
    wanted, verbatim_id = form.get("do"), form.get("verbatim", "")
    if wanted == "undo":
        doing.undo(bench, by=me)
    elif wanted == "take":
        labelling.unlabel(bench, verbatim_id, by=me)
    elif wanted != "skip":
        labelling.label(bench, verbatim_id, form.get("facet", ""), by=me, blind=blind)


def _order() -> str:
    order = request.args.get("order") or labelling.UNSURE
    if order not in labelling.ORDERS:
        raise QueryError(f"no order {order!r}", hint=f"Orders: {', '.join(labelling.ORDERS)}.")
    return order


def _measured(bench: Workbench) -> str:
    try:
        return _report(bench, lesson=retraining.measure(bench))
    except NotEnoughEvidence as error:
        return _report(bench, why=f"{error.message}. {error.hint}")


def _report(bench: Workbench, *, lesson: retraining.Lesson | None = None, why: str | None = None) -> str:
    return render_template(
        "labels.html", report=labelling.report(bench), lesson=lesson, why=why, in_use=retraining.in_use(bench)
    )
