"""Who speaks in a typed transcript, and what stays part of the words."""

from __future__ import annotations

import pytest

from ingest.speech import looks_spoken, parse_speech


def turns(text: str, *known: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in parse_speech(text, known=known).turns]


def times(text: str) -> list[int | None]:
    return [turn.start_ms for turn in parse_speech(text).turns]


STYLES = {
    "colon": "Dana Ortiz: Why?\n\nPriya Nair: Because: cost.\n\nDana Ortiz: Fine.\n",
    "colon, line by line": "Dana Ortiz: Why?\nPriya Nair: Because: cost.\nDana Ortiz: Fine.\n",
    "capitals": "DANA ORTIZ: Why?\n\nPRIYA NAIR: Because: cost.\n\nDANA ORTIZ: Fine.\n",
    "list": "- Dana Ortiz: Why?\n- Priya Nair: Because: cost.\n- Dana Ortiz: Fine.\n",
    "space before the colon": "Dana Ortiz : Why?\n\nPriya Nair\u00a0: Because: cost.\n\nDana Ortiz : Fine.\n",
    "bold": "**Dana Ortiz:** Why?\n\n**Priya Nair:** Because: cost.\n\n**Dana Ortiz:** Fine.\n",
    "bold, colon outside": "**Dana Ortiz**: Why?\n\n__Priya Nair__: Because: cost.\n\n**Dana Ortiz**: Fine.\n",
    "bold line": "**Dana Ortiz**\nWhy?\n\n**Priya Nair**\nBecause: cost.\n\n**Dana Ortiz**\nFine.\n",
    "time in brackets": "[0:03] Dana Ortiz: Why?\n[0:09] Priya Nair: Because: cost.\n[1:00:00] Dana Ortiz: Fine.\n",
    "time first": "0:03 Dana Ortiz: Why?\n0:09 Priya Nair: Because: cost.\n1:00:00 Dana Ortiz: Fine.\n",
    "time above": "[0:03] Dana Ortiz\nWhy?\n\n[0:09] Priya Nair\nBecause: cost.\n\n[1:00:00] Dana Ortiz\nFine.\n",
    "time behind": "Dana Ortiz: [0:03] Why?\n\nPriya Nair: [0:09] Because: cost.\n\nDana Ortiz: [1:00:00] Fine.",
    "otter": "Dana Ortiz  0:03\nWhy?\n\nPriya Nair  0:09 \nBecause: cost.\n\nDana Ortiz  1:00:00\nFine.\n",
    "rev": "Dana Ortiz (00:03):\nWhy?\n\nPriya Nair (00:09):\nBecause: cost.\n\nDana Ortiz (1:00:00):\nFine.\n",
    "zoom text": "[Dana Ortiz] 10:00:00\nWhy?\n[Priya Nair] 10:00:06\nBecause: cost.\n[Dana Ortiz] 10:59:57\nFine.\n",
    "tabs": "00:00:03\tDana Ortiz:\tWhy?\n00:00:09\tPriya Nair:\tBecause: cost.\n01:00:00\tDana Ortiz:\tFine.\n",
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_style_of_naming_speakers(style: str, newline: str) -> None:
    text = STYLES[style].replace("\n", newline)
    found = [((name or "").title(), words) for name, words in turns(text)]
    assert found == [("Dana Ortiz", "Why?"), ("Priya Nair", "Because: cost."), ("Dana Ortiz", "Fine.")]
    assert looks_spoken(text)


@pytest.mark.parametrize("style", [name for name in STYLES if "time" in name or name in ("otter", "rev", "tabs")])
def test_times_beside_names(style: str) -> None:
    assert times(STYLES[style]) == [3_000, 9_000, 3_600_000]


def test_times_of_day_count_from_the_first() -> None:
    assert times(STYLES["zoom text"]) == [0, 6_000, 3_597_000]


def test_full_width_colons() -> None:
    text = "王伟：为什么？\n李娜：因为成本。\n王伟：好。\n李娜：嗯。\n"
    assert turns(text) == [("王伟", "为什么？"), ("李娜", "因为成本。"), ("王伟", "好。"), ("李娜", "嗯。")]


def test_words_before_a_colon_inside_a_turn_stay_words() -> None:
    text = (
        "Dana Ortiz: What happened?\n\n"
        "Priya Nair: Two things: cost, and trust.\nNote: it was hard.\nNote: it still is.\nPricing: too high.\n\n"
        "Dana Ortiz: And then?\n\nPriya Nair: My boss\nsaid: find another. So\nsaid: the board.\n"
    )
    assert [name for name, _ in turns(text)] == ["Dana Ortiz", "Priya Nair", "Dana Ortiz", "Priya Nair"]
    assert turns(text)[1][1].endswith("Pricing: too high.")


def test_a_paragraph_that_begins_like_a_name_is_told_apart_by_the_others() -> None:
    text = "Dana Ortiz: Why?\n\nPriya Nair: So.\n\nCaveat: not in writing.\n\nDana Ortiz: Ah.\n\nPriya Nair: Yes.\n"
    speech = parse_speech(text)
    assert {turn.speaker for turn in speech.turns} == {"Dana Ortiz", "Priya Nair"}
    assert speech.kept == ("Caveat",)


def test_somebody_who_speaks_once_is_believed_and_told() -> None:
    text = "Dana Ortiz: Why?\n\nPriya Nair: So.\n\nAbel Moreau: I agree.\n\nDana Ortiz: Ah.\n\nPriya Nair: Yes.\n"
    assert ("Abel Moreau", "I agree.") in turns(text)
    assert parse_speech(text).once == ("Abel Moreau",)


def test_a_participant_is_known_however_rarely_they_speak() -> None:
    text = "Dana Ortiz: Why?\n\nPriya Nair: So.\nmoreau: I agree.\n\nDana Ortiz: Ah.\n\nPriya Nair: Yes.\n"
    assert ("moreau", "I agree.") not in turns(text)
    assert ("moreau", "I agree.") in turns(text, "Moreau")


def test_first_names_that_come_once_among_first_names() -> None:
    assert turns("Dana: Hi\n\nPriya: Hello\nagain\n\nDana: Bye\n") == [
        ("Dana", "Hi"),
        ("Priya", "Hello\nagain"),
        ("Dana", "Bye"),
    ]


def test_paragraphs_without_a_name_go_on_and_times_divide_them() -> None:
    text = (
        "# A talk\n\n**Dana Ortiz:** Why?\n\n**Priya Nair:** \\[03:46\\] So.\n\nMore.\n\n\\[04:10\\] And more.\n\n"
        "## Part two\n\nStill Priya.\n\n**Dana Ortiz:** Ah.\n"
    )
    assert turns(text)[1:4] == [
        ("Priya Nair", "So.\n\nMore."),
        ("Priya Nair", "And more."),
        ("Priya Nair", "Still Priya."),
    ]
    assert times(text)[1:4] == [226_000, 250_000, None]
    assert parse_speech(text).preamble == ("# A talk",)


def test_lines_of_time_belong_to_what_follows() -> None:
    text = "00:00:00\n\nDana Ortiz: Why?\nPriya Nair: So.\n\n00:05:00\n\nPriya Nair: Later.\n"
    assert times(text) == [0, None, 300_000]
    assert [words for _, words in turns(text)] == ["Why?", "So.", "Later."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just a memo about a meeting.\n\nIt has paragraphs, and no speakers.\n",
        "Dear all,\n\nNote: this is a memo.\n\nIt says things. Many.\n\nNote: and another.\n\nRegards\n",
        "# Project\n\nInstall: run make.\n\nUsage: foo\n\nLicense: MIT\n",
        "From: a@b.example\nTo: c@d.example\nSubject: Hello\n\nHello,\n\nwords\n",
        "INFO: started\nINFO: running\nERROR: failed\nINFO: done\n",
        "name: x\nversion: 1\ntags: y\nname: z\n",
        "Dana Ortiz: Only one line.\n",
    ],
)
def test_what_is_no_conversation(text: str) -> None:
    assert not looks_spoken(text)


def test_a_footer_is_nobodys_words() -> None:
    text = "Dana Ortiz  0:03\nWhy?\n\nPriya Nair  0:09\nSo.\n\nTranscribed by https://otter.ai\n"
    assert turns(text)[-1] == ("Priya Nair", "So.")
