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
from winloss.model import DriftVerdict, Scope, stable_id
from winloss.ports import Tools
from winloss.services.presenting import plain

TEXT_NAMES = ("text", "verbatim", "content", "body", "quote", "comment", "message")
ID_NAMES = ("id", "key", "external_id")
RESPONDENT_NAMES = ("respondent", "author", "speaker", "user")
STRATUM_NAMES = ("segment", "source", "question")
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
    from nlp.text.unnamed import persons_in
    from nlp.themes.cluster import cluster, min_size_for
    from nlp.themes.label import describe

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
    """The drift detector on files: the contract of `winloss compare`.

    Each history file is one earlier period, oldest first; where every line of every file names its quarter, the
    quarters are the periods. Columns `segment`, `source` and `question` become strata, `role` counts as who was asked.
    """
    from nlp.signal.drift import drift_and_novelty, settings_for

    files = [list(read_texts(name, column)) for name in (*history, current)]
    lines = [line for file in files for line in file]
    names, periods, settings = _names(files), _periods(files), tools.settings
    verdict, scores = drift_and_novelty(
        _encode(tools, lines),
        ids=names,
        respondents=[line.respondent for line in lines],
        quarters=periods,
        strata=_strata(lines, STRATUM_NAMES),
        sampling=_strata(lines, (*STRATUM_NAMES, "role")),
        current=_current(files, periods),
        scope=Scope(),
        settings=settings_for(
            tools.encoder().fingerprint,
            permutations=settings.drift_permutations,
            history=settings.drift_history,
            history_least=min(2, max(1, len(set(periods)) - 1)),
            delta=settings.drift_delta,
            seed=settings.seed,
        ),
    )
    return _compared(verdict, dict(zip(names, lines, strict=True)), scores)


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


def _compared(verdict: DriftVerdict, lines: Mapping[str, Line], scores: Mapping[str, float]) -> dict[str, Any]:
    emerging = {name for node in verdict.nodes if node.kind == "emerging" for name in node.verbatims if name in scores}
    fresh = sorted(emerging, key=lambda name: (-scores[name], name))
    return {
        "verdict": verdict.state.value,
        "sentence": verdict.sentence,
        "flags": list(verdict.flags),
        "statistics": plain(verdict.statistics),
        "new": [{"id": lines[name].id, "text": lines[name].text, "novelty": scores[name]} for name in fresh],
        "scores": {lines[name].id: score for name, score in scores.items()},
    }


def _names(files: Sequence[Sequence[Line]]) -> list[str]:
    """One name a line over all files: its id where ids do not repeat, else with its file and line before it."""
    ids = [line.id for file in files for line in file]
    if len(set(ids)) == len(ids):
        return ids
    return [f"{place:04d}/{row:08d}/{line.id}" for place, file in enumerate(files) for row, line in enumerate(file)]


def _periods(files: Sequence[Sequence[Line]]) -> list[str]:
    """The period of each line: its quarter, where all tell theirs and the last file is the latest; else its file."""
    told = [[_told(line, "quarter") for line in file] for file in files]
    every = [quarter for file in told for quarter in file]
    latest = set(told[-1])
    if all(every) and len(latest) == 1 and max(every[: -len(told[-1])], default="~") < min(latest):
        return every
    return [f"{place:04d}" for place, file in enumerate(files) for _ in file]


def _current(files: Sequence[Sequence[Line]], periods: Sequence[str]) -> str:
    return periods[-1] if files[-1] else f"{len(files) - 1:04d}"


def _strata(lines: Sequence[Line], columns: Sequence[str]) -> list[str]:
    """The values of those of `columns` that any line has; one stratum for all where there is none."""
    there = [name for name in columns if any(_told(line, name) for line in lines)]
    return ["|".join(_told(line, name) or "None" for name in there) for line in lines]


def _told(line: Line, name: str) -> str:
    value = line.fields.get(name)
    return "" if value is None else str(value).strip()


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
    from nlp.speakers.people import role_of_text, role_of_title

    title = line.fields.get("title")
    role, mode, _ = role_of_title(title, tools.codebook) if isinstance(title, str) and title else (None, None, "")
    if role is None:
        role, mode, _ = role_of_text(line.text, tools.codebook)
    return role, mode.value if mode else None


def _by_title(tools: Tools, line: Line) -> str | None:
    """What the title alone says its holder does in the deal, where the text shows nothing."""
    from nlp.speakers.permission import act_of

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
    lines = sys.stdin if name == "-" else Path(name).read_text(encoding="utf-8-sig").split("\n")
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
