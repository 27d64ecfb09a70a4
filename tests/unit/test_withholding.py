"""What is left of a document when one of its people is forgotten, and of texts that name them."""

from __future__ import annotations

import pytest

from winloss.model import (
    Deal,
    Document,
    Facet,
    Participant,
    Side,
    SourceKind,
    Speaker,
    Theme,
    Tombstone,
    Turn,
    Verbatim,
    text_key,
)
from winloss.services.erasure.tombstones import COMPANIES, Door, Marks, folded_name
from winloss.services.erasure.untitling import UNTITLED, themes_without
from winloss.services.erasure.withholding import without_names, without_people

ASKS, BUYER, OTHER, SELLS = "Asks", "Ann Lee", "Bo Hill", "Sells"
SIDES = {ASKS: Side.INTERVIEWER, BUYER: Side.BUYER, OTHER: Side.BUYER, SELLS: Side.VENDOR}
DOCUMENT = Document(id="d1", version=1, kind=SourceKind.INTERVIEW, external_id="x", content_hash="h", file_id="f")


def said(*lines: tuple[str, str]) -> list[Turn]:
    turns, question = [], None
    for ordinal, (name, text) in enumerate(lines):
        speaker = Speaker(name=name, respondent=name, side=SIDES[name], side_evidence=f"unlike {BUYER}")
        asked = question if SIDES[name] is Side.BUYER else None
        turns.append(
            Turn(id=f"t{ordinal}", document_id="d1", ordinal=ordinal, speaker=speaker, text=text, question=asked)
        )
        question = text if name == ASKS else question
    return turns


def left(*lines: tuple[str, str], gone: str = BUYER) -> list[str]:
    return [turn.text for turn in without_people(DOCUMENT, said(*lines), [], {gone}).turns]


def test_a_question_goes_when_only_the_forgotten_answered_it():
    assert left((ASKS, "q1"), (BUYER, "a1"), (ASKS, "q2"), (BUYER, "a2"), (OTHER, "a3")) == ["q2", "a3"]


def test_a_question_that_nobody_answered_and_one_that_the_vendor_took_up_stay():
    assert left((ASKS, "q1"), (ASKS, "q2"), (BUYER, "a"), (SELLS, "s"), (OTHER, "o")) == ["q1", "q2", "s", "o"]


@pytest.mark.parametrize("others", [[], [(SELLS, "pitch")]])
def test_without_another_buyer_nothing_worth_keeping_is_left(others):
    turns = said((ASKS, "q"), (BUYER, "a"), *others)
    assert without_people(DOCUMENT, turns, [], {BUYER}).empty


def test_somebody_who_is_only_listed_leaves_the_list_and_no_word_goes():
    turns = said((ASKS, "q"), (OTHER, "a"))
    people = [Participant(name=BUYER), Participant(name=OTHER)]
    remainder = without_people(DOCUMENT, turns, people, {BUYER})
    assert not remainder.empty
    assert [turn.text for turn in remainder.turns] == ["q", "a"]
    assert [person.name for person in remainder.participants] == [OTHER]
    assert {turn.speaker.side_evidence for turn in remainder.turns} == {"unlike [forgotten]"}


def test_what_is_left_is_the_same_content_whoever_else_was_there():
    turns = said((ASKS, "q"), (OTHER, "a"), (BUYER, "b"))
    fewer = said((ASKS, "q"), (OTHER, "a"), (BUYER, "something else"))
    one, two = (without_people(DOCUMENT, each, [], {BUYER}).document.content_hash for each in (turns, fewer))
    other = without_people(DOCUMENT, said((ASKS, "q"), (OTHER, "other"), (BUYER, "b")), [], {BUYER})
    assert one == two != other.document.content_hash


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("call with Ann Lee", False, "call with [forgotten]"),
        ("2026-01-01_ann-lee.vtt", False, "2026-01-01_[forgotten].vtt"),
        ("LEE, Ann and AnnLee", False, "[forgotten] and [forgotten]"),
        ("Joann Lee and Ann Leeds", False, "Joann Lee and Ann Leeds"),
        ("Ann and the leeway", False, "Ann and the leeway"),
        ("Ann and the leeway", True, "[forgotten] and the leeway"),
        ("nothing", True, "nothing"),
    ],
)
def test_names_are_found_as_words_however_they_are_joined(text, parts, expected):
    assert without_names(text, {"Ann Lee"}, parts=parts) == expected


