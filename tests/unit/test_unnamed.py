"""No title names a person, an account or a handle, whether a source tells the name or somebody only says it."""

from __future__ import annotations

import pytest

from nlp.text.unnamed import names_of, naming, persons_in
from nlp.themes.cluster import Clustering
from nlp.themes.label import describe
from tests.unit.test_themes import blobs

KNOWN = names_of(["Harbor Bank", "GOV"], ["Priya Nair", "@night_owl7", "Will Grant", "Speaker 1", "alerts", "Li Wu"])


@pytest.mark.parametrize(
    "clause",
    [
        "priya nair closed the alerts",
        "what Nair said about price",
        "Priya's team reads no alerts",
        "we asked Will about the price",
        "night_owl7 had the same crash",
        "harbor bank doubled the order",
        "a gov tender every second year",
        "ask @somebody about the crash",
        "write to help@example.org about it",
        "thanks u/other for the answer",
    ],
)
def test_a_name_is_found_however_it_is_written(clause):
    assert KNOWN.held_by(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "we will never read the alerts",
        "the speaker broke in the first week",
        "a grant paid for the second year",
        "the bank wants it in writing",
        "governance took half a year",
    ],
)
def test_ordinary_words_are_no_names(clause):
    assert not KNOWN.held_by(clause)


def test_people_who_are_only_spoken_of_are_found_by_the_recogniser():
    said = "Then John Miller told the board that the alerts cost more than the tool."
    assert list(naming(persons_in, said, "John Miller told the board"))
    assert not list(naming(persons_in, said, "the alerts cost more than the tool"))


def two_themes(sayings):
    """Two themes of six verbatims each, the first saying nothing but the first of these sayings."""
    rows, _, truth = blobs(groups=2, each=6)
    texts = {f"v{number:02}": sayings[group] for number, group in enumerate(truth)}
    members = tuple((truth == group).nonzero()[0] for group in (0, 1))
    centroids = rows.reshape(2, 6, -1).mean(axis=1)
    return texts, Clustering(
        labels=truth, strength=truth.astype("float32"), centroids=centroids, members=members, fingerprint=""
    )


def test_a_title_avoids_every_name_and_takes_the_next_clause():
    texts, found = two_themes(
        ("Priya Nair closes the alerts unread. Some nights nobody reads alerts.", "The bill doubled twice.")
    )
    free = describe(texts, found)[0].title
    named = describe(texts, found, people=["Priya Nair"])[0].title
    assert "Priya" in free
    assert named == "Some nights nobody reads alerts"


def test_a_theme_that_speaks_of_nothing_but_somebody_is_called_by_its_other_words():
    texts, found = two_themes(("Priya Nair closes the alerts unread.", "The bill doubled twice."))
    title = describe(texts, found, people=["Priya Nair"])[0].title
    assert "priya" not in title.casefold()
    assert "nair" not in title.casefold()
    assert "alerts" in title


def test_a_person_whom_only_the_text_names_is_in_no_title():
    texts, found = two_themes(
        ("Okonkwo closes the alerts unread. Some nights nobody reads alerts.", "The bill doubled twice.")
    )
    title = describe(texts, found, persons=lambda text: ["Okonkwo"] if "Okonkwo" in text else [])[0].title
    assert "Okonkwo" in describe(texts, found)[0].title
    assert title == "Some nights nobody reads alerts"


def test_two_themes_get_no_titles_that_say_the_same():
    texts, found = two_themes(("We read no alerts here. The night shift is empty.",) * 2)

    def encode(clauses):
        import numpy as np

        place = [0 if "alerts" in clause else 1 for clause in clauses]
        return np.eye(2, found.centroids.shape[1], dtype=np.float32)[place]

    titles = [label.title for label in describe(texts, found, encode=encode)]
    assert titles == ["We read no alerts here", "The night shift is empty"]


def test_dissent_comes_from_different_people():
    rows, keys, _ = blobs(groups=1, each=12)
    texts = dict.fromkeys(keys, "The alerts bury my analysts on every shift.")
    for number in (2, 3, 4):
        texts[keys[number]] = f"Alert volume was never our problem {number}."
    found = Clustering(
        labels=rows[:, 0].astype("int64") * 0,
        strength=rows[:, 0],
        centroids=rows[:1],
        members=(rows[:, 0].argsort(),),
        fingerprint="",
    )
    people = ["same" if number in (2, 3) else f"p{number}" for number in range(12)]
    (label,) = describe(texts, found, respondents=people)
    said_by = [people[keys.index(name)] for name in label.dissenting]
    assert sorted(said_by) == ["p4", "same"]
