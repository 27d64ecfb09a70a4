"""The encoder: unit rows in order, the same whatever the order, equal to the reference, light to start, careful."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp.vectors import export
from nlp.vectors.encode import SentenceEncoder
from nlp.vectors.export import BUNDLED_MODEL, exported, model_folder
from winloss.errors import ConfigError

TEXTS = [
    "Every Monday two analysts close the same tickets by hand.",
    "How do we keep the key out of the repository?",
    "",
    "Ünïcödé — naïve café 😀 東京",
    "a lone surrogate \ud800 in the middle",
    "word " * 900,
    "How do we keep the key out of the repository?",
    "Ok.",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(cache):
    return SentenceEncoder(BUNDLED_MODEL, cache=cache)


@pytest.fixture(scope="module")
def exact(cache):
    return SentenceEncoder(BUNDLED_MODEL, cache=cache, exact=True)


@pytest.fixture
def fake_model(tmp_path, monkeypatch):
    """A folder that looks like a model, and a conversion that only writes down that it was asked."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    conversions: list[Path] = []

    def convert(source: Path, target: Path) -> dict[str, int]:
        conversions.append(source)
        (target / "network.onnx").write_bytes(b"network")
        (target / "tokenizer.json").write_text("{}", encoding="utf-8")
        return {"dimensions": 3, "max_tokens": 16}

    monkeypatch.setattr(export, "_export", convert)
    return folder, conversions


@pytest.mark.model
@pytest.mark.parametrize("form", ["encoder", "exact"])
def test_rows_are_unit_vectors_in_the_order_asked_for(form, request):
    encoder = request.getfixturevalue(form)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[1], vectors[6])
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert np.abs(alone - vectors).max() < 1e-5


@pytest.mark.model
def test_the_small_form_gives_a_text_the_same_bits_in_any_company(encoder):
    together = encoder.encode(TEXTS)
    assert np.array_equal(np.vstack([encoder.encode([text]) for text in TEXTS]), together)


@pytest.mark.model
def test_the_small_form_stays_near_the_exact_one_and_counts_as_another_model(encoder, exact):
    texts = [text for text in export.PROBES if text]
    nearness = (encoder.encode(texts) * exact.encode(texts)).sum(axis=1)
    assert export.NEAR <= nearness.mean() < 0.99999
    assert nearness.min() >= export.STRAYS
    assert encoder.fingerprint != exact.fingerprint


@pytest.mark.model
def test_a_small_form_that_strays_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "NEAR", 1.1)
    found = exported(BUNDLED_MODEL, tmp_path)
    assert found.small == found.network
    monkeypatch.undo()
    exact = SentenceEncoder(BUNDLED_MODEL, cache=tmp_path, exact=True)
    assert SentenceEncoder(BUNDLED_MODEL, cache=tmp_path).fingerprint == exact.fingerprint


@pytest.mark.model
@pytest.mark.parametrize("form", ["encoder", "exact"])
def test_the_same_set_of_texts_gives_the_same_bits_in_any_order(form, request):
    encoder = request.getfixturevalue(form)
    order = [5, 0, 7, 3, 1, 4, 2]
    forwards = encoder.encode([TEXTS[place] for place in order])
    backwards = encoder.encode([TEXTS[place] for place in order[::-1]])
    assert np.array_equal(forwards, backwards[::-1])


@pytest.mark.model
def test_progress_counts_every_text_once_and_nothing_is_no_work(encoder):
    done: list[int] = []
    encoder.encode(TEXTS, advance=done.append)
    assert sum(done) == len(TEXTS)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@pytest.mark.model
def test_exact_vectors_agree_with_the_reference_implementation(exact):
    from sentence_transformers import SentenceTransformer

    texts = [TEXTS[place] for place in (0, 1, 3, 5, 7)]
    reference = SentenceTransformer(str(model_folder(BUNDLED_MODEL)), device="cpu")
    expected = reference.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    assert (exact.encode(texts) * expected).sum(axis=1).min() > 0.9999


@pytest.mark.model
def test_a_fresh_process_answers_without_torch(encoder, cache):
    program = (
        "import sys; from pathlib import Path; from nlp.vectors.encode import SentenceEncoder\n"
        f"SentenceEncoder({BUNDLED_MODEL!r}, cache=Path({str(cache)!r})).encode(['why did we lose?'])\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]


def test_a_model_is_converted_once(fake_model, tmp_path):
    folder, conversions = fake_model
    first = exported(str(folder), tmp_path / "cache")
    assert exported(str(folder), tmp_path / "cache") == first
    assert conversions == [folder.resolve()]
    assert (first.dimensions, first.max_tokens) == (3, 16)


def test_other_weights_are_another_model(fake_model, tmp_path):
    folder, conversions = fake_model
    first = exported(str(folder), tmp_path / "cache")
    (folder / "model.safetensors").write_bytes(b"other weights")
    second = exported(str(folder), tmp_path / "cache")
    assert len(conversions) == 2
    assert first.weights != second.weights


@pytest.mark.parametrize("name", ["network.onnx", "tokenizer.json", "about.json"])
def test_a_conversion_that_is_not_whole_is_made_again(fake_model, tmp_path, name):
    folder, conversions = fake_model
    whole = exported(str(folder), tmp_path / "cache")
    (whole.network.parent / name).unlink()
    assert exported(str(folder), tmp_path / "cache") == whole
    assert len(conversions) == 2
    assert (whole.network.parent / name).exists()


def test_a_failed_conversion_says_so_and_leaves_nothing_behind(fake_model, tmp_path, monkeypatch):
    folder, _ = fake_model

    def fail(source: Path, target: Path) -> dict[str, int]:
        (target / "network.onnx").write_bytes(b"half")
        raise RuntimeError("no such layer")

    monkeypatch.setattr(export, "_export", fail)
    with pytest.raises(ConfigError, match="no such layer") as caught:
        exported(str(folder), tmp_path / "cache")
    assert caught.value.hint
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["hashes.json"]


def test_the_weights_are_hashed_once(fake_model, tmp_path):
    folder, _ = fake_model
    known = exported(str(folder), tmp_path / "cache")
    memory = tmp_path / "cache" / "hashes.json"
    remembered = json.loads(memory.read_text(encoding="utf-8"))
    (entry,) = remembered.values()
    entry["sha256"] = "f" * 64
    memory.write_text(json.dumps(remembered), encoding="utf-8")
    assert exported(str(folder), tmp_path / "cache").weights == "f" * 64
    (folder / "model.safetensors").write_bytes(b"weights!")
    assert exported(str(folder), tmp_path / "cache").weights not in ("f" * 64, known.weights)


def test_a_damaged_bundled_model_is_an_error(fake_model, tmp_path, monkeypatch):
    folder, _ = fake_model
    monkeypatch.setattr(export, "model_folder", lambda model: folder)
    with pytest.raises(ConfigError, match="damaged") as caught:
        exported(BUNDLED_MODEL, tmp_path / "cache")
    assert "pip install" in caught.value.hint


def test_a_model_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no embedding model at"):
        exported(str(tmp_path / "nowhere"), tmp_path / "cache")
    with pytest.raises(ConfigError, match="holds no model weights"):
        exported(str(tmp_path), tmp_path / "cache")


def test_a_cache_that_cannot_be_a_folder_is_an_error(fake_model, tmp_path):
    folder, _ = fake_model
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be kept"):
        exported(str(folder), tmp_path / "file")
