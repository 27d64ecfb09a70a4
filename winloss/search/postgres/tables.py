"""The tables that searching keeps; migrations and `opening` make them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Integer, LargeBinary, MetaData, Table, Text, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import UserDefinedType

from winloss.search.analysis import ANALYSIS_VERSION

SCHEMA = f"1.{ANALYSIS_VERSION}"
"""What is written of a passage; an index of another version is rebuilt."""

WRITERS = 0x77696E6C
"""The advisory lock that whoever writes to these tables holds until the end of the transaction."""

_metadata = MetaData()


class Vector(UserDefinedType[Any]):
    """pgvector's type, of so many numbers or of any number."""

    cache_ok = True

    def __init__(self, dimensions: int | None = None) -> None:
        self.dimensions = dimensions

    def get_col_spec(self, **_: Any) -> str:
        """The type as SQL names it."""
        return f"vector({self.dimensions})" if self.dimensions else "vector"


STATE = Table(
    "search_state",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("schema", Text),
    Column("revision", BigInteger),
    Column("stamp", BigInteger),
    Column("dropped", BigInteger),
)
"""One row: the schema and the store revision of the words, a number of their state, and how often vectors went."""

PASSAGES = Table(
    "search_passages",
    _metadata,
    Column("n", Integer, Identity(always=True), primary_key=True),
    Column("id", Text, unique=True),
    Column("document_id", Text),
    Column("key", Text),
    Column("mark", LargeBinary),
    Column("length", Integer),
    Column("context_length", Integer),
    Column("surfaces", TSVECTOR),
    Column("stems", TSVECTOR),
    Column("context", TSVECTOR),
)
"""The words of each current passage. A number `n` never stands for another id, and a later one is greater."""

WORDS = Table(
    "search_words",
    _metadata,
    Column("field", Text, primary_key=True),
    Column("word", Text(collation="C"), primary_key=True),
    Column("passages", BigInteger),
)
"""Per field every word that occurs, and in how many passages."""

VECTORS = Table(
    "search_vectors",
    _metadata,
    Column("n", Integer, Identity(always=True), primary_key=True),
    Column("model", Text),
    Column("key", Text),
    Column("embedding", Vector()),
)
"""The vector of each text (its key) by each model, a unit vector."""

COUNTERS = table("counters", column("name", Text), column("value", BigInteger))
"""The store's: its revision."""
