"""The one JSON form of a verbatim, names by rights, and exports that no spreadsheet can be tricked with."""

from __future__ import annotations

import csv
import json

import pytest

from tests.unit.passages import a_passage
from winloss.codebook import load_codebook
from winloss.errors import ConfigError
from winloss.model import Filters, Hit, Scope, Share
from winloss.services.presenting import attribution, hit_json, may_quote, passage_json, plain
from winloss.services.workspace import keeping

CONTRACT = {
    "id", "text", "facet", "facet_score", "role", "mode", "permission", "speaker", "segment", "account", "outcome",
    "competitor", "source", "document_id", "external_id", "title", "date", "quarter", "turn", "start", "end",
    "start_ms", "end_ms", "url", "theme_id", "rights", "score", "highlights",
}  # fmt: skip


def test_a_verbatim_has_the_fields_of_the_contract_and_says_its_language_and_codes():
    answer = hit_json(Hit(passage=a_passage(), score=1.5, highlights=((0, 2),)))
    assert set(answer) == CONTRACT | {"language", "tags", "coder", "quote_until", "pseudonym", "sentence", "same_as"}
    assert answer["highlights"] == [[0, 2]]
    assert answer["competitor"] is None
    assert json.loads(json.dumps(answer)) == answer


def test_a_name_is_told_only_where_rights_allow():
    assert passage_json(a_passage())["speaker"] is None
    assert passage_json(a_passage(rights="named"))["speaker"] == "Priya Nair"
    codebook = load_codebook()
    assert "Priya" not in attribution(a_passage(), codebook)
    assert "Priya" in attribution(a_passage(rights="named"), codebook)
    assert not may_quote(a_passage(rights="no_quote"))


def test_plain_makes_anything_json():
    value = {"share": Share(count=1, base=2, verbatims=3), "scope": Scope(facet="pain"), "set": {"x"}, "n": None}
    assert json.loads(json.dumps(plain(value))) == {
        "share": {"count": 1, "base": 2, "verbatims": 3},
        "scope": {"facet": "pain", "segment": None, "role": None, "source": None},
        "set": ["x"],
        "n": None,
    }


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@sum", "\tx"])
def test_no_cell_of_an_export_is_a_formula(bench, monkeypatch, text):
    monkeypatch.setattr(keeping, "passages_to_export", lambda *_: iter([a_passage(text=text)]))
    lines = list(keeping.export_lines(bench, Filters(), suffix=".csv"))
    (row,) = csv.DictReader(lines)
    assert row["text"] == "'" + text


def test_an_export_to_something_else_is_refused(bench):
    with pytest.raises(ConfigError):
        keeping.export_lines(bench, Filters(), suffix=".pdf")
