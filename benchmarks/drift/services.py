"""What judging drift costs on a whole workspace: seconds and memory of the newest quarter, and of a report on it.

    python -m benchmarks.drift.services make WORKSPACE FROM [VERBATIMS A QUARTER] [QUARTERS]
    python -m benchmarks.drift.services judge WORKSPACE
    python -m benchmarks.drift.services report WORKSPACE

`make` fills WORKSPACE with posts made of those that FROM holds with their vectors (a workspace of real posts): each is
one of them with its vector moved by noise of three tenths of its length, and belongs to one of its author's quarters.
A hundredth of the last quarter is about one thing that nobody said before. `judge` computes what `winloss analyse`
would for the newest quarter: every cell that is large enough, in a process of its own.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.search_speed.workspace import decided, whole
from winloss.bootstrap import open_workbench
from winloss.model import (
    Document,
    Facet,
    Rights,
    Side,
    SourceKind,
    Speaker,
    Turn,
    stable_id,
    text_key,
)
from winloss.ports import Workbench
from winloss.services.drift import drifting
from winloss.services.drift.drift_cells import evidence_of
from winloss.services.reports import reporting

THREAD = 40
"""Posts of one document, each by an author of its own."""
AT_ONCE = 100
NOISE = 0.3
NEW = 0.01
FACETS = (*9 * (Facet.PAIN,), *4 * (Facet.ENGAGEMENT,), Facet.PROOF, *6 * (Facet.NONE,))
"""In the shares that real posts have, in twentieths."""


def main() -> None:
    """Read the arguments and do it."""
    what, workspace = sys.argv[1], Path(sys.argv[2])
    started, cpu = time.perf_counter(), time.process_time()
    if what == "make":
        per, quarters = (int(word) for word in (sys.argv[4:] or ("40000", "9")))
        make(open_workbench(workspace), open_workbench(Path(sys.argv[3])), per, quarters)
    else:
        {"judge": judge, "report": report}[what](open_workbench(workspace))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{what}: {time.perf_counter() - started:.0f} s, {time.process_time() - cpu:.0f} s of CPU, {peak:.1f} GiB")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


def judge(bench: Workbench) -> None:
    """Every cell of the newest quarter, as `analyse` judges them."""
    started = time.process_time()
    evidence = evidence_of(bench.store.evidence())
    print(f"evidence: {time.process_time() - started:.0f} s of CPU")
    for work in drifting._stale(bench, evidence, evidence.quarters[-1]):
        if work.cell.testable:
            started = time.process_time()
            verdict = drifting._computed(bench, evidence, work)
            rows = sum(len(evidence.leaves[leaf]) for leaf in work.cell.leaves)
            told = [f"{node.kind} {node.current} of {node.current_base}" for node in verdict.nodes]
            print(f"{work.cell.scope.facet or 'all'}: {rows:,} verbatims, {verdict.state}, {told}, ", end="")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"{time.process_time() - started:.0f} s of CPU, {peak:.1f} GiB so far", flush=True)


def report(bench: Workbench) -> None:
    """The report of the newest quarter, from an empty memory to HTML."""
    quarter = max(row.quarter for row in bench.store.evidence() if row.quarter)
    text = reporting.render_report(bench, reporting.compose(bench, quarter), suffix=".html", link=lambda name: name)
    print(f"{quarter}: {len(text):,} characters")


def make(bench: Workbench, source: Workbench, per: int, quarters: int) -> None:
    """Fill the workspace."""
    texts = source.store.texts()
    missing = set(source.vectors().missing(list(texts)))
    keys = sorted(key for key in texts if key not in missing and len(texts[key]) > 20)
    rows, chance = source.vectors().get(keys), np.random.default_rng(7)
    new = np.argsort(-(rows @ rows[0]))[:40]
    old = np.setdiff1d(np.arange(len(rows)), new)
    for number in range(quarters):
        drawn = chance.choice(old, per)
        if number == quarters - 1:
            drawn[: int(NEW * per)] = chance.choice(new, int(NEW * per))
        _quarter(bench, number, [texts[keys[place]] for place in drawn])
        for start in range(0, per, 4096):
            some = drawn[start : start + 4096]
            noise = chance.normal(size=(len(some), rows.shape[1]), scale=NOISE / np.sqrt(rows.shape[1]))
            moved = (rows[some] + noise).astype(np.float32)
            names = [text_key(_text(texts[keys[place]], number, start + n)) for n, place in enumerate(some)]
            bench.vectors().append(names, moved / np.linalg.norm(moved, axis=1, keepdims=True))


def _text(text: str, quarter: int, place: int) -> str:
    return f"{text} ({quarter}-{place})"


def _quarter(bench: Workbench, number: int, texts: list[str]) -> None:
    documents = _documents(number, texts)
    while batch := [item for _, item in zip(range(AT_ONCE), documents, strict=False)]:
        with bench.store.transaction() as transaction:
            transaction.put_documents([(document, turns, []) for document, turns in batch])
            for document, turns in batch:
                verbatims = [whole(turn) for turn in turns]
                transaction.put_verbatims(document.id, verbatims, "whole turns")
                facets = {item.id: decided(FACETS[n % len(FACETS)]) for n, item in enumerate(verbatims)}
                transaction.put_classifications(facets, "in turn")


def _documents(number: int, texts: list[str]) -> Iterator[tuple[Document, list[Turn]]]:
    day = date(2020 + number // 4, 3 * (number % 4) + 1, 15)
    for start in range(0, len(texts), THREAD):
        name = stable_id("d", f"{number}-{start}")
        document = Document(
            id=name,
            version=1,
            kind=SourceKind.COMMUNITY,
            external_id=f"thread {number}-{start}",
            content_hash=name,
            file_id="f",
            title=None,
            happened_on=day,
            quarter=f"{day.year}Q{number % 4 + 1}",
            rights=Rights.ANONYMOUS,
            language="en",
        )
        yield document, [_turn(name, number, start, n, text) for n, text in enumerate(texts[start : start + THREAD])]


def _turn(document: str, quarter: int, start: int, place: int, text: str) -> Turn:
    who = Speaker(name=None, respondent=f"r{document}-{place}", side=Side.BUYER, side_evidence="made")
    written = _text(text, quarter, start + place)
    return Turn(id=stable_id("t", document, 1, place), document_id=document, ordinal=place, speaker=who, text=written)


if __name__ == "__main__":
    main()
