"""The API described in OpenAPI 3.1, as data: tests hold it against the routes and against real answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.asking import PARAMETERS
from web.openapi_audit import AUDIT_SCHEMAS
from web.openapi_beliefs import BELIEF_SCHEMAS
from web.openapi_coding import CODING_SCHEMAS
from web.openapi_collecting import COLLECTING_SCHEMAS
from web.openapi_crossing import CROSSING_SCHEMAS, GAP_FILTERS, MAP_FILTERS, MATRIX_FILTERS
from web.openapi_curating import CURATING_SCHEMAS
from web.openapi_dealing import ASKED, DEALING_SCHEMAS
from web.openapi_drifting import DRIFTING_SCHEMAS
from web.openapi_labelling import LABELLING_SCHEMAS
from web.openapi_noticing import NOTICING_SCHEMAS
from web.openapi_reports import REPORT_SCHEMAS, accepted
from web.openapi_rights import RIGHTS_SCHEMAS
from web.openapi_taking_in import TAKING_IN_SCHEMAS
from web.openapi_users import USERS_SCHEMAS
from web.schemas import SCHEMAS, listed, object_of, ref
from winloss import __version__
from winloss.model import Facet, Mode, Outcome, Rights, SourceKind

QUARTER = r"^[1-9]\d{3}-?[Qq][1-4]$"
FILTERS: tuple[str, ...] = tuple(PARAMETERS.values())
FILTERS_WITHOUT_QUARTER: tuple[str, ...] = tuple(name for name in FILTERS if name != "quarter")
DOCUMENT_FILTERS = ("segment", "source", "outcome", "competitor", "quarter", "account", "language", "since", "until")

_DESCRIPTIONS: Mapping[str, str] = {
    "segment": "Segment of the buyer's account.",
    "role": "Role of the buyer, by its name in the codebook, such as `ciso`.",
    "mode-of-buyer": "The seat the buyer speaks from: `practitioner` or `executive`.",
    "facet": "What the passage tells: `engagement`, `pain`, `proof` or `none`.",
    "source": "`interview`, `community`, `inquiry` or `survey`.",
    "outcome": "How the deal ended.",
    "competitor": "The competitor in the deal.",
    "quarter": "Calendar quarter, such as `2026Q2`.",
    "account": "Account by name.",
    "theme": "Theme by id.",
    "tag": "Tag of the source.",
    "language": "Language by its code, such as `en`.",
    "rights": "`named`, `anonymous`, `internal`, `ended` or `no_quote`.",
    "not": "What to leave out, as a filter and a value: `segment:federal`.",
    "since": "First day, inclusive.",
    "until": "Last day, inclusive.",
}
_ONE = ("since", "until")
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "facet": {"enum": list(Facet)},
    "source": {"enum": list(SourceKind)},
    "mode-of-buyer": {"enum": list(Mode)},
    "outcome": {"enum": list(Outcome)},
    "rights": {"enum": list(Rights)},
    "quarter": {"pattern": QUARTER},
    "not": {"pattern": r"^[a-z-]+:[\s\S]"},
}
"""What values of a filter look like, where the language has only some."""
_ERRORS: Mapping[int, str] = {
    400: "A parameter or the body is not what it must be; `hint` says what is.",
    401: "There are users, and nobody is signed in.",
    403: "Whoever asks may not do that, or the rights of a source forbid it.",
    404: "Nothing here has that id or name.",
    409: "It is no longer as it was, or there is too little evidence to answer.",
    413: "The body is larger than a deck with its pictures.",
}
"""Every other status that an operation answers with; 413 where something is sent."""


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "winloss",
            "version": __version__,
            "description": (
                "What buyers said; who speaks can be corrected, and verbatims coded. Values of one filter are or-ed, "
                "filters are and-ed. Shares count people "
                "and always come with their base. Unknown is null. Parameters that a route does not know are refused."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {
            "schemas": {
                **SCHEMAS,
                **CODING_SCHEMAS,
                **COLLECTING_SCHEMAS,
                **LABELLING_SCHEMAS,
                **NOTICING_SCHEMAS,
                **CURATING_SCHEMAS,
                **CROSSING_SCHEMAS,
                **DEALING_SCHEMAS,
                **DRIFTING_SCHEMAS,
                **USERS_SCHEMAS,
                **RIGHTS_SCHEMAS,
                **AUDIT_SCHEMAS,
                **BELIEF_SCHEMAS,
                **TAKING_IN_SCHEMAS,
                **REPORT_SCHEMAS,
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {f"Error{status}": _response(words, ref("Error")) for status, words in _ERRORS.items()},
        },
    }


def _paths() -> dict[str, Any]:
    one_quarter = [*_filters(FILTERS_WITHOUT_QUARTER), _quarter("quarter")]
    limit = _number("limit", "How many to give.", 1, 1000, 20)
    page = [limit, _number("offset", "How many to pass over.", 0, 10**6, 0)]
    at = _number("at", "The `revision` of the page before, whose ranking is to go on.", 0, 10**15, 0)
    verbatim_id, theme_id, document_id = _id("verbatim_id"), _id("theme_id"), _id("document_id")
    upload_id = _id("upload_id")
    return {
        "/search": _get(
            "search",
            "Verbatims that match, best first (`nearest`: where none does); without `q`, the newest",
            [_text("q", 'Words, "exact phrases", -not, OR, wild*.'), _mode(), _sort(), *page, at, *_filters(FILTERS)],
            ref("SearchPage"),
        ),
        "/verbatims/{verbatim_id}": _get(
            "verbatim",
            "A verbatim among the turns around it",
            [verbatim_id, _number("context", "Turns before and after.", 0, 50, 2)],
            ref("InContext"),
        ),
        "/verbatims/{verbatim_id}/similar": _get(
            "similar",
            "Verbatims that mean nearly the same, nearest first",
            [verbatim_id, limit, *_filters(FILTERS)],
            object_of(verbatim="string", hits=listed(ref("Hit"))),
        ),
        "/verbatims/{verbatim_id}/citation": _get(
            "citation",
            "A verbatim as a citation, as far as its rights allow; refused with 403 where it is not to be quoted",
            [verbatim_id],
            ref("Citation"),
        ),
        "/unread": _get(
            "unread",
            "Verbatims that nobody has opened, coded, labelled or pinned, the most telling first, one a person",
            [
                _number("limit", "How many people.", 1, 1000, 5),
                _number("after", "How many people to pass over.", 0, 10**6, 0),
            ],
            ref("Unread"),
        ),
        "/coverage": _get(
            "coverage",
            "People heard in a quarter (else the newest) by segment and source, of how many it takes to trust silence",
            [_quarter("quarter")],
            ref("Coverage"),
        ),
        "/themes": _get("themes", "Themes of a scope, by how many people said them", one_quarter, ref("ThemePage")),
        "/themes/{theme_id}": _get(
            "theme",
            "One theme in a scope: its lineage, outcomes, what each kind of source says, and what contradicts it",
            [theme_id, *one_quarter],
            ref("ThemeInFull"),
        ),
        "/matrix": _get(
            "matrix",
            "A facet by segment and role, in a quarter and the eight before it",
            [_one_facet(), *_filters(_without_quarter(MATRIX_FILTERS)), _quarter("quarter")],
            ref("Matrix"),
        ),
        "/map": _get(
            "map",
            "Engagements, pains and proof by segment, role and seat",
            [*_filters(_without_quarter(MAP_FILTERS)), _quarter("quarter")],
            ref("Map"),
        ),
        "/proof-gap": _get(
            "proof_gap",
            "The proof that people of a role who tell a pain ask for, and the proof they say they got",
            [*_filters(_without_quarter(GAP_FILTERS)), _quarter("quarter")],
            ref("ProofGap"),
        ),
        "/drift": _get(
            "drift",
            "Is new signal still arriving? Verdicts per quarter, facet and segment; of a role where one is asked for",
            one_quarter,
            object_of(verdicts=listed(ref("Verdict"))),
        ),
        "/drift/explanation": _get(
            "drift_explanation",
            "One verdict explained: what is new, what could not be seen, why nothing came, whom to ask next",
            [_quarter("quarter"), *_filters(("segment", "facet", "role"))],
            ref("DriftExplanation"),
        ),
        "/drift/decisions": {
            **_get(
                "node_decisions",
                "What people decided about what verdicts point at, and who said it in each quarter since",
                [],
                object_of(watched=listed(ref("Watched"))),
            ),
            **_post(
                "decide_node",
                "Confirm, dismiss or watch a node of a verdict, or take that back",
                ref("NodeDecided"),
                ref("NodeDecision"),
            ),
        },
        "/beliefs": {
            **_get(
                "belief_register",
                "What leadership holds to be true, with what the evidence says of it, in all and quarter by quarter",
                [_parameter("retired", "Those no longer held too.", {"type": "boolean", "default": False})],
                ref("BeliefRegister"),
            ),
            **_post(
                "change_beliefs",
                "Write down, change or retire a belief, or take that back",
                ref("BeliefChange"),
                ref("BeliefRegister"),
            ),
        },
        "/beliefs/{belief_id}": _get(
            "belief",
            "A belief held against a quarter's verbatims, or against all: who supports it, contradicts it, is silent",
            [_id("belief_id"), _quarter("quarter")],
            ref("BeliefEvidence"),
        ),
        "/compare": _get(
            "compare",
            "Two quarters side by side",
            [
                *(_quarter(name, required=True) for name in ("earlier", "later")),
                *_filters(FILTERS_WITHOUT_QUARTER),
            ],
            ref("Comparison"),
        ),
        "/quarters": _get(
            "quarters",
            "The quarters with evidence, oldest first, and the segments",
            [],
            object_of(quarters=listed("string"), segments=listed("string")),
        ),
        "/documents": _get(
            "documents",
            "Documents, newest first",
            [*page, *_filters(DOCUMENT_FILTERS)],
            object_of(total="integer", documents=listed(ref("Document"))),
        ),
        "/documents/{document_id}": _get(
            "document",
            "A document with its turns and the verbatims of its current version",
            [document_id, _number("version", "An older version; 0 is the current one.", 0, 10**6, 0)],
            ref("DocumentInFull"),
        ),
        "/speakers": {
            **_get(
                "speakers",
                "Who speaks, with what tells their side; names only where the rights allow it",
                [_text("document", "Only this document, by id, external id or title."), _unknown(), *page],
                object_of(total="integer", speakers=listed(ref("Person"))),
            ),
            **_post(
                "correct_speaker",
                "Say who a speaker is, in everything stored and in what comes in later; or take that back",
                ref("Correction"),
                ref("Corrected"),
            ),
        },
        "/collections": {
            **_get("collections", "Every collection and how many verbatims it holds", [], ref("Shelves")),
            **_post(
                "change_collections",
                "Make, change and fill collections, or take that back",
                ref("CollectionChange"),
                ref("Shelves"),
            ),
        },
        "/collections/{collection}": _get(
            "collection",
            "What is pinned to a collection, in its order, with notes",
            [_id("collection")],
            ref("CollectionPage"),
        ),
        "/saved": {
            **_get(
                "saved_searches",
                "Every saved search as it stands now, and how much of it is new since somebody looked",
                [],
                ref("Standings"),
            ),
            **_post(
                "change_saved",
                "Save, rename or remove a search, or note that somebody looked",
                ref("SavedChange"),
                ref("Standings"),
            ),
        },
        "/saved/{search}": _get(
            "saved_search",
            "What a saved search finds now, best first; nothing counts as looked at by that",
            [_id("search"), *page],
            ref("SavedPage"),
        ),
        "/codes": {
            **_get("codes", "The codebook with its counts, and the codes that came with sources", [], ref("Codebook")),
            **_post("change_codes", "Change the codebook, or take that back", ref("CodebookChange"), ref("Codebook")),
        },
        "/codings": {
            **_get(
                "codings",
                "Who gave which verbatim which code; the empty code says that none applies",
                [_text("verbatim", "Only this verbatim, by id."), _text("coder", "Only this coder."), *page],
                ref("CodingsPage"),
            ),
            **_post("code", "Give a verbatim codes or take them away", ref("CodingChange"), ref("Coded")),
        },
        "/agreement": _get(
            "agreement",
            "Whether two coders agree, by code: Cohen's kappa with its 95% interval; without `a` and `b`, who coded",
            [_text("a", "A coder."), _text("b", "Another coder."), _text("code", "Only this code.")],
            ref("Agreed"),
        ),
        "/themes/{theme_id}/decisions": {
            **_get(
                "decisions",
                "What happened to a theme, when, why and by whom, and the decisions about it that hold",
                [theme_id],
                ref("ThemeHistory"),
            ),
            **_post(
                "decide",
                "Rename, merge, split, pin or archive a theme, move verbatims, or take a decision back",
                ref("ThemeDecided"),
                ref("ThemeHistory"),
                theme_id,
            ),
        },
        "/ledger": _get(
            "ledger", "What happened to all themes, newest first", page, object_of(events=listed(ref("ThemeEvent")))
        ),
        "/labels": {
            **_get(
                "labels",
                "Who says which verbatim is what, and what the labels say together",
                [_text("verbatim", "Only this verbatim, by id."), _text("by", "Only this person."), *page],
                ref("LabelsPage"),
            ),
            **_post("label", "Say what a verbatim is, or take that back", ref("LabelChange"), ref("Labelled")),
        },
        "/labels/next": _get(
            "next_to_label",
            "The verbatims that are worth labelling next, by id: `unsure`, `themes` or `random` (by chance)",
            [_text("order", "What comes first."), _text("by", "Leave out what this person labelled."), *page],
            object_of(verbatims=listed("string")),
        ),
        "/lesson": {
            **_get("lesson", "What was learned from labels and is in use", [], ref("Lessons")),
            **_post(
                "learn",
                "Measure what the labels teach, take it into use, or give it up",
                ref("LessonChange"),
                ref("Lessons"),
            ),
        },
        "/permissions": _get(
            "permissions",
            "What each role does in deals, as buyers tell it; what a title alone says is counted apart",
            _filters(FILTERS),
            object_of(parts=listed(ref("RolePart"))),
        ),
        "/deals": _get(
            "deals",
            "The deals that the CRM gives, with its reasons in its own words and what was heard of each: no evidence",
            [*page, _filter("quarter"), *_deals_asked(), _text("theme", "Only deals whose buyers tell it, by id.")],
            ref("Deals"),
        ),
        "/audits": {
            **_get("audits", "The decks that are kept, the latest quarter first", [], ref("Decks")),
            **accepted(
                _post(
                    "audit",
                    "Have a deck held against the verbatims as a job, keep one, keep it no longer, or take that back",
                    ref("AuditChange"),
                    ref("Audited"),
                )
            ),
        },
        "/audits/{audit_id}": _get(
            "audit_in_full", "A deck held against the verbatims as they are now", [_id("audit_id")], ref("Audit")
        ),
        "/uploads": {
            **_get("uploads", "Files that were handed over and are not taken in yet", [], ref("Uploads")),
            **_post("hand_over", "Hand files over, to be looked at first", ref("HandingOver"), ref("UploadInFull")),
        },
        "/uploads/{upload_id}": {
            **_get("upload", "What would be read of files that were handed over", [upload_id], ref("UploadInFull")),
            **_post(
                "change_upload",
                "Say what a file is and what its columns mean, drop it, or have all of it taken in",
                ref("UploadChange"),
                ref("UploadChanged"),
                upload_id,
            ),
        },
        "/jobs": {
            **_get("jobs", "Long work that waits, runs or has ended, the latest first", [], ref("Queue")),
            **_post(
                "change_jobs",
                "Have everything brought up to date, cancel what waits, or ask again for what did not end well",
                ref("QueueChange"),
                ref("QueueChanged"),
            ),
        },
        "/jobs/{job_id}": _get("job", "How far a job is, or what it came to", [_id("job_id")], ref("JobNow")),
        "/forgetting": {
            **_get("forgotten", "What was forgotten, day by day, as far as marks tell", [], ref("Forgotten")),
            **_post(
                "forget",
                "What forgetting would take, and, where that is sure, the job that takes it; for admins",
                ref("ForgettingWish"),
                ref("ForgettingAsked"),
            ),
        },
        "/files": _get("files", "Every file read, with findings", [], object_of(files=listed(ref("File")))),
        "/status": _get("status", "What is stored and what is stale", [], ref("Status")),
        "/report": {
            **_get(
                "report",
                "The quarterly synthesis of today's evidence as data, worked out meanwhile; `/reports` keeps some",
                [*_filters(FILTERS_WITHOUT_QUARTER), _quarter("quarter", required=True)],
                ref("Report"),
            ),
        },
        "/reports": {
            **_get("reports", "Every report that was made and is kept, the latest first", [], ref("KeptReports")),
            **accepted(
                _post(
                    "ask_report",
                    "Have a report made as a job; where the same one of the same evidence is kept, it is answered",
                    ref("ReportWish"),
                    ref("ReportAsked"),
                )
            ),
        },
        "/reports/{report_id}": {
            **_get("kept_report", "A kept report in full, as it was made", [_id("report_id")], ref("KeptReportInFull")),
            **accepted(
                _post(
                    "change_report",
                    "Have the configured language model, which is sent what is cited, draft for it; or remove it",
                    ref("ReportChange"),
                    ref("ReportAsked"),
                    _id("report_id"),
                )
            ),
        },
        "/rights": _get(
            "rights",
            "Documents, files or people with the rights that hold for their words; for researchers",
            [_text("of", "`documents`, `files` or `people`."), *page],
            ref("RightsPage"),
        ),
        "/rights/decisions": {
            **_get("rights_decisions", "What was decided about rights; for researchers", [], ref("RightsDecisions")),
            **_post(
                "decide_rights",
                "Decide who may be quoted, how and until when, or take that back; for researchers",
                ref("RightsChange"),
                ref("RightsDecisions"),
            ),
        },
        "/rights/warnings": _get(
            "rights_warnings",
            "Where segment, role and region fit fewer than three people, and rights that end; for researchers",
            [],
            ref("RightsWarnings"),
        ),
        "/report/compare": _get(
            "report_compare",
            "Two quarters of each segment side by side: who was heard, the verdicts, and every theme of either",
            [*(_quarter(name, required=True) for name in ("quarter", "against")), *_filters(FILTERS_WITHOUT_QUARTER)],
            object_of(segments=listed(ref("ComparedSegment"))),
        ),
        "/users": {
            **_get("users", "Who may use this workspace, and with which role; for admins", [], ref("Users")),
            **_post("change_users", "Add, change or remove a user; for admins", ref("UserChange"), ref("Users")),
        },
        "/journal": _get(
            "journal",
            "Who did what, when and from where, newest first; for admins",
            [limit, _number("before", "Only what is older than this entry; 0 is all.", 0, 10**15, 0)],
            ref("Journal"),
        ),
        "/whoami": _get("whoami", "Who asks, with which role; null where nobody signs in", [], ref("Whoami")),
        "/openapi.json": _get("openapi", "This description", [], {"type": "object"}),
    }


def _get(name: str, summary: str, parameters: list[dict[str, Any]], answer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": _response("The answer.", answer), **_errors(400, 401, 403, 404, 409)},
        }
    }


def _post(
    name: str, summary: str, body: Mapping[str, Any], answer: Mapping[str, Any], *parameters: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "parameters": list(parameters),
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"200": _response("What it changed.", answer), **_errors(*_ERRORS)},
        }
    }


def _errors(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/Error{status}"} for status in statuses}


def _response(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


# --- parameters ------------------------------------------------------------------------------------------------------


def _filters(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_filter(name) for name in names]


def _filter(name: str) -> dict[str, Any]:
    if name in _ONE:
        return _parameter(name, _DESCRIPTIONS[name], {"type": "string", "format": "date"})
    return _repeated(name, _DESCRIPTIONS[name], _VALUES.get(name, {}))


def _deals_asked() -> list[dict[str, Any]]:
    return [_repeated(name, description, values) for name, (description, values) in ASKED.items()]


def _repeated(name: str, description: str, values: Mapping[str, Any]) -> dict[str, Any]:
    repeated = {"type": "array", "items": {"type": "string", **values}}
    return {**_parameter(name, description, repeated), "style": "form", "explode": True}


def _quarter(name: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "pattern": QUARTER, "examples": ["2026Q2"]}
    return {**_parameter(name, "One calendar quarter.", schema), "required": required}


def _without_quarter(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name != "quarter")


def _one_facet() -> dict[str, Any]:
    schema = {"type": "string", "enum": ["pain", "engagement", "proof"], "default": "pain"}
    return _parameter("facet", "What the passages tell.", schema)


def _mode() -> dict[str, Any]:
    schema = {"type": "string", "enum": ["hybrid", "words", "meaning"], "default": "hybrid"}
    return _parameter("mode", "How to search.", schema)


def _sort() -> dict[str, Any]:
    orders = ["relevance", "newest", "oldest", "typical", "unusual"]
    return _parameter("sort", "The order of what is found.", {"type": "string", "enum": orders, "default": orders[0]})


def _unknown() -> dict[str, Any]:
    schema = {"type": "boolean", "default": False}
    return _parameter("unknown", "Only speakers whose side nothing tells.", schema)


def _text(name: str, description: str) -> dict[str, Any]:
    return _parameter(name, description, {"type": "string"})


def _number(name: str, description: str, low: int, high: int, default: int) -> dict[str, Any]:
    return _parameter(name, description, {"type": "integer", "minimum": low, "maximum": high, "default": default})


def _id(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _parameter(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}
