"""Search, the permalink of a verbatim with its context, and what is similar to it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import asking, coders
from web.presenters import choices, chosen_values, permalink
from winloss.errors import NotFound, QueryError
from winloss.model import Filters, InContext, Instead, SearchPage, Theme
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.quote_rights import citing
from winloss.services.search import searching, unread
from winloss.services.themes import permissions

PAGE = 20
SIMILAR = 5
MORE_SIMILAR = 40
CONTEXT = 2
SORTS = {
    "relevance": "best first",
    "newest": "newest first",
    "oldest": "oldest first",
    "typical": "most typical first",
    "unusual": "most unusual first",
}
FORMS = {"plain": "As plain text", "markdown": "As Markdown", "html": "As HTML"}
MODES = {"hybrid": "Words and meaning", "words": "Words only", "meaning": "Meaning only"}


def make_blueprint(bench: Workbench) -> Blueprint:
    """`/search`, `/v/<id>`, `/v/<id>/similar` and `/v/<id>/cite`."""
    pages = Blueprint("finding", __name__)

    @pages.get("/search")
    def search() -> ResponseReturnValue:
        query = request.args.get("q", "").strip()
        mode = request.args.get("mode") or "hybrid"
        sort = request.args.get("sort") or "relevance"
        try:
            filters = asking.filters_of(request.args)
            offset = asking.number_of(request.args, "offset", default=0, low=0, high=1_000_000)
            as_of = asking.number_of(request.args, "at", default=0, low=0, high=10**15) or None
            searching.check_filters(bench, filters)
            page = searching.search(bench, query, filters, mode=mode, sort=sort, limit=PAGE, offset=offset, as_of=as_of)
        except QueryError as error:
            return render_template("search.html", **_refused(query, error)), error.http_status
        offers = searching.instead(bench, query, filters, mode=mode) if not page.total else []
        meant = searching.meant(bench, page, filters) if not offset else None
        return render_template(
            "search.html",
            **_found(page, filters, offset),
            offers=[_offer(item, mode) for item in offers],
            meant=_offer(meant, mode) if meant else None,
        )

    @pages.get("/v/<verbatim_id>")
    def verbatim(verbatim_id: str) -> ResponseReturnValue:
        around = asking.number_of(request.args, "context", default=CONTEXT, low=0, high=50)
        found = searching.show(bench, verbatim_id, context=around)
        if request.method == "GET" and not request.headers.get("Sec-Purpose"):
            unread.opened(bench, verbatim_id, by=coders.coder())
        return render_template(
            "verbatim.html",
            found=found,
            theme=_theme_of(bench, found),
            deal_part=permissions.part_in(bench, found),
            my_label=any(item.by == coders.coder() for item in bench.store.labels([found.passage.id])),
            around=around,
            similar=searching.similar(bench, verbatim_id, Filters(), limit=SIMILAR),
        )

    @pages.get("/v/<verbatim_id>/cite")
    def cite(verbatim_id: str) -> ResponseReturnValue:
        cited = citing.cite(bench, verbatim_id, link=permalink)
        forms = [(name, words, getattr(cited, name)) for name, words in FORMS.items()]
        return render_template("cite.html", passage=searching.passage_of(bench, verbatim_id), forms=forms)

    @pages.get("/v/<verbatim_id>/similar")
    def similar(verbatim_id: str) -> ResponseReturnValue:
        filters = asking.filters_of(request.args)
        searching.check_filters(bench, filters)
        return render_template(
            "similar.html",
            seed=searching.passage_of(bench, verbatim_id),
            page=searching.similar(bench, verbatim_id, filters, limit=MORE_SIMILAR),
            filters=filters,
            values=searching.filter_values(bench),
            address=asking.address_of(filters),
        )

    return pages


def _found(page: SearchPage, filters: Filters, offset: int) -> dict[str, object]:
    address: asking.Address = {"q": page.query} if page.query else {}
    if page.mode != "hybrid":
        address["mode"] = page.mode
    if page.sort != "relevance":
        address["sort"] = page.sort

    def here(changed: Filters, **more: int) -> str:
        return url_for("finding.search", **{**address, **asking.address_of(changed), **more})

    return {
        "query": page.query,
        "mode": page.mode,
        "modes": MODES,
        "page": page,
        "sorts": SORTS if page.query else {name: words for name, words in SORTS.items() if name != "relevance"},
        "sort": page.sort if page.query or page.sort != "relevance" else "newest",
        "filters": filters,
        "chosen": chosen_values(filters),
        "choices": choices(filters, page.filter_counts),
        "toggle": lambda field, value: here(asking.toggled(filters, field, value)),
        "without": lambda field, value: here(asking.without(filters, field, value)),
        "everything": here(Filters()),
        "kept": asking.address_of(filters),
        "base": address,
        "previous": here(filters, offset=max(0, offset - PAGE), at=page.revision) if offset else None,
        "next": here(filters, offset=offset + PAGE, at=page.revision) if offset + PAGE < page.total else None,
        "offset": offset,
    }


def _offer(item: Instead, mode: str) -> tuple[str, str, int]:
    """What the offer says, where it leads, and to how many."""
    address: asking.Address = {"q": item.query} if item.query else {}
    if mode != "hybrid":
        address["mode"] = mode
    return item.label, url_for("finding.search", **address, **asking.address_of(item.filters)), item.total


def _refused(query: str, error: QueryError) -> dict[str, object]:
    """The form with what was asked still in it, and why it was refused."""
    return {"query": query, "mode": "hybrid", "modes": MODES, "page": None, "error": error, "kept": {}}


def _theme_of(bench: Workbench, found: InContext) -> Theme | None:
    if found.passage.theme_id is None:
        return None
    try:
        return browsing.theme_view(bench, found.passage.theme_id).theme
    except NotFound:
        return None
