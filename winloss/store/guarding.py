"""Users, sign-ins, tokens, attempts and the journal, on SQL. Nothing here holds a password or a token, only hashes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from winloss.model import Access, Entry, SignIn, Token, User
from winloss.store import schema
from winloss.store.engine import without_waiting

_LOCK = 7_466_119
"""Number of the PostgreSQL advisory lock of whoever counts attempts or writes to the journal."""
_OF_A_USER = (schema.SignInRow, schema.KnownBrowserRow, schema.TokenRow)


# --- writing ---------------------------------------------------------------------------------------------------------


class GuardingWrites:
    """The writes of `winloss.ports.Guarding` on an open connection."""

    _connection: Connection

    def put_user(self, user: User) -> None:
        table = schema.UserRow
        self._connection.execute(delete(table).where(table.key == user.key))
        self._connection.execute(insert(table), asdict(user))

    def drop_user(self, key: str) -> None:
        self._connection.execute(delete(schema.UserRow).where(schema.UserRow.key == key))
        for table in _OF_A_USER:
            self._connection.execute(delete(table).where(table.user == key))

    def put_sign_in(self, sign_in: SignIn, *, ended: str) -> None:
        table = schema.SignInRow
        self._connection.execute(delete(table).where(table.made_at < ended))
        self._connection.execute(insert(table), asdict(sign_in))

    def drop_sign_in(self, mark: str) -> None:
        self._connection.execute(delete(schema.SignInRow).where(schema.SignInRow.mark == mark))

    def drop_sign_ins(self, user: str) -> None:
        self._connection.execute(delete(schema.SignInRow).where(schema.SignInRow.user == user))

    def put_known_browser(self, mark: str, user: str, at: str, *, ended: str) -> None:
        table = schema.KnownBrowserRow
        self._connection.execute(delete(table).where((table.made_at < ended) | (table.mark == mark)))
        self._connection.execute(insert(table), {"mark": mark, "user": user, "made_at": at})

    def put_token(self, token: Token) -> None:
        self._connection.execute(insert(schema.TokenRow), asdict(token))

    def drop_token(self, token_id: str) -> None:
        self._connection.execute(delete(schema.TokenRow).where(schema.TokenRow.id == token_id))

    def count_attempt(self, limits: Mapping[str, int], at: str, *, since: str) -> str | None:
        table, run = schema.AttemptRow, self._connection.execute
        self._in_turn()
        run(delete(table).where(table.at < since))
        counted = select(table.scope, func.count()).where(table.scope.in_(limits)).group_by(table.scope)
        counts = {scope: count for scope, count in run(counted)}  # noqa: C416
        for scope, limit in limits.items():
            if counts.get(scope, 0) >= limit:
                return scope
        run(insert(table), [{"scope": scope, "at": at} for scope in limits])
        return None

    def forget_attempt(self, scopes: Collection[str]) -> None:
        table = schema.AttemptRow
        newest = select(func.max(table.id)).where(table.scope.in_(scopes)).group_by(table.scope)
        self._connection.execute(delete(table).where(table.id.in_(newest.scalar_subquery())))

    def put_entries(self, entries: Iterable[Entry]) -> None:
        self._in_turn()
        table, run = schema.EntryRow, self._connection.execute
        newest = run(select(func.max(table.id))).scalar() or 0
        rows = [{**asdict(entry), "id": newest + place} for place, entry in enumerate(entries, start=1)]
        if rows:
            run(insert(table), rows)

    def rewrite_entries(self, changed: Callable[[Entry], Entry]) -> None:
        table, run = schema.EntryRow, self._connection.execute
        for row in run(select(cast(Table, table.__table__))).mappings().all():
            before = Entry(**row)
            if (after := changed(before)) != before:
                run(update(table).where(table.id == before.id).values({**asdict(after), "id": before.id}))

    def _in_turn(self) -> None:
        """On PostgreSQL one after another; SQLite has one writer anyway, once it writes."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        else:
            self._connection.execute(delete(schema.AttemptRow).where(schema.AttemptRow.id < 0))


# --- reading ---------------------------------------------------------------------------------------------------------


def users(connection: Connection) -> list[User]:
    """Every user, by name."""
    rows = connection.execute(_select(schema.UserRow).order_by(schema.UserRow.key)).mappings()
    return [_user(row) for row in rows]


def user(connection: Connection, key: str) -> User | None:
    """The user of this key."""
    row = connection.execute(_select(schema.UserRow).where(schema.UserRow.key == key)).mappings().first()
    return _user(row) if row else None


def any_user(connection: Connection) -> bool:
    """Whether there is a user."""
    return connection.execute(select(schema.UserRow.key).limit(1)).first() is not None


def sign_in(connection: Connection, mark: str) -> SignIn | None:
    """What is known of a browser that is signed in."""
    row = connection.execute(_select(schema.SignInRow).where(schema.SignInRow.mark == mark)).mappings().first()
    return SignIn(**row) if row else None


def known_browser(connection: Connection, mark: str) -> str | None:
    """The key of whoever signed in with this browser before."""
    table = schema.KnownBrowserRow
    found: str | None = connection.execute(select(table.user).where(table.mark == mark)).scalar()
    return found


def token(connection: Connection, mark: str) -> Token | None:
    """The token of this mark."""
    row = connection.execute(_select(schema.TokenRow).where(schema.TokenRow.mark == mark)).mappings().first()
    return _token(row) if row else None


def tokens(connection: Connection) -> list[Token]:
    """Every token, the oldest first."""
    table = schema.TokenRow
    return [_token(row) for row in connection.execute(_select(table).order_by(table.made_at, table.id)).mappings()]


def journal(connection: Connection, *, limit: int, before: int | None) -> list[Entry]:
    """What people did, newest first, from before an entry where one is named."""
    table = schema.EntryRow
    query = _select(table).order_by(table.id.desc()).limit(limit)
    query = query if before is None else query.where(table.id < before)
    return [Entry(**row) for row in connection.execute(query).mappings()]


def touch(engine: Engine, mark: str, at: str) -> None:
    """Note when a browser was last seen, unless somebody else is writing: nobody who reads waits for that."""
    table = schema.SignInRow
    with without_waiting(engine) as connection:
        connection.execute(update(table).where(table.mark == mark).values(seen_at=at))


def _select(table: type[schema.Base]) -> Any:
    return select(cast(Table, table.__table__))


def _user(row: Mapping[Any, Any]) -> User:
    return User(**{**row, "access": Access(row["access"])})


def _token(row: Mapping[Any, Any]) -> Token:
    return Token(**{**row, "access": Access(row["access"])})
