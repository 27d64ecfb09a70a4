"""The one JSON form of a verbatim, and plain JSON for everything else: the same for commands and the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum

from nlp.speakers.people import ALSO_WRITTEN
from nlp.text.names import is_label
from winloss.codebook import Codebook
from winloss.model import Hit, Passage, Rights, Side, Speaker, quotable
from winloss.report import texts
from winloss.report.texts import noticed_beside as noticed_beside

_INSIDE = ("respondent", "question", "reason", "region")
_CONTRACT = tuple(item.name for item in fields(Passage) if item.name not in _INSIDE)


def passage_json(
    passage: Passage, score: float | None = None, highlights: Sequence[tuple[int, int]] = ()
) -> dict[str, object]:
    """A verbatim as every command and API call prints it. Unknown is None.

    The speaker's name is left out where the rights do not allow to name them.
    """
    plain_values: dict[str, object] = {name: getattr(passage, name) for name in _CONTRACT}
    if passage.rights != Rights.NAMED:
        plain_values["speaker"] = None
    plain_values["tags"] = list(passage.tags)
    return {**plain_values, "score": score, "highlights": [list(span) for span in highlights]}


def hit_json(hit: Hit) -> dict[str, object]:
    """A search hit: its verbatim with score, highlights, the nearest sentence, and what it says nearly the same as."""
    return {
        **passage_json(hit.passage, hit.score, hit.highlights),
        "sentence": list(hit.sentence) if hit.sentence else None,
        "same_as": hit.same_as,
    }


def plain(value: object) -> object:
    """Any answer of a service as JSON-able values; passages and hits take the contract's form."""
    if isinstance(value, Passage):
        return passage_json(value)
    if isinstance(value, Hit):
        return hit_json(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value


def shown_speaker(speaker: Speaker, rights: str) -> Speaker:
    """The speaker as far as the rights allow: no name, and no spellings of it, where a buyer may not be named.

    What stands in place of a name ("Speaker 1") names nobody and is shown.
    """
    hidden = rights != Rights.NAMED and speaker.side in (Side.BUYER, Side.UNKNOWN)
    if not hidden or (speaker.name and is_label(speaker.name)):
        return speaker
    return replace(speaker, name=None, side_evidence=speaker.side_evidence.partition(ALSO_WRITTEN)[0])


def attribution(passage: Passage, codebook: Codebook) -> str:
    """Who said it, as far as the rights allow: a name only where it may be named, else pseudonym, role and segment."""
    return texts.who_said(passage, codebook.role_label)


def may_quote(passage: Passage) -> bool:
    """Whether the words may leave the workspace at all: they are not withheld, and the right to quote has not ended."""
    return quotable(passage.rights)


def clock(milliseconds: int) -> str:
    """A place in a recording: `1:35`, or `1:02:03`."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
