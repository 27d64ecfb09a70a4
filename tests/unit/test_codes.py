"""The codebook of codes and what people code: made, moved, merged, removed, undone; counted with its denominators."""

from __future__ import annotations

import pytest

from tests.unit.webtools import small_workspace
from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import NONE_APPLIES, Filters
from winloss.services import doing
from winloss.services.analysis import analyse
from winloss.services.research import codes, coding
from winloss.services.search import searching
from winloss.services.sources import adopting, intake

HIGHLIGHTS = (
    "id,document,tag,content,coder\n"
    '1,Harbor.txt,Pain / Renewal,"Nobody warned us about the renewal, and the price doubled.",Tom\n'
    '2,Harbor.txt,who/cfo,"Our finance chief asked for the pilot and its cost.",Tom\n'
)


@pytest.fixture
def filled(tmp_path):
    with small_workspace(tmp_path) as bench:
        yield bench


@pytest.fixture
def ids(filled):
    return [hit.passage.id for hit in searching.search(filled, "", Filters(), limit=50).hits]


def paths(bench):
    return [code.path for code in codes.codes(bench)]


def state(bench):
    return bench.store.codes(), bench.store.codings()


def counted(bench, path):
    return next(row for row in coding.tally(bench).codes if row.path == path)


def test_a_code_is_made_with_those_above_it_and_keeps_their_spelling(filled):
    codes.add(filled, "Pain", by="Dana")
    made = codes.add(filled, " pain /  cost/renewal ", by="Dana", description="Year two", colour="#ABC")
    assert paths(filled) == ["Pain", "Pain/cost", "Pain/cost/renewal"]
    assert (made.description, made.colour) == ("Year two", "#aabbcc")
    with pytest.raises(Conflict):
        codes.add(filled, "PAIN/Cost", by="Dana")


@pytest.mark.parametrize("path", ["", "/", "pain//cost", "pain/", "a\x00b", "x" * 201])
def test_what_is_no_path_is_refused(filled, path):
    with pytest.raises(QueryError):
        codes.add(filled, path, by=None)
    assert paths(filled) == []


def test_a_code_is_meant_by_its_path_its_last_part_or_the_beginning_of_it(filled):
    for path in ("pain/cost", "proof/cost", "pain/alerts"):
        codes.add(filled, path, by=None)
    assert codes.find(filled, "PAIN/cost").path == "pain/cost"
    assert codes.find(filled, "al").path == "pain/alerts"
    with pytest.raises(QueryError, match="several"):
        codes.find(filled, "cost")
    with pytest.raises(NotFound) as missed:
        codes.find(filled, "pain/allerts")
    assert "pain/alerts" in missed.value.hint


def test_a_move_takes_everything_below_and_all_codings_along_and_is_undone(filled, ids):
    codes.add(filled, "pain/cost/renewal", by="Dana")
    coding.give(filled, ids[0], ["pain/cost/renewal"], coder="Dana")
    coding.give(filled, ids[1], ["pain/cost"], coder="Tom")
    before = state(filled)
    changed = codes.move(filled, "pain/cost", "money/price", by="Dana")
    assert (changed.codes, changed.verbatims, changed.coders) == (2, 2, 2)
    assert paths(filled) == ["money", "money/price", "money/price/renewal", "pain"]
    assert {item.code for item in filled.store.codings()} == {"money/price", "money/price/renewal"}
    doing.undo(filled, by="Dana")
    assert state(filled) == before


def test_a_code_is_spelt_otherwise(filled, ids):
    codes.add(filled, "pain/cost", by=None)
    coding.give(filled, ids[0], ["cost"], coder="Dana")
    codes.move(filled, "pain", "Pain", by=None)
    assert paths(filled) == ["Pain", "Pain/cost"]
    assert filled.store.codings()[0].code == "Pain/cost"


def test_no_code_moves_below_itself_or_onto_another(filled):
    codes.add(filled, "pain/cost", by=None)
    codes.add(filled, "proof", by=None)
    before = state(filled)
    for to in ("pain/cost/pain", "proof"):
        with pytest.raises(Conflict):
            codes.move(filled, "pain", to, by=None)
    with pytest.raises(Conflict):
        codes.merge(filled, "pain", "pain/cost", by=None)
    with pytest.raises(Conflict):
        codes.merge(filled, "pain", "PAIN", by=None)
    assert state(filled) == before


def test_what_is_merged_counts_once_and_comes_back(filled, ids):
    for path in ("price/list", "cost/list"):
        codes.add(filled, path, by="Dana")
    coding.give(filled, ids[0], ["price", "cost"], coder="Dana")
    coding.give(filled, ids[1], ["price/list"], coder="Dana")
    before = state(filled)
    codes.merge(filled, "price", "cost", by="Dana")
    assert paths(filled) == ["cost", "cost/list"]
    assert [(item.verbatim_id, item.code) for item in filled.store.codings()] == sorted(
        [(ids[0], "cost"), (ids[1], "cost/list")]
    )
    doing.undo(filled, by="Dana")
    assert state(filled) == before


