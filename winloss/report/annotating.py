"""A copy of a deck with what was found written beside it: comments in Word, notes in PowerPoint, footnotes in Markdown.

The deck's own words stay as they are.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from winloss.errors import ConfigError
from winloss.model.auditing import SynthesisAudit
from winloss.report.audit_texts import basis, headline, left_out_line, note, quote_note
from winloss.report.texts import RoleLabel

__all__ = ["SUFFIXES", "annotated"]

SUFFIXES: Mapping[str, str] = {"docx": ".docx", "pptx": ".pptx", "md": ".md", "txt": ".txt", "pdf": ".pdf"}
"""Form of a deck -> suffix of its annotated copy."""
AUTHOR, INITIALS = "winloss", "wl"
LEFT_OUT_SHOWN = 12


def annotated(content: bytes, audit: SynthesisAudit, *, role_label: RoleLabel) -> bytes:
    """The deck with the audit beside its claims and quotations; `content` is the file as it was given.

    Raises:
        ConfigError: a list of themes has no place for remarks.
    """
    beside = _beside(audit, role_label)
    if audit.form == "docx":
        return _word(content, audit, beside)
    if audit.form == "pptx":
        return _slides(content, audit, beside)
    if audit.form == "pdf":
        return _pages(content, audit, beside)
    if audit.form in ("md", "txt"):
        return _lines(content, audit, beside)
    raise ConfigError("a list of themes cannot be annotated", hint="Name a file that ends in .html or .json.")


def _beside(audit: SynthesisAudit, role_label: RoleLabel) -> Mapping[int, list[str]]:
    """What is to be written at each place of the file, claims before quotations."""
    notes: dict[int, list[str]] = defaultdict(list)
    many = {place for place, count in _counted(audit).items() if count > 1}
    for claim in audit.claims:
        lead = f"“{claim.claim.text}”\n" if claim.claim.place in many or audit.form in ("pptx", "pdf") else ""
        notes[claim.claim.place].append(lead + note(claim, role_label))
    for quote in audit.quotes:
        notes[quote.place].append(quote_note(quote))
    return notes


def _counted(audit: SynthesisAudit) -> Mapping[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for claim in audit.claims:
        counted[claim.claim.place] += 1
    return counted


def _summary(audit: SynthesisAudit) -> Iterator[str]:
    yield f"{headline(audit)}."
    yield basis(audit)
    if audit.left_out:
        yield "No claim of this deck speaks of:"
        for item in audit.left_out[:LEFT_OUT_SHOWN]:
            yield f"- {left_out_line(item)}"


def _clean(text: str) -> str:
    """The text without control characters, which office files refuse."""
    return "".join(
        letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and not 0xD800 <= ord(letter) < 0xE000)
    )


# --- Word ------------------------------------------------------------------------------------------------------------


def _word(content: bytes, audit: SynthesisAudit, beside: Mapping[int, Sequence[str]]) -> bytes:
    import docx
    from docx.text.paragraph import Paragraph

    document = docx.Document(io.BytesIO(content))
    pieces = list(document.iter_inner_content())
    first = True
    for place, piece in enumerate(pieces):
        runs = piece.runs if isinstance(piece, Paragraph) else _cell_runs(piece)
        notes = list(beside.get(place, ()))
        if first and runs:
            notes.insert(0, "\n".join(_summary(audit)))
            first = False
        if notes and not runs:
            runs = [piece.add_run("")] if isinstance(piece, Paragraph) else []
        for text in notes if runs else ():
            document.add_comment(runs, text=_clean(text), author=AUTHOR, initials=INITIALS)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _cell_runs(table: Any) -> list[Any]:
    """The runs of the first cell of a table that has any."""
    for row in table.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                if paragraph.runs:
                    return list(paragraph.runs)
    return []


# --- PowerPoint ------------------------------------------------------------------------------------------------------


def _slides(content: bytes, audit: SynthesisAudit, beside: Mapping[int, Sequence[str]]) -> bytes:
    import pptx

    deck = pptx.Presentation(io.BytesIO(content))
    for place, slide in enumerate(deck.slides):
        notes = list(beside.get(place, ()))
        if place == 0:
            notes.insert(0, "\n".join(_summary(audit)))
        if not notes:
            continue
        frame = slide.notes_slide.notes_text_frame
        if frame is None:
            continue
        marked = "\n\n".join(["— winloss audit —", *notes])
        for line in f"{'' if not frame.text.strip() else chr(10)}{marked}".split("\n"):
            paragraph = frame.paragraphs[0] if not frame.text and len(frame.paragraphs) == 1 else frame.add_paragraph()
            paragraph.text = _clean(line)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


# --- PDF -------------------------------------------------------------------------------------------------------------


def _pages(content: bytes, audit: SynthesisAudit, beside: Mapping[int, Sequence[str]]) -> bytes:
    """Sticky notes in the margin of each page, one below the other."""
    import pypdf
    from pypdf.annotations import Text

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(content), strict=False))
    for place, page in enumerate(writer.pages):
        notes = list(beside.get(place, ()))
        if place == 0:
            notes.insert(0, "\n".join(_summary(audit)))
        left, top = float(page.mediabox.left) + 8, float(page.mediabox.top) - 12
        for number, text in enumerate(notes):
            low = top - 24 * (number + 1)
            writer.add_annotation(
                page_number=place, annotation=Text(text=_clean(text), rect=(left, low, left + 20, low + 20))
            )
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


# --- Text ------------------------------------------------------------------------------------------------------------


def _lines(content: bytes, audit: SynthesisAudit, beside: Mapping[int, Sequence[str]]) -> bytes:
    """Footnotes: a mark at the end of the line, the note after the text; the summary comes last."""
    text = content.decode("utf-8-sig", "replace")
    lines = text.splitlines()
    marks: dict[int, list[str]] = defaultdict(list)
    feet: list[str] = []
    for place in sorted(beside):
        for words in beside[place]:
            name = f"audit-{len(feet) + 1}"
            marks[place].append(f"[^{name}]")
            feet.append(f"[^{name}]: " + words.replace("\n", "\n    "))
    marked = [_with_marks(line, marks.get(number, ())) for number, line in enumerate(lines)]
    end = ["", "---", "", "**winloss audit**", "", *_summary(audit), "", *feet, ""]
    return "\n".join([*marked, *end]).encode("utf-8", "replace")


def _with_marks(line: str, marks: Sequence[str]) -> str:
    if not marks:
        return line
    joined = "".join(marks)
    bare = line.rstrip()
    return f"{bare[:-1].rstrip()} {joined} |" if bare.endswith("|") else bare + joined
