"""The belief register, and one belief held against what buyers say; changed by forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.asking import Args
from winloss.errors import QueryError
from winloss.model import THEMED_FACETS, Filters, Operation
from winloss.ports import Workbench
from winloss.services import browsing, doing
from winloss.services.belief import asking_beliefs, beliefs, believing
from winloss.services.research import coding
from winloss.services.research.coding import coder_name

FIELDS = beliefs.EDITABLE
EVERYTHING = 500
"""Verbatims shown on a side where all of them are asked for."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/beliefs` and `/beliefs/<id>`."""
    pages = Blueprint("beliefs", __name__)

    @pages.get("/beliefs")
    def register() -> ResponseReturnValue:
        retired = asking.yes_of(request.args, "retired")
        return render_template(
            "beliefs.html",
            entries=believing.register(bench, retired=True, wait=False),
            reading=asking_beliefs.reading(bench),
            retired=retired,
            choices=_choices(bench),
            today=bench.clock.now()[:10],
            last=_last(bench),
            coder=coders.coder(),
        )

    @pages.post("/beliefs")
    def change() -> ResponseReturnValue:
        form = request.form
        me = coder_name(form["by"]) if form.get("by") else coders.coder()
        to = _changed(bench, form, me)
        asking_beliefs.ask(bench)
        response = redirect(to, code=303)
        if me:
            coders.remember_coder(response, me)  # type: ignore[arg-type]
        return response

    @pages.get("/beliefs/<belief_id>")
    def belief(belief_id: str) -> ResponseReturnValue:
        quarter = asking.quarter_of(request.args)
        within = asking.filters_of(request.args, without=("quarter",))
        everything = asking.yes_of(request.args, "all")
        quoted = EVERYTHING if everything else believing.QUOTED
        found = believing.evidence(bench, belief_id, quarter=quarter, within=within, quoted=quoted, wait=False)
        return render_template(
            "belief.html",
            found=found,
            reading=asking_beliefs.reading(bench),
            belief=found.belief,
            scope=_filters(found),
            within=within,
            address={**asking.address_of(within), **({"quarter": quarter} if quarter else {})},
            everything=everything,
            known=browsing.quarters(bench),
            choices=_choices(bench),
            last=_last(bench),
            coder=coders.coder(),
        )

    return pages


def _last(bench: Workbench) -> Operation | None:
    """What can be taken back here: the last thing that whoever asks did, where it was about a belief."""
    return coding.last_done(bench, coders.coder(), about=("beliefs",))


def _choices(bench: Workbench) -> Mapping[str, list[str]]:
    segments = dict.fromkeys([*browsing.segments(bench), *(item.name for item in bench.codebook.segments)])
    return {
        "segment": list(segments),
        "role": [role.name for role in bench.codebook.roles],
        "facet": [facet.value for facet in THEMED_FACETS],
    }


def _filters(found: believing.BeliefEvidence) -> Filters:
    scope = believing.scope_of(found.belief)
    return replace(scope, quarter=(found.quarter,)) if found.quarter else scope


def _changed(bench: Workbench, form: Args, by: str | None) -> str:
    """Do what a form asks for; returns the address to look at then.

    Raises:
        QueryError: it asks for nothing that there is.
    """
    name = form.get("belief", "")
    parts = {field: form.get(field, "") for field in FIELDS}
    ways: Mapping[str, Callable[[], object]] = {
        "read": lambda: None,
        "add": lambda: beliefs.add(bench, beliefs.Draft(**parts), by=by),
        "edit": lambda: beliefs.edit(bench, name, by=by, **{field: form.get(field) for field in FIELDS}),
        "retire": lambda: beliefs.retire(bench, name, by=by),
        "restore": lambda: beliefs.restore(bench, name, by=by),
        "undo": lambda: doing.undo(bench, by=by),
        "redo": lambda: doing.redo(bench, by=by),
    }
    wanted = form.get("do", "")
    if wanted not in ways:
        raise QueryError("nothing that can be done to a belief", hint=f"Known: {', '.join(ways)}.")
    done = ways[wanted]()
    there = {belief.id for belief in bench.store.beliefs()}
    belief_id = getattr(done, "id", name) if wanted not in ("undo", "redo") else name
    if wanted != "add" and belief_id in there:
        return url_for("beliefs.belief", belief_id=belief_id)
    return url_for("beliefs.register")