def test_a_removed_code_is_taken_from_every_verbatim_and_comes_back(filled, ids):
    codes.add(filled, "pain/cost", by="Dana")
    coding.give(filled, ids[0], ["cost", "pain"], coder="Tom")
    before = state(filled)
    changed = codes.remove(filled, "pain", by="Dana")
    assert (changed.codes, changed.verbatims) == (2, 1)
    assert state(filled) == ([], [])
    doing.undo(filled, by="Dana")
    assert state(filled) == before


def test_none_applies_and_codes_exclude_each_other(filled, ids):
    codes.add(filled, "pain", by=None)
    coding.give(filled, ids[0], ["pain"], coder="Dana")
    coding.none_applies(filled, ids[0], coder="Dana")
    assert [item.code for item in filled.store.codings()] == [NONE_APPLIES]
    assert coding.give(filled, ids[0], ["pain"], coder="Dana") == {"pain"}
    assert [item.code for item in filled.store.codings()] == ["pain"]
    doing.undo(filled, by="Dana")
    assert [item.code for item in filled.store.codings()] == [NONE_APPLIES]


def test_giving_twice_is_no_second_step_to_undo(filled, ids):
    codes.add(filled, "pain", by="Tom")
    for _ in range(2):
        coding.give(filled, ids[0], ["pain"], coder="Dana")
    doing.undo(filled, by="Dana")
    assert filled.store.codings() == []
    with pytest.raises(NotFound):
        doing.undo(filled, by="Dana")


def test_a_new_code_and_its_coding_are_one_step(filled, ids):
    assert coding.give(filled, ids[0], ["pain/cost", "pain/slow"], coder="Dana", new=True) == {"pain/cost", "pain/slow"}
    doing.undo(filled, by="Dana")
    assert state(filled) == ([], [])


def test_nothing_is_coded_that_is_not_there(filled, ids):
    codes.add(filled, "pain", by=None)
    with pytest.raises(NotFound):
        coding.give(filled, "vnothing", ["pain"], coder="Dana")
    with pytest.raises(NotFound):
        coding.give(filled, ids[0], ["gain/loss"], coder="Dana")
    for name in ("", "source", "Tom (source)", "x" * 101):
        with pytest.raises(QueryError):
            coding.give(filled, ids[0], ["pain"], coder=name)
    assert filled.store.codings() == []


def test_counts_have_their_denominators_and_include_what_is_below(filled, ids):
    codes.add(filled, "pain/cost", by=None)
    coding.give(filled, ids[0], ["pain/cost"], coder="Dana")
    coding.give(filled, ids[1], ["pain"], coder="Dana")
    coding.none_applies(filled, ids[2], coder="Dana")
    coding.give(filled, ids[0], ["pain"], coder="Tom")
    row = counted(filled, "pain")
    assert (row.here, row.total.count, row.total.base) == (2, 2, 3)
    assert [(part.coder, part.count, part.base) for part in row.by] == [("Dana", 2, 3), ("Tom", 1, 1)]
    assert counted(filled, "pain/cost").total.count == 1
    found = searching.search(filled, "", Filters(tag=row.tags))
    assert found.total == row.total.count
    assert coding.verbatims_of(filled, coder="dana", code="PAIN") == sorted(ids[:2])
    assert coding.verbatims_of(filled, coder="Dana", code=NONE_APPLIES) == [ids[2]]
    assert coding.verbatims_of(filled, coder=None, code=None) == sorted(ids[:3])


def test_a_coder_is_known_whatever_the_case(filled, ids):
    codes.add(filled, "pain", by=None)
    coding.give(filled, ids[0], ["pain"], coder="Dana Fox")
    assert coding.as_known(filled, " dana  fox") == "Dana Fox"


@pytest.fixture
def coded_source(filled, tmp_path):
    folder = tmp_path / "coded"
    folder.mkdir()
    (folder / "highlights.csv").write_text(HIGHLIGHTS, encoding="utf-8")
    intake.take_in(filled, [folder])
    analyse(filled)
    return filled


def test_codes_of_sources_stand_beside_and_can_be_adopted(coded_source):
    came = {row.path: row for row in coding.tally(coded_source).from_sources}
    assert "who/cfo" in came
    assert all(part.coder.endswith(coding.SOURCE) or "(source)" in part.coder for part in came["who/cfo"].by)
    adopting.adopt(coded_source, "who", by="Dana")
    assert paths(coded_source) == ["who", "who/cfo"]
    assert counted(coded_source, "who").total.count == 1
    adopting.adopt(coded_source, by="Dana")
    assert coding.tally(coded_source).from_sources == ()
    assert counted(coded_source, "Pain/Renewal").total.count == 1
    with pytest.raises(NotFound):
        adopting.adopt(coded_source, by="Dana")
    doing.undo(coded_source, by="Dana")
    doing.undo(coded_source, by="Dana")
    assert paths(coded_source) == []


def test_codes_of_sources_cannot_be_taken_away(coded_source):
    adopting.adopt(coded_source, by=None)
    before = coded_source.store.source_codings()
    codes.remove(coded_source, "who", by=None)
    assert coded_source.store.source_codings() == before
    assert {row.path for row in coding.tally(coded_source).from_sources} == {"who", "who/cfo"}
