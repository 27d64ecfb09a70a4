"""Every error a visitor can meet, rendered in one place: JSON under `/api/`, a page everywhere else."""

from __future__ import annotations

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from winloss.errors import WinlossError

HTTP_CODES = {404: "WL-NOT-FOUND", 500: "WL-INTERNAL"}
SENTENCES = {
    404: ("There is no such page", "The address may be mistyped. Every page can be reached from the top of this one."),
    405: ("This address only answers", "Use GET."),
    413: ("This is larger than 66 MB", "Save the deck without its pictures, or the slides with the findings alone."),
    500: ("Something went wrong here", "The details are in the log of the command that serves this app."),
}
TOO_LARGE_TO_TAKE_IN = (
    "These files are larger than 1,000 MB together, or too many",
    "Send fewer at a time, or read them in where they lie: winloss ingest FOLDER.",
)
FOREIGN_HOST = (
    "This app answers only on this machine",
    "Open it as http://127.0.0.1 or http://localhost; a server in front must pass that as Host.",
)


def register(app: Flask) -> None:
    """Let the app answer expected errors with their own words, and all others without details."""
    app.register_error_handler(WinlossError, _expected)
    app.register_error_handler(HTTPException, _from_http)


def _expected(error: WinlossError) -> ResponseReturnValue:
    return _answer(error.code, error.message, error.hint, error.http_status)


def _from_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    message, hint = SENTENCES.get(status, (error.name, ""))
    if status == 413 and request.endpoint == "taking_in.hand_over":
        message, hint = TOO_LARGE_TO_TAKE_IN
    if isinstance(error, SecurityError):
        message, hint = FOREIGN_HOST
    return _answer(HTTP_CODES.get(status, "WL-REQUEST"), message, hint, status, plain=isinstance(error, SecurityError))


def _answer(code: str, message: str, hint: str, status: int, *, plain: bool = False) -> ResponseReturnValue:
    """`plain` is for requests whose host is not ours: no page, because no address can be made for it."""
    if request.path.startswith("/api/"):
        body = {"ok": False, "code": code, "error": message, "hint": hint, "errors": [], "status": status}
        return jsonify(body), status
    if plain:
        return f"{message}. {hint}\n", status, {"Content-Type": "text/plain; charset=utf-8"}
    return render_template("error.html", message=message, hint=hint, status=status), status
