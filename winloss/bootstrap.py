"""The composition root: the one module that names the concrete classes behind the ports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from winloss.codebook import Codebook, load_codebook, with_vendor
from winloss.config import Settings, listed, load_settings
from winloss.ports import Classifier, Clock, Encoder, Progress, Reranker, SearchEngine, Tools, Workbench
from winloss.services.wording import SYNONYMS_FILE

if TYPE_CHECKING:
    from winloss.search import VectorFile, WhooshIndex

WORKSPACE_VARIABLE = "WINLOSS_WORKSPACE"
CODEBOOK_FILE = "codebook.toml"
INDEX_FOLDER = "index"


class SystemClock:
    """The machine's clock."""

    def now(self) -> str:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SilentProgress:
    """Shows nothing."""

    @contextmanager
    def track(self, label: str, *, total: int | None = None, unit: str = "") -> Iterator[Callable[[int], None]]:  # noqa: ARG002
        yield lambda _: None


def default_workspace() -> Path:
    """The folder named by the environment, else the user's data folder."""
    named = os.environ.get(WORKSPACE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("winloss", appauthor=False))


def model_cache() -> Path:
    """Where converted models are kept between runs, shared by all workspaces."""
    return Path(platformdirs.user_cache_dir("winloss", appauthor=False)) / "models"


def open_tools(progress: Progress | None = None) -> Tools:
    """The tools that need no workspace, with default settings and codebook."""
    return _tools(Settings(), load_codebook(), progress)


def open_workbench(root: Path, *, progress: Progress | None = None, clock: Clock | None = None) -> Workbench:
    """The workbench of the workspace at `root`, which is made where it does not exist.

    Raises:
        ConfigError: settings, codebook or database are wrong.
    """
    from winloss.store import open_store

    root.mkdir(parents=True, exist_ok=True)
    settings = load_settings(root)
    codebook = load_codebook(root / CODEBOOK_FILE)
    vendor = with_vendor(codebook, listed(settings.vendor_names), listed(settings.vendor_domains))
    tools = _tools(settings, vendor, progress)

    store = open_store(root, settings.database_url)
    names_of_companies = [(company.name, *company.aliases) for company in tools.codebook.companies]

    @cache
    def vectors() -> VectorFile:
        from winloss.search import VectorFile

        made_by = tools.encoder()
        return VectorFile(root / "vectors", fingerprint=made_by.fingerprint, dimensions=made_by.dimensions)

    @cache
    def index() -> WhooshIndex:
        from winloss.search import LiveThesaurus, WhooshIndex

        own = LiveThesaurus(root / SYNONYMS_FILE, tools.codebook.synonyms, names_of_companies)
        return WhooshIndex(root / INDEX_FOLDER, synonyms=own)

    @cache
    def engine() -> SearchEngine:
        from winloss.search import LocalEngine, RerankingEngine, TableFile

        known = [name for names in names_of_companies for name in names]
        kept = TableFile(root / INDEX_FOLDER)
        local = LocalEngine(store, index(), vectors, meant=tools.codebook.meant, names=known, kept=kept)
        return RerankingEngine(local, store, reranker) if settings.reranker else local

    @cache
    def reranker() -> Reranker:
        from nlp.rerank import CrossEncoderReranker

        return CrossEncoderReranker(settings.reranker)

    return Workbench(
        root=root,
        settings=settings,
        codebook=tools.codebook,
        progress=tools.progress,
        encoder=tools.encoder,
        classifier=tools.classifier,
        clock=clock or SystemClock(),
        store=store,
        index=index,
        engine=engine,
        vectors=vectors,
    )


def _tools(settings: Settings, codebook: Codebook, progress: Progress | None) -> Tools:
    @cache
    def encoder() -> Encoder:
        from nlp.encode import SentenceEncoder

        return SentenceEncoder(settings.model, cache=model_cache())

    @cache
    def classifier() -> Classifier:
        from nlp.classify import FacetClassifier

        return FacetClassifier(encoder=encoder().fingerprint)

    return Tools(
        settings=settings,
        codebook=codebook,
        progress=progress or SilentProgress(),
        encoder=encoder,
        classifier=classifier,
    )
