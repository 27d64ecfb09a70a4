"""Coding by keyboard: one verbatim at a time out of a search, with its context; every key has a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.asking import Args
from winloss.errors import NotFound, QueryError
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.research import codes, coding
from winloss.services.search import searching

MOST = 5000
CONTEXT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What there is to code: the ids in order, which of them is shown (from 1), and the address of it."""

    ids: Sequence[str]
    place: int
    seen: int
    address: dict[str, Any]
    at: int


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/code` and `/coder`."""
    pages = Blueprint("coding", __name__)

    @pages.get("/code")
    def code() -> ResponseReturnValue:
        me = coders.coder()
        work = _work(bench, me, request.args)
        if not me or not work.ids:
            return render_template("code_start.html", coder=me, work=work)
        return _shown(bench, me, work)

    @pages.post("/code")
    def change() -> ResponseReturnValue:
        me = coders.coder()
        here = asking.search_of(request.args)
        if me is None:
            return redirect(url_for("coding.code", **here), code=303)
        form = request.form
        place = asking.number_of(request.args, "n", default=1, low=1, high=MOST)
        more: dict[str, Any] = {"n": place}
        if form.get("do") == "undo":
            doing.undo(bench, by=me)
            more = {"n": asking.number_of(request.args, "back", default=place, low=1, high=MOST)}
        elif form.get("do") == "none":
            coding.none_applies(bench, form.get("verbatim", ""), coder=me)
            more = {"n": place + 1, "back": place}
        else:
            more |= _given(bench, form, me)
        if at := asking.number_of(request.args, "at", default=0, low=0, high=10**15):
            more["at"] = at
        return redirect(url_for("coding.code", **here, **more), code=303)

    @pages.post("/coder")
    def name() -> ResponseReturnValue:
        me = coding.as_known(bench, coders.author(request.form.get("name")))
        response = make_response(redirect(_back(request.args), code=303))
        coders.remember_coder(response, me)
        return response

    return pages


def _back(args: Args) -> str:
    """Where a name was asked for."""
    to = args.get("to", "")
    if to == "label":
        return url_for("labelling.label", order=args.get("order"))
    if to == "theme":
        return url_for("curating.curate", theme_id=args.get("theme", ""))
    return url_for("codes.codes" if to == "codes" else "coding.code", **asking.search_of(args))


def _shown(bench: Workbench, me: str, work: Work) -> ResponseReturnValue:
    verbatim_id = work.ids[work.place - 1]
    mine = coding.sheet(bench, me, [verbatim_id]).get(verbatim_id)
    known = codes.codes(bench)
    keys = coders.keys_of([item.path for item in known], coding.most_used(bench, coders.DIGITS))

    def to(place: int) -> str:
        return url_for("coding.code", **work.address, at=work.at, n=place)

    here = {**work.address, "at": work.at, "n": work.place}
    if back := asking.number_of(request.args, "back", default=0, low=0, high=MOST):
        here["back"] = back
    page = render_template(
        "code.html",
        coder=me,
        work=work,
        found=searching.show(bench, verbatim_id, context=CONTEXT),
        looked=mine is not None,
        mine=mine or frozenset(),
        known=known,
        digits={path: number for number, path in enumerate(keys, start=1)},
        last=coding.last_done(bench, me),
        action=url_for("coding.code", **here),
        previous=to(work.place - 1) if work.place > 1 else None,
        next=to(work.place + 1) if work.place < len(work.ids) else None,
        open=url_for("coding.code", **work.address, at=work.at),
        search=url_for("finding.search", **work.address),
        unknown=request.args.get("unknown"),
        why=request.args.get("why"),
    )
    response = make_response(page)
    coders.remember_keys(response, keys)
    return response


def _given(bench: Workbench, form: Args, me: str) -> dict[str, str]:
    """Do what the form asks; what it named that is no code is given back, to be made or written otherwise."""
    verbatim_id, text = form.get("verbatim", ""), form.get("code", "").strip()
    if path := form.get("take"):
        coding.take_away(bench, verbatim_id, [path], coder=me)
    elif path := form.get("give"):
        coding.give(bench, verbatim_id, [path], coder=me)
    elif path := form.get("new"):
        coding.give(bench, verbatim_id, [path], coder=me, new=True)
    elif text:
        try:
            coding.give(bench, verbatim_id, [text], coder=me)
        except NotFound as error:
            return {"unknown": text[: codes.LONGEST], "why": error.hint if "Did you" in error.hint else ""}
        except QueryError as error:
            return {"unknown": "", "why": f"{error.message}. {error.hint}"}
    return {}


def _work(bench: Workbench, me: str | None, args: Args) -> Work:
    query, filters = args.get("q", "").strip(), asking.filters_of(args)
    at = asking.number_of(args, "at", default=0, low=0, high=10**15) or None
    mode, sort = args.get("mode") or "hybrid", args.get("sort") or "relevance"
    if at is None:
        searching.check_filters(bench, filters)
    ids, revision = searching.listing(bench, query, filters, mode=mode, sort=sort, limit=MOST, as_of=at)
    seen = coding.sheet(bench, me, ids) if me else {}
    first = next((place for place, name in enumerate(ids, start=1) if name not in seen), len(ids))
    wanted = asking.number_of(args, "n", default=first or 1, low=1, high=MOST + 1)
    return Work(
        ids=ids,
        place=max(1, min(wanted, len(ids))),
        seen=len(seen),
        address=asking.search_of(args),
        at=at or revision,
    )
