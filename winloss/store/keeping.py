"""What people keep beside the evidence, on SQL: collections, searches, codes, labels, decisions, beliefs, decks.

Every change takes rows away and puts rows in, and only where what is taken away still stands as it was: what somebody
else changed meanwhile is never written over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from sqlalchemy import Connection, Table, Text, and_, delete, false, func, insert, or_, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.exc import IntegrityError

from winloss.errors import Conflict
from winloss.model import (
    Belief,
    BeliefEdit,
    Claim,
    Code,
    Coding,
    Decided,
    Facet,
    FacetLabel,
    Filters,
    Kept,
    Look,
    NodeDecided,
    NodeDecision,
    Operation,
    Pin,
    QuoteCollection,
    RightsDecision,
    SavedSearch,
    Synthesis,
    ThemeDecision,
    held_of,
    mark_of,
    name_key,
)
from winloss.model.kept import MARK_BYTES
from winloss.store import rights, schema
from winloss.store.schema import VerbatimRow

Row = dict[str, Any]
_BATCH = 300
_OPERATIONS_KEPT = 500
_CHANGED = "Load it again and repeat what you wanted to do."
_LOCK = 7_466_118
"""Number of the PostgreSQL advisory lock of whoever changes what is kept."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of thing that is kept: its table, its class, the columns that tell rows apart, the one that is a key.

    What `follows` is kept up by the store itself: it may differ from what is to be taken away.
    """

    table: type[schema.Base]
    made: Any
    identity: tuple[str, ...]
    named: str | None = None
    follows: tuple[str, ...] = ()


_KINDS: Mapping[str, _Kind] = {
    "collections": _Kind(schema.CollectionRow, QuoteCollection, ("id",), "name"),
    "pins": _Kind(schema.PinRow, Pin, ("collection_id", "verbatim_id")),
    "searches": _Kind(schema.SavedSearchRow, SavedSearch, ("id",), "name"),
    "codes": _Kind(schema.CodeRow, Code, ("path",), "path"),
    "codings": _Kind(schema.CodingRow, Coding, ("verbatim_id", "code", "coder")),
    "labels": _Kind(schema.LabelRow, FacetLabel, ("verbatim_id", "by")),
    "decisions": _Kind(schema.DecisionRow, ThemeDecision, ("id",)),
    "beliefs": _Kind(schema.BeliefRow, Belief, ("id",), "statement"),
    "syntheses": _Kind(schema.SynthesisRow, Synthesis, ("id",)),
    "nodes": _Kind(schema.NodeDecisionRow, NodeDecision, ("id",)),
    "rights": _Kind(schema.RightsRow, RightsDecision, ("id",), follows=("people",)),
}
"""Field of `Kept` -> where it is kept."""


# --- writing ---------------------------------------------------------------------------------------------------------


class KeepingWrites:
    """The writes of `winloss.ports.Keeping` on an open connection."""

    _connection: Connection
    _touched: set[str]

    def swap(self, before: Kept, after: Kept) -> None:
        self._alone()
        try:
            for name, kind in _KINDS.items():
                self._take(kind, [_row(kind, item) for item in getattr(before, name)])
            for name, kind in _KINDS.items():
                self._put(kind, [_row(kind, item) for item in getattr(after, name)])
        except IntegrityError as error:
            raise Conflict("something of that name is there already", hint=_CHANGED) from error
        self._refuse_loose_pins(before, after)
        labelled = {item.verbatim_id for item in (*before.labels, *after.labels)}
        coded = {item.verbatim_id for item in (*before.codings, *after.codings)}
        self._put_labels_in_force(labelled)
        self._touched.update(self._documents_of(labelled | coded))
        self._touched |= rights.documents_under(self._connection, (*before.rights, *after.rights))

    def put_operation(self, operation: Operation) -> None:
        run, table = self._connection.execute, schema.OperationRow
        mine = table.by.is_(None) if operation.by is None else table.by == operation.by
        run(delete(table).where(mine, table.undone.is_(True)))
        newest = run(select(func.max(table.id))).scalar() or 0
        row = {name: getattr(operation, name) for name in ("what", "made_at", "by", "undone")}
        stored = {"id": newest + 1, "before": _plain(operation.before), "after": _plain(operation.after)}
        run(insert(table), {**row, **stored})
        run(delete(table).where(table.id <= newest + 1 - _OPERATIONS_KEPT))

    def set_undone(self, operation_id: int, undone: bool) -> None:  # noqa: FBT001
        table = schema.OperationRow
        self._connection.execute(update(table).where(table.id == operation_id).values(undone=undone))

    def put_look(self, look: Look) -> None:
        self._alone()
        table = schema.LookRow
        self._connection.execute(delete(table).where(table.search_id == look.search_id))
        seen = b"".join(sorted(look.seen))
        self._connection.execute(
            insert(table), {"search_id": look.search_id, "looked_at": look.looked_at, "seen": seen}
        )

    def forget_operations(self) -> None:
        self._connection.execute(delete(schema.OperationRow))

    def _erase_kept(self, where: Any) -> None:
        """Take away the pins, codings and marks of verbatims that go, and whatever could bring them back."""
        self._alone()
        run = self._connection.execute
        ids = list(run(select(VerbatimRow.id).where(where)).scalars())
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            run(delete(schema.PinRow).where(schema.PinRow.verbatim_id.in_(batch)))
            run(delete(schema.CodingRow).where(schema.CodingRow.verbatim_id.in_(batch)))
            run(delete(schema.LabelRow).where(schema.LabelRow.verbatim_id.in_(batch)))
            run(delete(schema.OpeningRow).where(schema.OpeningRow.verbatim_id.in_(batch)))
        self._erase_from_decisions(set(ids))
        self._erase_from_nodes(set(ids))
        self.forget_operations()
        gone = {mark_of(name) for name in ids}
        for look in looks(self._connection):
            if look.seen & gone:
                self.put_look(Look(search_id=look.search_id, looked_at=look.looked_at, seen=look.seen - gone))

    def _erase_from_decisions(self, gone: Collection[str]) -> None:
        """Take verbatims out of what was decided about themes; a decision about nothing else goes."""
        table = schema.DecisionRow
        for item in kept(self._connection, "decisions", ("id",)):
            left = [name for name in item.verbatims if name not in gone]
            here = table.id == item.id
            if item.verbatims and not left and item.kind is not Decided.PIN:
                self._connection.execute(delete(table).where(here))
            elif len(left) < len(item.verbatims):
                self._connection.execute(update(table).where(here).values(verbatims=left))

    def _erase_from_nodes(self, gone: Collection[str]) -> None:
        """Take verbatims out of what was decided about drift nodes; a decision about nothing else goes."""
        table = schema.NodeDecisionRow
        for item in kept(self._connection, "nodes", ("id",)):
            left = [name for name in item.verbatims if name not in gone]
            here = table.id == item.id
            if not left:
                self._connection.execute(delete(table).where(here))
            elif len(left) < len(item.verbatims):
                self._connection.execute(update(table).where(here).values(verbatims=left))

    def _put_labels_in_force(self, verbatim_ids: Collection[str]) -> None:
        """Write to the verbatims what their labels come to; one that becomes something else leaves its theme."""
        run, table = self._connection.execute, VerbatimRow
        holding: dict[str, list[FacetLabel]] = {name: [] for name in verbatim_ids}
        for label in labels(self._connection, verbatim_ids):
            holding[label.verbatim_id].append(label)
        for name, given in sorted(holding.items()):
            held = held_of(given)
            facet, note = (held.facet.value, _note(held, given)) if held else (None, None)
            elsewhere = func.coalesce(table.labelled, table.facet) != func.coalesce(facet, table.facet)
            run(update(table).where(table.id == name, elsewhere).values(theme_id=None, found_theme=None))
            run(update(table).where(table.id == name).values(labelled=facet, labelled_note=note))

    def _alone(self) -> None:
        """Until this transaction ends nobody else changes what is kept: what is compared is what is written over."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        else:
            self._connection.execute(delete(schema.OperationRow).where(false()))  # a write, so SQLite locks

    def _refuse_loose_pins(self, before: Kept, after: Kept) -> None:
        """No collection goes while somebody's pins are in it, and no pin goes into one that is not there."""
        run, pins, shelves = self._connection.execute, schema.PinRow, schema.CollectionRow
        wanted = {pin.collection_id for pin in after.pins}
        gone = {item.id for item in before.collections} - {item.id for item in after.collections}
        if gone and run(select(pins.verbatim_id).where(pins.collection_id.in_(gone)).limit(1)).first():
            raise Conflict("somebody else has pinned verbatims to this collection since", hint=_CHANGED)
        if wanted - set(run(select(shelves.id).where(shelves.id.in_(wanted))).scalars()):
            raise Conflict("the collection was removed since", hint=_CHANGED)

    def _take(self, kind: _Kind, rows: list[Row]) -> None:
        for batch in _batches(rows):
            stored = {_name(kind, row): row for row in self._stored(kind, batch)}
            if any(_settled(kind, stored.get(_name(kind, row))) != _settled(kind, row) for row in batch):
                raise Conflict("this was changed since by somebody else", hint=_CHANGED)
            self._connection.execute(delete(kind.table).where(_among(kind, batch)))

    def _put(self, kind: _Kind, rows: list[Row]) -> None:
        for batch in _batches(rows):
            self._connection.execute(insert(kind.table), batch)

    def _stored(self, kind: _Kind, rows: list[Row]) -> Iterator[Row]:
        table = cast(Table, kind.table.__table__)
        for row in self._connection.execute(select(table).where(_among(kind, rows))).mappings():
            yield dict(row)

    def _documents_of(self, verbatim_ids: Collection[str]) -> Iterator[str]:
        for batch in _batches(sorted(verbatim_ids)):
            query = select(VerbatimRow.document_id).where(VerbatimRow.id.in_(batch)).distinct()
            yield from self._connection.execute(query).scalars()


