"""`manifest.csv`: what a folder's files cannot tell themselves. A wrong cell is a finding and counts as unknown."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import filterfalse
from pathlib import Path, PurePosixPath

from ingest.limits import shown
from ingest.rows import Row, is_example, open_rows
from ingest.turns import parse_labels, parse_participants, relabel
from ingest.values import parse_day
from ingest.vocabulary import parse_outcome
from winloss.codebook import suggestion
from winloss.errors import SourceError
from winloss.model import GIVEN_RIGHTS, Finding, Outcome, Participant, ReadDocument, Rights, Severity

FILE_NAME = "manifest.csv"
COLUMNS = (
    *("file", "companion_file", "interview_date", "account", "segment", "outcome", "competitor"),
    *("participants", "speaker_labels", "rights"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The rows of a manifest, by file name; empty where a folder has none."""

    rows: Mapping[str, Mapping[str, str]]
    problems: tuple[Finding, ...] = ()

    def row_for(self, path: Path) -> dict[str, str] | None:
        """The filled cells of the file's row, by column, or None. A row may name the file or its path in the folder."""
        parts = [_plain(part) for part in path.parts]
        for start in range(len(parts)):
            if row := self.rows.get("/".join(parts[start:])):
                return dict(row)
        return None

    def findings(self, files: Iterable[Path]) -> list[Finding]:
        """What is wrong in the manifest itself, and names in it that none of `files` has."""
        present = {_plain(path.name): path.name for path in files}
        missing = [
            _missing(name, present)
            for row in self.rows.values()
            for name in (row["file"], row.get("companion_file"))
            if name and _plain(PurePosixPath(name).name) not in present
        ]
        return [*self.problems, *missing]

    def companions(self) -> frozenset[str]:
        """Names of files that only accompany another one and are not read on their own."""
        return frozenset(
            PurePosixPath(row["companion_file"]).name for row in self.rows.values() if row.get("companion_file")
        )


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none. What cannot be read in it becomes a finding."""
    path = next((entry for entry in _entries(folder) if entry.name.casefold() == FILE_NAME), None)
    if path is None:
        return Manifest(rows={})
    try:
        table = open_rows(path)
        columns = {column: _plain_column(column) for column in table.columns}
        if "file" not in columns.values():
            return Manifest(rows={}, problems=(_no_file_column(table.columns),))
        entries = [thing for thing in table.read() if isinstance(thing, Row)]
    except SourceError as error:
        return Manifest(
            rows={}, problems=(Finding(code="manifest-unreadable", message=error.message, where=path.name),)
        )
    return _built(entries, columns)


def apply_manifest(document: ReadDocument, row: Mapping[str, str] | None) -> ReadDocument:
    """The document with what the row says laid over it; empty and unreadable cells change nothing.

    Participants come first and take what the document knows about the same people; labels become names in the turns. Of
    two quote rights the stricter one counts, so that a row never opens what the source itself closes.
    """
    if not row:
        return document
    return replace(
        document,
        turns=relabel(document.turns, parse_labels(row.get("speaker_labels", ""))),
        happened_on=parse_day(row.get("interview_date", "")) or document.happened_on,
        account=row.get("account") or document.account,
        segment=row.get("segment") or document.segment,
        outcome=parse_outcome(row.get("outcome", "")) or document.outcome,
        competitor=row.get("competitor") or document.competitor,
        rights=_rights(row.get("rights", ""), document.rights),
        participants=_together(parse_participants(row.get("participants", "")), document.participants),
    )


def row_problems(row: Mapping[str, str], *, where: str) -> list[Finding]:
    """Cells of a row (or of a file's front matter) that say nothing readable."""
    problems = []
    day, outcome = row.get("interview_date", ""), row.get("outcome", "")
    if day and parse_day(day) is None:
        problems.append(
            Finding(code="bad-date", message=f"not a date: {day!r}. Write days as 2026-04-14.", where=where)
        )
    if outcome and parse_outcome(outcome) is None:
        message = f"not an outcome: {outcome!r} (known: {', '.join(Outcome)}){suggestion(outcome, Outcome)}"
        problems.append(Finding(code="bad-outcome", message=message, where=where))
    rights = row.get("rights", "")
    if rights and _named(rights) is None:
        message = f"not quote rights: {rights!r} (known: {', '.join(GIVEN_RIGHTS)}); counts as no_quote"
        problems.append(Finding(code="bad-rights", message=message, where=where))
    labels = row.get("speaker_labels", "")
    if labels and not parse_labels(labels):
        message = f"speaker_labels must look like `A=Name; Speaker 1=Name`, not {labels!r}"
        problems.append(Finding(code="bad-labels", message=message, where=where))
    return problems


def _rights(written: str, read: Rights | None) -> Rights | None:
    """The rights of a row and of its document together; what is written and not understood closes."""
    if not written:
        return read
    return (_named(written) or Rights.NO_QUOTE).or_stricter(read)


def _named(written: str) -> Rights | None:
    plain = _plain_column(written)
    return Rights(plain) if plain in set(GIVEN_RIGHTS) else None


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _built(entries: Sequence[Row], columns: Mapping[str, str]) -> Manifest:
    rows: dict[str, dict[str, str]] = {}
    problems = [_unknown_column(name) for name, plain in columns.items() if plain not in COLUMNS]
    names: Counter[str] = Counter()
    for entry in filterfalse(is_example, entries):
        cells = {columns[name]: str(cell).strip() for name, cell in entry.cells.items()}
        row = {name: cell for name, cell in cells.items() if cell and name in COLUMNS}
        if "file" not in row:
            if row:
                message = "a row names no file and says nothing"
                problems.append(Finding(code="manifest-no-file", message=message, where=f"manifest.csv {entry.where}"))
            continue
        names[row["file"]] += 1
        rows[_plain(PurePosixPath(row["file"].replace("\\", "/")).as_posix())] = row
        problems += row_problems(row, where=f"manifest.csv {entry.where}")
    problems += [
        Finding(code="manifest-twice", message=f"{name!r} has {count} rows; the last one counts", where="manifest.csv")
        for name, count in names.items()
        if count > 1
    ]
    return Manifest(rows=rows, problems=tuple(problems))


def _together(told: Sequence[Participant], read: Sequence[Participant]) -> tuple[Participant, ...]:
    """The manifest's people, with the gaps filled from the document's, then those it does not name."""
    by_name = {person.name.casefold(): person for person in read}
    merged = []
    for person in told:
        other = by_name.pop(person.name.casefold(), None)
        if other is not None:
            title = person.title or other.title
            person = replace(other, name=person.name, title=title)
        merged.append(person)
    return (*merged, *by_name.values())


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


def _plain_column(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _missing(name: str, present: Mapping[str, str]) -> Finding:
    from rapidfuzz import process

    near = process.extractOne(_plain(name), list(present), score_cutoff=75)
    guess = f"; is it {present[near[0]]!r}?" if near else ""
    message = f"the manifest names {name!r}, but there is no such file{guess}"
    return Finding(code="manifest-missing-file", message=message, where=FILE_NAME)


def _unknown_column(name: str) -> Finding:
    message = f"column {name!r} is not known and was left out (known: {', '.join(COLUMNS)}){suggestion(name, COLUMNS)}"
    return Finding(code="manifest-column", message=message, where=FILE_NAME, severity=Severity.INFO)


def _no_file_column(columns: Sequence[str]) -> Finding:
    message = f"manifest.csv has no column `file` (it has: {shown(columns)}); it was not used"
    return Finding(code="manifest-unreadable", message=message, where=FILE_NAME)
