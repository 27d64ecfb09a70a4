"""The first page, with the state of things at a glance, and the page that explains the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.presenters import verdict_at
from winloss.model import DriftVerdict, Facet, Filters, Passage, ThemePage
from winloss.ports import Workbench
from winloss.services import browsing, searching
from winloss.services.status import status

PAINS = 3
QUOTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentNow:
    """One segment in the newest quarter; None is everybody, where no segment is known."""

    name: str | None
    filters: Filters
    page: ThemePage
    verdict: DriftVerdict | None


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/` and `/about`."""
    pages = Blueprint("home", __name__)

    @pages.get("/")
    def home() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        latest = quarters[-1] if quarters else None
        verdicts = browsing.verdicts(bench, quarter=latest) if latest else ()
        segments = [_segment(bench, name, latest, verdicts) for name in browsing.segments(bench) or (None,)]
        return render_template(
            "home.html",
            status=status(bench),
            quarters=quarters,
            latest=latest,
            pooled=verdict_at(verdicts, segment=None, facet=None),
            segments=segments,
            quotes=_quotes(segments),
            pains=PAINS,
        )

    @pages.get("/about")
    def about() -> ResponseReturnValue:
        return render_template("about.html", codebook=bench.codebook)

    @pages.get("/favicon.ico")
    def icon() -> ResponseReturnValue:
        return redirect(url_for("static", filename="mark.svg"))

    return pages


def _segment(bench: Workbench, name: str | None, quarter: str | None, verdicts: Sequence[DriftVerdict]) -> SegmentNow:
    filters = Filters(segment=(name,) if name else (), facet=(Facet.PAIN.value,))
    return SegmentNow(
        name=name,
        filters=filters,
        page=browsing.theme_page(bench, filters, quarter=quarter),
        verdict=verdict_at(verdicts, segment=name, facet=None) if name else None,
    )


def _quotes(segments: Sequence[SegmentNow]) -> list[Passage]:
    """The leading exemplars of each segment's pains in turn, no theme and no person twice."""
    per_segment = [[view.exemplars[:1] for view in segment.page.themes] for segment in segments]
    in_turn = chain.from_iterable(chain.from_iterable(zip_longest(*per_segment, fillvalue=())))
    chosen: dict[str | None, Passage] = {}
    people: set[str] = set()
    for passage in in_turn:
        if searching.may_quote(passage) and passage.theme_id not in chosen and passage.respondent not in people:
            chosen[passage.theme_id] = passage
            people.add(passage.respondent)
    return list(chosen.values())[:QUOTES]
