"""How survey tools lay out their tables: one to three header rows, questions over several columns, written answers.

A layout says for every question which columns hold it, and which questions were answered in one's own words. Closed
answers stay beside the response; what only identifies a person or a computer is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.aliases import fields_by_alias, left_over, plain_header
from ingest.markup import plain_text
from ingest.table_mapping import Condition, Field, TableMapping
from winloss.model import SourceKind

RESPONDENT = "Respondent"
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "id": ("respondentid", "responseid", "id"),
    "date": ("recordeddate", "createdat", "enddate", "startdate", "datecreated", "submitted", "submittedat", "date"),
    "speaker": ("name", "fullname", "respondentname", "contactname"),
    "email": ("emailaddress", "recipientemail", "email"),
    "job_title": ("jobtitle", "title", "role", "whatisyourrole", "whatisyourjobtitle", "whatisyourtitle", "yourrole"),
    "account": (
        *("company", "companyname", "account", "accountname", "organization", "organisation"),
        *("whichcompanydoyouworkfor", "whatisyourcompany", "whatisyourcompanyname"),
    ),
    "segment": ("segment", "accountsegment", "customersegment"),
    "language": ("userlanguage", "language"),
    "url": ("permalink", "responselink"),
    "tags": ("tags",),
}
_OF_NO_USE = frozenset(
    {
        *("collectorid", "startdate", "enddate", "status", "responsetype", "progress", "durationinseconds", "finished"),
        *("recordeddate", "distributionchannel", "recipientlastname", "recipientfirstname", "firstname", "lastname"),
        *("responseset", "updatedat", "datemodified", "surveyid", "customvariables"),
    }
)
_KNOWN = frozenset(name for names in _ABOUT.values() for name in names)
_SCORES = frozenset({"score", "npsscore", "nps", "rating", "csat", "ces"})
_NPS = frozenset({"nps", "npsscore"})
_COMMENTS = frozenset({"comment", "comments", "feedback", "reason", "verbatim", "reasonforscore", "reasonforyourscore"})
_WRITTEN = re.compile(r"(?i)open[- ]ended response|other\b.*specify|please (?:explain|specify|describe)|comments?")
_NOTHING = frozenset({"-", "--", "–", "—", ".", "n/a", "n.a.", "anonymous"})
_TICKED = frozenset({"1", "x", "✓", "true"})
_RECOMMENDS = re.compile(r"(?i)\blikel\w+\b.{0,60}\brecommend")
_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A survey's table: how many rows are header, the columns of each question, and what they mean.

    `places` has for every name the columns that it is read from, each with the answer that it stands for. `score` is
    the name of a score from 0 to 10 by which somebody would recommend.
    """

    tool: str
    header_rows: int
    places: Mapping[str, tuple[tuple[int, str], ...]]
    mapping: TableMapping
    score: str | None = None


@dataclass(slots=True)
class _Questions:
    """Names in order, with where each stands; `written` are those answered in one's own words."""

    places: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def add(self, name: str, column: int, *, answer: str = "", written: bool = False) -> None:
        """A column of a question; columns of one question that stand for answers are read together."""
        if name in self.places and (written or not answer):
            name = next(other for number in range(2, 9999) if (other := f"{name} ({number})") not in self.places)
        self.places[name] = (*self.places.get(name, ()), (column, answer))
        if written:
            self.written.append(name)


