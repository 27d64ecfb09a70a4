"""Words that mean the same: the codebook's, companies' names with slips of the pen, and those that people add."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.passages import a_passage
from tests.unit.trees import shape
from winloss.cli.commands import winloss
from winloss.codebook import load_codebook
from winloss.errors import ConfigError
from winloss.search import LiveThesaurus, WhooshIndex, add_group, read_groups, remove_word
from winloss.search.analysis import STOP_WORDS, surfaces
from winloss.search.query import parse
from winloss.search.synonyms import Thesaurus

GROUPS = (("EDR", "endpoint detection and response"), ("endpoint", "end point"))
NAMES = (("CrowdStrike", "CRWD"), ("Palo Alto", "PANW", "Cortex"), ("Wiz",), ("SentinelOne", "S1"))
TEXTS = {
    "a": "We looked at CrowdStrike first.",
    "b": "Crowdstirke was too dear.",
    "c": "crowd strike won the bake-off.",
    "d": "Palo Alto came second; the vortex of renewals.",
    "e": "Every end point has an agent.",
    "f": "One agent an endpoint; Paloalto had two.",
    "g": "A wizard could not do it with Wiz.",
    "h": "We had crowds at the strike.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    folder = tmp_path_factory.mktemp("index")
    made = WhooshIndex(folder / "index", LiveThesaurus(folder / "synonyms.toml", GROUPS, NAMES))
    made.rebuild((a_passage(name, text) for name, text in TEXTS.items()), revision=1)
    return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("CrowdStrike", "abc"),
        ("Crowdstirke", "abc"),
        ("crowd strike", "abch"),
        ("CRWD", "abc"),
        ('"CrowdStrike"', "a"),
        ('"Crowdstirke"', "b"),
        ("Crwodstrike AND first", "a"),
        ("(first OR dear) -CrowdStrike", ""),
        ("paloalto", "df"),
        ("Cortex", "df"),
        ("endpoint", "ef"),
        ("end-point", "ef"),
        ("end point", "ef"),
        ("Wiz", "g"),
        ("wis", ""),
        ("vortex", "d"),
        ("EDR", ""),
    ],
)
def test_finds_what_means_the_same(index: WhooshIndex, query: str, names: str) -> None:
    assert sorted(name for name, _ in index.search(query, limit=20)) == list(names)


def test_what_is_spelt_like_a_name_but_more_frequent_is_a_word_of_its_own(tmp_path: Path) -> None:
    made = WhooshIndex(tmp_path, LiveThesaurus(tmp_path / "none.toml", (), [("Cisco",)]))
    made.rebuild([a_passage("a", "Cisco"), *(a_passage(f"c{n}", "crisco") for n in range(9))], revision=1)
    assert [name for name, _ in made.search("cisco", limit=20)] == ["a"]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("CRWD", ["Crowdstrik", "crowd strike"]),
        ('"won crowd"~3', ["crowd", "won"]),
        ('"won crowd"~0', []),
        ("role:ciso won", ["won"]),
        ("end-point", ["endpoint"]),
    ],
)
def test_highlights_what_means_the_same(index: WhooshIndex, query: str, marked: list[str]) -> None:
    text = "Crowdstrik, that is crowd strike, won the endpoint."
    assert [text[start:end] for start, end in index.highlight(query, text)] == marked


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("EDR cost", '[<edr "endpoint detection and response"> cost]'),
        ("roll-out", "[{[roll out] <rollout>}]"),
        ("on-off the-end a-b state-of-the-art 24-7", "[on off the end a b state of the art 24 7]"),
        ("-EDR cost", '[-<edr "endpoint detection and response"> cost]'),
        ('"EDR" EDR~ EDR* role:EDR', '[+"edr" edr~ edr* +role:EDR]'),
    ],
)
def test_joins_what_means_the_same(query: str, tree: str) -> None:
    assert shape(Thesaurus(GROUPS, NAMES).expand(parse(query))) == tree


def test_every_group_of_the_codebook_can_be_looked_for() -> None:
    groups = load_codebook().synonyms
    assert len(groups) > 60
    for group in groups:
        assert len({tuple(surfaces(word)) for word in group}) == len(group) > 1
        assert not any(word.casefold() in STOP_WORDS for word in group)
    trees = [shape(Thesaurus(groups).expand(parse(word))) for group in groups for word in group]
    assert all("<" in tree for tree in trees)


def test_synonyms_hold_from_the_next_query_on(index: WhooshIndex, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.toml"
    made = WhooshIndex(tmp_path / "index", LiveThesaurus(path, (), ()))
    made.rebuild([a_passage("a", "the second year"), a_passage("b", "year two"), a_passage("c", "none")], revision=1)
    assert [name for name, _ in made.search("renewal", limit=9)] == []
    assert add_group(path, ["renewal", "Second year"]) == ("renewal", "Second year")
    assert [name for name, _ in made.search("renewal", limit=9)] == ["a"]
    assert add_group(path, ["year  two", "second-year"]) == ("renewal", "Second year", "year two")
    assert sorted(name for name, _ in made.search("renewal", limit=9)) == ["a", "b"]
    assert remove_word(path, "SECOND YEAR")
    assert not remove_word(path, "second year")
    assert [name for name, _ in made.search("renewal", limit=9)] == ["b"]
    assert remove_word(path, "renewal")
    assert read_groups(path) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("synonyms = [", "not valid TOML"),
        ("others = []", "others"),
        ("synonyms = 3", "not a list"),
        ('synonyms = ["a", "b"]', "group 1"),
        ('synonyms = [["a", "b"], ["c"]]', "group 2"),
        ('synonyms = [["year two", "Year-Two"]]', "fewer than two"),
        ('synonyms = [["a", "?!"]]', "'?!'"),
        ('synonyms = [["a", 3]]', "not a list of words"),
        ('synonyms = [["a", "one two three four five six seven eight nine ten eleven"]]', "10 words"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "synonyms.toml"
    path.write_text(text)
    for attempt in (lambda: read_groups(path), lambda: add_group(path, ["x", "y"])):
        with pytest.raises(ConfigError) as caught:
            attempt()
        assert says in caught.value.message
        assert caught.value.hint
    assert path.read_text() == text


@given(words=st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_added_is_read_again(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.mktemp("words") / "synonyms.toml"
    try:
        group = add_group(path, words)
    except ConfigError:
        assert not path.exists()
        return
    assert read_groups(path) == [group]
    assert tomllib.loads(path.read_text(encoding="utf-8"))


def test_a_file_that_was_only_touched_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.toml"
    own = LiveThesaurus(path, ())
    path.write_text('synonyms = [["a1", "b1"]]')
    assert shape(own.expand(parse("a1"))) == "[<a1 b1>]"
    known = path.stat()
    path.write_text('synonyms = [["a1", "c1"]]')
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns + 1))
    assert shape(own.expand(parse("a1"))) == "[<a1 c1>]"


def test_the_command_lists_adds_and_removes(tmp_path: Path) -> None:
    def told(*arguments: str) -> str:
        run = CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "w"), "synonyms", *arguments])
        return run.output if run.exception is None else f"{run.exception} {getattr(run.exception, 'hint', '')}"

    assert "None yet" in told("list", "--mine")
    assert "TCO, year two" in told("add", "TCO", "year two")
    assert "TCO = year two" in told("list", "--mine")
    assert '"source": "codebook"' in told("list", "--json")
    assert "codebook" in told("remove", "EDR")
    assert "only itself" in told("remove", "tco")
    assert "None yet" in told("list", "--mine")
    assert "winloss synonyms add" in told("add", "TCO")
