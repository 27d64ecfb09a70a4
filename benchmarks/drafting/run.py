"""How many true and false sentences pass the checks of drafting, by kind: see the README beside this.

python -m benchmarks.drafting.run WORKSPACE [--quarter 2026Q2] [--show]
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.drafting.building import Built, by_hand, false_sentences, true_sentences
from winloss.bootstrap import open_workbench
from winloss.services import browsing
from winloss.services.reports import reporting
from winloss.services.reports.drafting.asking import Answered
from winloss.services.reports.drafting.checks import Checker, Refusal
from winloss.services.reports.drafting.evidence import Gathering


def main() -> None:
    """Print a table of kinds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--quarter", default="2026Q2")
    parser.add_argument("--show", action="store_true", help="print what was decided wrongly")
    given = parser.parse_args()
    built: Counter[tuple[bool, str]] = Counter()
    kept: Counter[tuple[bool, str]] = Counter()
    reasons: dict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    for sentence, reason in decided(given.workspace, given.quarter):
        place = (sentence.true, sentence.kind)
        built[place] += 1
        kept[place] += not reason
        reasons[place][reason] += bool(reason)
        if given.show and sentence.true is bool(reason):
            print(f"{sentence.kind}: {sentence.text} {sentence.cites} {reason}")
    for true, title in ((True, "true"), (False, "false")):
        rows = sorted(kind for told, kind in built if told is true)
        print(f"\n| {title} | built | kept | dropped | mostly because of |\n|---|--:|--:|--:|---|")
        for kind in rows:
            place = (true, kind)
            why = next((reason for reason, _ in reasons[place].most_common(1) if reason), "")
            print(f"| {kind} | {built[place]} | {kept[place]} | {built[place] - kept[place]} | {why} |")
        total, left = sum(built[true, kind] for kind in rows), sum(kept[true, kind] for kind in rows)
        print(f"| **all** | {total} | {left} | {total - left} | |")


def decided(workspace: Path, quarter: str) -> Iterator[tuple[Built, str]]:
    """Every sentence with the reason that it was dropped for, empty where it was kept."""
    bench = open_workbench(workspace)
    report = reporting.compose(bench, quarter)
    gathering = Gathering(bench, report, local=True)
    labels = browsing.segments(bench)
    for part in report.parts:
        evidence = gathering.of(part)
        checker = Checker(bench, report, evidence, gathering)
        yield from ((it, _reason(checker, it)) for it in by_hand(evidence))
        for true in true_sentences(evidence):
            for sentence in (true, *(it for it in false_sentences(true, evidence, labels) if not it.true)):
                yield sentence, _reason(checker, sentence)


def _reason(checker: Checker, sentence: Built) -> str:
    found = checker.check(Answered(text=sentence.text, cites=sentence.cites))
    return found.reason if isinstance(found, Refusal) else ""


if __name__ == "__main__":
    main()