def test_short_parts_of_a_name_and_names_without_letters_find_nothing_by_chance():
    assert without_names("I go to Bo and Li", {"Li Bo", "***"}, parts=True) == "I go to Bo and Li"


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("interview", "Ann Lee", "LEE, Ann (CISO)", True),
        ("interview", "Dr. José Núñez", "jose nunez", True),
        ("interview", "Ann Lee", "Ann Leeds", False),
        ("interview", "李 雷", "李 雷", True),
        ("community", "d_lee", "D_Lee", True),
        ("community", "d_lee", "lee-d", False),
        ("community", "***", "**", False),
    ],
)
def test_when_two_names_are_one(kind, one, other, same):
    assert (folded_name(kind, one) == folded_name(kind, other)) is same


def door_for(*made) -> Door:
    key = Tombstone(id="ab" * 32, kind="key", forgotten_at="now")
    marks = Marks([key], now="now")
    return Door(Marks([key, *(make(marks) for make in made)], now="now"))


def test_a_deal_loses_a_full_name_anywhere_and_a_single_one_only_where_it_is_all_there_is():
    door = door_for(lambda m: m.of_person(COMPANIES, "Ann Lee"), lambda m: m.of_person(COMPANIES, "Will"))
    deal = Deal(external_id="1", owner="will", name="Lee, Ann: renewal", loss_reason="Will renew", meta={"by": "Will"})
    clean = door.spared(deal)
    assert (clean.owner, clean.name, clean.loss_reason) == (None, "[forgotten]: renewal", "Will renew")
    assert clean.meta == {"by": "[forgotten]"}
    assert door.withheld


def test_a_door_without_marks_lets_everything_in_untouched():
    door = Door(Marks([], now="now"))
    turns = said((ASKS, "q"), (BUYER, "a"))
    remainder = door.let_in(DOCUMENT, turns, [])
    assert remainder is not None
    assert (remainder.document, list(remainder.turns), door.withheld, door.findings()) == (DOCUMENT, turns, False, [])


def test_a_title_stays_where_somebody_else_said_it_and_an_old_one_of_nobody_here_too(bench):
    words = {"v1": "they bury us in alerts every night", "v2": "we drown in wombats", "v3": "they bury us in alerts"}
    turns = [
        Turn(id="", document_id="d1", ordinal=at, speaker=said((BUYER, ""))[0].speaker, text=text)
        for at, text in enumerate(words.values())
    ]

    def theme(name: str, title: str, terms: tuple[str, ...], exemplars: tuple[str, ...] = ()) -> Theme:
        return Theme(id=name, facet=Facet.PAIN, title=title, terms=terms, size=2, exemplars=exemplars)

    themes = [
        theme("h1", "they bury us in alerts", ("alerts", "night"), ("v1", "v3")),
        theme("h2", "we drown in wombats", ("drown", "alerts")),
        theme("h3", "said in an older version", ("older",)),
    ]
    with bench.store.transaction() as transaction:
        transaction.put_document(DOCUMENT, turns, [])
    stored = bench.store.turns("d1")
    verbatims = [
        Verbatim(
            id=name, turn_id=turn.id, document_id="d1", start=0, end=len(turn.text), text=turn.text,
            key=text_key(turn.text),
        )
        for name, turn in zip(words, stored, strict=True)
    ]  # fmt: skip
    with bench.store.transaction() as transaction:
        transaction.put_verbatims("d1", verbatims, "seg")
        transaction.put_themes(Facet.PAIN, themes, {}, "made")
    changed = {theme.id: theme for theme in themes_without(bench, verbatims[:2])}
    assert changed.keys() == {"h1", "h2"}
    assert (changed["h1"].title, changed["h1"].terms, changed["h1"].exemplars) == (
        "they bury us in alerts",
        ("alerts",),
        ("v3",),
    )
    assert (changed["h2"].title, changed["h2"].terms) == (UNTITLED, ("alerts",))
