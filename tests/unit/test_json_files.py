"""JSON read value by value says what JSON read whole says, however it falls into pieces."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import json_files
from winloss.errors import MalformedSource

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**999), max_value=10**999),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.text('\\"0123456789', min_size=1),
)
names = st.text(string.ascii_letters + '\\"', min_size=1)
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=12)


@given(content=st.lists(values, max_size=6), piece=st.integers(min_value=1, max_value=50))
@settings(max_examples=150)
def test_a_stream_gives_what_the_whole_gives(
    tmp_path_factory: pytest.TempPathFactory, content: list[object], piece: int
) -> None:
    path = tmp_path_factory.mktemp("json") / "some.json"
    path.write_text(json.dumps({"among": 1, "these": content}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_files, "PIECE", piece)
        assert list(json_files.stream(path, "these.item")) == content


@pytest.mark.parametrize("piece", [64, 700, 1 << 20])
def test_digits_are_words_in_a_text_and_too_many_in_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(json_files, "PIECE", piece)
    text, number = tmp_path / "text.json", tmp_path / "number.json"
    text.write_text(json.dumps(['said \\" it', "7" * 5000, '"']), encoding="utf-8")
    number.write_text('["said \\" it", ' + "7" * 5000 + "]", encoding="utf-8")
    assert list(json_files.stream(text, "item")) == json.loads(text.read_text(encoding="utf-8"))
    with pytest.raises(MalformedSource, match="a number of more than 1,000 digits"):
        list(json_files.stream(number, "item"))


def test_a_file_that_breaks_off_says_so_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_text('["one", {"two": [', encoding="utf-8")
    with pytest.raises(MalformedSource) as refused:
        list(json_files.stream(path, "item"))
    assert refused.value.message == "half.json is not valid JSON: it breaks off before its end"
