"""Which lines of decks are claims: `deck_claims.yml`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ingest.decks import read_deck
from nlp.decks.deck_claims import read_claims

CASES = yaml.safe_load(Path(__file__).with_name("deck_claims.yml").read_text(encoding="utf-8"))


def reading(tmp_path, text):
    path = tmp_path / "deck.md"
    path.write_text(text, encoding="utf-8")
    return read_claims(read_deck(path))


@pytest.mark.parametrize("name", CASES)
def test_a_deck_is_read_as_it_is_meant(tmp_path, name):
    case = CASES[name]
    found = reading(tmp_path, case["deck"])
    assert [claim.statement for claim in found.claims] == [str(text) for text in case["claims"]]
    if "quotes" in case:
        assert [[quote.text, quote.claim] for quote in found.quotes] == case["quotes"]


def test_there_are_cases_enough():
    lines = sum(1 for case in CASES.values() for line in case["deck"].splitlines() if line.strip(" #|-"))
    assert lines >= 80


def test_every_line_is_a_claim_or_passed_over_for_a_reason(tmp_path):
    found = reading(tmp_path, "# Agenda\n\n- Price\n\n# Findings\n\n- Peer references close deals\n- Do they?\n")
    assert sum(found.passed_over.values()) + len(found.claims) == 5
