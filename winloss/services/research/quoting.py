"""Verbatims as a document to hand on: Markdown, Word, CSV or JSON lines, in the order given, with notes.

What may not be quoted is left out and counted; who said it is told as far as the rights allow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from winloss.errors import ConfigError
from winloss.model import Filters, Passage
from winloss.ports import Workbench
from winloss.report.markdown import inert
from winloss.services import journal, presenting
from winloss.services.library import library
from winloss.services.quote_rights.outward import FewPeople, few_people, outward
from winloss.services.research import collecting
from winloss.services.search import saving
from winloss.services.workspace.keeping import csv_line, inert_cell

SUFFIXES = (".csv", ".docx", ".jsonl", ".md")
RETIRED = "These words stand in an earlier version of their document."
BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A verbatim with what somebody noted beside it, and what is to be said of it."""

    passage: Passage
    note: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A title, the verbatims that may be quoted, as they may leave, and how many there are in all.

    `few` warns of those whose attribution would point at a person.
    """

    title: str
    description: str
    quoted: tuple[Quoted, ...]
    total: int
    few: tuple[FewPeople, ...] = ()

    @property
    def told(self) -> str:
        """How many are here, of how many."""
        left_out = self.total - len(self.quoted)
        rest = f"; {left_out:,} may not be quoted and are left out" if left_out else ""
        return f"{len(self.quoted):,} of {self.total:,} verbatims{rest}."


def of_collection(bench: Workbench, name: str) -> Handout:
    """What is pinned to a collection.

    Raises:
        NotFound: there is no such collection.
    """
    collection = collecting.find(bench, name)
    pinned = collecting.contents(bench, name)
    quoted = (Quoted(passage=item.passage, note=item.pin.note, retired=item.retired) for item in pinned)
    return _handout(bench, collection.name, collection.description, list(quoted))


def of_search(bench: Workbench, name: str) -> Handout:
    """What a saved search finds now, best first; nothing counts as looked at by that.

    Raises:
        NotFound: there is no such search.
    """
    found = saving.standing(bench, name)
    told = f"Searched for: {found.search.query}" if found.search.query else ""
    return _handout(bench, found.search.name, told, [Quoted(passage=item) for item in _passages(bench, found.ids)])


def of_filters(bench: Workbench, filters: Filters) -> Handout:
    """The verbatims that pass the filters, by id.

    Raises:
        QueryError: a value is unknown.
    """
    ids = [row.id for row in library(bench).passing(filters)]
    return _handout(bench, "Verbatims", "", [Quoted(passage=passage) for passage in _passages(bench, ids)])


def write(bench: Workbench, handout: Handout, path: Path) -> None:
    """Write it to a file, by its suffix; a file of that name is replaced at once or not at all.

    Raises:
        ConfigError: another suffix, or nothing can be written there.
    """
    if path.suffix not in SUFFIXES:
        raise ConfigError(f"cannot write {path.suffix or path.name!r}", hint=f"Known: {', '.join(SUFFIXES)}.")
    aside = path.with_name(path.name + ".part")
    try:
        _write(bench, handout, aside, path.suffix)
        aside.replace(path)
    except OSError as error:
        hint = "Name a file in a folder that is there and may be written to."
        raise ConfigError(f"cannot write {path}: {error.strerror or error}", hint=hint) from error
    journal.note(bench, journal.HANDED_OUT, f"{handout.title} ({path.suffix[1:]}): {handout.told}")


def _write(bench: Workbench, handout: Handout, path: Path, suffix: str) -> None:
    if suffix == ".docx":
        _word(bench, handout).save(str(path))
        return
    lines = {".csv": _csv, ".jsonl": _json_lines, ".md": _markdown}[suffix](bench, handout)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def _passages(bench: Workbench, ids: Sequence[str]) -> Iterator[Passage]:
    for start in range(0, len(ids), BATCH):
        yield from bench.store.passages(list(ids[start : start + BATCH]))


def _handout(bench: Workbench, title: str, description: str, items: Sequence[Quoted]) -> Handout:
    quotable = [item for item in items if presenting.may_quote(item.passage)]
    passages = outward(bench, (item.passage for item in quotable))
    quoted = tuple(replace(item, passage=passage) for item, passage in zip(quotable, passages, strict=True))
    few = few_people(bench, (item.passage for item in quotable))
    return Handout(title=title, description=description, quoted=quoted, total=len(items), few=few)


def _source(bench: Workbench, passage: Passage) -> str:
    internal = "internal use only" if passage.rights == "internal" else None
    return " · ".join(
        part for part in (presenting.attribution(passage, bench.codebook), passage.date, internal) if part
    )


def _markdown(bench: Workbench, handout: Handout) -> Iterator[str]:
    yield f"# {inert(handout.title)}\n\n"
    if handout.description:
        yield f"{inert(handout.description)}\n\n"
    yield f"{handout.told}\n"
    for item in handout.quoted:
        yield f"\n> “{inert(item.passage.text)}”\n>\n> — {inert(_source(bench, item.passage))} · `{item.passage.id}`\n"
        if item.retired:
            yield f"\n{RETIRED}\n"
        if item.note:
            yield f"\nNote: {inert(item.note)}\n"


def _csv(bench: Workbench, handout: Handout) -> Iterator[str]:
    names: list[str] | None = None
    for item in handout.quoted:
        told = {**presenting.passage_json(item.passage), "note": item.note, "retired": item.retired}
        row = {name: value for name, value in told.items() if name not in ("score", "highlights")}
        row["said by"] = _source(bench, item.passage)
        if names is None:
            names = list(row)
            yield csv_line(names)
        yield csv_line(inert_cell(row[name]) for name in names)


def _json_lines(_: Workbench, handout: Handout) -> Iterator[str]:
    told = ({**presenting.passage_json(it.passage), "note": it.note, "retired": it.retired} for it in handout.quoted)
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in told)


def _word(bench: Workbench, handout: Handout) -> Any:
    from docx import Document as Word
    from docx.shared import Pt

    word = Word()
    word.core_properties.title = _printable(handout.title)
    word.add_heading(_printable(handout.title), level=0)
    if handout.description:
        word.add_paragraph(_printable(handout.description))
    word.add_paragraph(handout.told)
    for item in handout.quoted:
        word.add_paragraph(f"“{_printable(item.passage.text)}”", style="Intense Quote")
        source = word.add_paragraph().add_run(f"— {_printable(_source(bench, item.passage))} · {item.passage.id}")
        source.font.size = Pt(9)
        if item.retired:
            word.add_paragraph(RETIRED)
        if item.note:
            word.add_paragraph(f"Note: {_printable(item.note)}")
    return word


def _printable(text: str) -> str:
    """The text without control characters, which Word refuses."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)
