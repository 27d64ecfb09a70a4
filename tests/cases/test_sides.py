"""Sides, roles and names of speakers, case by case from sides.yml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from nlp.speakers.people import resolve_speakers
from winloss.codebook import Company, load_codebook
from winloss.model import Participant, ReadTurn, Side, SourceKind

CASES = yaml.safe_load(Path(__file__).with_name("sides.yml").read_text(encoding="utf-8"))
VENDOR = Company(name="Brackenfell", aliases=("BFL",), domains=("brackenfell.example",))
CODEBOOK = replace(load_codebook(), vendor=VENDOR)


@pytest.mark.parametrize("name", CASES)
def test_speakers_are_told_apart(name):
    case = CASES[name]
    voices = resolve_speakers(turns_of(case), people_of(case), CODEBOOK, kind=SourceKind(case.get("kind", "interview")))
    assert {speaker: voice.side for speaker, voice in voices.items()} == case["sides"]
    assert all(voice.side_evidence for voice in voices.values())
    assert {speaker: voices[speaker].role for speaker in case.get("roles", {})} == case.get("roles", {})
    assert {speaker: voices[speaker].name for speaker in case.get("names", {})} == case.get("names", {})


def turns_of(case):
    split = (line.partition(":") for line in case["turns"])
    return [ReadTurn(speaker=speaker or None, text=text.strip()) for speaker, _, text in split]


def people_of(case):
    rows = [dict(row) for row in case.get("people", [])]
    return [Participant(**{**row, "side": Side(row["side"]) if "side" in row else None}) for row in rows]
