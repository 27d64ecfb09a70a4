"""The API against its own description, by requests made up from it: what is allowed, and what is not.

Half of the made-up values are replaced by ones that are here, so that answers are reached and not refusals alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.webtools import audited, made_report, small_workspace
from web import create_app, openapi
from winloss.services.workspace import jobs

if TYPE_CHECKING:
    from pathlib import Path

    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from winloss.ports import Workbench

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, operations in openapi.document()["paths"].items()
    for method in operations
    if (path, method) != ("/users", "post")
]
"""Every operation but the one after which everybody would have to sign in; that one is tried apart."""
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
made_up = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=QUIET,
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with small_workspace(tmp_path_factory.mktemp("openapi")) as opened:
        yield opened


@pytest.fixture(scope="module")
def api(bench: Workbench) -> OpenApiSchema:
    return _api(bench)


@pytest.fixture(scope="module")
def here(api: OpenApiSchema, bench: Workbench) -> dict[str, Any]:
    """Values that are here, by the name of the parameter or the member that takes them."""
    client = api.app.test_client()

    def told(path: str, **body: object) -> dict[str, Any]:
        answer = client.post(f"/api/v1{path}", json=body) if body else client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.json
        return answer.json

    hit = told("/search?q=alerts")["hits"][0]
    theme = told("/themes?facet=pain")["themes"][0]["id"]
    told("/collections", do="pin", collection="Deck", verbatims=[hit["id"]], new=True)
    told("/saved", do="save", search="Alerts", query="alerts")
    told("/codings", verbatim=hit["id"], coder="Mira", give=["pain/cost"], new=True)
    belief = told("/beliefs", do="add", statement="Alerts bury analysts at night", owner="Dana")["beliefs"][0]["id"]
    audit = audited(bench, "deck.md", b"- Alerts bury analysts at night\n")
    report = made_report(bench).rpartition("/")[2]
    ids = {"verbatim": hit["id"], "document": hit["document_id"], "theme": theme, "belief": belief, "audit": audit}
    ids |= {"report": report, "job": jobs.jobs(bench)[0].id}
    filters = {"segment": "federal", "source": "community", "quarter": "2026Q2", "language": "en", "facet": "pain"}
    return {
        **ids,
        **{f"{name}_id": value for name, value in ids.items()},
        **{name: [value] for name, value in filters.items()},
        "verbatims": [hit["id"]],
        "theme": [theme],
        "into": theme,
        "path": "pain/cost",
        "code": "pain/cost",
        "collection": "Deck",
        "search": "Alerts",
        "coder": "Mira",
        "a": "Mira",
        "give": ["pain/cost"],
        "role": None,
        "account": None,
        "competitor": None,
        "tag": None,
        "outcome": None,
        "rights": ["anonymous"],
        "mode-of-buyer": None,
        "not": ["segment:federal"],
        "earlier": "2026Q1",
        "later": "2026Q2",
    }


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_allowed_is_answered_as_described(label: str, api: OpenApiSchema, here: Mapping[str, Any]) -> None:
    @made_up
    @given(case=_operation(api, label).as_strategy(generation_mode=GenerationMode.POSITIVE), known=st.booleans())
    def answered(case: schemathesis.Case, known: bool) -> None:
        for part in (case.path_parameters, case.query, case.body) if known else ():
            _put_what_is_here(part, here)
        case.validate_response(case.call(), checks=PROMISES)

    answered()


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_not_allowed_is_refused_in_one_shape(label: str, api: OpenApiSchema) -> None:
    operation = _operation(api, label)
    if not (operation.query or operation.body):
        pytest.skip("nothing that can be wrong")

    @made_up
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def refused(case: schemathesis.Case) -> None:
        empty = any(value in ("", [""]) for value in (case.query or {}).values())
        case.validate_response(case.call(), checks=[*PROMISES, *([] if empty else [negative_data_rejection])])

    refused()


@pytest.mark.parametrize("mode", GenerationMode)
def test_users_are_changed_as_described(mode: GenerationMode, tmp_path: Path) -> None:
    with small_workspace(tmp_path) as bench:
        api = _api(bench)

        @made_up
        @given(case=_operation(api, "POST /users").as_strategy(generation_mode=mode))
        def answered(case: schemathesis.Case) -> None:
            case.validate_response(case.call(), checks=PROMISES)

        answered()


def _api(bench: Workbench) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(bench))


def _operation(api: OpenApiSchema, label: str) -> schemathesis.schemas.APIOperation:
    method, path = label.split(" ")
    return api[path][method]


def _put_what_is_here(part: object, here: Mapping[str, Any]) -> None:
    """Replace the values whose names are known by what is here; None says that nothing is."""
    if not isinstance(part, dict):
        return
    for name in [*part]:
        if name in here and here[name] is None:
            del part[name]
        elif name in here:
            part[name] = here[name]
