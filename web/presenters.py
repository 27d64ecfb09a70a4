"""What templates are given: words, links and text in pieces, made from what the services answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, url_for
from markupsafe import Markup

from web import wording
from web.asking import address_of
from web.asking_deals import deals_url
from web.recordings import playing_from
from winloss.model import (
    THEMED_FACETS,
    UNSURE,
    Correction,
    Document,
    DriftVerdict,
    Filters,
    Hit,
    Passage,
    Rights,
    Share,
    Side,
    Turn,
    quotable,
)
from winloss.ports import Workbench
from winloss.services import presenting, statistics
from winloss.services.plain_words import amount, capitalise
from winloss.services.quote_rights import citing, outward
from winloss.services.reports import charts
from winloss.services.search import folding, searching, showing
from winloss.services.sources import languages
from winloss.services.themes.deals_told import cause_label
from winloss.services.workspace.jobs import Job, JobState

Piece = tuple[str, str | None]
"""A stretch of text, and the id or mark it carries (None: none)."""

NAVIGATION = (
    ("finding.search", "Search"),
    ("themes.pains", "Pains"),
    ("drift.drift", "Drift"),
    ("beliefs.register", "Beliefs"),
    ("themes.compare", "Compare"),
    ("reports.reports", "Reports"),
    ("audit.audits", "Audit"),
    ("collections.collections", "Collections"),
    ("codes.codes", "Codes"),
    ("sources.sources", "Sources"),
    ("rights.rights", "Rights"),
    ("home.about", "About"),
)
SIDES = {Side.BUYER: "Buyer", Side.INTERVIEWER: "Interviewer", Side.VENDOR: "Vendor", Side.UNKNOWN: "Unknown speaker"}


def register(app: Flask, bench: Workbench) -> None:
    """Give every template the words, links and charts it needs."""

    def label(field: str, value: str) -> str:
        if field == "role":
            return bench.codebook.role_label(value)
        if field == "theme":
            return bench.store.theme(value).title
        if field == "cause":
            return wording.ANY_CAUSE.get(value) or cause_label(bench.codebook, value)
        if field == "language":
            return languages.language_name(value)
        return wording.label(field, value)

    app.jinja_env.globals.update(
        banner=bench.settings.label,
        navigation=NAVIGATION,
        unsure=UNSURE,
        wording=wording,
        label=label,
        attribution=lambda passage: searching.attribution(bench, passage),
        may_quote=searching.may_quote,
        quoting_words=wording.quoting,
        few_people=lambda passages: [few.words for few in outward.few_people(bench, passages)],
        quoting_of=lambda document: quoting_of(document, bench),
        quotable_rights=tuple(value.value for value in Rights if quotable(value)),
        speaker_line=lambda turn: speaker_line(turn, bench),
        shown_speaker=presenting.shown_speaker,
        said_about=lambda said: said_about(said, bench),
        interval=statistics.wilson,
        interval_words=interval_words,
        filters_with=replace,
        filters_of=Filters,
        substance=tuple(facet.value for facet in THEMED_FACETS),
        verbatims_url=verbatims_url,
        theme_url=theme_url,
        deals_url=deals_url,
        noticed_beside=presenting.noticed_beside,
        highlighted=highlighted,
        shown=showing.shown,
        folds=folding.folds,
        has_near=has_near,
        citation=lambda passage, retired: citing.citation(bench, passage, link=permalink, retired=retired),
        playing_from=playing_from,
        quoted_pieces=quoted_pieces,
        **{name: _drawn(getattr(charts, name)) for name in charts.__all__ if name != "scripts"},
    )
    app.jinja_env.filters.update(moment=moment, size=size, how_far=how_far, capitalise=capitalise)
    app.jinja_env.filters.update(
        percent=percent, points=points, clock=presenting.clock, amount=amount, web_link=web_link
    )


def _drawn(chart: Callable[..., str]) -> Callable[..., Markup]:
    """A chart as templates take it: SVG of ours, in which every word from elsewhere is escaped."""
    return lambda *args, **options: Markup(chart(*args, **options))


# --- words -----------------------------------------------------------------------------------------------------------


def percent(value: float) -> str:
    """A share as readers know it: `39%`."""
    return f"{value:.0%}"


def interval_words(share: Share) -> str:
    """The 95% interval of a share: `12–34%`."""
    low, high = statistics.wilson(share)
    return f"{100 * low:.0f}–{100 * high:.0f}%"


def points(value: float) -> str:
    """A difference of shares in percentage points, with its sign: `+12`, `−4`, `0`."""
    rounded = round(100 * value)
    return f"{rounded:+}".replace("-", "−") if rounded else "0"


def moment(stamp: str) -> str:
    """A time stamp as readers know it: `2026-06-30 12:00 UTC`."""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def size(count: int) -> str:
    """Bytes as readers know them: `812 bytes`, `4.2 MB`."""
    for unit, bytes_in in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_in:
            return f"{count / bytes_in:.1f} {unit}"
    return amount(count, "byte")


def how_far(job: Job) -> str:
    """How far a running job is, in what it counts: `1,200 of 4,800`."""
    if job.state is not JobState.RUNNING or not job.done:
        return ""
    told = size if job.unit == "bytes" else "{:,}".format
    return f"{told(job.done)} of {told(job.total)}" if job.total else told(job.done)


def web_link(address: str | None) -> str | None:
    """The address where it leads to the web, else None: what a source calls its address may be anything."""
    try:
        scheme = urlsplit(address or "").scheme
    except ValueError:
        return None
    return address if scheme in ("http", "https") else None


def quoting_of(document: Document, bench: Workbench) -> str:
    """Who may quote a document's words, and how long, as it holds today."""
    held = bench.store.rights().of(document.id, document.file_id, document.rights)
    return wording.quoting(held.rights, held.until)


