"""Who is one person under several spellings, case by case from spellings.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.speakers.people import resolve_speakers
from tests.cases.test_sides import CODEBOOK, people_of, turns_of
from winloss.model import SourceKind

CASES = yaml.safe_load(Path(__file__).with_name("spellings.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_people_are_told_apart_and_joined(name):
    case = CASES[name]
    kind = SourceKind(case.get("kind", "interview"))
    voices = resolve_speakers(turns_of(case), people_of(case), CODEBOOK, kind=kind)
    joined = [sorted(spelling for spelling, other in voices.items() if other is voice) for voice in voices.values()]
    assert sorted(joined) == sorted(sorted(person) for person in case["persons"] for _ in person)
    for person in case["persons"]:
        if len(person) > 1:
            assert {voices[spelling].name for spelling in person} == {person[0]}
    assert {spelling: voices[spelling].name for spelling in case.get("names", {})} == case.get("names", {})
    assert {spelling: voices[spelling].side for spelling in case.get("sides", {})} == case.get("sides", {})
    for spelling, evidence in case.get("evidence", {}).items():
        assert evidence in voices[spelling].side_evidence