# --- reading ---------------------------------------------------------------------------------------------------------


def kept(connection: Connection, name: str, order: Iterable[str], where: Any = None) -> list[Any]:
    """Everything of one kind, in order."""
    kind = _KINDS[name]
    table = cast(Table, kind.table.__table__)
    query = select(table).order_by(*(table.c[column] for column in order))
    query = query if where is None else query.where(where)
    return [_made(kind, row) for row in connection.execute(query).mappings()]


def _standing(verbatim_id: Any) -> Any:
    """That the verbatim is a current one; looked up for each row, since few of many verbatims are coded or labelled."""
    return select(VerbatimRow.id).where(VerbatimRow.id == verbatim_id, VerbatimRow.retired.is_(False)).exists()


def codings(connection: Connection, verbatim_ids: Collection[str] | None, *, current: bool = False) -> list[Coding]:
    """Our codings by verbatim, code and coder, of these verbatims, of all current ones, or of all."""
    order = ("verbatim_id", "code", "coder")
    if verbatim_ids is None:
        return kept(connection, "codings", order, _standing(schema.CodingRow.verbatim_id) if current else None)
    found: list[Coding] = []
    for batch in _batches(sorted(verbatim_ids)):
        found += kept(connection, "codings", order, schema.CodingRow.verbatim_id.in_(batch))
    return found


