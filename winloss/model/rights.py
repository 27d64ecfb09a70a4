"""Who may be quoted, how and until when: what people decided, laid over what the sources say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from winloss.model.terms import Rights


class RightsOf(StrEnum):
    """What a decision about rights is about."""

    DOCUMENT = "document"
    FILE = "file"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsDecision:
    """What somebody decided about quoting a document, whatever is read from a file, or a person.

    `target` is the document's id, the file's path or the person's id; `people` are all ids that the person has had.
    `rights` None leaves them as they are, `until` is the last day of the right to quote. `instead` is what the source
    said then: where it says something stricter later, the stricter holds.
    """

    id: str
    of: RightsOf
    target: str
    rights: Rights | None
    made_at: str
    until: str | None = None
    instead: Rights | None = None
    people: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The rights that hold on a day; `until` is the last day of the right to quote, past where they have ended."""

    rights: Rights
    until: str | None = None


def quotable(rights: str) -> bool:
    """Whether words of these rights may leave the workspace at all."""
    return rights not in (Rights.NO_QUOTE, Rights.ENDED)


def called(number: int) -> str:
    """The pseudonym of a number."""
    return f"Buyer {number}"


class RightsBook:
    """Every decision about rights as it holds on a day.

    Of a source the decision about the document counts before the one about its file, and that before what was read; of
    source and person the stricter holds, and the earlier last day.
    """

    def __init__(self, decisions: Iterable[RightsDecision], paths: Mapping[str, str], *, today: str) -> None:
        """`paths` are those of the files, by their ids."""
        self._today = today
        self._decided: dict[tuple[RightsOf, str], RightsDecision] = {}
        self._people: dict[str, list[RightsDecision]] = {}
        self._paths = paths
        for item in decisions:
            self._decided[item.of, item.target] = item
            for person in item.people:
                self._people.setdefault(person, []).append(item)

    def __len__(self) -> int:
        return len(self._decided)

    def on_source(self, document_id: str, file_id: str) -> RightsDecision | None:
        """The decision that counts for a document."""
        path = self._paths.get(file_id)
        by_file = self._decided.get((RightsOf.FILE, path)) if path is not None else None
        return self._decided.get((RightsOf.DOCUMENT, document_id)) or by_file

    def on_person(self, respondent: str) -> list[RightsDecision]:
        """The decisions about a person: one, or several where people decided about have become one person."""
        return self._people.get(respondent, [])

    def of(self, document_id: str, file_id: str, read: str, respondent: str | None = None) -> Held:
        """The rights to what a person said in a document, whose source says `read`; without one, to the document."""
        source = self.on_source(document_id, file_id)
        people = self.on_person(respondent) if respondent else []
        rights = _of_source(Rights(read), source)
        for decision in people:
            rights = rights.or_stricter(decision.rights)
        days = [decision.until for decision in (source, *people) if decision and decision.until]
        until = min(days, default=None)
        if until is not None and until < self._today:
            rights = rights.or_stricter(Rights.ENDED)
        return Held(rights=rights, until=until)


def _of_source(read: Rights, decision: RightsDecision | None) -> Rights:
    if decision is None or decision.rights is None:
        return read
    said_then = decision.instead or read
    return decision.rights if said_then.or_stricter(read) is said_then else decision.rights.or_stricter(read)
