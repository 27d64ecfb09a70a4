"""The facet classifier: scores that add up, reasons in the passage's own words, weights that fit the cues."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.facets import classify, tuning
from nlp.facets.classify import FACETS, FacetClassifier, load_head
from nlp.facets.facet_network import CHANGES
from nlp.facets.features import cue_hits, cues, cues_mark, feature_names, features, phrase_matrix, phrases
from nlp.facets.labelled import DATA, PLACES, UNREAD, Labelled, load_passages, load_real
from nlp.facets.reasons import Weighed, is_small_talk, reason_for
from nlp.facets.training import best_mix, vocabulary_of, weights_of
from winloss.errors import ConfigError, NotFound, StaleArtefact
from winloss.model import Facet, Permission, text_key

PAIN = "Every Monday two of my analysts close the same phishing tickets by hand, it's a nightmare."
WORK = "We're trying to get every contractor onto passkeys by the end of June."
PROOF = "We ran it in a six week pilot and it caught forty-one of forty-three, which convinced our auditor."


@pytest.fixture(scope="module")
def classifier():
    return FacetClassifier()


def zeros(count):
    return np.zeros((count, load_head().dimensions), dtype=np.float32)


def test_scores_add_up_and_the_highest_decides(classifier):
    for decision in classifier.classify([PAIN, WORK, PROOF, "", "?", "東京 🎉"], zeros(6)):
        assert set(decision.scores) == {facet.value for facet in Facet}
        assert sum(decision.scores.values()) == pytest.approx(1, abs=1e-5)
        assert decision.facet_score == max(decision.scores.values()) == decision.scores[decision.facet]
        assert decision.reason


def test_wording_alone_tells_clear_passages_apart(classifier):
    other_model = np.zeros((3, 7), dtype=np.float32)
    decided = [item.facet for item in classifier.classify([PAIN, WORK, PROOF], other_model)]
    assert decided == [Facet.PAIN, Facet.ENGAGEMENT, Facet.PROOF]


def test_vectors_of_another_model_are_not_taken_for_the_known_ones():
    known = FacetClassifier(encoder=load_head().encoder)
    foreign = FacetClassifier(encoder="another model")
    noise = np.random.default_rng(7).normal(size=(1, load_head().dimensions)).astype(np.float32)
    assert known.fingerprint == FacetClassifier().fingerprint != foreign.fingerprint
    assert foreign.classify([PAIN], noise) == foreign.classify([PAIN], zeros(1))
    assert known.classify([PAIN], noise) != known.classify([PAIN], zeros(1))


def test_a_decision_does_not_depend_on_its_company(classifier):
    alone = classifier.classify([WORK], zeros(1))
    among = classifier.classify([PAIN, "Yes.", WORK, PROOF], zeros(4))
    assert alone[0] == among[2]


def test_nothing_in_nothing_out_and_each_text_needs_its_vector(classifier):
    assert classifier.classify([], zeros(0)) == []
    with pytest.raises(ValueError, match="2 texts but 1 vectors"):
        classifier.classify([PAIN, WORK], zeros(1))


def test_the_permission_comes_along(classifier):
    (decision,) = classifier.classify(["Legal blocked the deal until we had a data processing agreement."], zeros(1))
    assert decision.permission is Permission.BLOCK


@pytest.mark.parametrize("text", ["Yeah, right.", "Thank you so much!", "Mhm.", "…", "  ", "That’s fine, thanks"])
def test_small_talk_is_none(classifier, text):
    assert is_small_talk(text)
    (decision,) = classifier.classify([text], zeros(1))
    assert decision.facet is Facet.NONE
    assert decision.facet_score > 0.9


@pytest.mark.parametrize("text", ["Two days.", "Yeah, it's slow.", "It broke.", "Right, legal again"])
def test_short_passages_that_say_something_are_not_small_talk(text):
    assert not is_small_talk(text)


def test_reasons_quote_the_passage_as_it_is_written(classifier):
    (decision,) = classifier.classify([PAIN], zeros(1)[:, :7])
    assert '"by hand"' in decision.reason
    quoted = decision.reason.split('"')[1::2]
    assert 1 <= len(quoted) <= 3
    assert all(words in PAIN for words in quoted)


def test_a_reason_names_the_close_second_and_only_then():
    scores = {Facet.PAIN: 0.4, Facet.PROOF: 0.35, Facet.ENGAGEMENT: 0.15, Facet.NONE: 0.1}
    weighed = [Weighed(start=0, end=6, weight=1.0), Weighed(start=0, end=4, weight=0.5)]
    close = reason_for("closed by hand", weighed, scores, by_meaning=False)
    assert close == '"closed" points to pain; could also be proof'
    clear = reason_for("closed by hand", weighed, {**scores, Facet.PAIN: 0.8}, by_meaning=True)
    assert clear == 'reads like pain as a whole, with "closed"'
    assert reason_for("x", [], {**scores, Facet.PAIN: 0.8}, by_meaning=True).startswith("reads like pain")


def test_cues_are_found_with_their_spans_under_any_apostrophe():
    for text in ("We can't export it", "We can’t export it"):
        spans = {hit.cue.name: hit.spans for hit in cue_hits(text)}
        assert spans["cannot"] == ((3, 8),)
    assert not [hit for hit in cue_hits("the scanter cannotation") if hit.cue.name == "cannot"]


def test_every_cue_is_named_once_and_says_something_of_its_own():
    names = [cue.name for cue in cues()]
    assert len(names) == len(set(names))
    texts = [passage.text for passage in load_passages()]
    never = [cue.name for cue in cues() if not any(cue.pattern.search(text) for text in texts)]
    assert never == []


def test_inputs_have_a_row_per_text_within_bounds():
    texts = [PAIN, "", "?"]
    matrix = features(texts, [cue_hits(text) for text in texts])
    assert matrix.shape == (3, len(feature_names()))
    assert matrix.min() >= 0
    assert matrix.max() <= 1
    assert features([], []).shape == (0, len(feature_names()))


def test_phrases_are_words_and_pairs_with_spans():
    text = "Don’t know?"
    found = {phrase: text[start:end] for phrase, start, end in phrases(text)}
    assert found == {
        "don't": "Don’t", "know": "know", "?": "?", "don't know": "Don’t know", "know ?": "know?",
    }  # fmt: skip
    row = phrase_matrix([text], {"know": 0, "absent": 1})[0]
    assert row[0] > 0
    assert row[1] == 0


def test_the_weights_fit_the_cues_that_ship():
    about = json.loads(files("nlp").joinpath("data", "facet_head.json").read_text(encoding="utf-8"))
    assert about["cues"] == cues_mark()
    assert load_head().cues.shape == (len(feature_names()), len(FACETS))
    assert load_head().words.shape == (len(about["vocabulary"]), len(FACETS))


def test_weights_made_for_other_cues_are_refused(monkeypatch):
    monkeypatch.setattr(classify, "cues_mark", lambda: "other")
    load_head.cache_clear()
    try:
        with pytest.raises(ConfigError, match="other cues") as caught:
            load_head()
        assert "nlp.facets.training" in caught.value.hint
    finally:
        load_head.cache_clear()


def test_classifying_loads_neither_torch_nor_sklearn():
    program = (
        "import sys, numpy; from nlp.facets.classify import FacetClassifier\n"
        "FacetClassifier().classify(['We lost a week.'], numpy.zeros((1, 384), dtype='float32'))\n"
        "print([name for name in ('torch', 'sklearn', 'scipy', 'spacy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_labelled_passages_are_distinct_and_stay_in_their_part():
    passages = load_passages()
    assert len({passage.text for passage in passages}) == len(passages)
    parts = [passage.part for passage in passages if passage.writer not in UNREAD]
    assert {part: round(parts.count(part) / len(parts), 1) for part in set(parts)} == {
        "train": 0.6, "dev": 0.2, "test": 0.2,
    }  # fmt: skip
    moved = Labelled(text=passages[0].text, facet=Facet.NONE, domain="other", register="other")
    assert moved.part == passages[0].part


def test_nothing_is_learned_from_the_writers_that_are_held_out():
    parts = {writer: {item.part for item in load_passages() if item.writer == writer} for writer in UNREAD}
    assert parts == {"r1": {"dev"}, "r3": {"test"}}
    dealt = {item.block: item.part for item in load_passages() if item.writer == "r2"}
    assert set(dealt.values()) == {"train", "dev", "test"}


def test_the_vocabulary_holds_what_enough_passages_hold():
    texts = ["one two", "one three", "one two", "four four four"]
    assert vocabulary_of(texts) == {"one": 0}


@given(st.lists(st.integers(1, 128), min_size=1, max_size=700), st.integers(1, 40))
def test_training_reads_every_passage_once_in_batches_of_similar_length(lengths, size):
    batches = tuning._batches(lengths, size, np.random.default_rng(0))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert max(map(len, batches)) <= size
    if len(lengths) <= tuning.WINDOW * size:  # one window: lengths of different batches do not overlap
        spans = sorted((min(lengths[row] for row in batch), max(lengths[row] for row in batch)) for batch in batches)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def labelled(facet, *, real):
    return Labelled(text="x", facet=facet, domain="d", register="r", document="file:1" if real else "")


@given(st.lists(st.tuples(st.sampled_from(FACETS), st.booleans()), min_size=1, max_size=60))
def test_the_weights_of_tuning_are_one_on_average_and_no_kind_counts_for_less_by_being_rare(kinds):
    passages = [labelled(facet, real=real) for facet, real in kinds]
    weights = weights_of(passages, 0.3)
    assert weights.mean() == pytest.approx(1, abs=1e-4)
    plain = [(facet, real) for facet, real in kinds if facet is not Facet.PROOF]
    for (one, kind), weight in zip(kinds, weights, strict=True):
        for (two, other), another in zip(kinds, weights, strict=True):
            rarer = sum(facet is one for facet, _ in kinds) <= sum(facet is two for facet, _ in kinds)
            if kind is other and rarer and (two, other) in plain:
                assert weight >= another - 1e-5


def test_changes_of_several_runs_are_averaged():
    runs = [{"up": np.full((2, 2), value, dtype=np.float32)} for value in (1, 4)]
    assert (tuning.averaged(runs)["up"] == 2.5).all()


@pytest.mark.model
def test_what_the_network_says_in_training_does_not_depend_on_padding():
    changes = tuning.load(DATA / CHANGES)
    alone = tuning.logits_of(changes, [PAIN])
    beside = tuning.logits_of(changes, [PAIN, "A short one.", " ".join([PAIN] * 3)])
    assert np.allclose(alone[0], beside[0], atol=1e-3)


def test_the_mix_cools_what_is_too_sure_and_leaves_out_what_knows_nothing():
    logits = np.array([[4, 0, 0, 0]] * 10, dtype=np.float32)
    nothing = np.zeros_like(logits)
    right_half_the_time = [FACETS[0]] * 5 + [FACETS[1]] * 5
    assert best_mix(logits, nothing, right_half_the_time)[0] < 1
    assert best_mix(logits, nothing, [FACETS[0]] * 10)[0] > 1
    random = np.random.default_rng(3).normal(size=(400, 4)).astype(np.float32)
    truth = np.random.default_rng(4).integers(0, 4, 400)
    knowing = 2 * np.eye(4, dtype=np.float32)[truth]
    of_head, of_network = best_mix(random, knowing, [FACETS[column] for column in truth])
    assert of_network > 1
    assert of_head < 0.3


class Certain:
    """A network that is sure of one facet whatever it is given."""

    fingerprint = "certain"

    def __init__(self, facet):
        self.facet = facet

    def logits(self, texts):
        return np.tile(20.0 * np.eye(len(FACETS))[FACETS.index(self.facet)], (len(texts), 1))


def test_the_network_has_its_say_and_is_part_of_the_fingerprint():
    certain = FacetClassifier(network=Certain(Facet.PROOF))
    (decision,) = certain.classify([PAIN], zeros(1))
    assert decision.facet is Facet.PROOF
    assert sum(decision.scores.values()) == pytest.approx(1, abs=1e-5)
    assert certain.fingerprint != FacetClassifier().fingerprint


def test_places_of_public_text_hold_no_text():
    rows = [json.loads(line) for line in PLACES.read_text(encoding="utf-8").splitlines()]
    assert all(set(row) == {"file", "line", "path", "start", "end", "hash", "facet"} for row in rows)
    assert len({row["hash"] for row in rows}) == len(rows)


def test_public_text_is_held_against_its_hash(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "posts.jsonl").write_text('{"body": "It broke again."}\n', encoding="utf-8")
    row = {"file": "set/posts.jsonl", "line": 0, "path": ["body"], "start": 0, "end": 8, "facet": "pain"}
    places = tmp_path / "places.jsonl"
    places.write_text(json.dumps({**row, "hash": text_key("It broke")}), encoding="utf-8")
    (passage,) = load_real(tmp_path, places)
    assert (passage.text, passage.facet, passage.real) == ("It broke", Facet.PAIN, True)
    places.write_text(json.dumps({**row, "hash": text_key("It worked")}), encoding="utf-8")
    with pytest.raises(StaleArtefact, match="line 1"):
        load_real(tmp_path, places)
    with pytest.raises(NotFound, match="cannot be read"):
        load_real(tmp_path / "elsewhere", places)