def labels(
    connection: Connection, verbatim_ids: Collection[str] | None = None, *, current: bool = False
) -> list[FacetLabel]:
    """What people say that these verbatims are, all current ones, or all, by verbatim and person."""
    order = ("verbatim_id", "by")
    if verbatim_ids is None:
        return kept(connection, "labels", order, _standing(schema.LabelRow.verbatim_id) if current else None)
    found: list[FacetLabel] = []
    for batch in _batches(sorted(verbatim_ids)):
        found += kept(connection, "labels", order, schema.LabelRow.verbatim_id.in_(batch))
    return found


def source_codings(connection: Connection) -> list[Coding]:
    """The codes that came with the sources, of current verbatims; `coder` is empty where the source names nobody."""
    coded = as_type(VerbatimRow.tags, Text) != "[]"
    columns = (VerbatimRow.id, VerbatimRow.tags, VerbatimRow.coder)
    query = select(*columns).where(VerbatimRow.retired.is_(False), coded).order_by(VerbatimRow.id)
    return [
        Coding(verbatim_id=row.id, code=tag, coder=row.coder or "")
        for row in connection.execute(query)
        for tag in row.tags
    ]


def codes_given(connection: Connection, verbatim_ids: Collection[str] | None = None) -> dict[str, list[str]]:
    """Verbatim id -> the codes that people gave it here, each once, in order."""
    found: dict[str, list[str]] = {}
    for coding in codings(connection, verbatim_ids):
        given = found.setdefault(coding.verbatim_id, [])
        if coding.code and coding.code not in given:
            given.append(coding.code)
    return found


def looks(connection: Connection) -> list[Look]:
    """When each saved search was last looked at."""
    table = schema.LookRow
    query = select(table.search_id, table.looked_at, table.seen).order_by(table.search_id)
    return [
        Look(search_id=row.search_id, looked_at=row.looked_at, seen=_marks(row.seen))
        for row in connection.execute(query)
    ]


