"""REFI-QDA, the exchange format of NVivo, ATLAS.ti, MAXQDA, QualCoder and others: projects and codebooks.

Source of the format: REFI-QDA standard 1.5, https://www.qdasoftware.org. Only texts are read. A selection's description
is a memo about it; its name is the beginning of its words in NVivo and ATLAS.ti, and anything elsewhere.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ingest.codings import CodedText, Selection, coded_document
from ingest.recordings import remark
from ingest.sniff import probe
from ingest.xml_files import local_name
from ingest.zips import member_names
from winloss.errors import MalformedSource
from winloss.model import Code, Finding, Readable
from winloss.ports import Format, Probe, ReadContext

if TYPE_CHECKING:
    from lxml.etree import _Element

_PROJECT, _CODEBOOK = "urn:QDA-XML:project", "urn:QDA-XML:codebook"
_LARGEST = 64 << 20
OURS, DERIVED = "winloss", ("Facets", "Themes")
"""The origin of projects that this program writes, and the codes in them that nobody gave.

Where a name is taken there, a code's is followed by the names above it, which belong to its path already.
"""
_TEXTS = ("TextSource", "Representation", "Transcript")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What selections refer to by id: the path of every code, the name of every user."""

    codes: Mapping[str, str]
    users: Mapping[str, str]


class RefiReader:
    """Projects with their codings. Every text is one interview; its codings are highlights with their codes."""

    name = "refi"
    title = "REFI-QDA projects and codebooks (NVivo, ATLAS.ti, MAXQDA, QualCoder)"
    family = "research"
    formats: tuple[Format, ...] = (
        Format(name="REFI-QDA project", looks="`.qdpx`", gives="interviews with human-coded verbatims, tags, coders"),
        Format(name="REFI-QDA project file", looks="`.qde`", gives="the same, where its texts lie in it or beside it"),
        Format(name="REFI-QDA codebook", looks="`.qdc`", gives="how many codes there are; no words"),
    )

    def identify(self, probe: Probe) -> bool:
        """A zip with a `project.qde`, or XML of one of the two kinds."""
        if probe.head.startswith(b"PK"):
            return any(name.casefold().endswith(".qde") for name in member_names(probe.path))
        return probe.text.lstrip("\ufeff \t\r\n").startswith("<") and any(
            kind in probe.text[:4096] for kind in (_PROJECT, _CODEBOOK)
        )

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One interview a text.

        Raises:
            MalformedSource: broken, or no text and no words of any coding in it.
        """
        root, texts = _opened(path)
        known = _Known(codes=dict(_codes(root)), users=dict(_users(root)))
        if local_name(root) == "CodeBook":
            yield remark("codebook", f"a codebook (codes: {len(known.codes):,}); it holds no words")
            return
        given, missing = 0, []
        for source in root.iter():
            if isinstance(source.tag, str) and local_name(source) in _TEXTS and _is_text(source):
                things = list(_source(source, known, texts, path, context))
                given += bool(things)
                missing += [] if things else [_called(source)]
                yield from things
        if missing:
            names = ", ".join(missing[:6])
            message = (
                f"the text of {names} is not in this file, so its codings cannot be placed; "
                "export the whole project (.qdpx), or put the text beside it"
            )
            yield Finding(code="text-missing", message=message, count=len(missing), where=path.name)
        elif not given:
            raise MalformedSource(
                f"{path.name} holds no coded text", hint="Export the project with its sources.", path=str(path)
            )
        yield from _other_sources(root)


class _Texts:
    """The plain texts of a project: in its zip, or beside a bare project file; never anywhere else."""

    def __init__(self, path: Path, *, archive: bool) -> None:
        self._path, self._archive = path, archive

    def read(self, address: str) -> str | None:
        """The text at an `internal://` or relative address, or None where there is none."""
        name = PurePosixPath(address.partition("://")[2] or address).name
        if not name:
            return None
        data = self._in_archive(name) if self._archive else self._beside(name)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252", "replace")

    def _in_archive(self, name: str) -> bytes | None:
        with zipfile.ZipFile(self._path) as archive:
            found = next((it for it in archive.infolist() if PurePosixPath(it.filename).name == name), None)
            return _member(archive, found, self._path) if found else None

    def _beside(self, name: str) -> bytes | None:
        for folder in (self._path.parent / "sources", self._path.parent / "Sources", self._path.parent):
            beside = folder / name
            if beside.is_file() and not beside.is_symlink() and beside.stat().st_size <= _LARGEST:
                return beside.read_bytes()
        return None


def _opened(path: Path) -> tuple[_Element, _Texts]:
    from lxml import etree

    archive = probe(path).head.startswith(b"PK")
    try:
        data = _project_file(path) if archive else path.read_bytes() if path.stat().st_size <= _LARGEST else b""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise MalformedSource(
            f"{path.name} is no project that can be read: {error}", hint="Export the project again.", path=str(path)
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedSource(f"{path.name} defines entities of its own, which no export does", path=str(path))
    return root, _Texts(path, archive=archive)


def _project_file(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        found = next(it for it in archive.infolist() if it.filename.casefold().endswith(".qde"))
        return _member(archive, found, path)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    import zlib

    if member.file_size > _LARGEST:
        raise MalformedSource(f"{member.filename} in {path.name} is too large for a text", path=str(path))
    try:
        return archive.read(member)
    except (zlib.error, EOFError, zipfile.BadZipFile, RuntimeError) as error:
        raise MalformedSource(
            f"{member.filename} in {path.name} is broken", hint="Export the project again.", path=str(path)
        ) from error


def codebook_of(path: Path) -> list[Code]:
    """The codes that a project or a codebook (`.qdpx`, `.qde`, `.qdc`) defines, each after the one above it.

    What this program calls facets and themes in projects of its own is left out.

    Raises:
        MalformedSource: it is neither.
    """
    root, _ = _opened(path)
    if local_name(root) not in ("Project", "CodeBook"):
        raise MalformedSource(f"{path.name} is no REFI-QDA file", hint="Name a .qdpx, .qde or .qdc.", path=str(path))
    paths = dict(_codes(root))
    found = {
        code: Code(
            path=code,
            made_at="",
            description=next((str(it.text or "").strip() for it in element if _is(it, "Description")), ""),
            colour=_attribute(element, "color").casefold() or None,
        )
        for element in root.iter("{*}Code")
        if (code := paths[_attribute(element, "guid")])
    }
    made_here = _attribute(root, "origin") == OURS
    return [code for name, code in found.items() if not (made_here and name.partition("/")[0] in DERIVED)]


def _codes(root: _Element) -> Iterator[tuple[str, str]]:
    """Every code's id with its path, outermost first."""
    made_here = _attribute(root, "origin") == OURS
    for element in root.iter("{*}Code"):
        above = [element, *(it for it in element.iterancestors() if local_name(it) == "Code")]
        names: list[str] = []
        for it in reversed(above):
            name = _attribute(it, "name") or "?"
            names.append(name.removesuffix(f" ({' / '.join(names) or 'code'})") if made_here else name)
        yield _attribute(element, "guid"), "/".join(names)


