"""What rules say of texts is asked once, by whichever process, and goes when the text does."""

from __future__ import annotations

from winloss.services import readings
from winloss.services.readings import telling


def asked(bench, keys, heard):
    def rule(text):
        heard.append(text)
        return len(text)

    return readings.readings(bench, "length", keys, rule)


def told(bench, texts):
    bench.memo.clear()
    held = {f"{at:040x}": text for at, text in enumerate(texts)}
    bench.store.texts = lambda keys=None: {key: held[key] for key in keys or held if key in held}
    bench.store.text_keys = lambda: list(held)
    return list(held)


def test_a_text_is_judged_once_even_by_who_opens_the_workspace_next(bench):
    heard: list[str] = []
    keys = told(bench, ["one", "three"])
    assert asked(bench, keys, heard) == dict(zip(keys, [3, 5], strict=True))
    bench.memo.clear()
    assert asked(bench, keys, heard) == dict(zip(keys, [3, 5], strict=True))
    assert heard == ["one", "three"]


def test_what_was_cut_short_is_judged_again(bench):
    heard: list[str] = []
    keys = told(bench, ["one", "three"])
    asked(bench, keys[:1], heard)
    asked(bench, keys, heard)
    [kept] = (bench.root / readings.FOLDER).glob("*.jsonl")
    kept.write_bytes(kept.read_bytes()[:-4])
    for _ in range(2):
        bench.memo.clear()
        assert asked(bench, keys, heard) == dict(zip(keys, [3, 5], strict=True))
        assert heard == ["one", "three", "three"]


def test_answers_of_another_rule_are_thrown_away(bench, monkeypatch):
    heard: list[str] = []
    keys = told(bench, ["one"])
    asked(bench, keys, heard)
    bench.memo.clear()
    monkeypatch.setattr(readings, "_mark", lambda module: "another")
    asked(bench, keys, heard)
    assert len(heard) == 2
    assert len(list((bench.root / readings.FOLDER).glob("*.jsonl"))) == 1


def test_no_words_are_kept_and_what_is_gone_leaves_no_trace(bench):
    keys = told(bench, ["an unheard-of sentence", "three"])
    telling(bench, "long", keys, lambda text: len(text) > 9)
    [kept] = (bench.root / readings.FOLDER).glob("*.jsonl")
    assert "unheard-of" not in kept.read_text() and keys[0] in kept.read_text()
    left = told(bench, ["three"])
    assert left[0] == keys[0]
    bench.store.text_keys = lambda: [keys[1]]
    readings.trim(bench)
    assert keys[0] not in kept.read_text() and keys[1] in kept.read_text()
