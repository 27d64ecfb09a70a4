"""The machinery on plain files, without a workspace: classify, cluster, compare; the same functions and numbers."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winloss.errors import MalformedSource, SourceError
from winloss.model import Scope, stable_id
from winloss.ports import Tools
from winloss.services.presenting import plain

TEXT_NAMES = ("text", "verbatim", "content", "body", "quote", "comment", "message")
ID_NAMES = ("id", "key", "external_id")
RESPONDENT_NAMES = ("respondent", "author", "speaker", "user")
CLASSIFIED_AT_ONCE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text of a file, who said it as far as a column tells, and all its other fields."""

    id: str
    text: str
    respondent: str
    fields: Mapping[str, Any]


def classify_lines(tools: Tools, name: str) -> Iterator[str]:
    """JSON lines `{"id", "facet", "scores", "role", "mode"}` for JSON lines `{"id", "text"[, "title"]}`.

    Raises:
        MalformedSource: a line is not a JSON object with a text; nothing of its batch is printed then.
    """
    batch: list[Line] = []
    for line in read_texts(name, "text"):
        batch.append(line)
        if len(batch) == CLASSIFIED_AT_ONCE:
            yield from _classified(tools, batch)
            batch = []
    yield from _classified(tools, batch)


def cluster_file(tools: Tools, name: str, column: str | None) -> dict[str, Any]:
    """The themes of a list of texts and which text is in which: the contract of `winloss cluster`."""
    from nlp.cluster import cluster, min_size_for
    from nlp.label import describe
    from nlp.unnamed import persons_in

    lines = list(read_texts(name, column))
    vectors = _encode(tools, lines)
    ids = [line.id for line in lines]
    settings = tools.settings
    found = cluster(vectors, keys=ids, min_size=min_size_for(len(ids), settings.theme_min_share), seed=settings.seed)
    labels = describe(
        {line.id: line.text for line in lines},
        found,
        people={line.respondent for line in lines if any(line.fields.get(name) for name in RESPONDENT_NAMES)},
        respondents=[line.respondent for line in lines],
        encode=tools.encoder().encode,
        persons=persons_in,
    )
    names = [stable_id("h", "any", label.exemplars[0]) for label in labels]
    assignments = {
        line.id: names[int(number)] if number >= 0 else None for line, number in zip(lines, found.labels, strict=True)
    }
    themes = [
        {
            "id": theme_id,
            "title": label.title,
            "terms": list(label.terms),
            "size": sum(1 for value in assignments.values() if value == theme_id),
            "exemplars": list(label.exemplars),
        }
        for theme_id, label in zip(names, labels, strict=True)
    ]
    return {"themes": themes, "assignments": assignments}


def compare_files(tools: Tools, history: Sequence[str], current: str, column: str | None) -> dict[str, Any]:
    """The drift detector on files: the contract of `winloss compare`. Each history file is one earlier period."""
    from nlp.drift import DriftSettings, drift, novelty

    periods = [list(read_texts(name, column)) for name in (*history, current)]
    lines = [line for period in periods for line in period]
    quarters = [f"{number:04d}" for number, period in enumerate(periods) for _ in period]
    now = periods[-1]
    vectors = _encode(tools, lines)
    settings = tools.settings
    verdict = drift(
        vectors,
        ids=[f"{quarter}/{line.id}" for quarter, line in zip(quarters, lines, strict=True)],
        respondents=[line.respondent for line in lines],
        quarters=quarters,
        strata=["all"] * len(lines),
        current=quarters[-1] if lines else "0000",
        scope=Scope(),
        settings=DriftSettings(
            permutations=settings.drift_permutations,
            history=settings.drift_history,
            delta=settings.drift_delta,
            seed=settings.seed,
        ),
    )
    scores = dict(
        zip([line.id for line in now], map(float, novelty(vectors[-len(now) :], vectors[: -len(now)])), strict=True)
    )
    texts = {line.id: line.text for line in now}
    emerging = [name.partition("/")[2] for node in verdict.nodes if node.kind == "emerging" for name in node.verbatims]
    fresh = sorted({name for name in emerging if name in texts}, key=lambda name: (-scores[name], name))
    return {
        "verdict": verdict.state.value,
        "sentence": verdict.sentence,
        "flags": list(verdict.flags),
        "statistics": plain(verdict.statistics),
        "new": [{"id": name, "text": texts[name], "novelty": scores[name]} for name in fresh],
        "scores": scores,
    }


