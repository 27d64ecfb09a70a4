"""Coded verbatims as a REFI-QDA project, which QualCoder, NVivo, ATLAS.ti and MAXQDA open.

Every document with a verbatim that passes the filters and may be quoted becomes a text; its verbatims are selections,
coded by facet, theme and the codes that people gave, here or in the source, each coding with its coder. The codebook
goes along with descriptions and colours. Buyers are called by their pseudonym, by name only where they may be named;
turns of people who may not be quoted are withheld, and so is a document's title where not all its people may be named.
Positions are code points of texts whose lines end in one character. That none applies has no form in the format.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from winloss.model import (
    NONE_APPLIES,
    Code,
    Coding,
    Document,
    Facet,
    Filters,
    Passage,
    Rights,
    Side,
    Turn,
    called,
    quotable,
)
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.quote_rights.outward import FewPeople
from winloss.services.quote_rights.outward_titles import title_outside
from winloss.services.research.codes import order_of
from winloss.services.workspace.keeping import passages_to_export

_NAMESPACE = "urn:QDA-XML:project:1.0"
_SCHEMA = f"{_NAMESPACE} http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_MACHINE = "winloss"
_SHOWN = 60
_OURS = ("Facets", "Themes")
_VARIABLES = ("source", "segment", "quarter", "outcome", "competitor")
_SIDES = {Side.BUYER: "Buyer", Side.INTERVIEWER: "Interviewer", Side.VENDOR: "Vendor", Side.UNKNOWN: "Speaker"}
_UNNAMED = (Side.BUYER, Side.UNKNOWN)
_WITHHELD = "[not to be quoted]"
_LINE_END = re.compile(r"\r\n|\r")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\r\n\t]+')


def export_project(
    bench: Workbench, filters: Filters, target: Path, *, few: dict[FewPeople, None] | None = None
) -> tuple[int, int]:
    """Write the project to `target`; returns how many texts and how many coded verbatims are in it."""
    by_document: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages_to_export(bench, filters, few):
        by_document[passage.document_id].append(passage)
    maker = _Project(bench)
    aside = target.with_name(target.name + ".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for document_id, passages in sorted(by_document.items()):
            name, text = maker.add(bench.store.document(document_id), bench.store.turns(document_id), passages)
            archive.writestr(_entry(f"sources/{name}"), text.encode("utf-8"))
        archive.writestr(_entry("project.qde"), maker.xml())
    aside.replace(target)
    journal.note(bench, journal.HANDED_OUT, f"coded project: {maker.coded:,} verbatims in {len(by_document):,} texts")
    return len(by_document), maker.coded


class _Project:
    """The project as it grows, text by text."""

    def __init__(self, bench: Workbench) -> None:
        self.coded = 0
        self._now = bench.clock.now()
        self._themes = {theme.id: title_outside(bench, theme) for theme in bench.store.themes()}
        self._codes: dict[tuple[str, ...], str] = {}
        self._known: dict[tuple[str, ...], Code] = {}
        self._given = _by_verbatim([*bench.store.source_codings(), *bench.store.codings(current=True)])
        self._users: dict[str, str] = {}
        self._pseudonyms = bench.store.pseudonyms()
        self._sources = Element("Sources")
        self._names: set[str] = set()
        self._user(_MACHINE)
        for code in sorted(bench.store.codes(), key=lambda code: order_of(code.path)):
            self._known[_parts(code.path)] = code
            self._code(_parts(code.path))

    def add(self, document: Document, turns: Sequence[Turn], passages: Iterable[Passage]) -> tuple[str, str]:
        """A text with its selections; returns the name of its file and what belongs in it."""
        text, starts = _text(turns, self._pseudonyms)
        guid = _guid("source", document.id)
        source = SubElement(
            self._sources,
            "TextSource",
            guid=guid,
            name=self._name(document, turns),
            plainTextPath=f"internal://{guid}.txt",
            creatingUser=self._user(_MACHINE),
            creationDateTime=self._now,
        )
        said = {turn.ordinal: turn.text for turn in turns}
        for passage in sorted(passages, key=lambda item: (item.turn, item.start, item.id)):
            start, end = (
                starts[passage.turn] + len(_plain(said[passage.turn][:place])) for place in (passage.start, passage.end)
            )
            self._select(source, passage, start, end, text)
        for name in _VARIABLES:
            if value := _value(document, name):
                held = SubElement(source, "VariableValue")
                SubElement(held, "VariableRef", targetGUID=_guid("variable", name))
                SubElement(held, "TextValue").text = _clean(value)
        return f"{guid}.txt", text

    def xml(self) -> bytes:
        """The project file."""
        root = Element(
            "Project",
            {
                "xmlns": _NAMESPACE,
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation": _SCHEMA,
                "name": "winloss",
                "origin": "winloss",
                "creatingUserGUID": self._user(_MACHINE),
                "creationDateTime": self._now,
            },
        )
        users = SubElement(root, "Users")
        for name, guid in self._users.items():
            SubElement(users, "User", guid=guid, name=_clean(name))
        self._codebook(SubElement(SubElement(root, "CodeBook"), "Codes"))
        variables = SubElement(root, "Variables")
        for name in _VARIABLES:
            SubElement(variables, "Variable", guid=_guid("variable", name), name=name, typeOfVariable="Text")
        root.append(self._sources)
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return written

    def _select(self, source: Element, passage: Passage, start: int, end: int, text: str) -> None:
        paths = self._paths(passage)
        if not paths:
            return
        self.coded += 1
        shown = " ".join(text[start:end].split())
        selection = SubElement(
            source,
            "PlainTextSelection",
            guid=_guid("selection", passage.id),
            name=_clean(shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN].rstrip()}..."),
            startPosition=str(start),
            endPosition=str(end),
            creatingUser=self._user(_MACHINE),
            creationDateTime=self._now,
        )
        for path, coder, at in paths:
            guid, by = _guid("coding", passage.id, *path, *([coder] if at else [])), self._user(coder)
            coding = SubElement(selection, "Coding", guid=guid, creatingUser=by, creationDateTime=at or self._now)
            SubElement(coding, "CodeRef", targetGUID=self._code(path))

    def _paths(self, passage: Passage) -> list[tuple[tuple[str, ...], str, str]]:
        """The codes of a verbatim, outermost first, each with who gave it and when (empty: with the source, or made).

        What people gave comes first, the machine's last, because some tools know one coder a selection.
        """
        given = self._given.get(passage.id, [])
        paths = [(_parts(coding.code), coding.coder or _MACHINE, coding.made_at) for coding in given]
        told = {coding.code for coding in given}
        paths += [(_parts(tag), passage.coder or _MACHINE, "") for tag in passage.tags if tag not in told]
        if passage.facet and passage.facet != Facet.NONE:
            paths.append(((_OURS[0], passage.facet), _MACHINE, ""))
        if passage.theme_id in self._themes:
            paths.append(((_OURS[1], _flat(self._themes[passage.theme_id])), _MACHINE, ""))
        return [item for item in dict.fromkeys(paths) if item[0]]

    def _code(self, path: tuple[str, ...]) -> str:
        for length in range(1, len(path) + 1):
            self._codes.setdefault(path[:length], _guid("code", *path[:length]))
        return self._codes[path]

    def _codebook(self, codes: Element) -> None:
        """Every code below its parents. No two have one name, as QualCoder wants it; people's codes keep theirs.

        A name that is taken is followed by the names above it in brackets.
        """
        elements: dict[tuple[str, ...], Element] = {(): codes}
        taken: set[str] = set()
        for path in sorted(self._codes, key=lambda path: (path[0] in _OURS, path)):
            name = path[-1] if path[-1] not in taken else f"{path[-1]} ({' / '.join(path[:-1]) or 'code'})"
            taken.add(name)
            codable = "false" if len(path) == 1 and path[0] in _OURS else "true"
            element = elements[path] = SubElement(
                elements[path[:-1]], "Code", guid=self._codes[path], name=_clean(name), isCodable=codable
            )
            if (known := self._known.get(path)) and known.colour:
                element.set("color", known.colour)
            if known and known.description:
                SubElement(element, "Description").text = _clean(known.description)

    def _user(self, name: str) -> str:
        return self._users.setdefault(name, _guid("user", name))

    def _name(self, document: Document, turns: Sequence[Turn]) -> str:
        """The text's name: no two are alike, and it can be a file's."""
        named = all(turn.rights is Rights.NAMED for turn in turns if turn.speaker.side in _UNNAMED)
        told = (document.title or document.external_id) if named else document.id
        wanted = _NOT_IN_NAMES.sub(" ", _clean(told)).strip() or document.id
        name = wanted if wanted not in self._names else f"{wanted} ({document.id})"
        self._names.add(name)
        return name


def _text(turns: Sequence[Turn], pseudonyms: Mapping[str, int]) -> tuple[str, Mapping[int, int]]:
    """The document as plain text, and where the words of each turn begin in it."""
    labels = dict(_labels(turns, pseudonyms)) if len(turns) > 1 else {}
    parts: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    for turn in turns:
        label = f"{labels[turn.speaker.respondent]}: " if labels else ""
        starts[turn.ordinal] = length + len(label)
        parts.append(f"{label}{_plain(turn.text) if quotable(turn.rights) else _WITHHELD}\n\n")
        length += len(parts[-1])
    return "".join(parts), starts


def _labels(turns: Sequence[Turn], pseudonyms: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What every speaker is called: by name or pseudonym, else by side, numbered where there are several.

    A buyer's own rights decide, and the document's for those who ask or sell.
    """
    speakers = {turn.speaker.respondent: turn for turn in turns}
    sides: dict[Side, list[str]] = defaultdict(list)
    for respondent, turn in speakers.items():
        speaker = turn.speaker
        if turn.rights is Rights.NAMED and speaker.name:
            yield respondent, _flat(speaker.name)
        elif speaker.side in _UNNAMED and respondent in pseudonyms:
            yield respondent, called(pseudonyms[respondent])
        else:
            sides[speaker.side].append(respondent)
    for side, respondents in sides.items():
        for number, respondent in enumerate(respondents, start=1):
            yield respondent, _SIDES[side] if len(respondents) == 1 else f"{_SIDES[side]} {number}"


def _by_verbatim(codings: Iterable[Coding]) -> Mapping[str, list[Coding]]:
    """Verbatim id -> the codes that people gave it, in order."""
    found: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        if coding.code != NONE_APPLIES:
            found[coding.verbatim_id].append(coding)
    return found


def _parts(path: str) -> tuple[str, ...]:
    return tuple(filter(None, path.split("/")))


def _value(document: Document, name: str) -> str | None:
    value = document.kind if name == "source" else getattr(document, name)
    return str(value) if value else None


def _plain(text: str) -> str:
    return _LINE_END.sub("\n", text)


def _flat(name: str) -> str:
    return " ".join(name.split())


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _guid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "winloss:" + "\x1f".join(parts)))


def _entry(name: str) -> zipfile.ZipInfo:
    """A member whose bytes do not depend on when it was written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
