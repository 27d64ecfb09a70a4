"""Pains, engagements and proof by segment; one theme in full; two quarters side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking
from web.pages.scoping import facet_of, form_of, scope_of
from web.wording import label
from winloss.model import Theme, ThemePage, ThemeView
from winloss.ports import Workbench
from winloss.services import browsing

PAGE = 20
TOLD = 6
"""How many themes are told with quotes; the rest follow as a list."""
DRAWN = 8
"""How many themes are drawn beside each other; the table has all."""


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/pains`, `/themes/<id>` and `/compare`."""
    pages = Blueprint("themes", __name__)

    @pages.get("/pains")
    def pains() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        quarter = asking.quarter_of(request.args, default=quarters[-1] if quarters else None)
        filters = replace(scope_of(bench), facet=(facet_of(request.args.get("facet")),))
        beside = request.args.get("view") == "segments"
        scope = replace(filters, segment=()) if beside else filters
        page = browsing.theme_page(bench, scope, quarter=quarter)
        return render_template(
            "segments.html" if beside else "pains.html",
            page=page,
            told=TOLD,
            quarter=quarter,
            facet=filters.facet[0],
            **_beside(bench, page),
            **form_of(bench, scope, quarters),
        )

    @pages.get("/themes")
    @pages.get("/themes/")
    def themes() -> ResponseReturnValue:
        return redirect(url_for("themes.pains"))

    @pages.get("/themes/<theme_id>")
    def theme(theme_id: str) -> ResponseReturnValue:
        quarter = asking.quarter_of(request.args)
        filters = scope_of(bench)
        offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
        view = browsing.theme_view(bench, theme_id, filters, quarter=quarter)
        within = replace(filters, quarter=(quarter,)) if quarter else filters
        kin = _kin(bench, view)
        return render_template(
            "theme.html",
            view=view,
            quarter=quarter,
            within=within,
            listed=browsing.theme_passages(bench, theme_id, within, limit=PAGE, offset=offset),
            kin=kin,
            titles={name: item.title for name, item in (*kin.items(), (theme_id, view.theme))},
            people=browsing.people_of(bench, [theme_id, *kin], filters),
            offset=offset,
            size=PAGE,
            **form_of(bench, filters, browsing.quarters(bench)),
        )

    @pages.get("/compare")
    def compare() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        filters = replace(scope_of(bench), facet=tuple(value for value in request.args.getlist("facet") if value))
        if len(quarters) < 2:
            return render_template("compare.html", comparison=None, **form_of(bench, filters, quarters))
        later = asking.quarter_of(request.args, name="later", default=quarters[-1]) or quarters[-1]
        earlier = asking.quarter_of(request.args, name="earlier", default=_before(quarters, later)) or quarters[0]
        return render_template(
            "compare.html",
            comparison=browsing.compare(bench, earlier, later, filters),
            DRAWN=DRAWN,
            **form_of(bench, filters, quarters),
        )

    return pages


def _before(quarters: Sequence[str], later: str) -> str:
    """The last quarter with evidence before `later`, or the first there is."""
    earlier = [quarter for quarter in quarters if quarter < later]
    return earlier[-1] if earlier else quarters[0]


def _beside(bench: Workbench, page: ThemePage) -> dict[str, object]:
    """The segments, and the first themes with their share in each, called as they are shown."""
    segments = browsing.segments(bench)
    named = {name: label("segment", name) for name in segments}
    rows = [
        (view.theme.title, [(named[name], share) for name, share in view.segments if name in named])
        for view in page.themes[:DRAWN]
    ]
    return {"segments": segments, "side_by_side": rows, "segment_names": list(named.values())}


def _kin(bench: Workbench, view: ThemeView) -> dict[str, Theme]:
    """The other themes in a theme's lineage, by id."""
    ids = {name for step in view.lineage for name in (*step.from_themes, *step.to_themes)} - {view.theme.id}
    return {name: bench.store.theme(name) for name in sorted(ids)}
