"""Themes from vectors, and what they are called: order counts for nothing, titles are words that were said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from nlp.themes.cluster import cluster, extend, in_context, min_size_for
from nlp.themes.corners import _nearest, dense_corners
from nlp.themes.label import describe
from nlp.themes.levels import families

SAYINGS = {
    "alerts": [
        "My analysts close the alerts unread every shift.",
        "Nobody reads the alerts on the night shift any more.",
    ],
    "bill": ["The ingestion bill doubled in its second year.", "We never know what the ingestion bill will be."],
    "rules": [
        "The detection rules drifted apart in three tools.",
        "Which copy of the detection rules is live, nobody knows.",
    ],
}


def blobs(groups: int = 3, each: int = 40, spread: float = 0.25, seed: int = 0):
    """Unit rows around a few centres, with names that do not follow the groups."""
    chance = np.random.default_rng(seed)
    centres = np.eye(groups, 32)
    rows = np.repeat(centres, each, axis=0) + spread * chance.normal(size=(groups * each, 32)) / np.sqrt(32)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows, [f"v{number:04}" for number in chance.permutation(groups * each)], np.repeat(np.arange(groups), each)


def test_groups_are_found_without_being_told_how_many():
    rows, keys, truth = blobs(groups=4)
    found = cluster(rows, keys=keys, min_size=5, seed=1)
    assert len(found.members) == 4
    for number in range(4):
        assert len(set(truth[found.labels == number])) == 1
    assert found.unthemed < 0.2


def test_the_order_of_rows_changes_nothing():
    rows, keys, _ = blobs(spread=0.6)
    order = np.random.default_rng(5).permutation(len(rows))
    one = cluster(rows, keys=keys, min_size=5, seed=1)
    other = cluster(rows[order], keys=[keys[place] for place in order], min_size=5, seed=1)
    assert dict(zip(keys, one.labels, strict=True)) == dict(zip([keys[p] for p in order], other.labels, strict=True))


def test_a_verbatim_leans_towards_its_turn_and_one_alone_stays():
    rows, _, _ = blobs(spread=0.9)
    turns = [("d", number // 2) for number in range(20)] + [("d", number) for number in range(20, len(rows))]
    leaned = in_context(rows, turns)
    assert np.allclose(np.linalg.norm(leaned, axis=1), 1, atol=1e-5)
    assert np.allclose(leaned[20:], rows[20:], atol=1e-5)
    together = [float(leaned[at] @ leaned[at + 1]) - float(rows[at] @ rows[at + 1]) for at in range(0, 20, 2)]
    assert min(together) > 0


def test_too_few_rows_make_no_theme():
    rows, keys, _ = blobs(each=2)
    found = cluster(rows, keys=keys, min_size=5, seed=1)
    assert found.members == ()
    assert found.unthemed == 1.0


@pytest.mark.parametrize(("count", "share", "least"), [(10, 0.01, 5), (1000, 0.05, 50), (90_000, 0.001, 100)])
def test_the_smallest_theme_grows_with_the_corpus(count, share, least):
    assert min_size_for(count, share) == least


@pytest.fixture
def labelled():
    rows, keys, truth = blobs(each=12)
    names = list(SAYINGS)
    texts = {
        key: f"{SAYINGS[names[group]][n % 2]} Take {n}." for n, (key, group) in enumerate(zip(keys, truth, strict=True))
    }
    found = cluster(rows, keys=keys, min_size=5, seed=1)
    people = [f"p{number % 9}" for number in range(len(keys))]
    return texts, found, people, describe(texts, found, avoid=["Nobody"], respondents=people)


def test_titles_are_words_somebody_said_and_no_two_are_the_same(labelled):
    texts, found, _, labels = labelled
    titles = [label.title for label in labels]
    assert len(set(titles)) == len(titles) == 3
    ids = list(texts)
    for label, members in zip(labels, found.members, strict=True):
        assert any(label.title in texts[ids[row]] for row in members)
        assert "Nobody" not in label.title


def test_terms_tell_a_theme_from_the_others(labelled):
    _, _, _, labels = labelled
    sets = [set(" ".join(label.terms).split()) for label in labels]
    assert all(one.isdisjoint(other) for one in sets for other in sets if one is not other)


def test_exemplars_are_members_one_a_person_and_never_among_the_dissenting(labelled):
    texts, found, people, labels = labelled
    person = dict(zip(texts, people, strict=True))
    ids = list(texts)
    for label, members in zip(labels, found.members, strict=True):
        inside = {ids[row] for row in members}
        assert set(label.exemplars) | set(label.dissenting) <= inside
        assert len({person[name] for name in label.exemplars}) == 3
        assert not set(label.exemplars) & set(label.dissenting)


def test_who_denies_it_is_the_dissent():
    rows, keys, _ = blobs(groups=2, each=20)
    texts = dict.fromkeys(keys, "The alerts bury my analysts on every shift.")
    texts[keys[3]] = "Alert volume was never our problem, to be honest."
    found = cluster(rows, keys=keys, min_size=5, seed=1)
    label = describe(texts, found)[int(found.labels[3])]
    assert keys[3] in label.dissenting


def test_what_a_transcriber_noted_is_in_no_title_and_no_term():
    rows, keys, _ = blobs(groups=2, each=20)
    for said in (
        "Renewal {vocalsound} prices doubled overnight again.",
        "Renewal prices are inaudible, margins shrink.",
    ):
        labels = describe(dict.fromkeys(keys, said), cluster(rows, keys=keys, min_size=5, seed=1))
        told = {word for label in labels for term in (label.title, *label.terms) for word in term.split()}
        assert told and not {"{vocalsound}", "vocalsound", "inaudible"} & told


def test_a_title_is_what_many_people_of_the_theme_say_and_nobody_elsewhere():
    rows, keys, truth = blobs(groups=2, each=20)
    own = ("the ingestion bill", "the audit package")
    said = [
        f"My cousin keeps bee{chr(97 + at // 26)}{chr(97 + at % 26)}s, and {own[truth[at]]} came again on Monday."
        for at in range(40)
    ]
    found = cluster(rows, keys=keys, min_size=5, seed=1)
    labels = describe(dict(zip(keys, said, strict=True)), found)
    for label, members in zip(labels, found.members, strict=True):
        assert label.title in own[truth[members[0]]]


def test_what_was_in_a_theme_stays_when_the_corpus_grows_and_new_themes_come_from_the_rest():
    rows, keys, truth = blobs(groups=4, each=40)
    before = np.flatnonzero(truth < 3)[:-4]
    first = cluster(rows[before], keys=[keys[row] for row in before], min_size=5, seed=1)
    earlier = {keys[row]: int(first.labels[place]) for place, row in enumerate(before)}
    found, was = extend(rows, keys=keys, earlier=earlier, min_size=5, seed=1)
    stayed = {keys[row]: was.get(int(found.labels[row]), -1) for row in before if earlier[keys[row]] >= 0}
    assert stayed == {name: number for name, number in earlier.items() if number >= 0}
    fresh = set(range(len(found.members))) - set(was)
    assert fresh
    assert all(set(truth[found.labels == number]) == {3} for number in fresh)


def test_membership_says_how_near_every_row_is_also_those_in_no_theme():
    rows, keys, _ = blobs(spread=0.9, each=60)
    far = -rows[:1]
    found = cluster(np.vstack([rows, far]), keys=[*keys, "zzz"], min_size=5, seed=1)
    assert found.membership.shape == found.nearest.shape == found.labels.shape
    assert found.membership.min() >= 0
    assert found.membership.max() == 1
    themed = found.labels >= 0
    assert (found.nearest[themed] == found.labels[themed]).all()
    assert found.membership[-1] < 0.05
    for number, members in enumerate(found.members):
        assert found.membership[members[0]] == 1, number


def test_families_hold_themes_that_lie_together():
    chance = np.random.default_rng(3)
    subjects = np.eye(3, 48)
    centres = np.vstack(
        [subject + 0.3 * np.eye(48)[10 + 5 * at + part] for at, subject in enumerate(subjects) for part in range(3)]
    )
    centres = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32)
    order = chance.permutation(9)
    found = families(centres[order])
    by_subject = {at: {int(found[place]) for place in range(9) if order[place] // 3 == at} for at in range(3)}
    assert all(len(numbers) == 1 for numbers in by_subject.values())
    assert sorted(number for numbers in by_subject.values() for number in numbers) == [0, 1, 2]
    assert found[0] == 0
    assert families(centres[:2]).tolist() == [0, 1]


def test_one_theme_that_lies_apart_does_not_put_all_others_into_one_family():
    subjects = np.eye(4, 48)
    centres = np.vstack(
        [
            0.8 * np.eye(48)[40] + 0.5 * subject + 0.4 * np.eye(48)[10 + 4 * at + part]
            for at, subject in enumerate(subjects)
            for part in range(4)
        ]
        + [np.eye(48)[47]]
    )
    found = families((centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32))
    assert 3 <= found.max() + 1 <= 8
    assert np.bincount(found).max() <= 8
    assert all(len(set(found[4 * at : 4 * at + 4].tolist())) == 1 for at in range(4))


def test_the_nearest_of_a_row_are_those_that_sorting_it_would_give_also_where_several_are_equally_near():
    rows = np.random.default_rng(1).standard_normal((60, 8)).astype(np.float32)
    rows[30:] = rows[:30]
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -1)
    sorted_places = np.argsort(-similarity, axis=1, kind="stable")[:, :5]
    assert [set(np.flatnonzero(row)) for row in _nearest(similarity, 5)] == [set(row) for row in sorted_places]


def test_corners_are_the_closest_groups_of_what_is_in_no_theme():
    chance = np.random.default_rng(4)
    loose = chance.normal(size=(60, 32))
    tight = np.eye(32)[5] + 0.02 * chance.normal(size=(4, 32))
    rows = np.vstack([loose, tight])
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    (corner, *_) = dense_corners(rows, np.arange(64))
    assert corner.tolist() == [60, 61, 62, 63]
    assert dense_corners(rows, np.arange(2)) == []


def test_many_rows_are_clustered_in_any_order_alike_and_what_lies_far_from_all_stays_outside(monkeypatch):
    monkeypatch.setattr("nlp.themes.cluster.SMALL", 300)
    rows, keys, truth = blobs(groups=8, each=50, spread=0.7)
    far = np.zeros((3, 32), dtype=np.float32)
    far[[0, 1, 2], [29, 30, 31]] = -1
    rows, keys = np.vstack([rows, far]), [*keys, "x1", "x2", "x3"]
    one = cluster(rows, keys=keys, min_size=15, seed=1)
    order = np.random.default_rng(5).permutation(len(rows))
    other = cluster(rows[order], keys=[keys[place] for place in order], min_size=15, seed=1)
    assert (one.labels[order] == other.labels).all()
    assert adjusted_rand_score(truth, one.labels[:-3]) > 0.9
    assert (one.labels[-3:] == -1).all()


def test_five_percent_more_rows_move_hardly_any_to_another_theme():
    rows, keys, _ = blobs(groups=6, each=60, spread=0.8)
    before = np.sort(np.random.default_rng(2).permutation(len(rows))[: int(len(rows) * 0.95)])
    first = cluster(rows[before], keys=[keys[row] for row in before], min_size=7, seed=1)
    earlier = {keys[row]: int(first.labels[place]) for place, row in enumerate(before)}
    found, was = extend(rows, keys=keys, earlier=earlier, min_size=7, seed=1)
    inside = first.labels >= 0
    now = np.array([was.get(int(label), -1) for label in found.labels[before]])
    assert np.mean(inside) > 0.8
    assert np.mean(now[inside] != first.labels[inside]) < 0.05


def test_another_process_finds_the_same_themes(tmp_path):
    rows, keys, _ = blobs(groups=4, spread=0.7)
    np.save(tmp_path / "rows.npy", rows)
    program = (
        "import sys, numpy as np; from nlp.themes.cluster import cluster\n"
        "rows = np.load(sys.argv[1]); keys = sys.argv[2].split()\n"
        "print(*cluster(rows, keys=keys, min_size=5, seed=1).labels)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "rows.npy"), " ".join(keys)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    here = cluster(rows, keys=keys, min_size=5, seed=1).labels
    assert done.stdout.split() == [str(label) for label in here]
