"""Our own tables to fill in: inquiries, interviews, deals, accounts, and the manifest of a folder of interviews.

Each has a header that the readers know without a mapping, and one example row that they leave out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.rows import EXAMPLE
from winloss.errors import ConfigError

SHEET, HELP_SHEET = "Fill this in", "How to fill this in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with what belongs in it and an example."""

    name: str
    about: str
    example: str


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, about=about, example=example) for name, about, example in rows)


TEMPLATES: Mapping[str, tuple[Column, ...]] = {
    "inquiries": _columns(
        ("inquiry_id", "A number or name of your own; the same one corrects an inquiry later. Needed.", EXAMPLE),
        ("date", "The day of the inquiry, as 2026-04-09.", "2026-04-09"),
        ("firm", "The analyst firm.", "Example Research"),
        ("analyst", "Who took the inquiry.", "A. Nalyst"),
        ("research_area", "As the firm calls it.", "Security operations"),
        ("buyer_org_descriptor", "What kind of organisation asked; never its name.", "a hospital network"),
        ("buyer_role", "The job title of who asked.", "Director SecOps"),
        ("buyer_region", "Where they are.", "North America"),
        ("buyer_size_band", "How large they are.", "1000-5000"),
        ("buyer_industry", "What they do.", "Healthcare"),
        ("inquiry_type", "Such as shortlist review, contract review, strategy.", "shortlist review"),
        ("vendors_named", "Whom they named, separated by semicolons.", "VendorA; VendorB"),
        (
            "question_verbatim",
            "What they asked, in their words. Needed.",
            "How do peers cap ingestion cost in year two?",
        ),
        ("segment", "A segment of your codebook, where you know it.", "federal"),
        (
            "confidentiality",
            "analyst-contract (never quoted outside), internal, anonymous or named.",
            "analyst-contract",
        ),
        ("notes", "Anything else; kept, not counted.", ""),
    ),
    "interviews": _columns(
        ("Interview ID", "One for each interview; its rows belong together. Needed.", EXAMPLE),
        ("Interview Date", "The day of the interview, as 2026-04-14.", "2026-04-14"),
        ("Account Name", "As your CRM has it.", "Example Health"),
        ("Interviewee", "A name or a code.", "P-0142"),
        ("Job Title", "The title in the buyer's own words.", "Director SecOps"),
        ("Outcome", "won, lost to competitor, no decision, churned, renewed or open.", "lost to competitor"),
        ("Competitor", "Who won, where they lost to somebody.", "Example Rival"),
        ("Segment", "A segment of your codebook, where the account does not tell it.", "federal"),
        ("Decision Driver", "A tag of yours for what the quote is about.", "total cost"),
        ("Question", "What the interviewer asked.", "What decided it?"),
        ("Quote", "What the buyer said, to the letter. Needed.", "Nobody could show me what year two would cost."),
    ),
    "deals": _columns(
        ("Opportunity ID", "The CRM's id. Needed.", EXAMPLE),
        ("Opportunity Name", "As in the CRM.", "Example Health - EDR"),
        ("Account Name", "As in the CRM; interviews are joined by it. Needed.", "Example Health"),
        ("Stage", "The CRM's stage, such as Closed Won.", "Closed Lost"),
        ("Outcome", "won, lost to competitor, no decision, churned, renewed or open.", "lost to competitor"),
        ("Competitor", "Who won, where you lost to somebody.", "Example Rival"),
        ("Amount", "A number.", "185000"),
        ("Created Date", "As 2025-11-02.", "2025-11-02"),
        ("Close Date", "As 2026-03-30.", "2026-03-30"),
        ("Loss Reason", "As the CRM states it.", "Price"),
    ),
    "accounts": _columns(
        ("Account Name", "As in your CRM. Needed.", f"{EXAMPLE} Health"),
        ("Website", "Its domain; accounts of one domain are one account.", "health.example"),
        ("Industry", "What they do.", "Healthcare"),
        ("Employees", "A number.", "1200"),
        ("Annual Revenue", "A number.", "120000000"),
        ("Country", "Where they are.", "United States"),
        ("Region", "Your own sales region.", "NA"),
        ("Ownership", "public, private, government …", "private"),
        ("Segment", "A segment of your codebook, where its rules do not tell it.", "mid-market commercial"),
        ("Regulations", "Separated by semicolons.", "HIPAA; SOC 2"),
        ("Technologies", "Vendor and product, separated by semicolons.", "Example SIEM; Example EDR"),
        ("Signals", "Such as new CISO, breach disclosure, funding; separated by semicolons.", "new CISO"),
    ),
    "manifest": _columns(
        ("file", "The transcript's file name in this folder. Needed.", f"{EXAMPLE}.vtt"),
        ("companion_file", "A file that belongs to it, such as Gong's extensive call.", ""),
        ("interview_date", "As 2026-04-14.", "2026-04-14"),
        ("account", "As your CRM has it.", "Example Health"),
        ("segment", "A segment of your codebook, where the account does not tell it.", "federal"),
        ("outcome", "won, lost to competitor, no decision, churned, renewed or open.", "won"),
        ("competitor", "Who else was considered, or won.", "Example Rival"),
        (
            "participants",
            "Name=Title of everybody, separated by semicolons; a title such as Win/Loss Interviewer tells who asked.",
            "Priya Nair=CISO, Example Health; Dana Ortiz=Win/Loss Interviewer",
        ),
        (
            "speaker_labels",
            "Who is who where the transcript only numbers them.",
            "Speaker 1=Dana Ortiz; Speaker 2=Priya Nair",
        ),
        ("rights", "named, anonymous, internal or no_quote; where the file says one too, the stricter.", "anonymous"),
    ),
}
"""The columns of each template, in order."""


def template_csv(kind: str) -> str:
    """The template as CSV: its header and an example row."""
    columns = TEMPLATES[kind]
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow([column.name for column in columns])
    rows.writerow([column.example for column in columns])
    return written.getvalue()


def write_template(kind: str, target: Path) -> None:
    """Write the template as `.csv`, or as `.xlsx` with a second sheet that explains every column.

    Raises:
        ConfigError: another suffix, or the file is there already.
    """
    if target.exists():
        raise ConfigError(f"{target} is there already", hint="Name another file with --out.")
    if target.suffix == ".csv":
        target.write_text(template_csv(kind), encoding="utf-8-sig", newline="")
    elif target.suffix == ".xlsx":
        _write_sheets(kind, target)
    else:
        raise ConfigError(f"cannot write {target.suffix!r}", hint="Name a file that ends in .csv or .xlsx.")


def _write_sheets(kind: str, target: Path) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=False)
    del book[book.sheetnames[0]]
    table, told = book.create_sheet(SHEET), book.create_sheet(HELP_SHEET)
    table.append([column.name for column in TEMPLATES[kind]])
    table.append([column.example for column in TEMPLATES[kind]])
    told.append(["Column", "What belongs in it", "Example"])
    for number, column in enumerate(TEMPLATES[kind], start=1):
        told.append([column.name, column.about, column.example])
        table.column_dimensions[get_column_letter(number)].width = max(14, len(column.name) + 4)
    told.append([f"The row that begins with {EXAMPLE} is an example and is never read; write over it or leave it."])
    for sheet in (table, told):
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    for letter, width in (("A", 24), ("B", 70), ("C", 48)):
        told.column_dimensions[letter].width = width
    for row in told.iter_rows(min_row=2, max_col=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.save(target)
