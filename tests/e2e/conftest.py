"""The demo corpus with the real model, analysed once for all tests, and what was planted in it."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import fixtures
from fixtures import build
from winloss.bootstrap import open_workbench
from winloss.services.workspace import demo

TRUTH = tomllib.loads((Path(fixtures.__file__).parent / "truth.toml").read_text(encoding="utf-8"))
FACETS = {code: facet for facet, codes in TRUTH["codes"].items() for code in codes}


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """The demo, run once: the workbench and what it printed."""
    root = tmp_path_factory.mktemp("demo") / "workspace"
    demo.prepare(root)
    bench = open_workbench(root)
    lines = list(demo.run(bench))
    yield bench, lines
    bench.store.close()


@pytest.fixture(scope="session")
def bench(told):
    return told[0]


@pytest.fixture(scope="session")
def planted():
    """External id of every post and inquiry -> the code that was planted in it."""
    codes = {post["post_id"]: post["code"] for post in build.posts()}
    return codes | {entry["inquiry_id"]: entry["code"] for entry in build.inquiries()}


@pytest.fixture(scope="session")
def themes_of_code(bench, planted):
    """Code -> the themes of its facet that hold more posts and inquiries of it than of any other, the fullest first."""
    external = {document.id: document.external_id for document in bench.store.documents()}
    written = defaultdict(Counter)
    for row in bench.store.evidence():
        code = planted.get(external[row.document_id])
        if code and row.theme_id:
            written[row.theme_id, row.facet][code] += 1
    themes = defaultdict(list)
    for (theme_id, facet), codes in sorted(written.items(), key=lambda item: -max(item[1].values())):
        ((code, _),) = codes.most_common(1)
        if FACETS.get(code) == facet:
            themes[code].append(theme_id)
    return themes