def operations(connection: Connection, limit: int) -> list[Operation]:
    """What was done, newest first."""
    table = cast(Table, schema.OperationRow.__table__)
    rows = connection.execute(select(table).order_by(table.c.id.desc()).limit(limit)).mappings()
    return [
        Operation(**{**row, "before": _from_plain(row["before"]), "after": _from_plain(row["after"])}) for row in rows
    ]


def _note(held: FacetLabel, given: Collection[FacetLabel]) -> str:
    """Who says so, who says otherwise, and what the model had said."""
    agreeing = ", ".join(sorted(label.by for label in given if label.facet is held.facet))
    others = [f"{label.by}: {label.facet}" for label in given if label.facet is not held.facet]
    model = f" (the model said {held.instead})" if held.instead and held.instead != held.facet else ""
    return "; ".join([f"labelled {held.facet} by {agreeing}{model}", *sorted(others)])


# --- between rows and the domain -------------------------------------------------------------------------------------


def _row(kind: _Kind, item: Any) -> Row:
    row = asdict(item)
    if isinstance(item, SavedSearch):
        row["filters"] = _told(item.filters)
    if isinstance(item, FacetLabel):
        row["facet"] = item.facet.value
    if isinstance(item, ThemeDecision):
        row |= {"kind": item.kind.value, "verbatims": list(item.verbatims)}
    if isinstance(item, NodeDecision):
        row |= {"kind": item.kind.value, "verbatims": list(item.verbatims)}
    if isinstance(item, RightsDecision):
        row |= {name: row[name] and row[name].value for name in ("of", "rights", "instead")}
        row["people"] = list(item.people)
    if isinstance(item, Belief):
        row["edits"] = list(row["edits"])
    if isinstance(item, Synthesis):
        row["claims"] = [{**claim, "quotes": list(claim["quotes"])} for claim in row["claims"]]
    return row if kind.named is None else {**row, "key": name_key(row[kind.named])}


def _made(kind: _Kind, row: Mapping[Any, Any]) -> Any:
    if kind.made is RightsDecision:
        return rights.to_decision(row)
    values = {item.name: row[item.name] for item in fields(kind.made)}
    if kind.made is SavedSearch:
        values["filters"] = _filters(values["filters"])
    if kind.made is FacetLabel:
        values["facet"] = Facet(values["facet"])
    if kind.made is ThemeDecision:
        values |= {"kind": Decided(values["kind"]), "verbatims": tuple(values["verbatims"])}
    if kind.made is NodeDecision:
        values |= {"kind": NodeDecided(values["kind"]), "verbatims": tuple(values["verbatims"])}
    if kind.made is Belief:
        values["edits"] = tuple(BeliefEdit(**edit) for edit in values["edits"])
    if kind.made is Synthesis:
        values["claims"] = tuple(Claim(**{**claim, "quotes": tuple(claim["quotes"])}) for claim in values["claims"])
    return kind.made(**values)


def _told(filters: Filters) -> Row:
    """The filters that are set, as JSON gives them back."""
    return {
        item.name: _listed(value)
        for item in fields(filters)
        if (value := getattr(filters, item.name)) != item.default and value
    }


def _filters(told: Mapping[str, Any]) -> Filters:
    """Filters from JSON; a filter that this version does not know is left out."""
    known = {item.name for item in fields(Filters)}
    return Filters(**{name: _tupled(value) for name, value in told.items() if name in known})


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def _plain(bundle: Kept) -> dict[str, list[Row]]:
    return {name: [_row(kind, item) for item in getattr(bundle, name)] for name, kind in _KINDS.items()}


def _from_plain(told: Mapping[str, list[Row]]) -> Kept:
    return Kept(**{name: tuple(_made(kind, row) for row in told.get(name, ())) for name, kind in _KINDS.items()})


def _marks(seen: bytes) -> frozenset[bytes]:
    return frozenset(seen[start : start + MARK_BYTES] for start in range(0, len(seen), MARK_BYTES))


def _settled(kind: _Kind, row: Row | None) -> Row | None:
    """The row without what follows by itself."""
    return row and {name: value for name, value in row.items() if name not in kind.follows}


def _name(kind: _Kind, row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in kind.identity)


def _among(kind: _Kind, rows: list[Row]) -> Any:
    columns = kind.table.__table__.c
    if len(kind.identity) == 1:
        return columns[kind.identity[0]].in_([row[kind.identity[0]] for row in rows])
    return or_(*(and_(*(columns[name] == row[name] for name in kind.identity)) for row in rows))


def _batches(rows: Any) -> Iterator[list[Any]]:
    for start in range(0, len(rows), _BATCH):
        yield list(rows[start : start + _BATCH])
