"""Who may change places with whom: segment, source, and the question that many were asked alike."""

from __future__ import annotations

from dataclasses import replace

from winloss.model import EvidenceRow
from winloss.services.drift.strata import asked, strata_of

ROW = EvidenceRow(
    id="", key="", document_id="d", respondent="", facet="pain", facet_score=1.0, role="ciso", mode=None,
    segment="federal", source="survey", outcome=None, competitor=None, account=None, quarter="2026Q1", date=None,
    rights="anonymous", theme_id=None, tags=(), question=None, turn=0,
)  # fmt: skip


def rows(question, people, quarter, source="survey", start=0):
    return [
        replace(ROW, id=f"{quarter}{question}{n}", respondent=f"{quarter}-{start + n}", question=question,
                quarter=quarter, source=source)
        for n in range(people)
    ]  # fmt: skip


def test_questions_are_compared_by_their_words():
    assert asked("What did it cost  you?") == asked("what did it COST you") == "what did it cost you"
    assert asked("?!") is None
    assert asked(None) is None


def test_a_question_asked_of_many_on_both_sides_makes_a_stratum():
    given = rows("Why us?", 6, "2026Q1") + rows("Why us?", 6, "2025Q4") + rows("Odd one?", 2, "2026Q1", start=50)
    found = dict(zip([row.id for row in given], strata_of(given, "2026Q1"), strict=True))
    assert found["2026Q1Why us?0"] == found["2025Q4Why us?0"] == "federal|survey|why us"
    assert found["2026Q1Odd one?0"] == "federal|survey|"


def test_a_new_question_put_to_many_cannot_be_compared_and_one_put_to_few_can():
    many = rows("And AI?", 12, "2026Q1") + rows("Why us?", 12, "2025Q4", start=50)
    assert set(strata_of(many, "2026Q1")[:12]) == {"federal|survey|and ai"}
    few = rows("And AI?", 4, "2026Q1") + rows("Why us?", 12, "2025Q4", start=50)
    assert set(strata_of(few, "2026Q1")) == {"federal|survey|"}


def test_the_title_of_a_thread_is_no_question():
    posts = {"question": "Is it slow?", "people": 20, "source": "community"}
    given = rows(quarter="2026Q1", **posts) + rows(quarter="2025Q4", **posts)
    assert set(strata_of(given, "2026Q1")) == {"federal|community|"}


def test_a_person_belongs_to_the_question_that_most_of_their_words_answer():
    given = rows("Why us?", 10, "2026Q1") + rows("Why us?", 10, "2025Q4") + rows("Price?", 10, "2026Q1", start=20)
    both = replace(ROW, id="x", respondent="2026Q1-0", question="Price?")
    more = [replace(both, id=f"x{n}") for n in range(3)]
    found = strata_of([*given, *more], "2026Q1")
    assert found[0] == found[-1] == "federal|survey|price"
