"""What Word and PowerPoint files share: templates to start from, and the same bytes for the same report."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import Any

from winloss.errors import ConfigError
from winloss.model import Report
from winloss.quarter import Quarter
from winloss.report.texts import LANGUAGE, printable

CONTENT_TYPES = "[Content_Types].xml"
LARGEST_TEMPLATE = 256 << 20
"""Unpacked. A template holds some pictures, no films."""
PROGRAMS = {"docx": "Word", "pptx": "PowerPoint"}
INK, SOFT, ACCENT = "1C1D21", "5D616B", "8C2F1B"
SERIF, SANS = "Georgia", "Calibri"
"""The house's colours and faces, where no template brings its own."""
_MAIN = "application/vnd.openxmlformats-officedocument."
_KINDS = {
    "docx": (f"{_MAIN}wordprocessingml.document.main+xml", f"{_MAIN}wordprocessingml.template.main+xml"),
    "pptx": (f"{_MAIN}presentationml.presentation.main+xml", f"{_MAIN}presentationml.template.main+xml"),
}
"""Kind of file -> what its main part is called in a document, and in a template."""
_OLD = b"\xd0\xcf\x11\xe0"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, SyntaxError, NotImplementedError, RuntimeError),
    *(KeyError, IndexError, TypeError, AttributeError, ValueError, OverflowError),
)
_MADE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def as_document(content: bytes, kind: str) -> bytes:
    """A template of Word or PowerPoint as an ordinary file of that kind, which the libraries open; others as they are.

    Raises:
        ConfigError: it is another kind of file, or cannot be read; the hint says what to do.
    """
    names = _directory(content, kind)
    types = names.get(CONTENT_TYPES, b"").decode("utf-8", "replace")
    document, template = _KINDS[kind]
    if document in types:
        return content
    if template in types:
        return _replaced(content, CONTENT_TYPES, types.replace(template, document).encode())
    raise ConfigError(f"the template is {_called(types)}, not a {PROGRAMS[kind]} file", hint=_wanted(kind))


@contextmanager
def filling(template: bytes | None, kind: str) -> Iterator[None]:
    """Writing into somebody's template: what fails because of how it is made is told as that.

    Raises:
        ConfigError: the template is damaged.
    """
    if template is None:
        yield
        return
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    try:
        yield
    except (*_BROKEN, OpcError, XmlchemyError, PythonPptxError, LxmlError) as error:
        raise ConfigError(
            f"the template cannot be used: {type(error).__name__}",
            hint=f"Open it in {PROGRAMS[kind]}, save it as a new file, and give that one.",
        ) from error


def describe(properties: Any, report: Report) -> None:
    """The properties of the file: what it is and of which quarter; nothing of who or which machine made it."""
    day = datetime.combine(Quarter.parse(report.quarter).end, time(), UTC).replace(tzinfo=None)
    properties.title = printable(report.title)[:255]
    properties.subject = printable(report.label)[:255]
    properties.language = LANGUAGE
    properties.created = properties.modified = day
    properties.revision = 1
    for name in ("author", "last_modified_by", "comments", "keywords", "category", "content_status", "identifier"):
        setattr(properties, name, "")


def without_leftovers(relations: Any) -> None:
    """Drop what a package says of the file it was made from: its thumbnail, its statistics, its own properties."""
    for name, relation in list(relations.items()):
        if not relation.reltype.endswith(("/officeDocument", "/core-properties")):
            relations.pop(name)


def settled(content: bytes) -> bytes:
    """The same zip without the moments in which its members were written, so that a report is the same file again.

    The workbooks behind charts say when they were made as well; they lose that too.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            member = zipfile.ZipInfo(name, date_time=_EARLIEST)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            out.writestr(member, _settled_part(name, archive.read(name)))
    return written.getvalue()


def _settled_part(name: str, content: bytes) -> bytes:
    if not name.endswith(".xlsx"):
        return content
    inner = settled(content)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return inner
        told = archive.read("docProps/core.xml")
    return _replaced(inner, "docProps/core.xml", _MADE.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", told))


def _directory(content: bytes, kind: str) -> dict[str, bytes]:
    """The list of types of an office file, once it is known to be one that can be unpacked."""
    if content.startswith(_OLD):
        message = "the template has a password, or is of the kind that was written before 2007"
        raise ConfigError(message, hint=f"Open it in {PROGRAMS[kind]} and save it as .{kind} without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_TEMPLATE:
                raise ConfigError(
                    f"the template unpacks to more than {LARGEST_TEMPLATE >> 20} MB",
                    hint="Take films and large pictures out of it.",
                )
            if CONTENT_TYPES in archive.namelist():
                return {CONTENT_TYPES: archive.read(CONTENT_TYPES)}
    except _BROKEN as error:
        raise ConfigError("the template is no office file, or a damaged one", hint=_wanted(kind)) from error
    raise ConfigError("the template is a zip file, but no office file", hint=_wanted(kind))


def _called(types: str) -> str:
    if "macroEnabled" in types:
        return "a file with macros"
    if any(name in types for name in _KINDS["docx"]):
        return "a Word file"
    if any(name in types for name in _KINDS["pptx"]):
        return "a PowerPoint file"
    return "a spreadsheet" if "spreadsheetml" in types else "some other office file"


def _wanted(kind: str) -> str:
    return f"A report as .{kind} takes a template that ends in .{kind} or .{'dotx' if kind == 'docx' else 'potx'}."


def _replaced(content: bytes, name: str, part: bytes) -> bytes:
    """The zip with one of its members replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        for member in archive.infolist():
            out.writestr(member, part if member.filename == name else archive.read(member.filename))
    return written.getvalue()
