"""Which statements verbatims can test; cases in `tests/cases/falsifiable.yml`."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlp.stances.falsifiable import falsifiability

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "falsifiable.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["statement"])
def test_each_case_is_told_by_its_rule(case: dict[str, str]) -> None:
    found = falsifiability(case["statement"], ("Acme",))
    assert found.kind == case["kind"]
    assert found.falsifiable is (case["kind"] == "")
    assert found.reason


def test_the_vendors_name_is_us_and_nobody_elses() -> None:
    assert not falsifiability("Acme is the market leader", ("Acme",)).falsifiable
    assert falsifiability("Kestrel is cheaper in every quote", ("Acme",)).falsifiable


@given(st.text())
def test_any_text_has_an_answer_with_a_reason(statement: str) -> None:
    found = falsifiability(statement)
    assert found.reason
    assert found.falsifiable is (found.kind == "")
