"""Decks: what somebody presents as what buyers said, read as pieces of text with their place. One module a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.zips import member_names
from winloss.errors import MalformedSource, UnknownFormat
from winloss.model.auditing import Block, Deck

__all__ = ["FORMS", "LARGEST", "read_deck"]

FORMS = ("pptx", "docx", "pdf", "md", "txt", "csv", "json")
LARGEST = 64 << 20
"""No deck that people read to each other is larger, pictures and all."""
MOST_BLOCKS = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_deck(path: Path, *, name: str | None = None) -> Deck:
    """The deck in a file, by its content and, where that leaves it open, its suffix; `name` is what it was called.

    Raises:
        MalformedSource: it is broken, locked, holds no text, or is larger than any deck.
        UnknownFormat: it is no deck at all.
    """
    if not path.is_file():
        raise MalformedSource(f"there is no file {path.name}", hint="Name a deck that is there.", path=str(path))
    if path.stat().st_size > LARGEST:
        hint = "Save it without its pictures, or save the slides with the findings by themselves."
        raise MalformedSource(f"{path.name} is larger than {LARGEST >> 20} MiB", hint=hint, path=str(path))
    called = name or path.name
    form = _form(path, Path(called).suffix)
    blocks = _reader(form)(path)
    if not any(block.text.strip() for block in blocks):
        hint = "Are its slides pictures? Save it from the program it was made with, with text that can be selected."
        raise MalformedSource(f"{path.name} holds no text", hint=hint, path=str(path))
    if len(blocks) > MOST_BLOCKS:
        hint = "Save the part with the findings by itself."
        raise MalformedSource(f"{path.name} has more than {MOST_BLOCKS:,} paragraphs", hint=hint, path=str(path))
    return Deck(name=called, form="list" if form in ("csv", "json") else form, blocks=tuple(blocks))


def _form(path: Path, ending: str) -> str:
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"PK"):
        names = member_names(path)
        for folder, form in (("ppt/", "pptx"), ("word/", "docx")):
            if any(name.startswith(folder) for name in names):
                return form
        raise _unknown(path)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_OLD_OFFICE):
        hint = "It is locked by a password or of an old version: open it and save it as .pptx or .docx without one."
        raise MalformedSource(f"{path.name} cannot be read as it is", hint=hint, path=str(path))
    suffix = ending.casefold().removeprefix(".")
    named = {"markdown": "md", "jsonl": "json", "tsv": "csv", "text": "txt", "": "txt"}.get(suffix, suffix)
    if named not in FORMS or named in ("pptx", "docx", "pdf"):
        raise _unknown(path)
    return named


def _reader(form: str) -> Callable[[Path], list[Block]]:
    """The reader of a format; the packages it needs are loaded only now."""
    if form == "pptx":
        from ingest.decks.powerpoint import powerpoint_blocks

        return powerpoint_blocks
    if form == "docx":
        from ingest.decks.word import word_blocks

        return word_blocks
    if form == "pdf":
        from ingest.decks.paged import pdf_blocks

        return pdf_blocks
    if form in ("csv", "json"):
        from ingest.decks.lists import list_blocks

        return list_blocks
    from ingest.decks.plain import markdown_blocks, text_blocks

    return markdown_blocks if form == "md" else text_blocks


def _unknown(path: Path) -> UnknownFormat:
    hint = "Decks are read as PPTX, DOCX, PDF, Markdown, plain text, or a list of themes as CSV, JSON or lines."
    return UnknownFormat(f"{path.name} is not a deck", hint=hint, path=str(path))
