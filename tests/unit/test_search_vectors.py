"""Vectors on disk: what is durable and what survives a crash."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from winloss.errors import NotFound, StaleArtefact
from winloss.model import text_key
from winloss.search import VectorFile, keep_only

KEYS = [text_key(f"text {number}") for number in range(6)]
ROWS = np.random.default_rng(1).standard_normal((6, 4)).astype(np.float32)


def opened(folder: Path, fingerprint: str = "model/1") -> VectorFile:
    return VectorFile(folder, fingerprint=fingerprint, dimensions=4)


def file_of(folder: Path, suffix: str) -> Path:
    (found,) = folder.glob(f"*{suffix}")
    return found


def test_gives_back_what_was_put_in_any_order(tmp_path: Path) -> None:
    opened(tmp_path).append(KEYS, ROWS)
    again = opened(tmp_path)
    assert np.array_equal(again.get([KEYS[4], KEYS[0], KEYS[4]]), ROWS[[4, 0, 4]])
    assert again.get([]).shape == (0, 4)
    assert type(again.get(KEYS)) is np.ndarray


def test_missing_names_each_key_once_in_order(tmp_path: Path) -> None:
    vectors = opened(tmp_path)
    assert vectors.missing([KEYS[2], KEYS[0], KEYS[2]]) == [KEYS[2], KEYS[0]]
    vectors.append(KEYS[:1], ROWS[:1])
    assert vectors.missing([KEYS[2], KEYS[0]]) == [KEYS[2]]
    with pytest.raises(NotFound):
        vectors.get([KEYS[2]])


def test_a_known_key_keeps_its_first_vector(tmp_path: Path) -> None:
    vectors = opened(tmp_path)
    vectors.append(KEYS[:2], ROWS[:2])
    size = file_of(tmp_path, ".vectors").stat().st_size
    vectors.append([KEYS[1], KEYS[1], KEYS[0]], ROWS[3:])
    assert file_of(tmp_path, ".vectors").stat().st_size == size
    vectors.append([KEYS[3], KEYS[3]], ROWS[3:5])
    assert np.array_equal(vectors.get([KEYS[0], KEYS[1], KEYS[3]]), ROWS[[0, 1, 3]])


@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
@pytest.mark.parametrize("torn", [1, 7, 15])
def test_a_torn_tail_is_forgotten_and_overwritten(tmp_path: Path, suffix: str, torn: int) -> None:
    opened(tmp_path).append(KEYS[:3], ROWS[:3])
    path = file_of(tmp_path, suffix)
    os.truncate(path, path.stat().st_size - torn)
    after = opened(tmp_path)
    assert after.missing(KEYS[:3]) == [KEYS[2]]
    after.append(KEYS[2:], ROWS[2:])
    assert np.array_equal(opened(tmp_path).get(KEYS), ROWS)


def test_vectors_without_their_keys_are_overwritten(tmp_path: Path) -> None:
    opened(tmp_path).append(KEYS[:2], ROWS[:2])
    with file_of(tmp_path, ".vectors").open("ab") as file:
        file.write(b"\x01" * 37)
    after = opened(tmp_path)
    after.append(KEYS[2:], ROWS[2:])
    assert np.array_equal(opened(tmp_path).get(KEYS), ROWS)


@pytest.mark.parametrize("size", [0, 5, 16])
def test_a_file_of_keys_cut_at_its_head_starts_anew(tmp_path: Path, size: int) -> None:
    opened(tmp_path).append(KEYS[:2], ROWS[:2])
    os.truncate(file_of(tmp_path, ".keys"), size)
    after = opened(tmp_path)
    assert after.missing(KEYS) == KEYS
    after.append(KEYS[1:], ROWS[1:])
    assert np.array_equal(opened(tmp_path).get(KEYS[1:]), ROWS[1:])


def test_a_reader_sees_what_another_process_appends_and_clears(tmp_path: Path) -> None:
    reader, writer = opened(tmp_path), opened(tmp_path)
    writer.append(KEYS[:2], ROWS[:2])
    assert np.array_equal(reader.get(KEYS[:2]), ROWS[:2])
    writer.append(KEYS[2:4], ROWS[2:4])
    assert np.array_equal(reader.get(KEYS[:4]), ROWS[:4])
    writer.clear()
    assert reader.missing(KEYS) == KEYS
    writer.append(KEYS[::-1], ROWS[::-1])
    assert np.array_equal(reader.get(KEYS), ROWS)


def test_clearing_unseen_by_a_reader_does_not_mix_old_and_new(tmp_path: Path) -> None:
    reader, writer = opened(tmp_path), opened(tmp_path)
    writer.append(KEYS[:2], ROWS[:2])
    reader.get(KEYS[:2])
    writer.clear()
    writer.append(KEYS[::-1], ROWS[::-1])
    assert np.array_equal(reader.get(KEYS), ROWS)


def test_fingerprints_do_not_see_each_other(tmp_path: Path) -> None:
    opened(tmp_path, "a").append(KEYS, ROWS)
    other = opened(tmp_path, "b")
    assert other.missing(KEYS) == KEYS
    other.clear()
    assert opened(tmp_path, "a").missing(KEYS) == []


def test_refuses_vectors_of_another_width(tmp_path: Path) -> None:
    with pytest.raises(StaleArtefact, match="dimensions"):
        opened(tmp_path).append(KEYS, np.zeros((6, 3), dtype=np.float32))


def test_works_on_after_close(tmp_path: Path) -> None:
    vectors = opened(tmp_path)
    vectors.append(KEYS, ROWS)
    vectors.close()
    assert np.array_equal(vectors.get(KEYS), ROWS)


def test_keeping_some_vectors_throws_every_other_one_away_whatever_the_model(tmp_path: Path) -> None:
    reader = opened(tmp_path, "a")
    reader.append(KEYS, ROWS)
    wide = np.random.default_rng(2).standard_normal((6, 9)).astype(np.float32)
    VectorFile(tmp_path, fingerprint="b", dimensions=9).append(KEYS, wide)
    assert keep_only(tmp_path, KEYS[1:3]) == 8
    assert reader.missing(KEYS) == [KEYS[0], *KEYS[3:]]
    assert np.array_equal(reader.get(KEYS[1:3]), ROWS[1:3])
    assert np.array_equal(VectorFile(tmp_path, fingerprint="b", dimensions=9).get(KEYS[1:3]), wide[1:3])
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert bytes.fromhex(KEYS[0]) not in everything
    assert ROWS[0].tobytes() not in everything
    assert wide[5].tobytes() not in everything
    reader.append(KEYS, ROWS)
    assert np.array_equal(opened(tmp_path, "a").get(KEYS), ROWS)


def test_keeping_all_vectors_leaves_the_files_alone(tmp_path: Path) -> None:
    opened(tmp_path).append(KEYS, ROWS)
    before = file_of(tmp_path, ".keys").read_bytes()
    assert keep_only(tmp_path, KEYS) == 0
    assert file_of(tmp_path, ".keys").read_bytes() == before


@pytest.mark.parametrize("head", [b"", b"\xff" * 16])
def test_files_that_do_not_tell_their_width_are_thrown_away_whole(tmp_path: Path, head: bytes) -> None:
    opened(tmp_path).append(KEYS, ROWS)
    path = file_of(tmp_path, ".keys")
    path.write_bytes(head + path.read_bytes()[16:] if head else b"")
    keep_only(tmp_path, KEYS)
    assert opened(tmp_path).missing(KEYS) == KEYS
    assert [item.suffix for item in tmp_path.iterdir()] == [".lock"]


def test_vectors_that_no_key_names_and_torn_tails_go_with_the_rest(tmp_path: Path) -> None:
    opened(tmp_path).append(KEYS[:3], ROWS[:3])
    with file_of(tmp_path, ".vectors").open("ab") as file:
        file.write(ROWS[4].tobytes() + b"torn")
    keep_only(tmp_path, KEYS)
    assert np.array_equal(opened(tmp_path).get(KEYS[:3]), ROWS[:3])
    assert ROWS[4].tobytes() not in file_of(tmp_path, ".vectors").read_bytes()
