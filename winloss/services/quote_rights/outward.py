"""Verbatims as they may leave the workspace: the one door through which every report, export and citation goes.

Words that may not be quoted, or no longer, stay here. A person who may be named is; anybody else goes by a pseudonym,
their document by our id, and of segment, role, region and account as much is told as fits at least three people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from winloss.codebook import Codebook
from winloss.model import Passage, Rights, called
from winloss.ports import Workbench
from winloss.services.presenting import may_quote
from winloss.services.quote_rights import crowds, pseudonyms

_PRINTED = ("segment", "role", "region")


@dataclass(frozen=True, slots=True, kw_only=True)
class FewPeople:
    """An attribution that would point at a person: what it would tell, whom it fits, and what was left out."""

    who: str
    shown: tuple[str, ...]
    people: int
    left_out: tuple[str, ...]

    @property
    def words(self) -> str:
        """The warning in one line."""
        fits = "1 person" if self.people == 1 else f"{self.people} people"
        return f"{self.who}: {', '.join(self.shown)} fits {fits} heard here; {' and '.join(self.left_out)} left out"

    @property
    def outside(self) -> str:
        """The same for what leaves the workspace: not what was left out, only of what kind it was."""
        return f"{self.who} (without {' and '.join(self.left_out)})"


def outward(bench: Workbench, passages: Iterable[Passage]) -> list[Passage]:
    """The passages that may leave, in order, telling of their speakers what may be told."""
    here = crowds.crowds(bench)
    return [_outward(here, passage) for passage in _called(bench, filter(may_quote, passages))]


def few_people(bench: Workbench, passages: Iterable[Passage]) -> tuple[FewPeople, ...]:
    """A warning for each attribution that would fit fewer than three people, by person, each once."""
    here = crowds.crowds(bench)
    found = {_few(here, one, bench.codebook) for one in _called(bench, filter(may_quote, passages)) if not _named(one)}
    return tuple(sorted((few for few in found if few), key=lambda few: (len(few.who), few.who, few.shown)))


def _named(passage: Passage) -> bool:
    """Whether who said it is told by name."""
    return passage.rights == Rights.NAMED and bool(passage.speaker)


def _called(bench: Workbench, passages: Iterable[Passage]) -> list[Passage]:
    """The passages with pseudonyms, given now where they were not yet."""
    found = list(passages)
    if all(passage.pseudonym for passage in found):
        return found
    pseudonyms.give_quoted(bench)
    numbers = bench.store.pseudonyms()
    return [
        replace(passage, pseudonym=called(numbers[passage.respondent])) if passage.respondent in numbers else passage
        for passage in found
    ]


def _outward(here: crowds.Crowds, passage: Passage) -> Passage:
    if _named(passage):
        return passage
    left = here.coarsened(here.told_of(passage))
    coarse = replace(
        passage, segment=left["segment"], role=left["role"], region=left["region"], account=left["account"]
    )
    return replace(coarse, speaker=None, title=None, url=None, external_id=passage.document_id)


def _few(here: crowds.Crowds, passage: Passage, codebook: Codebook) -> FewPeople | None:
    values = {name: value for name, value in here.told_of(passage).items() if name in _PRINTED}
    crowd = here.of(values)
    if not crowd.shown or not crowd.few:
        return None
    left = here.coarsened(values)
    return FewPeople(
        who=passage.pseudonym or "Somebody",
        shown=tuple(crowds.in_words(crowd.shown, codebook)),
        people=crowd.people,
        left_out=tuple(name for name in reversed(_PRINTED) if values.get(name) and not left[name]),
    )
