"""Surveys: SurveyMonkey, Qualtrics, Delighted, and any table of scores or questions with written answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.aliases import plain_header
from ingest.json_files import shape, stream
from ingest.json_values import day_of_moment, object_in, objects_in, text_in, texts_in
from ingest.leftovers import Leftovers
from ingest.mapped import read_rows
from ingest.mapped_documents import ASKING
from ingest.remarks import Remarks
from ingest.rows import Row, Rows, headers, is_json, numbered_cells
from ingest.sniff import probe
from ingest.survey_tables import RESPONDENT, Layout, answers, layout_of, nps_group
from ingest.values import as_text
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable, ReadDocument, ReadTurn, Severity, Side, SourceKind
from winloss.ports import Format, Probe, ReadContext

_API = frozenset({"item.survey_type", "item.score", "item.comment"})
_UNDERSTOOD = frozenset(
    {
        *("id", "person", "survey_type", "score", "comment", "permalink", "created_at", "updated_at"),
        *("person_properties", "notes", "tags", "additional_answers"),
    }
)
_ROLES = ("role", "title", "job_title", "Role", "Title", "Job title")
_FIRMS = ("company", "account", "Company", "Account", "company_name")


class SurveyReader:
    """Survey responses. Each is one document: its written answers are turns, its closed ones stand beside them."""

    name = "surveys"
    title = "Surveys (SurveyMonkey, Qualtrics, Delighted, NPS tables)"
    family = "surveys"
    formats: tuple[Format, ...] = (
        Format(name="SurveyMonkey", looks="`.csv`, `.xlsx`", gives="a response each: questions, answers, score"),
        Format(name="Qualtrics", looks="`.csv`, `.tsv`", gives="a response each: questions, answers, score, language"),
        Format(name="Delighted", looks="`.csv`, `.json` (API)", gives="a response each: comment, score, tags"),
        Format(name="Any NPS or survey table", looks="`.csv`, `.xlsx`", gives="a response each: answers, score"),
    )

    def identify(self, probe: Probe) -> bool:
        """A header as survey tools write it, or Delighted's keys."""
        if is_json(probe.text):
            return shape(probe) >= _API
        return layout_of(headers(probe)) is not None

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:  # noqa: ARG002
        """One document a response; previews, unfinished and wordless responses are counted and left out.

        Raises:
            MalformedSource: not a table or not JSON.
        """
        seen = probe(path)
        if is_json(seen.text):
            yield from _delighted(path)
            return
        layout = layout_of(headers(seen))
        if layout is None:
            raise MalformedSource(f"{path.name} is no survey that we know", hint="Export it again.", path=str(path))
        cells, findings = numbered_cells(path)
        table = Rows(columns=tuple(layout.places), read=lambda: _rows(cells(), layout, findings), fixed=True)
        for thing in read_rows(path, table, layout.mapping, sift=lambda rows, remarks: _sifted(rows, layout, remarks)):
            yield _scored(thing, layout) if isinstance(thing, ReadDocument) else thing


def _rows(cells: Iterator[tuple[int, list[str]]], layout: Layout, findings: list[Finding]) -> Iterator[Row | Finding]:
    yield from findings
    for place, (number, row) in enumerate(cells):
        if place >= layout.header_rows:
            yield Row(where=f"row {number}", cells=answers(row, layout))


def _sifted(rows: Iterator[Row | Finding], layout: Layout, remarks: Remarks) -> Iterator[Row]:
    """The responses that count; those that the tool itself marks as none are told."""
    for row in rows:
        if isinstance(row, Finding):
            remarks.take(row)
            continue
        broken = [it for it in layout.mapping.where if not it.holds(as_text(row.cells.get(it.column)))]
        if broken:
            what = "unfinished" if broken[0].column.casefold() == "finished" else "a preview, a test or spam"
            remarks.add(
                "not-counted", f"a response is {what} and was left out", where=row.where, severity=Severity.INFO
            )
        else:
            yield row


def _scored(document: ReadDocument, layout: Layout) -> ReadDocument:
    """The response with its group by score; whoever answers a survey of buyers is one."""
    told = dict(document.meta)
    kind = next((value for name, value in told.items() if plain_header(name) == "surveytype"), "nps")
    group = nps_group(told.get(layout.score or "", "")) if kind.casefold() == "nps" else None
    known = {person.name: person for person in document.participants}
    speakers = dict.fromkeys(turn.speaker for turn in document.turns if turn.speaker not in (None, ASKING))
    buyers = [replace(known.get(name) or Participant(name=name), side=Side.BUYER) for name in speakers if name]
    return replace(
        document,
        participants=(*([known[ASKING]] if ASKING in known else ()), *buyers),
        tags=(*document.tags, *([group] if group else ())),
        meta={**told, **({"nps_group": group} if group else {})},
    )


def _delighted(path: Path) -> Iterator[Readable]:
    """The answer of Delighted's API: a list of responses; times are seconds since 1970."""
    left, silent = Leftovers(), 0
    for response in stream(path, "item"):
        if not isinstance(response, dict):
            continue
        left.look(response, _UNDERSTOOD)
        turns = tuple(_written(response))
        if not turns:
            silent += 1
            continue
        yield _response(response, turns)
    if silent:
        message = "responses without a written answer were left out"
        yield Finding(code="no-text", message=message, count=silent, severity=Severity.INFO)
    yield from left.findings()


def _written(response: Mapping[str, Any]) -> Iterator[ReadTurn]:
    who = _name(response)
    if comment := text_in(response, "comment"):
        yield ReadTurn(speaker=who, text=comment)
    for answer in objects_in(response, "additional_answers"):
        said = text_in(object_in(answer, "value"), "free_response")
        if said:
            if asked := text_in(object_in(answer, "question"), "text"):
                yield ReadTurn(speaker=ASKING, text=asked)
            yield ReadTurn(speaker=who, text=said)


def _name(response: Mapping[str, Any]) -> str:
    return text_in(object_in(response, "person"), "name") or RESPONDENT


def _response(response: Mapping[str, Any], turns: tuple[ReadTurn, ...]) -> ReadDocument:
    about, person = object_in(response, "person_properties"), object_in(response, "person")
    score = text_in(response, "score") or ""
    group = nps_group(score) if text_in(response, "survey_type") == "nps" else None
    used = {*_ROLES, *_FIRMS, "segment", "Segment"}
    told = {name.strip(): as_text(value).strip() for name, value in about.items() if isinstance(value, str | int)}
    told = {name: value for name, value in told.items() if name and value and name not in used}
    people = [Participant(name=ASKING, side=Side.INTERVIEWER)] if any(t.speaker == ASKING for t in turns) else []
    buyer = Participant(
        name=_name(response), title=text_in(about, *_ROLES), email=text_in(person, "email"), side=Side.BUYER
    )
    return ReadDocument(
        kind=SourceKind.SURVEY,
        external_id=text_in(response, "id") or f"{response.get('person')}-{response.get('created_at')}",
        turns=turns,
        happened_on=day_of_moment(response.get("created_at")),
        url=text_in(response, "permalink"),
        account=text_in(about, *_FIRMS),
        segment=text_in(about, "segment", "Segment"),
        tags=(*texts_in(response, "tags"), *([group] if group else [])),
        participants=(*people, buyer),
        meta={"score": score, **told, **({"nps_group": group} if group else {})} if score else told,
    )
