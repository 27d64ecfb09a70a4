"""Agreement of coders: the formulas against published figures, another implementation, and simulation; then in use."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.webtools import small_workspace
from winloss.errors import NotFound, QueryError
from winloss.model import Filters
from winloss.services.research import agreement, codes, coding
from winloss.services.research.kappa import alpha, kappa
from winloss.services.search import searching
from winloss.services.statistics import Z95

LABELS = st.sampled_from("abc")
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=60)


def pairs_of(table):
    return [(row, column) for row, cells in enumerate(table) for column, n in enumerate(cells) for _ in range(n)]


def test_kappa_and_its_error_are_those_of_the_textbook():
    """Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003): .68 and .087."""
    found = kappa(pairs_of([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert (found.n, found.agreed) == (100, 89)
    assert found.value == pytest.approx(0.68, abs=0.005)
    assert (found.value - found.low) / Z95 == pytest.approx(0.087, abs=0.001)


@settings(deadline=None)
@given(PAIRS)
def test_kappa_is_what_another_implementation_says(pairs):
    from sklearn.metrics import cohen_kappa_score

    found = kappa(pairs)
    if found.value is None:
        assert len({label for pair in pairs for label in pair}) == 1
    else:
        first, second = zip(*pairs, strict=True)
        assert found.value == pytest.approx(cohen_kappa_score(first, second))


@given(PAIRS)
def test_kappa_does_not_care_who_is_first_and_lies_in_its_interval(pairs):
    found, turned = kappa(pairs), kappa([(two, one) for one, two in pairs])
    assert found.value == pytest.approx(turned.value)
    if found.low is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert found.low == pytest.approx(turned.low)


def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says():
    chance = random.Random(7)
    cells, weights = pairs_of([[1, 1], [1, 1]]), [0.5, 0.1, 0.1, 0.3]
    truth = (0.8 - (0.36 + 0.16)) / (1 - (0.36 + 0.16))
    found = [kappa(chance.choices(cells, weights, k=150)) for _ in range(600)]
    held = sum(item.low <= truth <= item.high for item in found) / len(found)
    assert 0.92 <= held <= 0.98


def test_perfect_agreement_has_no_interval_and_one_category_no_kappa():
    found = kappa([("a", "a")] * 9 + [("b", "b")] * 3)
    assert (found.value, found.low, found.high) == (1.0, None, None)
    assert kappa([("a", "a")] * 12).value is None
    stuck = kappa([("a", "a")] * 10 + [("a", "b")] * 2)
    assert (stuck.value, stuck.low) == (0.0, None)
    assert kappa([]).value is None


def test_alpha_is_that_of_the_paper():
    """Krippendorff (2011), sections B (.095) and C (.743)."""
    two = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True))
    assert alpha(two) == pytest.approx(0.095, abs=0.0005)
    rows = ["123321412...", "123322412" + "5.3", ".33323422" + "51.", "123324412" + "51."]
    units = [[label for label in unit if label != "."] for unit in zip(*rows, strict=True)]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)
    assert alpha([["a", "a"]]) is None


@given(PAIRS)
def test_alpha_is_near_kappa_pooled_over_both_coders(pairs):
    """For two coders, alpha is Scott's pi corrected for the small sample: 1 - (1 - pi)(2n - 1) / 2n."""
    labels = [label for pair in pairs for label in pair]
    expected = sum((labels.count(name) / len(labels)) ** 2 for name in set(labels))
    if expected == 1:
        assert alpha(pairs) is None
        return
    observed = sum(one == other for one, other in pairs) / len(pairs)
    pi = (observed - expected) / (1 - expected)
    assert alpha(pairs) == pytest.approx(1 - (1 - pi) * (len(labels) - 1) / len(labels))


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """Twenty verbatims coded by Dana and Tom, who differ on three; Eve has looked at five of them, and gives none."""
    with small_workspace(tmp_path_factory.mktemp("agreement")) as bench:
        ids = sorted(hit.passage.id for hit in searching.search(bench, "", Filters(), limit=20).hits)
        codes.add(bench, "pain/cost", by=None)
        for number, name in enumerate(ids):
            mine = ["pain/cost"] if number < 10 else []
            theirs = ["pain"] if number == 0 else ["pain/cost"] if number in {*range(1, 9), 15} else []
            for coder, given_codes in (("Dana", mine), ("Tom", theirs)):
                if given_codes:
                    coding.give(bench, name, given_codes, coder=coder)
                else:
                    coding.none_applies(bench, name, coder=coder)
        for name in ids[:5]:
            coding.none_applies(bench, name, coder="Eve")
        yield bench, ids


def test_two_coders_are_compared_code_by_code_and_overall(coded):
    bench, ids = coded
    found = agreement.two_coders(bench, "dana", "TOM")
    assert (found.a, found.b, found.overall.n, found.overall.agreed) == ("Dana", "Tom", 20, 17)
    pain, cost = found.codes
    assert (pain.code, pain.n, pain.agreed, pain.both, pain.only_a, pain.only_b) == ("pain", 20, 18, 9, 1, 1)
    assert (cost.code, cost.agreed, cost.both, cost.only_a, cost.only_b) == ("pain/cost", 17, 8, 2, 1)
    assert pain.kappa == pytest.approx(0.8)
    assert pain.low < pain.kappa < pain.high
    assert [item.verbatim_id for item in found.disagreements] == [ids[0], ids[9], ids[15]]
    assert found.disagreements[0].a == ("pain/cost",)
    assert found.disagreements[1].b == ()


def test_on_one_code_only_what_differs_in_it_is_listed(coded):
    bench, ids = coded
    found = agreement.two_coders(bench, "Dana", "Tom", code="PAIN")
    assert [row.code for row in found.codes] == ["pain"]
    assert found.overall == found.codes[0]
    assert [item.verbatim_id for item in found.disagreements] == [ids[9], ids[15]]


def test_on_too_few_verbatims_nothing_is_said(coded):
    bench, _ = coded
    found = agreement.two_coders(bench, "Dana", "Eve").overall
    assert (found.n, found.verdict, found.kappa, found.observed) == (5, agreement.NOT_ENOUGH, None, None)
    assert found.agreed == 0


def test_where_nobody_varies_kappa_is_undefined(coded):
    bench, _ = coded
    codes.add(bench, "never", by=None)
    found = agreement.two_coders(bench, "Dana", "Tom", code="never").overall
    assert (found.verdict, found.kappa, found.observed, found.n) == (agreement.NOBODY_VARIES, None, 1.0, 20)


def test_several_coders_have_an_alpha_and_every_pair(coded):
    bench, _ = coded
    found = agreement.several(bench, ["Dana", "Tom", "Eve"])
    assert (found.n, found.verdict, [pair[:2] for pair in found.pairs]) == (
        20,
        "said",
        [("Dana", "Tom"), ("Dana", "Eve"), ("Tom", "Eve")],
    )
    assert 0 < found.alpha < 1


@pytest.mark.parametrize(("names", "error"), [(("Dana", "dana"), QueryError), (("Dana", "Zoe"), NotFound)])
def test_two_coders_who_have_coded_are_needed(coded, names, error):
    with pytest.raises(error, match=r"coder|coded") as refused:
        agreement.two_coders(coded[0], *names)
    assert "Tom" in refused.value.hint
