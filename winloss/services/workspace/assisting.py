"""What an assistant is answered: searched, shown and cited verbatims, themes and verdicts, with the rights of exports.

An assistant hands on what it reads, so words that may not be quoted do not go to it at all: they are counted, and left
out. What is for internal use alone says so beside the words. Nothing here changes the workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from winloss.errors import NotAllowed
from winloss.model import DriftVerdict, Filters, Passage, Rights, Share, ThemeView, Turn, quotable
from winloss.ports import Workbench
from winloss.services import browsing, presenting
from winloss.services.quote_rights import citing
from winloss.services.quote_rights.outward import outward
from winloss.services.quote_rights.outward_titles import title_outside
from winloss.services.quote_rights.rights import settle
from winloss.services.search import searching

Answer = dict[str, object]

MOST = 100
CONTEXT = 10
INTERNAL = "internal use only: not to be quoted outside the company"
_REASON = "these words are not to be quoted, and are not handed to assistants"
_WITHHELD = "[not to be quoted]"
_NOT_QUOTED = tuple(("rights", value.value) for value in Rights if not quotable(value))


def search(bench: Workbench, query: str, filters: Filters, *, limit: int) -> Answer:
    """Verbatims that match, best first, and how many match that may be quoted, of how many.

    Raises:
        QueryError: the query or a filter's value is wrong.
    """
    settle(bench)
    searching.check_filters(bench, filters)
    everything = searching.search(bench, query, filters, limit=1, counted=False).total
    allowed = _quotable(bench, filters)
    page = searching.search(bench, query, allowed, limit=_within(limit, MOST), counted=False)
    return {
        "query": page.query,
        "total": page.total,
        "not_to_be_quoted": max(0, everything - page.total),
        "verbatims": _told(bench, [hit.passage for hit in page.hits]),
        "nearest": _told(bench, [hit.passage for hit in page.nearest]),
    }


def show(bench: Workbench, verbatim_id: str, *, context: int) -> Answer:
    """A verbatim among the turns around it.

    Raises:
        NotFound: no such verbatim.
        NotAllowed: it is not to be quoted.
    """
    found = searching.show(bench, verbatim_id, context=_within(context, CONTEXT, least=0))
    if not presenting.may_quote(found.passage):
        raise NotAllowed(_REASON, hint="Count it, or ask whoever shared it.")
    return {
        **_told(bench, [found.passage])[0],
        "question": found.passage.question,
        "from_an_earlier_version": found.retired,
        "context": [_turn(turn) for turn in found.turns],
    }


def cite(bench: Workbench, verbatim_id: str, *, link: str) -> Answer:
    """A verbatim as a citation.

    Raises:
        NotFound: no such verbatim.
        NotAllowed: it is not to be quoted.
    """
    cited = citing.cite(bench, verbatim_id, link=lambda name: f"{link}{name}")
    return {"id": verbatim_id, "plain": cited.plain, "markdown": cited.markdown}


def themes(bench: Workbench, filters: Filters, *, quarter: str | None, limit: int) -> Answer:
    """The themes of a scope, by how many people said them; pooled counts have their segments beside them."""
    searching.check_filters(bench, filters)
    page = browsing.theme_page(bench, filters, quarter=quarter)
    shown = page.themes[: _within(limit, MOST)]
    return {
        "quarter": page.quarter,
        "people_heard": page.respondents,
        "themes_in_all": len(page.themes),
        "in_no_theme": _share(page.unthemed),
        "themes": [_theme(bench, view) for view in shown],
    }


def verdicts(bench: Workbench, filters: Filters, *, quarter: str | None) -> Answer:
    """Whether new signal is still arriving, per quarter and scope, with the verbatims that may be quoted for it."""
    searching.check_filters(bench, filters)
    found = browsing.verdicts(bench, quarter=quarter, filters=filters)
    return {"verdicts": [_verdict(bench, verdict) for verdict in found]}


def _quotable(bench: Workbench, filters: Filters) -> Filters:
    """The filters with what may not be quoted left out, where there is any."""
    known = searching.filter_values(bench).get("rights", ())
    more = tuple(pair for pair in _NOT_QUOTED if pair[1] in known and pair not in filters.without)
    return replace(filters, without=(*filters.without, *more)) if more else filters


def _told(bench: Workbench, passages: Iterable[Passage]) -> list[Answer]:
    return [_verbatim(passage) for passage in outward(bench, passages)]


def _verbatim(passage: Passage) -> Answer:
    told = presenting.passage_json(passage)
    left = {name: value for name, value in told.items() if name not in ("score", "highlights") and value is not None}
    return {**left, "use": INTERNAL} if passage.rights == Rights.INTERNAL else left


def _turn(turn: Turn) -> Answer:
    """A turn beside the one asked for: the words of whoever may not be quoted stay here."""
    speaker = presenting.shown_speaker(turn.speaker, turn.rights)
    role = speaker.role if turn.rights is Rights.NAMED else None
    text = turn.text if quotable(turn.rights) else _WITHHELD
    return {"side": speaker.side, "speaker": speaker.name, "role": role, "text": text}


def _theme(bench: Workbench, view: ThemeView) -> Answer:
    theme = view.theme
    return {
        "id": theme.id,
        "facet": theme.facet,
        "title": title_outside(bench, theme),
        "people": _share(view.share),
        "segments": {name: _share(part) for name, part in view.segments},
        "roles": {name: _share(part) for name, part in view.roles},
        "exemplars": _told(bench, view.exemplars),
        "dissenting": _told(bench, view.dissenting),
    }


def _share(share: Share | None) -> str:
    """A count with its base: never a number alone."""
    return f"{share.count} of {share.base} people" if share and share.base else "nobody heard"


def _verdict(bench: Workbench, verdict: DriftVerdict) -> Answer:
    scope = {name: value for name, value in presenting.plain(verdict.scope).items() if value}  # type: ignore[attr-defined]
    return {
        "quarter": verdict.quarter,
        "scope": scope or "everybody heard",
        "state": verdict.state,
        "sentence": verdict.sentence,
        "flags": list(verdict.flags),
        "driven_by": [_told(bench, _first(bench, node.verbatims)) for node in verdict.nodes],
    }


def _first(bench: Workbench, ids: Sequence[str]) -> list[Passage]:
    return bench.store.passages(ids)[:3]


def _within(number: int, most: int, *, least: int = 1) -> int:
    return max(least, min(number, most))
