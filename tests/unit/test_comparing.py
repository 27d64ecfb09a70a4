"""`compare` on plain files: the verdict, what is new, strata from columns, and the workspace's numbers."""

from __future__ import annotations

import csv
import json
from types import SimpleNamespace

import numpy as np
import pytest

from nlp.signal.drift import drift, settings_for
from winloss.bootstrap import SilentProgress
from winloss.config import Settings
from winloss.errors import MalformedSource, SourceError
from winloss.model import Scope
from winloss.services.workspace.standalone import compare_files

WORDS = 24


class Encoder:
    """A text is "word <n>": its vector lies near axis n, moved a little by the text's own hash."""

    fingerprint = "axes"
    dimensions = 64

    def encode(self, texts, *, advance=None):
        rows = np.stack(
            [np.eye(64)[int(text.split()[1])] + 0.09 * self._noise(text) for text in texts] or [np.ones(64)]
        )
        rows = rows[: len(texts)]
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    @staticmethod
    def _noise(text):
        return np.random.default_rng(sum(map(ord, text)) * 7919 + len(text)).normal(size=64)


TOOLS = SimpleNamespace(encoder=lambda: Encoder(), settings=Settings(drift_permutations=299), progress=SilentProgress())


def lines(seed, count=80, fresh=0.0, first=0):
    """Texts about one of the known words, or with this share about one that never came before."""
    chance = np.random.default_rng(seed)
    words = [WORDS if chance.random() < fresh else int(chance.integers(WORDS)) for _ in range(count)]
    return [
        {"id": f"t{seed}-{place:03}", "text": f"word {word} {'x' * int(chance.integers(40))}"}
        for place, word in enumerate(words, first)
    ]


def written(tmp_path, name, rows):
    path = tmp_path / name
    if name.endswith(".jsonl"):
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        return str(path)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def compared(tmp_path, history, current, **given):
    names = [written(tmp_path, f"h{place}.csv", rows) for place, rows in enumerate(history)]
    return compare_files(TOOLS, names, written(tmp_path, "now.jsonl", current), given.get("column"))


def test_a_new_theme_is_told_and_its_texts_score_highest(tmp_path):
    answer = compared(tmp_path, [lines(seed) for seed in range(3)], lines(9, fresh=0.2))
    assert answer["verdict"] == "NEW SIGNAL"
    assert all(item["text"].startswith(f"word {WORDS} ") for item in answer["new"])
    assert [item["novelty"] for item in answer["new"]] == sorted(
        (item["novelty"] for item in answer["new"]), reverse=True
    )
    fresh = [item["id"] for item in lines(9, fresh=0.2) if item["text"].startswith(f"word {WORDS} ")]
    rest = [score for name, score in answer["scores"].items() if name not in fresh]
    assert min(answer["scores"][name] for name in fresh) > np.quantile(rest, 0.8)
    assert len(answer["scores"]) == 80


def test_a_stable_current_says_nothing_new(tmp_path):
    answer = compared(tmp_path, [lines(seed) for seed in range(3)], lines(9))
    assert answer["verdict"] != "NEW SIGNAL"
    assert answer["new"] == []


def test_one_earlier_file_will_do_and_is_told(tmp_path):
    answer = compared(tmp_path, [lines(1, count=200)], lines(9, fresh=0.25))
    assert answer["verdict"] == "NEW SIGNAL"
    assert "one period of history" in answer["flags"]


def test_too_few_texts_are_admitted(tmp_path):
    answer = compared(tmp_path, [lines(1, count=10), lines(2, count=10)], lines(9, count=10))
    assert answer["verdict"] == "UNDERPOWERED"
    assert "Too few voices" in answer["sentence"]


def test_one_respondent_who_says_it_ten_times_counts_once(tmp_path):
    loud = [{**row, "respondent": "loud"} for row in lines(8, count=12, fresh=1.0)]
    quiet = [{**row, "respondent": row["id"]} for row in lines(9)]
    answer = compared(tmp_path, [lines(seed) for seed in range(3)], quiet + loud)
    assert answer["verdict"] != "NEW SIGNAL"
    assert answer["statistics"]["respondents_current"] == 81


