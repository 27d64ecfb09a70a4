"""The first page, with the state of things at a glance, and the page that explains the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking
from web.presenters import verdict_at
from winloss.model import DriftVerdict, Facet, Filters, ThemeView
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift import arriving, hearing
from winloss.services.drift import verdicts as reading
from winloss.services.search import unread
from winloss.services.workspace.status import status

PAINS = 3
ROLES = 6
"""How many roles have a line of verdicts, those heard most this quarter; the drift page has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentNow:
    """One segment in the newest quarter; None is everybody, where no segment is known."""

    name: str | None
    filters: Filters
    themes: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictsNow:
    """The verdicts of the newest quarter on everything of substance, by role and segment; None is all of them."""

    roles: tuple[str | None, ...]
    cells: Mapping[tuple[str | None, str | None], DriftVerdict]
    more: int

    def heard(self, role: str | None, segment: str | None) -> int:
        """How many people a cell rests on."""
        found = self.cells.get((role, segment))
        return int(found.statistics["respondents_current"] or 0) if found else 0


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/` and `/about`."""
    pages = Blueprint("home", __name__)

    @pages.get("/")
    def home() -> ResponseReturnValue:
        quarters = browsing.quarters(bench)
        latest = quarters[-1] if quarters else None
        after = asking.number_of(request.args, "after", default=0, low=0, high=1_000_000)
        return render_template(
            "home.html",
            status=status(bench),
            quarters=quarters,
            latest=latest,
            unread=unread.unread(bench, after=after),
            after=after,
            **(_now(bench, latest) if latest else {}),
        )

    @pages.get("/about")
    def about() -> ResponseReturnValue:
        return render_template("about.html", codebook=bench.codebook)

    @pages.get("/favicon.ico")
    def icon() -> ResponseReturnValue:
        return redirect(url_for("static", filename="mark.svg"))

    return pages


def _now(bench: Workbench, latest: str) -> Mapping[str, object]:
    """What the page tells of the newest quarter."""
    verdicts = reading.verdicts(bench, quarter=latest, roles=True)
    names = browsing.segments(bench)
    return {
        "pooled": verdict_at(verdicts, segment=None, facet=None),
        "verdicts": _verdicts(verdicts),
        "names": names,
        "arrivals": arriving.arrivals(bench),
        "hearing": hearing.hearing(bench, latest),
        "segments": [_segment(bench, name, latest) for name in names or (None,)],
    }


def _verdicts(verdicts: Sequence[DriftVerdict]) -> VerdictsNow:
    cells = {(it.scope.role, it.scope.segment): it for it in verdicts if it.scope.facet is None}
    all_roles = [role for role, segment in cells if role and segment is None]
    ranked = sorted(all_roles, key=lambda role: -int(cells[role, None].statistics["respondents_current"] or 0))
    return VerdictsNow(roles=(None, *ranked[:ROLES]), cells=cells, more=max(0, len(ranked) - ROLES))


def _segment(bench: Workbench, name: str | None, quarter: str) -> SegmentNow:
    filters = Filters(segment=(name,) if name else (), facet=(Facet.PAIN.value,))
    themes = browsing.top_themes(bench, filters, quarter=quarter, limit=PAINS)
    return SegmentNow(name=name, filters=filters, themes=themes)
