"""Speakers: evidence in words, names matched with care, and a codebook that does not contradict itself."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from nlp.facets import testability as checking
from nlp.speakers.people import Voice, resolve_speakers, role_of_text, role_of_title
from nlp.speakers.permission import permission_of
from nlp.speakers.titles import words_of
from nlp.text.names import aside_of, matching
from nlp.text.signatures import title_of_signature
from winloss.codebook import load_codebook
from winloss.model import Mode, Participant, ReadTurn, Side, SourceKind

CODEBOOK = load_codebook()
BARE = replace(CODEBOOK, roles=(), vendor=None)


def people(*names):
    return [Participant(name=name) for name in names]


@pytest.mark.parametrize("role", CODEBOOK.roles, ids=lambda role: role.name)
def test_every_phrase_of_the_codebook_gives_its_own_role(role):
    given = {title: role_of_title(title, CODEBOOK)[0] for title in role.titles}
    assert given == dict.fromkeys(role.titles, role.name)


def test_roles_have_distinct_names_and_labels():
    assert len({role.name for role in CODEBOOK.roles}) == len(CODEBOOK.roles)
    assert len({role.label for role in CODEBOOK.roles}) == len(CODEBOOK.roles)


def test_titles_are_compared_without_case_accents_and_abbreviations():
    assert words_of("Sr. SecEng II") == ("senior", "security", "engineer", "ii")
    assert words_of("VP, Infra & Ops") == words_of("vice president of Infrastructure and Operations")
    assert words_of("Délégué à la protection des données") == words_of("DELEGUE A LA PROTECTION DES DONNEES")


def test_the_longest_phrase_decides():
    short = replace(CODEBOOK.roles[0], titles=("cloud",))
    long = replace(CODEBOOK.roles[1], titles=("cloud cost",))
    codebook = replace(CODEBOOK, roles=(short, long))
    assert role_of_title("Cloud lead", codebook)[0] == short.name
    assert role_of_title("Cloud cost lead", codebook)[0] == long.name


def test_without_roles_in_the_codebook_rank_still_tells():
    assert role_of_title("CISO", BARE) == (None, Mode.EXECUTIVE, 'title "CISO"')
    assert role_of_text("I'm the CISO here.", BARE) == (None, None, "")


def test_evidence_quotes_what_it_rests_on():
    turns = [
        ReadTurn(speaker="Dana", text="What do you do?"),
        ReadTurn(speaker="Pete", text="Well. I run detection engineering at a railway."),
    ]
    known = [Participant(name="Dana", title="Win/Loss Interviewer, Fernhill")]
    voices = resolve_speakers(turns, known, CODEBOOK, kind=SourceKind.INTERVIEW)
    assert voices["Dana"] == Voice(
        name="Dana",
        side=Side.INTERVIEWER,
        side_evidence='title "Win/Loss Interviewer, Fernhill"',
        title="Win/Loss Interviewer, Fernhill",
    )
    assert voices["Pete"] == Voice(
        name="Pete",
        side=Side.BUYER,
        side_evidence="answers Dana",
        role="detection_engineer",
        role_evidence='says "I run detection engineering"',
        mode=Mode.PRACTITIONER,
    )


def test_a_title_decides_over_what_is_said():
    turns = [ReadTurn(speaker="Pete", text="I'm the CISO in all but name.")]
    known = [Participant(name="Pete", title="SOC Manager", side=Side.BUYER)]
    voice = resolve_speakers(turns, known, CODEBOOK, kind=SourceKind.INTERVIEW)["Pete"]
    assert (voice.role, voice.mode) == ("secops_lead", Mode.PRACTITIONER)


def test_only_buyers_have_a_seat():
    turns = [ReadTurn(speaker="Host", text="I'm the CISO of nothing. Why?"), ReadTurn(speaker="Guest", text="Cost.")]
    voices = resolve_speakers(turns, [], CODEBOOK, kind=SourceKind.INTERVIEW)
    assert (voices["Host"].side, voices["Host"].role) == (Side.INTERVIEWER, None)


def test_every_speaker_has_a_voice_also_the_nameless():
    turns = [ReadTurn(speaker=name, text="Words.") for name in ("Ann", None, "Bo", "Ann", "")]
    for kind in SourceKind:
        assert set(resolve_speakers(turns, [], CODEBOOK, kind=kind)) == {"Ann", None, "Bo", ""}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("priya nair", "Priya Nair"),
        ("Nair, Priya", "Priya Nair"),
        ("Priya", "Priya Nair"),
        ("Priya N.", "Priya Nair"),
        ("P. Nair", "Priya Nair"),
        ("Dr. Priya Nair (she/her)", "Priya Nair"),
        ("Priya Nair | Mill", "Priya Nair"),
        ("José", "Jose García"),
        ("P. N.", None),
        ("Lee", None),
        ("Nobody", None),
        ("", None),
    ],
)
def test_names_are_matched_where_only_one_person_can_be_meant(written, meant):
    found = matching([written], people("Priya Nair", "Jose García", "Marcus Lee", "Ann Lee"))
    assert (found[written].name if found else None) == meant


@pytest.mark.parametrize(
    ("written", "aside"),
    [
        ("Priya N. (CISO)", "CISO"),
        ("Priya Nair (she/her)", None),
        ("Priya Nair | Mill", "Mill"),
        ("Priya - SOC Manager", "SOC Manager"),
        ("Priya Nair", None),
        ("Anne-Marie Dubois", None),
    ],
)
def test_what_a_name_says_beside_the_name(written, aside):
    assert aside_of(written) == aside


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The alerts were slow.\n\n-- \nPriya Nair\nCISO, Northwind", "CISO, Northwind"),
        ("The alerts were slow.\r\n\r\nBest regards,\r\nPriya\r\n*SOC Manager*\r\nMill Inc.", "SOC Manager"),
        (
            "Thanks,\nour CISO said no to all of it, and the rest of this mail goes on for a good while after it.",
            None,
        ),
        ("The alerts were slow.\n\n-- \nPriya Nair", None),
        ("--\nCISO\n" + "a line\n" * 8, None),
        ("Our CISO said no.", None),
        ("", None),
    ],
)
def test_a_title_is_read_from_a_signature(text, title):
    assert title_of_signature(text, CODEBOOK) == title


def test_the_signature_tells_the_seat_of_an_author_who_has_no_title():
    turns = [ReadTurn(speaker="night_owl", text="Four hundred alerts.\n\n-- \nCISO, Northwind")]
    voice = resolve_speakers(turns, [], CODEBOOK, kind=SourceKind.COMMUNITY)["night_owl"]
    assert (voice.title, voice.role, voice.role_evidence) == ("CISO, Northwind", "ciso", 'signature "CISO, Northwind"')
    flair = [Participant(name="night_owl", title="Senior Detection Engineer @ Mill | opinions mine")]
    voice = resolve_speakers(turns, flair, CODEBOOK, kind=SourceKind.COMMUNITY)["night_owl"]
    assert (voice.title, voice.role) == ("Senior Detection Engineer @ Mill | opinions mine", "detection_engineer")


@pytest.mark.parametrize("repeated", ["two hundred and ", "$1", "1,1.", "legal so we ", "every single the ", "- - "])
def test_a_long_text_of_one_kind_is_read_in_a_moment(repeated):
    text = repeated * (20_000 // len(repeated))
    began = time.perf_counter()
    checking.testability(text)
    permission_of(f"{text} signed blocked got it")
    assert time.perf_counter() - began < 10
