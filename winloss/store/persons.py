"""What people are called who may not be named, on SQL, and what follows a person who gets another id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from winloss.model import RightsDecision
from winloss.store.keeping import KeepingWrites
from winloss.store.rights import decisions, documents_under, pseudonyms
from winloss.store.schema import CounterRow, DocumentRow, PseudonymRow, RightsRow, TurnRow

_GIVEN = "pseudonyms"
_BATCH = 500


class PersonWrites(KeepingWrites):
    """The writes of pseudonyms, and what follows when a person gets another id."""

    def touch(self, made: Iterable[RightsDecision]) -> None:
        self._touched |= documents_under(self._connection, made)

    def put_pseudonyms(self, respondents: Sequence[str]) -> None:
        self._alone()
        run, counter = self._connection.execute, CounterRow
        known = pseudonyms(self._connection)
        fresh = [name for name in dict.fromkeys(respondents) if name not in known]
        if not fresh:
            return
        stored = run(select(counter.value).where(counter.name == _GIVEN)).scalar()
        given = max(stored or 0, *known.values(), 0)
        rows = [{"number": given + place, "respondent": name} for place, name in enumerate(fresh, start=1)]
        for start in range(0, len(rows), _BATCH):
            run(insert(PseudonymRow), rows[start : start + _BATCH])
        run(delete(counter).where(counter.name == _GIVEN))
        run(insert(counter), {"name": _GIVEN, "value": given + len(fresh)})

    def erase_pseudonyms(self, respondents: Collection[str]) -> None:
        names = sorted(respondents)
        for start in range(0, len(names), _BATCH):
            here = PseudonymRow.respondent.in_(names[start : start + _BATCH])
            self._connection.execute(delete(PseudonymRow).where(here))

    def _carry(self, renamed: Mapping[str, str]) -> None:
        """Let what was decided about a person, and their pseudonym, hold under the id that they have now."""
        for before, now in renamed.items():
            self._carry_decisions(before, now)
            self._carry_pseudonym(before, now)

    def _carry_decisions(self, before: str, now: str) -> None:
        for item in decisions(self._connection):
            if before in item.people and now not in item.people:
                people = [*item.people, now]
                self._connection.execute(update(RightsRow).where(RightsRow.id == item.id).values(people=people))
                self._touched |= documents_under(self._connection, [item])

    def _carry_pseudonym(self, before: str, now: str) -> None:
        known = pseudonyms(self._connection)
        here = (DocumentRow.id == TurnRow.document_id) & (DocumentRow.version == TurnRow.version) & DocumentRow.current
        still = select(TurnRow.id).join(DocumentRow, here).where(TurnRow.respondent == before).limit(1)
        if before in known and now not in known and not self._connection.execute(still).first():
            moved = update(PseudonymRow).where(PseudonymRow.respondent == before).values(respondent=now)
            self._connection.execute(moved)
