"""Who may be quoted, how and until when: sources and people with their rights, what lies unquoted, and warnings."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.api_rights import KINDS, change
from winloss.errors import WinlossError
from winloss.model import GIVEN_RIGHTS
from winloss.ports import Workbench
from winloss.services.quote_rights import rights, rights_listing
from winloss.services.research import coding

PAGE = 50
OTHERWISE = 12
"""Warnings that are shown before the rest is folded away."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/rights`."""
    pages = Blueprint("rights", __name__)

    @pages.get("/rights", endpoint="rights")
    def rights_page() -> str:
        return _shown(bench)

    @pages.post("/rights", endpoint="change")
    def change_rights() -> ResponseReturnValue:
        told = dict(request.form.items())
        told["by"] = told.get("by", "").strip() or coders.coder() or ""
        try:
            change(bench, told)
        except WinlossError as error:
            return _shown(bench, wrong=error), error.http_status
        response = redirect(url_for("rights.rights", of=_kind()), code=303)
        if told["by"]:
            coders.remember_coder(response, told["by"])  # type: ignore[arg-type]
        return response

    return pages


def _kind() -> str:
    wanted = request.values.get("of", KINDS[0])
    return wanted if wanted in KINDS else KINDS[0]


def _shown(bench: Workbench, *, wrong: WinlossError | None = None) -> str:
    kind, me, wanted = _kind(), coders.coder(), request.args.get("q", "").strip()
    found = [
        row for row in rights_listing.listed(bench, kind) if wanted.casefold() in rights_listing.name(row).casefold()
    ]
    last = coding.last_done(bench, me)
    offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
    return render_template(
        "rights.html",
        kind=kind,
        kinds=KINDS,
        rows=found[offset : offset + PAGE],
        total=len(found),
        offset=offset,
        size=PAGE,
        given=GIVEN_RIGHTS,
        few=rights_listing.few(bench),
        endings=rights_listing.endings(bench),
        told_of=rights.told_of,
        line=rights_listing.line,
        told=lambda crowd: rights_listing.told(bench, crowd),
        coder=me,
        last=last if last and (last.before.rights or last.after.rights) else None,
        wanted=wanted,
        wrong=wrong,
        most=OTHERWISE,
    )
