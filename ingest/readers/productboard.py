"""Productboard: notes of customer feedback, as its API gives and takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.json_files import read_whole, shape
from ingest.json_values import day_of_moment, object_in, objects, objects_in, text_in, texts_in
from ingest.leftovers import Leftovers
from ingest.markup import plain_text
from ingest.spoken import spoken_kind
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable, ReadDocument, ReadTurn, Severity, Side, stable_id
from winloss.ports import Format, Probe, ReadContext

_WRITER = "Customer"
_NOTE = frozenset({"content", "display_url"}), frozenset({"content", "displayUrl"})
_UNDERSTOOD = frozenset(
    {
        *(
            "id",
            "title",
            "content",
            "user",
            "customer_email",
            "company",
            "display_url",
            "displayUrl",
            "source",
            "owner",
        ),
        *("tags", "createdAt", "created_at", "updatedAt", "state", "externalDisplayUrl", "features", "createdBy"),
    }
)


class ProductboardReader:
    """Notes. Each is one document of one turn: the customer's words, as far as a note holds nothing else."""

    name = "productboard"
    title = "Productboard notes"
    family = "research"
    formats: tuple[Format, ...] = (
        Format(name="Productboard notes", looks="`.json`", gives="feedback with customer, tags, link"),
    )

    def identify(self, probe: Probe) -> bool:
        """JSON of one note, or of a list of them."""
        seen = shape(probe)
        return any(
            {f"{at}{name}" for name in names} <= seen and f"{at}title" in seen
            for at in ("", "item.", "data.item.", "data.")
            for names in _NOTE
        )

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a note.

        Raises:
            MalformedSource: broken JSON, or no words in it.
        """
        answer = read_whole(path)
        left, silent, given = Leftovers(), 0, 0
        for note in _notes(answer):
            left.look(note, _UNDERSTOOD)
            text, quoted = plain_text(text_in(note, "content") or "")
            if not text.strip():
                silent += 1
                continue
            given += 1
            yield _document(note, ReadTurn(speaker=_writer(note), text=text, quoted=quoted), context)
        if not given:
            raise MalformedSource(f"{path.name} holds no words", hint="Export the notes again.", path=str(path))
        if silent:
            yield Finding(code="no-text", message="notes without words were left out", count=silent)
        message = "notes count as the customer's words; `winloss speakers` shows them and corrects it"
        yield Finding(code="notes-as-buyer", message=message, count=given, severity=Severity.WARNING)
        yield from left.findings()


def _notes(answer: Any) -> list[dict[str, Any]]:
    if isinstance(answer, list):
        return objects(answer)
    if not isinstance(answer, dict):
        return []
    return objects_in(answer, "data") or [dict(object_in(answer, "data") or answer)]


def _writer(note: Mapping[str, Any]) -> str:
    return text_in(object_in(note, "user"), "name", "email") or text_in(note, "customer_email") or _WRITER


def _document(note: Mapping[str, Any], turn: ReadTurn, context: ReadContext) -> ReadDocument:
    source = object_in(note, "source")
    url = text_in(note, "display_url", "displayUrl")
    domain = text_in(object_in(note, "company"), "domain")
    email = text_in(object_in(note, "user"), "email") or text_in(note, "customer_email")
    told = {"company_domain": domain, "origin": text_in(source, "origin")}
    return ReadDocument(
        kind=spoken_kind(context),
        external_id=text_in(note, "id") or text_in(source, "record_id") or url or stable_id("note-", turn.text),
        turns=(turn,),
        title=text_in(note, "title"),
        happened_on=day_of_moment(note.get("createdAt") or note.get("created_at")),
        url=url,
        account=text_in(object_in(note, "company"), "name"),
        tags=tuple(dict.fromkeys((*texts_in(note, "tags"), *_named(note)))),
        participants=(Participant(name=turn.speaker or _WRITER, email=email, side=Side.BUYER),),
        meta={name: value for name, value in told.items() if value},
    )


def _named(note: Mapping[str, Any]) -> Iterator[str]:
    """Tags that are objects with a name."""
    yield from (name for tag in objects_in(note, "tags") if (name := text_in(tag, "name")))
