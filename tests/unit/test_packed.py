"""Networks kept in few bits, and the one that tells stances: its file is the one it was calibrated with."""

from __future__ import annotations

import json
from hashlib import file_digest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.stances.stance_reader import ABOUT, DATA, NETWORK, Scales, split
from nlp.vectors.packed import END, GROUP, pack, unpack


@given(seed=st.integers(0, 1000), size=st.sampled_from([1e-3, 1.0, 40.0]))
def test_a_matrix_comes_back_within_half_a_step_of_its_group(tmp_path_factory, seed, size):
    folder = tmp_path_factory.mktemp("packed")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    block = (np.random.default_rng(seed).normal(size=(3, 2 * GROUP)) * size).astype(np.float32)
    pack({"a.weight": block}, folder, ("config.json",), folder / "kept.npz")
    (folder / "config.json").unlink()
    found = unpack(folder / "kept.npz", folder)["a.weight"]
    step = np.abs(block.reshape(3, -1, GROUP)).max(axis=2, keepdims=True) / END
    assert (np.abs((found - block).reshape(3, -1, GROUP)) <= 0.51 * step + 1e-6).all()
    assert (folder / "config.json").read_text(encoding="utf-8") == "{}"


def test_what_is_no_matrix_is_kept_in_half_precision(tmp_path):
    weights = {"bias": np.linspace(-1, 1, 7, dtype=np.float32), "narrow": np.ones((2, 10), np.float32) / 3}
    pack(weights, tmp_path, (), tmp_path / "kept.npz")
    found = unpack(tmp_path / "kept.npz", tmp_path)
    assert {name: block.shape for name, block in found.items()} == {"bias": (7,), "narrow": (2, 10)}
    assert all(np.allclose(found[name], weights[name], atol=1e-3) for name in weights)


def test_the_network_that_ships_is_the_one_that_was_calibrated():
    with DATA.joinpath(NETWORK).open("rb") as stream:
        assert file_digest(stream, "sha256").hexdigest() == json.loads(DATA.joinpath(ABOUT).read_text())["sha256"]


@pytest.mark.parametrize("row", [(3.0, -1.0, 0.0), (-2.0, 4.0, 1.0), (0.0, 0.0, 9.0)])
def test_scaled_by_one_the_chances_are_those_of_the_network(row):
    logits = np.array([row])
    expected = np.exp(logits) / np.exp(logits).sum()
    assert np.allclose(Scales(1.0, 0.0, 1.0).chances(logits), expected)
    speaks, for_it = split(logits)
    assert np.isclose(speaks[0], np.log((expected[0, 0] + expected[0, 1]) / expected[0, 2]))
    assert np.isclose(for_it[0], row[0] - row[1])