def read_texts(name: str, column: str | None) -> Iterator[Line]:
    """The texts of a `.csv` or `.jsonl` file (or JSON lines on standard input for `-`).

    The text column is `column`, else the first usual name there is. Ids come from an id column, else line numbers.

    Raises:
        SourceError: no such file, or a kind of file that is not read here.
        MalformedSource: a line is broken, or there is no text column; the message lists the columns.
    """
    path = Path(name)
    if name != "-" and not path.is_file():
        raise SourceError(f"no such file: {name}", hint="Check the path.", path=name)
    rows = _csv_rows(path) if path.suffix.casefold() == ".csv" else _json_rows(name)
    for number, row in enumerate(rows, start=1):
        key = _column(row, column, name)
        text = row.get(key)
        if not isinstance(text, str):
            raise MalformedSource(f"{name}, line {number}: {key!r} is not text", hint="Give every line a text.")
        row_id = next((str(row[key]) for key in ID_NAMES if row.get(key) not in (None, "")), str(number))
        respondent = next((str(row[key]) for key in RESPONDENT_NAMES if row.get(key)), f"{name}#{row_id}")
        yield Line(id=row_id, text=text, respondent=respondent, fields=row)


def _classified(tools: Tools, batch: Sequence[Line]) -> Iterator[str]:
    if not batch:
        return
    texts = [line.text for line in batch]
    decisions = tools.classifier().classify(texts, _encode(tools, batch))
    for line, decision in zip(batch, decisions, strict=True):
        role, mode = _role(tools, line)
        yield json.dumps(
            {
                "id": line.fields.get("id", line.id),
                "facet": decision.facet.value,
                "scores": dict(decision.scores),
                "role": role,
                "mode": mode,
                "reason": decision.reason,
                "permission": decision.permission.value if decision.permission else None,
                "permission_by_title": _by_title(tools, line),
            },
            ensure_ascii=False,
        )


def _role(tools: Tools, line: Line) -> tuple[str | None, str | None]:
    from nlp.people import role_of_text, role_of_title

    title = line.fields.get("title")
    role, mode, _ = role_of_title(title, tools.codebook) if isinstance(title, str) and title else (None, None, "")
    if role is None:
        role, mode, _ = role_of_text(line.text, tools.codebook)
    return role, mode.value if mode else None


def _by_title(tools: Tools, line: Line) -> str | None:
    """What the title alone says its holder does in the deal, where the text shows nothing."""
    from nlp.permission import act_of

    act = act_of(line.text, tools.codebook, title=str(line.fields.get("title") or ""))
    return act.permission.value if act and act.by_title else None


def _encode(tools: Tools, lines: Sequence[Line]) -> Any:
    with tools.progress.track("understanding texts", total=len(lines)) as advance:
        return tools.encoder().encode([line.text for line in lines], advance=advance)


def _csv_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(16 << 20)
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            yield from csv.DictReader(source)
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedSource(f"{path.name}: {error}", hint="Save it as CSV in UTF-8.", path=str(path)) from error


def _json_rows(name: str) -> Iterator[Mapping[str, Any]]:
    lines = sys.stdin if name == "-" else Path(name).read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise MalformedSource(
                f"{name}, line {number}: not JSON ({error})", hint="One JSON object a line."
            ) from error
        if not isinstance(row, dict):
            raise MalformedSource(f"{name}, line {number}: not an object", hint="One JSON object a line.")
        yield row


def _column(row: Mapping[str, Any], wanted: str | None, name: str) -> str:
    key = wanted if wanted is not None else next((item for item in TEXT_NAMES if item in row), None)
    if key is None or key not in row:
        raise MalformedSource(
            f"{name} has no text column{f' {wanted!r}' if wanted else ''}; it has: {', '.join(map(str, row))}",
            hint="Name it with --text.",
        )
    return key
