"""What people said about speakers laid over what was read: pure, so that it holds for stored and for new documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.speakers.people import seat_of
from winloss.codebook import Codebook
from winloss.model import Correction, Document, Side, Speaker, Turn, text_key
from winloss.ports import Transaction
from winloss.services.sources.reading_in import respondent_of

Spoken = tuple[Speaker, str | None]
"""Who speaks in a turn, and the question that the turn answers."""


def same_name(name: str) -> str:
    """A name as names are compared: case and the number of spaces do not count."""
    return " ".join(name.casefold().split())


def by_hand(correction: Correction) -> str:
    """Who set something, and when, as evidence."""
    return f"set by {correction.author or 'hand'} on {correction.made_at[:10]}"


def put_corrected(
    transaction: Transaction,
    document: Document,
    turns: Sequence[Turn],
    corrections: Iterable[Correction],
    codebook: Codebook,
) -> bool:
    """Store the speakers of a document, whose turns are given as read, as corrected; whether that changed anything."""
    spoken = corrected(document, turns, corrections, codebook)
    return bool(spoken) and transaction.put_speakers(document.id, spoken)


def corrected(
    document: Document, turns: Sequence[Turn], corrections: Iterable[Correction], codebook: Codebook
) -> dict[int, Spoken]:
    """Who speaks in each turn of the document and what it answers, by ordinal; empty where no correction holds.

    The turns are given as read. What was said about turns counts before what was said about the document, and that
    before what was said about a name everywhere; of two of a kind the later one counts.
    """
    here = [item for item in corrections if item.document_id in (None, document.id)]
    names = {same_name(turn.speaker.name) for turn in turns if turn.speaker.name}
    if not any(item.document_id or same_name(item.speaker or "") in names for item in here):
        return {}
    place = _Place(turns)
    told = [_told(place.holding(turn, here)) for turn in turns]
    if not any(told):
        return {}
    said: dict[str, list[str]] = {}
    for turn, facts in zip(turns, told, strict=True):
        said.setdefault(_group(turn, facts), []).append(turn.text)
    speakers = [
        _speaker(turn.speaker, facts, document, said[_group(turn, facts)], codebook) if facts else turn.speaker
        for turn, facts in zip(turns, told, strict=True)
    ]
    questions = _questions(turns, speakers)
    return {
        turn.ordinal: (speaker, question) for turn, speaker, question in zip(turns, speakers, questions, strict=True)
    }


def as_corrected(
    document: Document, turns: Sequence[Turn], corrections: Iterable[Correction], codebook: Codebook
) -> list[Turn]:
    """The turns, given as read, with speakers and questions as corrected."""
    spoken = corrected(document, turns, corrections, codebook)
    found = ((turn, *spoken.get(turn.ordinal, (turn.speaker, turn.question))) for turn in turns)
    return [replace(turn, speaker=speaker, question=question) for turn, speaker, question in found]


_Told = Mapping[str, tuple[object, Correction]]
"""What is said about a turn: the value of each of side, title, role and name, and the correction that says so."""


@dataclass(slots=True)
class _Place:
    """The turns of a document, in which corrections find those that they are about."""

    turns: Sequence[Turn]
    _keys: list[str] = field(init=False)
    _often: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self._keys = [text_key(turn.text) for turn in self.turns]
        self._often = Counter(self._keys)

    def holding(self, turn: Turn, corrections: Sequence[Correction]) -> list[Correction]:
        """The corrections that hold for a turn, those that count most last; a new name is a name to be corrected."""
        names = {same_name(turn.speaker.name)} if turn.speaker.name else set()
        holding: list[Correction] = []
        while more := [item for item in corrections if item not in holding and self._holds(item, turn, names)]:
            holding += more
            names |= {same_name(item.name) for item in more if item.name}
        return sorted(holding, key=lambda item: (item.document_id is not None, item.turns is not None, item.made_at))

    def _holds(self, item: Correction, turn: Turn, names: set[str]) -> bool:
        if item.unnamed and turn.speaker.name is not None:
            return False
        if item.speaker is not None and same_name(item.speaker) not in names:
            return False
        return item.turns is None or self._meant(item, item.turns, turn)

    def _meant(self, item: Correction, turns: tuple[int, int], turn: Turn) -> bool:
        """Whether a turn is one of those that were numbered: by its place and words, or by words nobody repeats."""
        key = self._keys[turn.ordinal]
        place = turn.ordinal - turns[0]
        if 0 <= place < len(item.texts) and item.texts[place] == key:
            return True
        return key in item.texts and self._often[key] == 1


def _group(turn: Turn, told: _Told) -> str:
    """The turns of one speaker about whom the same is said."""
    return repr((turn.speaker.name, sorted((name, item.id) for name, (_, item) in told.items())))


def _told(holding: Sequence[Correction]) -> _Told:
    return {
        name: (getattr(item, name), item)
        for item in holding
        for name in ("side", "title", "role", "name")
        if getattr(item, name) is not None
    }


def _speaker(read: Speaker, told: _Told, document: Document, said: Sequence[str], codebook: Codebook) -> Speaker:
    speaker = read
    if "name" in told:
        name = str(told["name"][0])
        account = document.stated.get("account", document.account)
        person = respondent_of(name, kind=document.kind, account=account, external_id=document.external_id)
        speaker = replace(speaker, name=name, respondent=person)
    if "side" in told:
        speaker = replace(speaker, side=Side(str(told["side"][0])), side_evidence=by_hand(told["side"][1]))
    if "title" in told:
        speaker = replace(speaker, title=str(told["title"][0]))
    if {"side", "title"} & told.keys():
        role, mode, evidence = seat_of(speaker.title, speaker.side, said, codebook)
        if evidence and "title" in told:
            evidence = f"{evidence}, {by_hand(told['title'][1])}"
        speaker = replace(speaker, role=role, mode=mode, role_evidence=evidence)
    if "role" in told and speaker.side is Side.BUYER:
        chosen = next((role for role in codebook.roles if role.name == told["role"][0]), None)
        mode = (chosen.mode if chosen else None) or speaker.mode
        speaker = replace(speaker, role=str(told["role"][0]), mode=mode, role_evidence=by_hand(told["role"][1]))
    return speaker


def _questions(turns: Sequence[Turn], speakers: Sequence[Speaker]) -> list[str | None]:
    """What each turn answers: what an interviewer said before it, else what the source says that it answers."""
    question = _first_question(turns)
    questions: list[str | None] = []
    for turn, speaker in zip(turns, speakers, strict=True):
        questions.append(question if speaker.side is Side.BUYER else None)
        if speaker.side is Side.INTERVIEWER:
            question = turn.text
    return questions


def _first_question(turns: Sequence[Turn]) -> str | None:
    for turn in turns:
        if turn.speaker.side is Side.INTERVIEWER:
            return None
        if turn.question is not None:
            return turn.question
    return None
