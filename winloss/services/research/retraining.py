"""Learning from people's labels: what it would change is measured and shown before anybody adopts it.

Measured is on the labels themselves, each by a classifier that learned from the labels of other documents only. Labels
that correct what looked wrong are no fair sample of everything; those given blind are, and are counted apart. What is
adopted decides from the next analysis on, and can be given up again; labels hold either way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winloss.errors import NotEnoughEvidence, NotFound, StaleArtefact
from winloss.model import EvidenceRow, FacetLabel, Share, held_of
from winloss.ports import Workbench

if TYPE_CHECKING:
    from nlp.facets.adapting import Adaptation

FOLDER = "heads"
FEWEST = 20
"""Labelled verbatims from which anything can be learned."""
DRAWS = 2000
_CURRENT, _CANDIDATE = "adopted.json", "candidate.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What learning from the labels changes, on the labels.

    `before` and `after` are how many of them the classifier gets right without and with what it learns; of `fixed`
    and `broken`, `p` says how likely such a difference is by chance (exact McNemar test). `low` and `high` are the 95%
    interval of after minus before, with documents drawn anew. `blind_before` and `blind_after` are the same for the
    labels that were given blind.
    """

    fingerprint: str
    of: str
    documents: int
    before: Share
    after: Share
    fixed: int
    broken: int
    p: float
    low: float
    high: float
    blind_before: Share
    blind_after: Share
    measured_at: str

    @property
    def helps(self) -> bool:
        """Whether it gets more of them right than could be chance."""
        return self.low > 0


def measure(bench: Workbench) -> Lesson:
    """Learn from all labels that hold, and measure what that changes; nothing is adopted.

    Raises:
        NotEnoughEvidence: fewer than twenty labelled verbatims, or all of one document.
    """
    from nlp.facets.adapting import learn, save

    held = _held(bench)
    rows = {row.id: row for row in bench.store.evidence() if row.id in held}
    documents = {row.document_id for row in rows.values()}
    if len(rows) < FEWEST or len(documents) < 2:
        raise NotEnoughEvidence(
            f"{len(rows)} labelled verbatims of {len(documents)} documents are too few to learn from",
            hint=f"It takes {FEWEST} of two documents or more: `winloss label`, or /label in the web app.",
        )
    ordered = [rows[name] for name in sorted(rows)]
    classifier: Any = bench.shipped()
    learned = learn(
        classifier,
        [_texts(bench, ordered)[row.key] for row in ordered],
        bench.vectors().get([row.key for row in ordered]),
        [held[row.id].facet for row in ordered],
        [row.document_id for row in ordered],
    )
    lesson = _lesson(bench, ordered, held, learned.before, learned.after, learned.adaptation)
    save(learned.adaptation, bench.root / FOLDER)
    _write(bench.root / FOLDER / _CANDIDATE, lesson, sorted(rows))
    return lesson


def adopt(bench: Workbench) -> Lesson:
    """Let what was measured last decide from the next analysis on.

    Raises:
        NotFound: nothing was measured.
        StaleArtefact: it was learned for another version of the classifier.
    """
    from nlp.facets.adapting import load

    told = _read(bench.root / FOLDER / _CANDIDATE)
    if told is None:
        raise NotFound(
            "nothing was learned from labels yet", hint="winloss label --retrain shows what it would change."
        )
    lesson, learned_from = told
    if load(_file(bench.root, lesson)).of != bench.shipped().fingerprint:
        raise StaleArtefact("this was learned for another version of the classifier", hint="winloss label --retrain")
    _write(bench.root / FOLDER / _CURRENT, lesson, learned_from)
    return lesson


def give_up(bench: Workbench) -> Lesson | None:
    """Let the classifier that ships decide again; returns what was given up."""
    told = _read(bench.root / FOLDER / _CURRENT)
    (bench.root / FOLDER / _CURRENT).unlink(missing_ok=True)
    return told[0] if told else None


def in_use(bench: Workbench) -> Lesson | None:
    """What was adopted, where it is in force: it is not when it was learned for another version of the classifier."""
    told = _read(bench.root / FOLDER / _CURRENT)
    return told[0] if told and told[0].of == bench.shipped().fingerprint else None


