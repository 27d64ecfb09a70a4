"""Every error a user can meet, in one tree.

    WinlossError
    ├─ ConfigError             a setting, codebook or mapping file is wrong
    ├─ SourceError             a file could not be read
    │  ├─ UnknownFormat        no reader claims it
    │  ├─ AmbiguousFormat      two readers claim it
    │  └─ MalformedSource      a reader claims it, but its content is broken
    ├─ QueryError              a search query or filter is wrong
    ├─ NotFound                an id, theme, quarter or document that is not there
    ├─ NotAllowed              the rights of a source forbid it
    ├─ NotSignedIn             nobody knows who asks
    ├─ NoAccess                who asks may not do that
    ├─ TooManyAttempts         somebody tried too often to sign in
    ├─ StaleArtefact           something derived is older than what it was made from
    ├─ Conflict                what was to be changed is no longer as it was
    ├─ NotEnoughEvidence       too little evidence to answer
    ├─ DraftingFailed          a language model gave no answer that can be used
    └─ UnsoundReport           a report breaks a rule that every report must keep: a defect of ours

The message says what is wrong, the hint says what to do next. They are rendered in one place per surface: the command
line in `winloss.cli`, the web app in `web.errors`.
"""

from __future__ import annotations


class WinlossError(Exception):
    """Base of all expected errors; anything else that escapes is a defect."""

    code = "WL-ERROR"
    exit_code = 2
    http_status = 400

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(WinlossError):
    """A setting, a codebook or a mapping file does not say what it must."""

    code = "WL-CONFIG"


class SourceError(WinlossError):
    """A file could not be read; nothing of it was stored."""

    code = "WL-SOURCE"

    def __init__(self, message: str, *, hint: str = "", path: str = "", where: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.where = where


class UnknownFormat(SourceError):
    """No reader claims the file."""

    code = "WL-FORMAT"


class AmbiguousFormat(SourceError):
    """More than one reader claims the file: a defect of the readers, named so that it can be reported."""

    code = "WL-AMBIGUOUS"


class MalformedSource(SourceError):
    """The format is known but the content is broken; `where` names the line, cell or path."""

    code = "WL-MALFORMED"


class QueryError(WinlossError):
    """A query or a filter is wrong; `column` is the 1-based place in the query, 0 where there is none."""

    code = "WL-QUERY"

    def __init__(self, message: str, *, hint: str = "", column: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.column = column


class NotFound(WinlossError):
    """What was asked for by name or id does not exist in this workspace."""

    code = "WL-NOT-FOUND"
    http_status = 404


class NotAllowed(WinlossError):
    """The rights of a source forbid what was asked for."""

    code = "WL-RIGHTS"
    http_status = 403


class NotSignedIn(WinlossError):
    """Whoever asks has to sign in first, or name and password do not belong together."""

    code = "WL-SIGN-IN"
    http_status = 401


class NoAccess(WinlossError):
    """Whoever asks is known, and may not do what was asked for."""

    code = "WL-ACCESS"
    http_status = 403


class TooManyAttempts(WinlossError):
    """Too many attempts to sign in; others are not held up by that."""

    code = "WL-ATTEMPTS"
    http_status = 429


class StaleArtefact(WinlossError):
    """A derived thing carries another fingerprint than the one asked for."""

    code = "WL-STALE"
    http_status = 409


class Conflict(WinlossError):
    """What was to be changed is no longer as it was: somebody else changed it since, or the name is taken."""

    code = "WL-CONFLICT"
    http_status = 409


class NotEnoughEvidence(WinlossError):
    """Too few verbatims to answer; an honest answer, not a failure of the data."""

    code = "WL-EVIDENCE"
    http_status = 409


class DraftingFailed(WinlossError):
    """A language model was asked and gave no answer that can be used; the report is made without it."""

    code = "WL-DRAFT"
    http_status = 502


class UnsoundReport(WinlossError):
    """A report breaks a rule that every report must keep; the message names what, and nothing was written."""

    code = "WL-REPORT"
    exit_code = 70
    http_status = 500