def _users(root: _Element) -> Iterator[tuple[str, str]]:
    for element in root.iter("{*}User"):
        if name := _attribute(element, "name") or _attribute(element, "id"):
            yield _attribute(element, "guid"), name


def _is_text(source: _Element) -> bool:
    return bool(source.get("plainTextPath")) or any(
        local_name(child) in ("PlainTextContent", "PlainTextSelection")
        for child in source
        if isinstance(child.tag, str)
    )


def _source(source: _Element, known: _Known, texts: _Texts, path: Path, context: ReadContext) -> Iterator[Readable]:
    inline = next((child.text for child in source if _is(child, "PlainTextContent")), None)
    text = inline or (texts.read(address) if (address := _attribute(source, "plainTextPath")) else None)
    if text is not None:
        coded = CodedText(
            id=_attribute(source, "guid") or _called(source),
            text=text,
            selections=tuple(_selections(source, known)),
            title=_called(source),
        )
        yield from coded_document(coded, path, context)


def _selections(source: _Element, known: _Known) -> Iterator[Selection]:
    for element in source:
        if not _is(element, "PlainTextSelection"):
            continue
        start, end = (_whole(element.get(name)) for name in ("startPosition", "endPosition"))
        if start is None or end is None:
            continue
        memos = (str(child.text or "").strip() for child in element if _is(child, "Description"))
        note, words = next(filter(None, memos), None), _long_enough(element.get("name"))
        for coder, codes in _by_coder(element, known):
            yield Selection(start=start, end=end, codes=codes, coder=coder, note=note, words=words)


def _by_coder(element: _Element, known: _Known) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Who coded a selection, and with what; who made it where its codings name nobody."""
    own = known.users.get(element.get("creatingUser") or "")
    given: dict[str | None, dict[str, None]] = {}
    for coding in element:
        if _is(coding, "Coding"):
            codes = given.setdefault(known.users.get(coding.get("creatingUser") or "", own), {})
            refs = (ref.get("targetGUID") for ref in coding if _is(ref, "CodeRef"))
            codes.update((known.codes[ref], None) for ref in refs if ref in known.codes)
    for coder, codes in (given or {own: {}}).items():
        yield coder, tuple(codes)


def _long_enough(name: str | None) -> str | None:
    """A selection's name where it is its words, as some tools have it; a label of one or two words is none."""
    return name if name and len(name.split()) > 2 else None


def _other_sources(root: _Element) -> Iterator[Finding]:
    others = root.iter("{*}PictureSource", "{*}AudioSource", "{*}VideoSource", "{*}PDFSource")
    wordless = [it for it in others if not any(_is_text(child) for child in it.iter() if isinstance(child.tag, str))]
    if wordless:
        message = "pictures, recordings and PDFs without a text were left out"
        yield Finding(code="no-text-source", message=message, count=len(wordless))


def _called(source: _Element) -> str:
    parent: Any = source.getparent()
    own = _attribute(source, "name")
    return own or (_attribute(parent, "name") if parent is not None else "") or "a source without a name"


def _attribute(element: _Element, name: str) -> str:
    return str(element.get(name) or "").strip()


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and local_name(element) == name


def _whole(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 12 else None
