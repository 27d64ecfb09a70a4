"""Finding passages by words, by meaning and by filters. Everything here can be thrown away and rebuilt from the store.

The parts are loaded when first asked for, so that a command that only filters does not wait for the search engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winloss.search.columns import EvidenceTable
    from winloss.search.engine import LocalEngine
    from winloss.search.files import is_locked, locked, replace_whole
    from winloss.search.index import WhooshIndex
    from winloss.search.postgres.engine import PostgresEngine
    from winloss.search.postgres.index import PostgresIndex
    from winloss.search.postgres.opening import missing_part
    from winloss.search.postgres.vectors import PostgresVectors
    from winloss.search.postgres.writing import WordsMirror
    from winloss.search.query import demands, parse, plain_query, said
    from winloss.search.reranking import RerankingEngine
    from winloss.search.table_file import TableFile
    from winloss.search.thesaurus_file import LiveThesaurus, add_group, read_groups, remove_word
    from winloss.search.vectors import VectorFile, keep_only
    from winloss.search.writing import written

__all__ = [
    "EvidenceTable",
    "LiveThesaurus",
    "LocalEngine",
    "PostgresEngine",
    "PostgresIndex",
    "PostgresVectors",
    "RerankingEngine",
    "TableFile",
    "VectorFile",
    "WhooshIndex",
    "WordsMirror",
    "add_group",
    "demands",
    "is_locked",
    "keep_only",
    "locked",
    "missing_part",
    "parse",
    "plain_query",
    "read_groups",
    "remove_word",
    "replace_whole",
    "said",
    "written",
]

_HOMES = {
    "EvidenceTable": "columns",
    "LocalEngine": "engine",
    "LiveThesaurus": "thesaurus_file",
    "RerankingEngine": "reranking",
    "TableFile": "table_file",
    "PostgresEngine": "postgres.engine",
    "PostgresIndex": "postgres.index",
    "PostgresVectors": "postgres.vectors",
    "VectorFile": "vectors",
    "WhooshIndex": "index",
    "WordsMirror": "postgres.writing",
    "add_group": "thesaurus_file",
    "demands": "query",
    "is_locked": "files",
    "keep_only": "vectors",
    "locked": "files",
    "missing_part": "postgres.opening",
    "parse": "query",
    "plain_query": "query",
    "read_groups": "thesaurus_file",
    "remove_word": "thesaurus_file",
    "replace_whole": "files",
    "said": "query",
    "written": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
