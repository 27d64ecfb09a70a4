"""What a query with a mistake in it is answered with."""

from __future__ import annotations

from winloss.errors import QueryError

HELP = (
    'Write words, "exact phrases", "near these"~5, -not, OR, (groups), wild*, fuzzy~ or field:value, '
    "such as role:ciso or date:2026-01..2026-03."
)


def slip(what: str, column: int, hint: str = HELP) -> QueryError:
    """The error that says what is wrong, and where: `column` is 1-based and counts code points."""
    return QueryError(f"{what}, at column {column} of the query", hint=hint, column=column)
