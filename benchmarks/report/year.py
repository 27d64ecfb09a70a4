"""What the report of a year's corpus costs: 150 interviews and 40,000 posts in four quarters.

    python -m benchmarks.report.year make WORKSPACE DEMO POSTS
    python -m benchmarks.report.year report WORKSPACE

`make` copies DEMO (what `winloss demo --no-serve` leaves: interviews, inquiries, accounts, deals, beliefs and verdicts
of its quarters), says its interviews again until there are 150, and adds the posts of POSTS (an analysed workspace of
real posts, each with its verbatims, facets and vectors), spread over the last four quarters, the segments and the roles
of DEMO and, by what they are about, its themes: more people than any real corpus has in every cell of the report. Texts
are then judged, as an analysis ends by doing.
`report` composes, verifies and renders the newest quarter as every kind of file, each in an empty memory.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.search_speed.workspace import decided
from winloss.bootstrap import open_workbench
from winloss.model import (
    THEMED_FACETS,
    Document,
    EvidenceRow,
    Facet,
    SourceKind,
    Turn,
    Verbatim,
    stable_id,
)
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.belief import believing
from winloss.services.reports import reporting
from winloss.services.themes import judging

INTERVIEWS, POSTS = 150, 40_000
QUARTERS = 4
AT_ONCE = 500
SUFFIXES = (".html", ".md", ".docx", ".pptx", ".csv")
Read = tuple[Document, list[Turn], list[Verbatim]]


def main() -> None:
    """Read the arguments and do it."""
    what, workspace = sys.argv[1], Path(sys.argv[2])
    if what == "make":
        shutil.copytree(sys.argv[3], workspace)
        make(open_workbench(workspace), open_workbench(Path(sys.argv[4])))
        return
    for suffix in SUFFIXES:
        report(open_workbench(workspace), suffix)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{peak:.1f} GiB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


def report(bench: Workbench, suffix: str) -> None:
    """The report of the newest quarter, from an empty memory to a file that was held against the store."""
    started, cpu = time.perf_counter(), time.process_time()
    quarter = browsing.quarters(bench)[-1]
    found = reporting.compose(bench, quarter)
    composed = time.process_time() - cpu
    reporting.verify(bench, found, suffix=suffix, link=str)
    size = len(reporting.render_report(bench, found, suffix=suffix, link=str))
    took, busy = time.perf_counter() - started, time.process_time() - cpu
    print(
        f"{quarter} {suffix}: {took:.0f} s, {busy:.0f} s of CPU, {composed:.0f} of them to compose; {size:,} characters"
    )


def make(bench: Workbench, posts: Workbench) -> None:
    """Fill the workspace."""
    rows = bench.store.evidence()
    draw, known = random.Random(7), {row.id: row for row in rows}
    quarters = sorted({row.quarter for row in rows if row.quarter})[-QUARTERS:]
    _interviews(bench, known)
    segments = sorted({row.segment for row in rows if row.segment})
    roles = sorted({row.role for row in rows if row.role})
    facets = {row.id: Facet(row.facet or Facet.NONE) for row in posts.store.evidence()}
    _vectors(bench, posts)
    reading = islice(_posts(posts), POSTS)
    while batch := list(islice(reading, AT_ONCE)):
        placed = [_placed(read, draw, quarters, segments, roles) for read in batch]
        _store(bench, placed, facets)
    _into_themes(bench, {row.id: row.theme_id for row in rows})
    started = time.process_time()
    judging.judge_texts(bench)
    believing.prepare(bench)
    print(f"judging texts: {time.process_time() - started:.0f} s of CPU")
    counted = bench.store.counts()
    print({name: counted[name] for name in ("documents", "verbatims", "themes")})


def _interviews(bench: Workbench, known: dict[str, EvidenceRow]) -> None:
    """The interviews again, each time by other people in the last year."""
    own = [item for item in bench.store.documents() if item.kind is SourceKind.INTERVIEW]
    for number in range(len(own), INTERVIEWS):
        document = own[number % len(own)]
        name = stable_id("d", f"{document.id}-{number}")
        turns, ids, facets = [], {}, {}
        for turn in bench.store.turns(document.id):
            ids[turn.id] = stable_id("t", name, 1, turn.ordinal)
            who = replace(turn.speaker, respondent=f"{turn.speaker.respondent}-{number}")
            turns.append(replace(turn, id=ids[turn.id], document_id=name, speaker=who))
        verbatims = []
        for item in bench.store.verbatims_of([document.id]):
            again = stable_id("v", name, item.id)
            verbatims.append(replace(item, id=again, turn_id=ids[item.turn_id], document_id=name))
            facets[again] = Facet(known[item.id].facet or Facet.NONE)
        copy = replace(document, id=name, version=1, external_id=f"{document.external_id}-{number}", content_hash=name)
        _store(bench, [(copy, turns, verbatims)], facets)


def _posts(posts: Workbench) -> Iterator[Read]:
    documents = posts.store.documents()
    for start in range(0, len(documents), AT_ONCE):
        some = {item.id: item for item in documents[start : start + AT_ONCE]}
        said: dict[str, list[Verbatim]] = defaultdict(list)
        for verbatim in posts.store.verbatims_of(list(some)):
            said[verbatim.document_id].append(verbatim)
        for name, document in some.items():
            yield document, posts.store.turns(name), said[name]


def _placed(read: Read, draw: random.Random, quarters: Sequence[str], segments: list[str], roles: list[str]) -> Read:
    document, turns, verbatims = read
    quarter, role = draw.choice(quarters), draw.choice(roles)
    day = date(int(quarter[:4]), 3 * int(quarter[-1]) - 1, draw.randrange(1, 29))
    placed = replace(document, happened_on=day, quarter=quarter, segment=draw.choice(segments), version=1, tags=())
    spoken = [replace(turn, speaker=replace(turn.speaker, role=role)) for turn in turns]
    return placed, spoken, verbatims


def _store(bench: Workbench, read: Sequence[Read], facets: dict[str, Facet]) -> None:
    with bench.store.transaction() as transaction:
        transaction.put_documents([(document, turns, []) for document, turns, _ in read])
        for document, turns, verbatims in read:
            places = {turn.id: stable_id("t", document.id, 1, turn.ordinal) for turn in turns}
            own = [replace(item, turn_id=places[item.turn_id]) for item in verbatims if item.turn_id in places]
            transaction.put_verbatims(document.id, own, "as they were")
            transaction.put_classifications({item.id: decided(facets[item.id]) for item in own}, "as they were")


def _vectors(bench: Workbench, posts: Workbench) -> None:
    keys = posts.store.text_keys()
    for start in range(0, len(keys), 4096):
        some = keys[start : start + 4096]
        bench.vectors().append(some, posts.vectors().get(some))


def _into_themes(bench: Workbench, before: dict[str, str | None]) -> None:
    """Whoever is new joins the theme of the facet that is nearest, where it is nearer than to most."""
    themes, rows = bench.store.themes(), bench.store.evidence()
    for facet in THEMED_FACETS:
        own = [theme for theme in themes if theme.facet == facet]
        members = {theme.id: [row.key for row in rows if row.theme_id == theme.id] for theme in own}
        centres = np.stack([bench.vectors().get(members[theme.id]).mean(axis=0) for theme in own])
        fresh = [row for row in rows if row.facet == facet and row.id not in before]
        nearness = bench.vectors().get([row.key for row in fresh]) @ centres.T
        edge = np.quantile(nearness.max(axis=1), 0.4)
        names = [own[int(row.argmax())].id if row.max() >= edge else None for row in nearness]
        chosen = {row.id: name for row, name in zip(fresh, names, strict=True)}
        kept = {row.id: row.theme_id for row in rows if row.facet == facet and row.id in before}
        with bench.store.transaction() as transaction:
            transaction.curate(facet, own, {**kept, **chosen})


if __name__ == "__main__":
    main()
