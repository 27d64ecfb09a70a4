"""Reports to make tests with, and what is to be true of every file made from one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from tests.unit.passages import a_passage
from winloss.model import (
    DriftVerdict,
    Facet,
    Figure,
    Filters,
    Passage,
    Report,
    ReportPart,
    ReportSection,
    ReportTheme,
    Scope,
    Share,
    State,
    Statement,
    Theme,
    ThemeView,
)
from winloss.report import render

QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2")
SAID = (
    "We close alerts unread.\nEvery night, on both sites.",
    "Volume was never our problem.",
    "לא עובד, and nobody says why",
    "We don’t — “really” — read 40% of them, & that's <b>it</b>.",
)


def passages(texts: Sequence[str] = SAID) -> tuple[Passage, ...]:
    return tuple(a_passage(f"v{number}", text) for number, text in enumerate(texts, start=1))


def a_theme(said: Sequence[Passage], *, title: str = "alerts unread") -> ReportTheme:
    theme = Theme(id="h1", facet=Facet.PAIN, title=title, terms=("alerts",), size=3, exemplars=("v1",))
    trend = [(quarter, Share(count=n, base=8 + n, verbatims=n)) for n, quarter in enumerate(QUARTERS, start=1)]
    nobody = ("2025Q2", Share(count=0, base=0, verbatims=0))
    view = ThemeView(theme=theme, quarter="2026Q2", share=trend[-1][1], trend=(nobody, *trend),
                     segments=(("federal", Share(count=2, base=5, verbatims=2)),),
                     roles=(("soc", Share(count=1, base=3, verbatims=1)),), sources=(), outcomes=(),
                     specific=Share(count=1, base=4, verbatims=1))  # fmt: skip
    statement = Statement(
        text=f"“{title}”: 4 of 12 people in 2026Q2 (33%, 95% interval 14% to 61%).",
        citations=tuple(item.id for item in said),
    )
    return ReportTheme(view=view, statement=statement, exemplars=tuple(said[:-1]), dissenting=tuple(said[-1:]),
                       scope=Filters(segment=("federal",)))  # fmt: skip


def figures(whats: Sequence[str] = ("alerts unread", "cost")) -> tuple[Figure, ...]:
    return tuple(
        Figure(what=what, group=group, share=Share(count=n, base=base, verbatims=n), scope=Filters(segment=(group,)))
        for n, what in enumerate(whats)
        for group, base in (("federal", 60), ("global", 70))
    )


def a_report(
    said: Sequence[Passage] | None = None,
    *,
    title: str = "alerts unread",
    table: Sequence[Sequence[str]] = (("Source", "People", "Said it"), ("Interviews", "1,009", "3 of 9 people")),
    drawn: Sequence[Figure] | None = None,
) -> Report:
    """A report with every kind of thing in it: two parts, statements, a theme, figures, tables, notes."""
    cited = tuple(passages() if said is None else said)
    statement = Statement(text="New: 4 of 9 people this quarter.", citations=tuple(item.id for item in cited[:2]))
    sections = (
        ReportSection(heading="What is new", statements=(statement, statement)),
        ReportSection(heading="What changed", statements=(statement,), note="Against 2026Q1.",
                      figures=figures() if drawn is None else tuple(drawn)),
        ReportSection(heading="What it costs", themes=(a_theme(cited, title=title),) if cited else (),
                      note="2 of 7 verbatims fit no theme."),
        ReportSection(heading="What this rests on", table=tuple(map(tuple, table)), note="9 people in all."),
        ReportSection(heading="Beliefs", note="Nobody holds any."),
    )  # fmt: skip
    verdict = DriftVerdict(quarter="2026Q2", scope=Scope(facet="pain"), state=State.SATURATED, sentence="Nothing new.",
                           flags=("growing",), statistics={})  # fmt: skip
    parts = (
        ReportPart(heading="All", segment=None, verdict=None, sections=sections[1:2]),
        ReportPart(
            heading="Federal",
            segment="federal",
            verdict=verdict,
            sections=sections,
            rests_on=tuple(item.id for item in cited[2:3]),
        ),
    )
    return Report(title="Synthesis, 2026Q2", label="Fictional", quarter="2026Q2", parts=parts, cited=cited,
                  method=(("Seed", "7"),))  # fmt: skip


def rendered(report: Report, suffix: str, **changes: Any) -> bytes:
    made = render(
        report, suffix=suffix, link=lambda name: f"https://here/v/{name}", role_label=lambda role: role or "unknown",
        **changes,
    )  # fmt: skip
    return made if isinstance(made, bytes) else made.encode()


def with_type(content: bytes, old: str, new: str) -> bytes:
    """An office file that calls itself something else: a template, a file with macros."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w") as out:
        for name in archive.namelist():
            part = archive.read(name)
            out.writestr(name, part.replace(old.encode(), new.encode()) if name == "[Content_Types].xml" else part)
    return written.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def dangling(content: bytes) -> Iterator[str]:
    """Relations of a package that lead to no part of it."""
    import posixpath

    from lxml import etree

    parts = parts_of(content)
    for name in [name for name in parts if name.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in etree.fromstring(parts[name]):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path not in parts:
                yield f"{name}: {target}"
