"""The composition root: the one module that names the concrete classes behind the ports."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import platformdirs

from winloss.codebook import Codebook, load_codebook, with_vendor
from winloss.config import Settings, listed, load_settings
from winloss.ports import (
    Classifier,
    Clock,
    Drafter,
    Encoder,
    Mirror,
    Progress,
    QuickStances,
    Reranker,
    SearchEngine,
    SearchIndex,
    Stances,
    Tools,
    VectorCache,
    Workbench,
)
from winloss.services.research.retraining import adopted
from winloss.services.search.wording import SYNONYMS_FILE

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from nlp.facets.adapting import Adaptation
    from winloss.search import PostgresVectors
    from winloss.store.repository import SqlStore

WORKSPACE_VARIABLE = "WINLOSS_WORKSPACE"
CODEBOOK_FILE = "codebook.toml"
INDEX_FOLDER = "index"
OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""How many objects are made before garbage is looked for. A library is read as hundreds of thousands of them, all of
which stay: at Python's 700, a seventh of the time that a report takes went into looking them through."""


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
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    root.mkdir(parents=True, exist_ok=True)
    settings = load_settings(root)
    codebook = load_codebook(root / CODEBOOK_FILE)
    vendor = with_vendor(codebook, listed(settings.vendor_names), listed(settings.vendor_domains))
    tools = _tools(settings, vendor, progress)

    telling = clock or SystemClock()
    store, within, lacking = _opened_store(root, settings.database_url, telling)
    names_of_companies = [(company.name, *company.aliases) for company in tools.codebook.companies]

    @cache
    def classifier() -> Classifier:
        adaptation = adopted(root)
        return _classifier(tools.encoder(), adaptation) if adaptation else tools.classifier()

    @cache
    def vectors() -> VectorCache:
        made_by = tools.encoder()
        if within is not None:
            from winloss.search import PostgresVectors

            return PostgresVectors(within, fingerprint=made_by.fingerprint, dimensions=made_by.dimensions)
        from winloss.search import VectorFile

        return VectorFile(root / "vectors", fingerprint=made_by.fingerprint, dimensions=made_by.dimensions)

    @cache
    def index() -> SearchIndex:
        from winloss.search import LiveThesaurus

        own = LiveThesaurus(root / SYNONYMS_FILE, tools.codebook.synonyms, names_of_companies)
        if within is not None:
            from winloss.search import PostgresIndex

            return PostgresIndex(within, synonyms=own)
        from winloss.search import WhooshIndex

        return WhooshIndex(root / INDEX_FOLDER, synonyms=own)

    @cache
    def engine() -> SearchEngine:
        from winloss.search import LocalEngine, PostgresEngine, RerankingEngine, TableFile

        made: Any = index()
        known = [name for names in names_of_companies for name in names]
        meant = tools.codebook.meant
        plain: SearchEngine
        if within is not None:
            plain = PostgresEngine(store, made, cast("Callable[[], PostgresVectors]", vectors), meant, known)
        else:
            plain = LocalEngine(store, made, vectors, meant, known, TableFile(root / INDEX_FOLDER))
        return RerankingEngine(plain, store, reranker) if settings.reranker else plain

    @cache
    def reranker() -> Reranker:
        from nlp.vectors.rerank import CrossEncoderReranker

        return CrossEncoderReranker(settings.reranker)

    return Workbench(
        root=root,
        settings=settings,
        codebook=tools.codebook,
        progress=tools.progress,
        encoder=tools.encoder,
        classifier=classifier,
        stances=tools.stances,
        quick_stances=tools.quick_stances,
        shipped=tools.classifier,
        clock=telling,
        store=store,
        index=index,
        engine=engine,
        vectors=vectors,
        searching=_searching(settings.database_url, lacking),
        drafter=partial(_drafter, settings) if settings.drafting_endpoint else None,
    )


def _opened_store(root: Path, url: str, clock: Clock) -> tuple[SqlStore, Engine | None, str | None]:
    """The store, the database that searching happens in (None: in files), and what that database lacks for it."""
    from winloss.store import open_store

    found: list[Engine] = []
    lacks: list[str] = []

    def mirrored(engine: Engine) -> Mirror | None:
        if engine.dialect.name != "postgresql":
            return None
        from winloss.search import WordsMirror, missing_part

        if lacking := missing_part(engine):
            lacks.append(lacking)
            return None
        found.append(engine)
        return WordsMirror()

    store = open_store(root, url, mirrored, lambda: clock.now()[:10])
    return store, next(iter(found), None), next(iter(lacks), None)


def _searching(url: str, lacking: str | None) -> str:
    if lacking:
        return f"in files of the workspace: {lacking}"
    return "in the database" if url and not url.startswith("sqlite") else "in files of the workspace"


def _drafter(settings: Settings) -> Drafter:
    from winloss.chat import ChatModel, address_of, key_from

    address = address_of(settings.drafting_endpoint, allow_remote=settings.drafting_allow_remote)
    key = key_from(settings.drafting_key_env, os.environ)
    return ChatModel(address, model=settings.drafting_model, key=key, seconds=settings.drafting_seconds)


def _classifier(encoder: Encoder, adaptation: Adaptation | None = None) -> Classifier:
    from nlp.facets.classify import FacetClassifier
    from nlp.facets.facet_network import FacetNetwork

    network = FacetNetwork(model_cache())
    return FacetClassifier(encoder=encoder.fingerprint, network=network, adaptation=adaptation)


def _tools(settings: Settings, codebook: Codebook, progress: Progress | None) -> Tools:
    @cache
    def encoder() -> Encoder:
        from nlp.vectors.encode import SentenceEncoder

        return SentenceEncoder(settings.model, cache=model_cache(), exact=settings.exact_vectors)

    @cache
    def classifier() -> Classifier:
        return _classifier(encoder())

    vendor = codebook.vendor
    names = (vendor.name, *vendor.aliases) if vendor else ()

    @cache
    def stances() -> Stances:
        from nlp.stances.stance import StanceJudge
        from nlp.stances.stance_reader import StanceReader

        return StanceJudge(StanceReader(model_cache()), names)

    @cache
    def quick_stances() -> QuickStances:
        from nlp.stances.quick_stance import QuickJudge

        return QuickJudge(names)

    return Tools(
        settings=settings,
        codebook=codebook,
        progress=progress or SilentProgress(),
        encoder=encoder,
        classifier=classifier,
        stances=stances,
        quick_stances=quick_stances,
    )
