"""Lists of who took part, laid over the interviews beside them: found by content, told where nobody in them speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import ingest
from nlp.text.names import matching
from winloss.errors import SourceError
from winloss.model import Attendee, Finding, ReadDocument, Severity, SourceKind
from winloss.ports import ReadContext

UNHEARD = "nobody in this list speaks in a transcript beside it: check the names, or whether it belongs to other calls"


@dataclass(slots=True, kw_only=True)
class Lists:
    """The lists of one delivery by path, and those whose people were heard while it was read."""

    people: Mapping[Path, tuple[Attendee, ...]]
    beside: Mapping[Path, Sequence[Path]]
    shown: Mapping[Path, str]
    heard: dict[Path, set[Path]] = field(default_factory=dict)
    read: set[Path] = field(default_factory=set)

    def of(self, path: Path) -> tuple[Attendee, ...]:
        """Whom the lists of a file's folder name, in this file or in any."""
        here = [item for found in self.people if path in self.beside[found] for item in self._meant(found, path)]
        return tuple(dict.fromkeys(here))

    def _meant(self, found: Path, path: Path) -> list[Attendee]:
        files = {name.casefold() for item in self.beside[found] for name in (item.name, item.stem)}
        places = {item.place.casefold() for item in self.people[found] if item.place}
        if len(places) == 1 and not places & files and len(self.beside[found]) == 1:
            return [replace(item, place=None) for item in self.people[found]]
        others = files - {path.name.casefold(), path.stem.casefold()}
        return [item for item in self.people[found] if (item.place or "").casefold() not in others]

    def listen(self, path: Path, document: ReadDocument) -> None:
        """Note which lists the speakers of an interview are in."""
        if document.kind is not SourceKind.INTERVIEW:
            return
        names = [name for name in dict.fromkeys(turn.speaker for turn in document.turns) if name]
        for found, people in self.people.items():
            if path in self.beside[found]:
                self.read.add(found)
                if matching(names, [item.person for item in people]):
                    self.heard.setdefault(found, set()).add(path)

    def findings(self) -> list[Finding]:
        """What each list was laid over, and lists that say nothing about what was read beside them."""
        alone = [found for found in self.people if not self.beside[found]]
        unheard = [found for found in self.people if found in self.read - self.heard.keys()]
        silent = [
            Finding(code="participants-unheard", message=UNHEARD, where=self.shown[found])
            for found in sorted([*alone, *unheard])
        ]
        return [*(self._laid(found) for found in sorted(self.heard)), *silent]

    def _laid(self, found: Path) -> Finding:
        count = len(self.heard[found])
        files = "1 file" if count == 1 else f"{count:,} files"
        message = f"a list of who took part, used for {files} beside it"
        return Finding(code="participants", message=message, where=self.shown[found], severity=Severity.INFO)


def lists_among(files: Iterable[tuple[Path, str]]) -> Lists:
    """The lists of people among files (with the name that each is shown by), each with what lies beside it."""
    shown = dict(files)
    people: dict[Path, tuple[Attendee, ...]] = {}
    for path in shown:
        try:
            seen = ingest.probe(path)
            if ingest.is_attendance(seen):
                people[path] = ingest.read_attendance(path, seen)
        except SourceError:
            continue
    beside = {found: [path for path in shown if path.parent == found.parent and path not in people] for found in people}
    return Lists(people=people, beside=beside, shown=shown)


def described(document: ReadDocument, context: ReadContext, path: Path) -> ReadDocument:
    """The document with what its manifest and the lists beside it say."""
    return ingest.apply_attendance(ingest.apply_manifest(document, context.manifest), context.attendees, path)


def with_names(
    manifest: Mapping[str, str] | None, attendees: Sequence[Attendee], path: Path
) -> Mapping[str, str] | None:
    """The manifest's row with the names that lists tell for a file, so that a reader believes them where they speak."""
    places = (None, path.name.casefold(), path.stem.casefold())
    here = [item.person.name for item in attendees if (item.place and item.place.casefold()) in places]
    fresh = [name for name in dict.fromkeys(here) if not set(";=") & set(name)]
    if not fresh or (manifest or {}).get("participants"):
        return manifest
    return {**(manifest or {}), "participants": "; ".join(fresh)}
