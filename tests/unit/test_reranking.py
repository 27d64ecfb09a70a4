"""The best results in the order of a model that reads query and passage together: the real library, a tiny model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.vectors.rerank import CrossEncoderReranker
from winloss.errors import ConfigError
from winloss.model import Ask, Found
from winloss.search import RerankingEngine
from winloss.search.reranking import BEST


class Passage:
    def __init__(self, name: str) -> None:
        self.id, self.text = name, f"text of {name}"


class Listed:
    """An engine and a store in one: results r0, r1, … with falling scores."""

    def __init__(self, total: int) -> None:
        self.ranking = tuple((f"r{place}", 100.0 - place) for place in range(total))

    def find(self, ask: Ask, vector: Any = None) -> Found:
        window = self.ranking[ask.offset : ask.offset + ask.limit]
        return Found(revision=1, total=len(self.ranking), ranking=window)

    def passages(self, names: Sequence[str]) -> list[Passage]:
        return [Passage(name) for name in names]


class Backwards:
    """Likes what comes last."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> Any:
        self.read += texts
        return np.array([float(text.rpartition("r")[2]) for text in texts], dtype=np.float32)


def engine(total: int, reader: Backwards) -> Any:
    listed: Any = Listed(total)
    return RerankingEngine(listed, listed, lambda: reader)


def names(found: Found) -> list[str]:
    return [name for name, _ in found.ranking]


def test_the_best_come_in_the_new_order_and_the_rest_as_it_was() -> None:
    found = engine(80, Backwards()).find(Ask(query="alerts", limit=80))
    assert names(found) == [f"r{n}" for n in (*reversed(range(BEST)), *range(BEST, 80))]
    assert [score for _, score in found.ranking] == sorted((score for _, score in found.ranking), reverse=True)
    assert found.total == 80


@pytest.mark.parametrize("size", [1, 7, 20, 50, 64])
def test_pages_are_parts_of_one_order_and_nothing_is_read_twice(size: int) -> None:
    reader = Backwards()
    searched = engine(70, reader)
    pages = [searched.find(Ask(query="alerts", limit=size, offset=at)) for at in range(0, 70, size)]
    assert [name for page in pages for name in names(page)] == names(searched.find(Ask(query="alerts", limit=70)))
    assert len(reader.read) == len(set(reader.read)) == BEST


@pytest.mark.parametrize("ask", [Ask(query=""), Ask(query="role:ciso"), Ask(query="alerts", sort="newest")])
def test_only_an_order_by_relevance_to_words_is_changed(ask: Ask) -> None:
    reader = Backwards()
    assert names(engine(9, reader).find(ask)) == [f"r{place}" for place in range(9)]
    assert reader.read == []


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "alerts", "cost", "night", "pilot"]


def tiny(folder: Path, outputs: int) -> Path:
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    shape: Mapping[str, int] = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(WORDS), intermediate_size=8, num_labels=outputs, initializer_range=1.0, **shape)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(folder)
    return folder


def test_any_cross_encoder_in_a_folder_scores_pairs(tmp_path: Path) -> None:
    reader = CrossEncoderReranker(str(tiny(tmp_path, outputs=1)))
    scores = reader.score("alerts", ["night", "cost", "night"])
    assert scores.shape == (3,)
    assert scores[0] == pytest.approx(scores[2])
    assert scores[0] != scores[1]


def test_what_is_no_cross_encoder_for_search_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="on this machine"):
        CrossEncoderReranker(str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match="on this machine"):
        CrossEncoderReranker("nobody/has-this-model")
    with pytest.raises(ConfigError, match="classes"):
        CrossEncoderReranker(str(tiny(tmp_path, outputs=3)))