def test_a_segment_never_heard_before_is_a_new_population(tmp_path):
    history = [[{**row, "segment": "federal"} for row in lines(seed)] for seed in range(3)]
    current = [{**row, "segment": "federal"} for row in lines(9)] + [
        {**row, "segment": "retail"} for row in lines(8, count=20, fresh=1.0)
    ]
    answer = compared(tmp_path, history, current)
    assert "new population" in answer["flags"]
    assert answer["verdict"] != "NEW SIGNAL"
    assert answer["statistics"]["respondents_new_population"] == 20


def test_quarters_in_the_files_are_the_periods(tmp_path):
    history = [{**row, "quarter": f"2025Q{1 + place % 3}"} for place, row in enumerate(lines(1, count=240))]
    current = [{**row, "quarter": "2025Q4"} for row in lines(9, fresh=0.2)]
    answer = compared(tmp_path, [history], current)
    assert answer["statistics"]["periods_history"] == 3
    assert answer["verdict"] == "NEW SIGNAL"


def test_the_numbers_are_those_of_the_workspace(tmp_path):
    history = [[{**row, "segment": f"s{place % 2}"} for place, row in enumerate(lines(seed))] for seed in range(3)]
    current = [{**row, "segment": f"s{place % 2}"} for place, row in enumerate(lines(9, fresh=0.15))]
    rows = [(number, row) for number, file in enumerate([*history, current]) for row in file]
    respondents = [f"r{row['id']}" for _, row in rows]
    verdict = drift(
        Encoder().encode([row["text"] for _, row in rows]),
        ids=[row["id"] for _, row in rows],
        respondents=respondents,
        quarters=[f"2025Q{number + 1}" for number, _ in rows],
        strata=[row["segment"] for _, row in rows],
        current="2025Q4",
        scope=Scope(),
        settings=settings_for("axes", permutations=299, seed=TOOLS.settings.seed),
    )
    named = [[{**row, "respondent": f"r{row['id']}"} for row in file] for file in [*history, current]]
    answer = compared(tmp_path, named[:-1], named[-1])
    assert answer["statistics"] == dict(verdict.statistics)
    assert answer["verdict"] == verdict.state.value


def test_ids_that_repeat_from_file_to_file_are_kept_apart(tmp_path):
    history = [[{**row, "id": str(place)} for place, row in enumerate(lines(seed))] for seed in range(3)]
    current = [{**row, "id": str(place)} for place, row in enumerate(lines(9, fresh=0.2))]
    answer = compared(tmp_path, history, current)
    assert answer["verdict"] == "NEW SIGNAL"
    assert set(answer["scores"]) == {str(place) for place in range(80)}


def test_an_empty_current_is_underpowered(tmp_path):
    names = [written(tmp_path, f"h{seed}.csv", lines(seed)) for seed in range(3)]
    empty = tmp_path / "empty.csv"
    empty.write_text("id,text\n", encoding="utf-8")
    answer = compare_files(TOOLS, names, str(empty), None)
    assert (answer["verdict"], answer["scores"]) == ("UNDERPOWERED", {})


@pytest.mark.parametrize(("name", "error"), [("missing.csv", SourceError), ("now.jsonl", MalformedSource)])
def test_what_cannot_be_read_says_so(tmp_path, name, error):
    (tmp_path / "now.jsonl").write_text('{"words": "no text column"}\n', encoding="utf-8")
    with pytest.raises(error) as raised:
        compare_files(TOOLS, [str(tmp_path / name)], str(tmp_path / name), None)
    assert raised.value.hint


def test_a_text_with_a_line_separator_is_one_line(tmp_path):
    current = tmp_path / "now.jsonl"
    rows = [{"id": "a", "text": "word 1 \u2028 x"}, {"id": "b", "text": "word 2 \x85 x"}]
    current.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    answer = compare_files(TOOLS, [written(tmp_path, "h.csv", lines(1))], str(current), None)
    assert set(answer["scores"]) == {"a", "b"}