def layout_of(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The layout that the first rows of a table show, or None where it is no survey's."""
    if len(rows) < 2:
        return None
    plain = {plain_header(cell) for cell in rows[0]}
    if {"respondentid", "collectorid"} <= plain:
        return _survey_monkey(rows)
    if len(rows) > 2 and any('{"ImportId"' in cell for cell in rows[2]):
        return _qualtrics(rows, imported=True)
    if "responseid" in plain and {"recordeddate", "responseset", "finished"} & plain and _repeats(rows):
        return _qualtrics(rows, imported=False)
    if "surveytype" in plain and plain & _SCORES:
        return _plain(rows, "Delighted")
    return _plain(rows, "survey") if _is_survey(rows, plain) else None


def answers(cells: Sequence[str], layout: Layout) -> dict[str, str]:
    """One response by the names of its questions; ticked answers of one question joined by `; `."""
    found = {}
    for name, places in layout.places.items():
        told = []
        for column, answer in places:
            cell = cells[column].strip() if column < len(cells) else ""
            cell = "" if cell.casefold() in _NOTHING else cell
            told.append(answer if answer and cell.casefold() in _TICKED else cell)
        found[name] = "; ".join(filter(None, told))
    return found


def nps_group(score: str) -> str | None:
    """Detractor, passive or promoter by a score of 0 to 10 (Reichheld 2003); None for anything else."""
    if not score.isascii() or not score.isdigit() or not 0 <= int(score) <= 10:
        return None
    return "detractor" if int(score) <= 6 else "passive" if int(score) <= 8 else "promoter"


def _survey_monkey(rows: Sequence[Sequence[str]]) -> Layout:
    """Two header rows: a question over its columns, and below it the answer that each column stands for."""
    questions, last = _Questions(), ""
    below = [*rows[1], *[""] * len(rows[0])]
    for column, (top, answer) in enumerate(zip(rows[0], below, strict=False)):
        last, answer = top.strip() or last, answer.strip()
        if not answer or answer == "Response" or plain_header(last) in _KNOWN:
            questions.add(last or f"column {column + 1}", column)
        elif _WRITTEN.search(answer) or _is_written(rows[2:], column, answer):
            own = last if _WRITTEN.fullmatch(answer) and "other" not in answer.casefold() else f"{last} – {answer}"
            questions.add(own, column, written=True)
        else:
            questions.add(last, column, answer=answer)
    return _layout("SurveyMonkey", 2, questions)


def _qualtrics(rows: Sequence[Sequence[str]], *, imported: bool) -> Layout:
    """Names, labels, and in newer exports an import id that ends in `_TEXT` for every written answer."""
    questions = _Questions()
    labels = [*rows[1], *[""] * len(rows[0])]
    ids = [*(rows[2] if imported else ()), *[""] * len(rows[0])]
    for column, (name, label, told) in enumerate(zip(rows[0], labels, ids, strict=False)):
        known = plain_header(name) in _OF_NO_USE | _KNOWN
        called = name.strip() if known or not label.strip() else plain_text(label)[0] or name.strip()
        written = not known and (
            '_TEXT"' in told
            if imported
            else _is_written(rows[2:], column, "") and not plain_header(name).endswith("id")
        )
        questions.add(called or f"column {column + 1}", column, written=written)
    return _layout("Qualtrics", 3 if imported else 2, questions)


def _plain(rows: Sequence[Sequence[str]], tool: str) -> Layout:
    """One header row; questions are columns that end in a question mark, and the comment."""
    questions = _Questions()
    for column, name in enumerate(rows[0]):
        asked = name.strip().endswith(("?", "？")) and _is_written(rows[1:], column, "")
        written = asked or plain_header(name) in _COMMENTS
        questions.add(name.strip() or f"column {column + 1}", column, written=written)
    return _layout(tool, 1, questions)


def _layout(tool: str, header_rows: int, questions: _Questions) -> Layout:
    names = tuple(questions.places)
    fields = fields_by_alias([name for name in names if name not in questions.written], _ABOUT)
    plain = {plain_header(name): name for name in names}
    for first, last in (("firstname", "lastname"), ("recipientfirstname", "recipientlastname")):
        if first in plain and last in plain and "speaker" not in fields:
            fields["speaker"] = (Field(template=f"{{{plain[first]}}} {{{plain[last]}}}"),)
    if "tags" in fields:
        fields["tags"] = (Field(columns=fields["tags"][0].columns, separator=","),)
    comment = next((name for name in questions.written if plain_header(name) in _COMMENTS), None)
    if comment and len(comment.split()) < _WORDS:
        fields["text"] = (Field(columns=(comment,)),)
    unread = tuple(name for name in names if plain_header(name) in _OF_NO_USE)
    rest = left_over([name for name in names if name not in (*questions.written, *unread)], fields)
    mapping = TableMapping(
        kind=SourceKind.SURVEY,
        fields=fields,
        constants={"speaker": RESPONDENT},
        values={},
        known={},
        where=tuple(_conditions(plain)),
        questions=tuple(name for name in questions.written if name != comment or "text" not in fields),
        meta=rest,
        ignore=names,
    )
    score = next((name for name in names if _RECOMMENDS.search(name) and "group" not in name.casefold()), None)
    known = _SCORES if tool == "Delighted" else _NPS
    score = score or next((name for name in names if plain_header(name) in known), None)
    return Layout(tool=tool, header_rows=header_rows, places=questions.places, mapping=mapping, score=score)


def _conditions(plain: Mapping[str, str]) -> Iterator[Condition]:
    """Previews, tests and spam are no answers, and neither is what nobody finished."""
    if "status" in plain:
        refused = frozenset(
            {"survey preview", "1", "survey test", "2", "spam", "8", "preview", "offline survey preview"}
        )
        yield Condition(column=plain["status"], refused=refused)
    if "finished" in plain:
        yield Condition(column=plain["finished"], refused=frozenset({"false", "0", "no"}))


def _repeats(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the second row names the columns again, in other words."""
    named = [plain_header(cell) for cell in rows[1]]
    return "responseid" in named or sum(bool(cell) and not cell.isdigit() for cell in named) > 0.8 * len(rows[0])


def _is_survey(rows: Sequence[Sequence[str]], plain: set[str]) -> bool:
    if plain & {"interviewid", "inquiryid", "stage", "stagename", "dealstage"}:
        return False
    if plain & _SCORES and plain & _COMMENTS:
        return True
    asked = [number for number, name in enumerate(rows[0]) if name.strip().endswith(("?", "？"))]
    answered = any(_is_written(rows[1:], column, "") for column in asked)
    return bool(plain & {"respondentid", "responseid"}) and answered


def _is_written(rows: Iterable[Sequence[str]], column: int, answer: str) -> bool:
    """Whether a column holds answers in one's own words: several words, mostly different ones each time."""
    cells = [cell for row in rows if len(row) > column and (cell := row[column].strip()) and cell != answer]
    if not cells:
        return False
    wordy = sum(len(cell.split()) >= _WORDS for cell in cells)
    return 4 * wordy >= len(cells) and 2 * len(set(cells)) > len(cells)