def adopted(root: Path) -> Adaptation | None:
    """What was adopted in the workspace at `root`; None where nothing was, or it cannot be read any more."""
    told = _read(root / FOLDER / _CURRENT)
    if told is None:
        return None
    from nlp.facets.adapting import load

    try:
        return load(_file(root, told[0]))
    except StaleArtefact:
        return None


def trim(bench: Workbench) -> None:
    """Give up what was learned from verbatims that are no longer there."""
    folder = bench.root / FOLDER
    known = {row.verbatim_id for row in bench.store.labels()}
    for name in (_CURRENT, _CANDIDATE):
        told = _read(folder / name)
        if told and not known.issuperset(told[1]):
            (folder / name).unlink()
            _file(bench.root, told[0]).unlink(missing_ok=True)


# --- measuring -------------------------------------------------------------------------------------------------------


def _held(bench: Workbench) -> dict[str, FacetLabel]:
    given: dict[str, list[FacetLabel]] = {}
    for item in bench.store.labels(current=True):
        given.setdefault(item.verbatim_id, []).append(item)
    return {name: found for name, items in given.items() if (found := held_of(items))}


def _texts(bench: Workbench, rows: Sequence[EvidenceRow]) -> Mapping[str, str]:
    return bench.store.texts([row.key for row in rows])


def _lesson(
    bench: Workbench,
    rows: Sequence[EvidenceRow],
    held: Mapping[str, FacetLabel],
    before: Any,
    after: Any,
    adaptation: Adaptation,
) -> Lesson:
    import numpy as np

    from nlp.facets.classify import FACETS

    truth = np.array([FACETS.index(held[row.id].facet) for row in rows])
    blind = np.array([held[row.id].blind for row in rows])
    was, now = before.argmax(axis=1) == truth, after.argmax(axis=1) == truth
    fixed, broken = int((now & ~was).sum()), int((was & ~now).sum())
    low, high = _interval(now.astype(int) - was.astype(int), [row.document_id for row in rows], bench.settings.seed)
    return Lesson(
        fingerprint=adaptation.fingerprint,
        of=adaptation.of,
        documents=len({row.document_id for row in rows}),
        before=_share(was),
        after=_share(now),
        fixed=fixed,
        broken=broken,
        p=mcnemar(fixed, broken),
        low=low,
        high=high,
        blind_before=_share(was[blind]),
        blind_after=_share(now[blind]),
        measured_at=bench.clock.now(),
    )


def mcnemar(fixed: int, broken: int) -> float:
    """The two-sided exact p value of McNemar's test: how likely so uneven a split is when either way is as likely.

    Source: Q. McNemar, Psychometrika 12 (1947) 153-157, with the binomial distribution itself.
    """
    n, least = fixed + broken, min(fixed, broken)
    return float(min(1.0, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n))


def _interval(change: Any, documents: Sequence[str], seed: int) -> tuple[float, float]:
    """The 95% interval of the mean change, from documents drawn with replacement (percentile bootstrap)."""
    import numpy as np

    _, group = np.unique(np.array(documents), return_inverse=True)
    sums, sizes = np.bincount(group, weights=change), np.bincount(group)
    drawn = np.random.default_rng(seed).integers(0, len(sums), size=(DRAWS, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _share(right: Any) -> Share:
    return Share(count=int(right.sum()), base=len(right), verbatims=len(right))


# --- keeping ---------------------------------------------------------------------------------------------------------


def _file(root: Path, lesson: Lesson) -> Path:
    return root / FOLDER / f"{lesson.fingerprint}.npz"


def _write(path: Path, lesson: Lesson, learned_from: Sequence[str]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps({**asdict(lesson), "learned_from": list(learned_from)}), encoding="utf-8")
    part.replace(path)


def _read(path: Path) -> tuple[Lesson, list[str]] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        shares = {item.name for item in fields(Lesson) if isinstance(told[item.name], dict)}
        values = {item.name: told[item.name] for item in fields(Lesson)}
        return Lesson(**values | {name: Share(**values[name]) for name in shares}), list(told["learned_from"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
