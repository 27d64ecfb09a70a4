"""The text layer of a PDF, page by page, without the lines that every page repeats."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winloss.errors import MalformedSource

LARGEST = 256 << 20
MAX_PAGES = 3000
MAX_CHARACTERS = 20_000_000
EDGE = 3
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—\[(]?\s*(?:(?:page|seite|p\.?|s\.)\s*)?#(?:\s*(?:/|of|von|de|sur)\s*#)?\s*[-–—\])]?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """The pages joined by line ends, the lines left out because every page repeats them, and pages without words."""

    text: str
    repeated: tuple[str, ...] = ()
    left_out: int = 0
    blank_pages: int = 0
    broken_pages: int = 0
    title: str | None = None


def pdf_text(path: Path) -> PdfText:
    """The words of a PDF in the order in which it draws them, line breaks as they stand on the page.

    Raises:
        MalformedSource: broken, locked by a password, too large, or pictures of text without a text layer.
    """
    lines, broken, title = _lines(path)
    repeated = _repeated(lines)
    kept = [_without(page, repeated) for page in lines]
    return PdfText(
        text="\n".join("\n".join(page) for page in kept if page),
        repeated=tuple(sorted(repeated)),
        left_out=sum(map(len, lines)) - sum(map(len, kept)),
        blank_pages=sum(not any(map(str.strip, page)) for page in lines) - broken,
        broken_pages=broken,
        title=title,
    )


def page_lines(path: Path) -> list[list[str]]:
    """The lines of every page as they stand on it, without those that every page repeats.

    Raises:
        MalformedSource: as for `pdf_text`.
    """
    lines, _, _ = _lines(path)
    repeated = _repeated(lines)
    return [_without(page, repeated) for page in lines]


def _lines(path: Path) -> tuple[list[list[str]], int, str | None]:
    """The lines of every page, how many pages cannot be read, and the title."""
    if path.stat().st_size > LARGEST:
        raise _refused(path, f"is larger than {LARGEST >> 20} MiB", "Save the pages with the interview by themselves.")
    pages, broken, title = _pages(path)
    lines = [[line.rstrip() for line in page.splitlines()] for page in pages]
    if not any(line.strip() for page in lines for line in page):
        hint = "It is probably scanned. Run text recognition (OCR) on it, or ask for the transcript as Word or text."
        raise _refused(path, "has no text in it, only pictures of pages", hint)
    return lines, broken, title


def _pages(path: Path) -> tuple[list[str], int, str | None]:
    """The text of every page; those that cannot be read are empty and counted."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path, strict=False)
        locked = reader.is_encrypted and not _unlocked(reader)
        count = 0 if locked else len(reader.pages)
        title = None if locked else _title(reader)
    except Exception as error:
        raise _refused(path, "is not a readable PDF", "Save it again, or save it as Word or text.") from error
    if locked:
        raise _refused(path, "is locked by a password", "Save a copy without the password, or as Word or text.")
    if count > MAX_PAGES:
        raise _refused(path, f"has {count:,} pages", "Save the pages with the interview by themselves.")
    return *_texts(path, reader, count), title


def _texts(path: Path, reader: Any, count: int) -> tuple[list[str], int]:
    texts: list[str] = []
    broken = total = 0
    for number in range(count):
        try:
            texts.append(reader.pages[number].extract_text())
        except Exception:  # noqa: BLE001  (one broken page does not lose the others)
            broken += 1
            texts.append("")
        total += len(texts[-1])
        if total > MAX_CHARACTERS:
            raise _refused(path, "holds more text than any interview", "Save the pages with the interview alone.")
    return texts, broken


def _unlocked(reader: Any) -> bool:
    """Whether the empty password opens it: such files only ask not to be printed or copied."""
    return bool(reader.decrypt(""))


def _title(reader: Any) -> str | None:
    title = reader.metadata.title if reader.metadata else None
    return title.strip() or None if isinstance(title, str) else None


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lines at the edges of at least three pages, and of at least half of all, that differ in numbers only.

    Numbers of pages count from two pages on.
    """
    filled = [page for page in pages if any(map(str.strip, page))]
    seen = Counter(shape for page in filled for shape in {_shape(page[place]) for place in _edges(page)})
    return frozenset(
        shape
        for shape, count in seen.items()
        if 2 * count >= len(filled) and count >= (2 if _PAGE_NUMBER.fullmatch(shape) else 3)
    )


def _without(page: Sequence[str], repeated: frozenset[str]) -> list[str]:
    dropped = {place for place in _edges(page) if _shape(page[place]) in repeated}
    return [line for place, line in enumerate(page) if place not in dropped]


def _edges(page: Sequence[str]) -> list[int]:
    """Where the first and last filled lines of a page are."""
    filled = [place for place, line in enumerate(page) if line.strip()]
    return sorted({*filled[:EDGE], *filled[-EDGE:]})


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _refused(path: Path, what: str, hint: str) -> MalformedSource:
    return MalformedSource(f"{path.name} {what}", hint=hint, path=str(path))
