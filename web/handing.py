"""Verbatims handed on as a file: Word, Markdown, CSV or JSON lines."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from flask import Response

from web.asking import Args
from winloss.errors import QueryError
from winloss.ports import Workbench
from winloss.services.research import quoting

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/x-ndjson",
}
FORMS = {".docx": "Word", ".md": "Markdown", ".csv": "CSV", ".jsonl": "JSON lines"}


def handed_out(bench: Workbench, handout: quoting.Handout, args: Args) -> Response:
    """The file that `as` names, to be downloaded.

    Raises:
        QueryError: there is no such kind of file.
    """
    suffix = f".{args.get('as') or 'docx'}"
    if suffix not in TYPES:
        raise QueryError(f"no file of the kind {suffix[1:]!r}", hint=f"Known: {', '.join(it[1:] for it in TYPES)}.")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"handout{suffix}"
        quoting.write(bench, handout, path)
        answer = Response(path.read_bytes(), content_type=TYPES[suffix])
    name = quote(f"{handout.title.replace('/', '-')}{suffix}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
