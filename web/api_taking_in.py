"""The API of taking in: files are handed over as base64, looked at, explained and taken in as a job."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from flask import Blueprint, Response, jsonify, request

from web.api_coding import Route, checked
from winloss.errors import QueryError
from winloss.model import Turn
from winloss.ports import Workbench
from winloss.services.presenting import plain
from winloss.services.sources import staged, staging
from winloss.services.sources.preview import Preview
from winloss.services.sources.staged import Seen
from winloss.services.sources.staging import Upload
from winloss.services.workspace.jobs import job_json

WAYS = ("tell", "map", "unmap", "drop", "take")
_CHANGE = {"do": str, "file": str, "kind": str, "row": dict, "sides": dict, "fields": dict}
_HINT = "Send files as a list of objects with name and content, the bytes as base64."


def register(api: Blueprint, route: Route, bench: Workbench, page: Callable[[], tuple[int, int]]) -> None:  # noqa: ARG001
    """Add `/uploads`."""

    @route("/uploads")
    def uploads_answer() -> object:
        return {"uploads": [_upload_json(item) for item in staging.uploads(bench)]}

    @route("/uploads/<upload_id>")
    def upload_answer(upload_id: str) -> object:
        return _in_full(bench, staging.find(bench, upload_id))

    @api.post("/uploads")
    def hand_over() -> Response:
        return jsonify(_in_full(bench, staged.hand_over(bench, _sent(request.get_json(silent=True)))))

    @api.post("/uploads/<upload_id>")
    def change_upload(upload_id: str) -> Response:
        told = checked(request.get_json(silent=True), _CHANGE)
        return jsonify(_changed(bench, upload_id, told))


def _changed(bench: Workbench, upload_id: str, told: Mapping[str, Any]) -> dict[str, object]:
    way, name = told.get("do"), told.get("file", "")
    left: Upload | None
    if way == "take":
        job = staged.ask(bench, upload_id)
        return {"upload": _in_full(bench, staging.find(bench, upload_id)), "job": job_json(job)}
    if way == "drop":
        left = staging.drop(bench, upload_id, [name] if name else None)
    elif way == "tell":
        row, sides = _texts(told, "row"), _texts(told, "sides")
        left = staged.tell(bench, upload_id, name, kind=told.get("kind"), row=row, sides=sides)
    elif way == "map":
        left = staged.map_columns(bench, upload_id, name, told.get("kind", ""), _texts(told, "fields"))
    elif way == "unmap":
        left = staged.map_no_more(bench, upload_id, name)
    else:
        raise QueryError("do names none of the changes there are", hint=f"Known: {', '.join(WAYS)}.")
    return {"upload": _in_full(bench, left) if left else None, "job": None}


def _sent(body: object) -> Iterator[tuple[str, IO[bytes]]]:
    """The files that were sent, every one of them checked before the first is kept."""
    files = body.get("files") if isinstance(body, dict) and set(body) == {"files"} else None
    if not isinstance(files, list):
        raise QueryError("no files were sent", hint=_HINT)
    opened = [_file(item) for item in files]
    return ((name, io.BytesIO(content)) for name, content in opened)


def _file(item: object) -> tuple[str, bytes]:
    if not isinstance(item, dict) or set(item) != {"name", "content"}:
        raise QueryError("a file has a name and content, and nothing else", hint=_HINT)
    name, content = item["name"], item["content"]
    if not isinstance(name, str) or not isinstance(content, str) or not name.strip():
        raise QueryError("name and content of a file are texts", hint=_HINT)
    try:
        return name, base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise QueryError("content is not base64", hint="Encode the bytes of the file, without line breaks.") from error


def _texts(told: Mapping[str, Any], member: str) -> dict[str, str]:
    found = told.get(member, {})
    if not all(isinstance(value, str) for value in found.values()):
        raise QueryError(f"{member} holds something that is no text", hint="Every value in it is a text.")
    return dict(found)


# --- as JSON ---------------------------------------------------------------------------------------------------------


def _upload_json(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.id,
        "made_at": upload.made_at,
        "by": upload.by,
        "names": [file.name for file in upload.files],
        "remarks": list(upload.remarks),
    }


def _in_full(bench: Workbench, upload: Upload) -> dict[str, object]:
    job = staging.asked_for(bench, upload.id)
    seen = [_seen_json(item) for item in staged.look(bench, upload)]
    return {**_upload_json(upload), "job": job.id if job else None, "files": seen}


def _seen_json(seen: Seen) -> dict[str, object]:
    return {
        "name": seen.file.name,
        "size": seen.file.size,
        "helper": seen.helper,
        "ready": seen.ready,
        "error": seen.error,
        "hint": seen.hint,
        "told": plain(seen.file.choice),
        "table": plain(seen.table),
        "previews": [_preview_json(item) for item in seen.previews],
    }


def _preview_json(item: Preview) -> dict[str, object]:
    counts = ("documents", "turns", "deals", "accounts")
    told = ("path", "reader", "error", "hint", "more", "mapping_kept", *counts)
    return {
        **{name: getattr(item, name) for name in told},
        "standing": dict(item.standing),
        "findings": plain(item.findings),
        "listed": plain(item.listed),
        "opening": [_turn_json(turn) for turn in item.opening],
        "speakers": [
            {
                "name": who.speaker.name,
                "side": who.speaker.side.value,
                "side_evidence": who.speaker.side_evidence,
                "title": who.speaker.title,
                "role": who.speaker.role,
                "turns": who.turns,
            }
            for who in item.spoken
        ],
    }


def _turn_json(turn: Turn) -> dict[str, object]:
    return {"speaker": turn.speaker.name, "side": turn.speaker.side.value, "role": turn.speaker.role, "text": turn.text}