def speaker_line(turn: Turn, bench: Workbench) -> str:
    """Who speaks: a buyer's name only where it may be named, else the role."""
    speaker = turn.speaker
    shown = presenting.shown_speaker(speaker, turn.rights)
    if speaker.side is Side.BUYER:
        role = bench.codebook.role_label(speaker.role)
        return f"{shown.name} · {role}" if shown.name else f"Buyer · {role}"
    return " · ".join(part for part in (SIDES[speaker.side], shown.name) if part)


def speaker_lines(turns: Sequence[Turn], bench: Workbench) -> dict[int, str]:
    """Who speaks in each turn of a document, by its ordinal; people of whom the same is said are numbered."""
    people: dict[str, list[tuple[str, str | None]]] = {}
    for turn in turns:
        known = people.setdefault(speaker_line(turn, bench), [])
        if (turn.speaker.respondent, turn.speaker.name) not in known:
            known.append((turn.speaker.respondent, turn.speaker.name))
    lines = {}
    for turn in turns:
        line = speaker_line(turn, bench)
        place = people[line].index((turn.speaker.respondent, turn.speaker.name)) + 1
        lines[turn.ordinal] = f"{line} {place}" if len(people[line]) > 1 else line
    return lines


def said_about(said: Correction, bench: Workbench) -> str:
    """What a correction says, without the name: `Vendor · title “Account executive”`."""
    facts = [
        SIDES[said.side] if said.side else None,
        f"title “{said.title}”" if said.title else None,
        bench.codebook.role_label(said.role) if said.role else None,
        "another name" if said.name else None,
    ]
    where = "in every document" if said.document_id is None else "in this document"
    if said.turns:
        first, last = said.turns
        where = f"turn {first}" if first == last else f"turns {first} to {last}"
    return f"{' · '.join(fact for fact in facts if fact)}, {where}"


# --- links -----------------------------------------------------------------------------------------------------------


def verbatims_url(filters: Filters, **changes: Any) -> str:
    """The search page that lists the verbatims behind a number; `changes` replace filters."""
    return url_for("finding.search", **address_of(replace(filters, **changes)))


def permalink(verbatim_id: str) -> str:
    """The address of a verbatim as it is written down elsewhere: with the server's name."""
    return url_for("finding.verbatim", verbatim_id=verbatim_id, _external=True)


def theme_url(theme_id: str, filters: Filters | None = None, quarter: str | None = None) -> str:
    """A theme's page in the same scope."""
    address = address_of(replace(filters, facet=(), theme=(), quarter=())) if filters else {}
    if quarter:
        address["quarter"] = quarter
    return url_for("themes.theme", theme_id=theme_id, **address)


# --- text in pieces --------------------------------------------------------------------------------------------------


def highlighted(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text cut at the spans, the words inside marked; joined, the pieces are the text."""
    return _cut(text, [(start, end, "mark") for start, end in spans])


def has_near(hits: Iterable[Hit]) -> bool:
    """Whether one of the hits is shown with the sentence that is nearest in meaning."""
    return any(piece.near for hit in hits for piece in showing.shown(hit).pieces)


def quoted_pieces(turn: Turn, passages: Iterable[Passage]) -> list[Piece]:
    """A turn's text cut at its verbatims, each with its id; a verbatim that is not in the text is left out."""
    spans = [
        (passage.start, passage.end, passage.id)
        for passage in passages
        if passage.turn == turn.ordinal and turn.text[passage.start : passage.end] == passage.text
    ]
    return _cut(turn.text, spans)


def _cut(text: str, spans: Iterable[tuple[int, int, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for start, end, mark in sorted(spans):
        if start < at or end <= start or end > len(text):
            continue
        if start > at:
            pieces.append((text[at:start], None))
        pieces.append((text[start:end], mark))
        at = end
    if at < len(text):
        pieces.append((text[at:], None))
    return pieces


# --- filters beside the results --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter: what it is called, how many verbatims have it, whether it is chosen or left out."""

    field: str
    value: str
    count: int
    chosen: bool
    left_out: bool = False


def choices(filters: Filters, counts: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, list[Choice]]:
    """The filters to show beside results, in the order of the labels; a filter nobody could use is left out."""
    shown = {}
    for field in wording.FILTERS:
        chosen = getattr(filters, field)
        values = [
            Choice(
                field=field,
                value=value,
                count=count,
                chosen=value in chosen,
                left_out=(field, value) in filters.without,
            )
            for value, count in counts.get(field, ())
        ]
        if field == "quarter":
            values.sort(key=lambda choice: choice.value, reverse=True)
        if len(values) > 1 or any(choice.chosen or choice.left_out for choice in values):
            shown[field] = values
    return shown


def chosen_values(filters: Filters) -> list[tuple[str, str]]:
    """(field, value) of every filter that is set, in the order of the labels."""
    pairs: list[tuple[str, str]] = []
    for field in wording.FILTERS:
        value = getattr(filters, field)
        pairs += [(field, item) for item in ((value,) if isinstance(value, str) else value or ())]
    return pairs


# --- verdicts ---------------------------------------------------------------------------------------------------------


def verdict_at(verdicts: Iterable[DriftVerdict], *, segment: str | None, facet: str | None) -> DriftVerdict | None:
    """The verdict of a segment and facet, None meaning all of them, or None where there is none."""
    return next((item for item in verdicts if (item.scope.segment, item.scope.facet) == (segment, facet)), None)
