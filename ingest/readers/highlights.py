"""Tables of highlights: Taguette, and what Dovetail, Condens, Marvin, EnjoyHQ and the like export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.aliases import fields_by_alias, left_over, plain_header
from ingest.codings import Selection, coded_excerpts
from ingest.recordings import remark
from ingest.remarks import Remarks
from ingest.rows import Row, headers, open_rows
from ingest.sniff import probe
from ingest.values import as_text
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable
from winloss.ports import Format, Probe, ReadContext

_TAGUETTE = ("id", "document", "tag", "content")
_CODEBOOK = frozenset({"tag", "description", "numberofhighlights"})
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "words": ("highlight", "highlighttext", "highlightedtext", "highlightcontent", "content"),
    "document": (
        "notetitle",
        "note",
        "document",
        "documentname",
        "session",
        "sessionname",
        "datatitle",
        "source",
        "file",
    ),
    "codes": ("tags", "tag", "codes", "code", "labels", "themes"),
    "coder": ("createdby", "highlightedby", "taggedby", "coder", "codedby", "author"),
    "note": ("comment", "comments", "memo", "annotation"),
    "id": ("highlightid", "id"),
    "url": ("noteurl", "highlighturl", "url", "link"),
    "project": ("project", "projectname", "study"),
    "at": ("createdat", "created", "createdon", "date", "highlightedat", "timestamp"),
}
_HIGHLIGHT = frozenset(_ALIASES["words"][:4])
_NEXT = re.compile(r"\s*[;|\n]\s*")
_COMMA = re.compile(r"\s*,\s*")
_BELOW = re.compile(r"\s*(?:>|›|→|/|::)\s*")


class HighlightReader:
    """One document for each note that was highlighted; every highlight is a coded turn of it."""

    name = "highlights"
    title = "Tables of highlights (Taguette, Dovetail and similar)"
    family = "research"
    formats: tuple[Format, ...] = (
        Format(name="Taguette highlights", looks="`.csv`, `.xlsx`", gives="human-coded verbatims with tags"),
        Format(name="Taguette codebook", looks="`.csv`, `.xlsx`", gives="how many tags there are; no words"),
        Format(
            name="Highlights of Dovetail, Condens, Marvin, EnjoyHQ",
            looks="`.csv`, `.xlsx`",
            gives="human-coded verbatims with tags, coders",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A header that names highlights, their notes and their tags, or Taguette's."""
        return any(_kind(columns) for columns in headers(probe)[:1])

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a note. Highlights with several tags come once, whether in one row or in several.

        Raises:
            MalformedSource: not a table.
        """
        columns = next(iter(headers(probe(path))), ())
        if not (kind := _kind(columns)):
            raise MalformedSource(f"{path.name} names no highlights", hint="Export it again.", path=str(path))
        remarks = Remarks()
        rows = _rows(path, remarks)
        if kind == "codebook":
            yield remark("codebook", f"a codebook (codes: {sum(1 for _ in rows):,}); it holds no words")
            return
        fields = fields_by_alias(columns, _ALIASES)
        names = {field: sources[0].columns[0] for field, sources in fields.items()}
        urls: dict[str, str] = {}
        for note, excerpts in _by_note(rows, names, remarks, urls).items():
            yield from coded_excerpts(
                path, context, name=f"{note} (highlights)", excerpts=excerpts, title=note, url=urls.get(note)
            )
        yield from remarks.findings()
        if rest := left_over(columns, fields):
            message = f"columns that were not read: {', '.join(rest)}"
            yield remark("unmapped-columns", message, count=len(rest))


def _kind(columns: Sequence[str]) -> str | None:
    plain = {plain_header(column) for column in columns}
    if plain >= set(_TAGUETTE) and len(plain) <= len(_TAGUETTE) + 1:
        return "highlights"
    if plain >= _CODEBOOK:
        return "codebook"
    named = plain & set(_ALIASES["document"]) and plain & set(_ALIASES["codes"])
    return "highlights" if plain & _HIGHLIGHT and named and "interviewid" not in plain else None


def _rows(path: Path, remarks: Remarks) -> Iterator[Row]:
    for row in open_rows(path).read():
        if isinstance(row, Finding):
            remarks.take(row)
        else:
            yield row


def _by_note(
    rows: Iterator[Row], names: Mapping[str, str], remarks: Remarks, urls: dict[str, str]
) -> dict[str, list[Selection]]:
    """The highlights of each note in order, rows of one highlight put together; addresses of notes go to `urls`."""
    notes: dict[str, dict[tuple[str, str], Selection]] = {}
    for row in rows:
        told = {field: as_text(row.cells.get(column)).strip() for field, column in names.items()}
        words, note = told.get("words", ""), told.get("document", "")
        if not words or not note:
            remarks.add("no-text", "a row has no highlight or names no note and was left out", where=row.where)
            continue
        if told.get("url"):
            urls.setdefault(note, told["url"])
        key = (told.get("id", ""), words)
        before = notes.setdefault(note, {}).get(key)
        codes = (*(before.codes if before else ()), *_paths(told.get("codes", "")))
        notes[note][key] = Selection(
            start=0,
            end=0,
            words=words,
            codes=tuple(dict.fromkeys(codes)),
            coder=told.get("coder") or None,
            note=told.get("note") or None,
        )
    return {note: list(found.values()) for note, found in notes.items()}


def _paths(written: str) -> Iterator[str]:
    """Tags as paths: `Pricing > Ingestion; CFO` is `Pricing/Ingestion` and `CFO`."""
    for tag in (_NEXT if _NEXT.search(written) else _COMMA).split(written):
        if path := "/".join(filter(None, _BELOW.split(tag.strip()))):
            yield path
