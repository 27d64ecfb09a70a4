"""What an attribution may tell together: never what fewer than three people share, and a warning where it would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.passages import a_passage
from winloss.codebook import load_codebook
from winloss.model import Account, SourceFile
from winloss.report.texts import who_said
from winloss.services.quote_rights import outward
from winloss.services.quote_rights.crowds import ATTRIBUTES, FEWEST, Crowds

VALUES = st.tuples(*(st.sampled_from([None, "a", "b"]) for _ in ATTRIBUTES))
PEOPLE = st.dictionaries(VALUES, st.frozensets(st.sampled_from("pqrstuvwxyz"), min_size=1), max_size=12)
ROLE_LABEL = load_codebook().role_label


@given(people=PEOPLE, asked=VALUES)
def test_what_is_told_fits_three_people_or_is_nothing(people, asked):
    here = Crowds(people, {})
    left = here.coarsened(dict(zip(ATTRIBUTES, asked, strict=True)))
    told = [name for name in ATTRIBUTES if left[name]]
    assert all(left[name] == value for name, value in zip(ATTRIBUTES, asked, strict=True) if left[name])
    fitting = {
        person
        for has, names in people.items()
        if all(left[name] == has[ATTRIBUTES.index(name)] for name in told)
        for person in names
    }
    assert not told or len(fitting) >= FEWEST
    assert here.coarsened(left) == left


@given(people=PEOPLE, asked=VALUES)
def test_no_more_is_left_out_than_is_needed(people, asked):
    here = Crowds(people, {})
    values = dict(zip(ATTRIBUTES, asked, strict=True))
    left = here.coarsened(values)
    gone = [name for name in ATTRIBUTES if values[name] and not left[name]]
    if gone:
        assert here.of({**left, gone[0]: values[gone[0]]}).few


@given(people=PEOPLE)
def test_everything_small_is_warned_of_once(people):
    here = Crowds(people, {})
    found = here.small()
    assert all(crowd.few and crowd.shown and "account" not in crowd.shown for crowd in found)
    assert len({tuple(sorted(crowd.shown.items())) for crowd in found}) == len(found)
    for has in people:
        crowd = here.of(dict(zip(ATTRIBUTES[:3], has[:3], strict=True)))
        assert not (crowd.few and crowd.shown) or crowd in found


def bench_of(bench, people, monkeypatch):
    """A workbench in which these (person, segment, role, account) are heard."""
    file = SourceFile(id="f", path="a.csv", blob="", size=0, reader="x", context_hash="", ingested_at="")
    accounts = [Account(name="Northwind", region="Tasmania"), Account(name="Contoso", region="EMEA")]
    with bench.store.transaction() as transaction:
        transaction.put_file(file)
        transaction.put_accounts(accounts, "f", path="a.csv")
    monkeypatch.setattr(bench.store, "population", lambda: people)
    return bench


def test_region_goes_before_role_and_role_before_segment(bench, monkeypatch):
    many = [(f"r{n}", "federal", "soc", "Contoso") for n in range(3)]
    here = bench_of(bench, [("r9", "federal", "soc", "Northwind"), *many], monkeypatch)
    (told,) = outward.outward(here, [a_passage(respondent="r9")])
    assert (told.segment, told.role, told.region, told.account) == ("federal", "soc", None, None)
    (kept,) = outward.outward(here, [a_passage(respondent="r1", account="Contoso")])
    assert (kept.region, kept.account) == ("EMEA", "Contoso")
    (few,) = outward.few_people(here, [a_passage(respondent="r9")])
    assert (few.shown, few.people, few.left_out) == (("federal", ROLE_LABEL("soc"), "region Tasmania"), 1, ("region",))
    assert "Tasmania" in few.words
    assert "Tasmania" not in few.outside
    assert "soc" not in few.outside


def test_a_role_that_only_one_person_has_is_not_told(bench, monkeypatch):
    many = [(f"r{n}", "federal", "soc", None) for n in range(3)]
    here = bench_of(bench, [("r9", "federal", "ciso", None), *many], monkeypatch)
    (told,) = outward.outward(here, [a_passage(respondent="r9", role="ciso", account=None)])
    line = who_said(told, ROLE_LABEL)
    assert line == f"{told.pseudonym} · federal · 2026Q2 · interview"
    assert "Priya" not in repr(told)


def test_whoever_may_be_named_is_told_in_full(bench, monkeypatch):
    here = bench_of(bench, [("r9", "federal", "ciso", "Northwind")], monkeypatch)
    named = a_passage(respondent="r9", rights="named")
    (told,) = outward.outward(here, [named])
    assert (told.speaker, told.role, told.account) == (named.speaker, named.role, named.account)
    assert outward.few_people(here, [named]) == ()


def test_leaving_twice_is_leaving_once(bench, monkeypatch):
    people = [(f"r{n}", "federal", "soc", "Northwind") for n in range(FEWEST)]
    here = bench_of(bench, people, monkeypatch)
    once = outward.outward(here, [a_passage(respondent="r1"), a_passage(rights="no_quote"), a_passage(rights="ended")])
    assert len(once) == 1
    assert outward.outward(here, once) == once
