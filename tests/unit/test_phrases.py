"""What of a text may stand as a title, and what its form is worth."""

import pytest

from nlp.text.phrases import phrases_in


def found(text):
    return {phrase.text: phrase.form for phrase in phrases_in([text])[0]}


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("I mean that's for delivery over six months.", "that's for delivery over six months"),
        ("We sell 80,000 tons of sales orders.", "We sell 80,000 tons of sales orders"),
        ("Renewal {vocalsound} prices doubled overnight again.", "prices doubled overnight again"),
        ("It is to build up our own cloud.", "It is to build up our own cloud"),
    ],
)
def test_a_clause_is_whole_and_was_heard(said, clause):
    assert clause in found(said)
    assert all(phrase in said for phrase in found(said))


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("Nobody can predict the ingestion bill any more.", "ingestion bill"),
        ("There were three other copies of the rule in git.", "copies of the rule"),
        ("He asked how many security products we own.", "security products"),
    ],
)
def test_a_noun_phrase_stands_without_what_only_counts_or_points(said, phrase):
    assert phrase in found(said)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("We pay overage by the gigabyte", "below it we pay overage by the gigabyte"),
        ("The console lists every rule twice", "it lists every rule twice"),
        ("The analysts close alerts unread", "with the analysts closing alerts unread"),
        ("The vendor renews nothing without a signature", "said nothing renews without my signature"),
        ("We cannot staff the night shift", "We are a bureau with night shifts"),
        ("The rules drifted in the repository", "The 480 rules drifted in the repository"),
    ],
)
def test_what_only_makes_sense_beside_other_words_is_worth_less(better, worse):
    assert found(better + ".")[better] > found(worse + ".")[worse]
