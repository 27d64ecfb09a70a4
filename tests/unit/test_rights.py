"""Rights as people decide them: the stricter holds, they end, are undone, and outlast whatever is read anew."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import with_stand_ins
from tests.unit.rightspace import MAPPING, MovedClock
from winloss.bootstrap import open_workbench
from winloss.errors import NotFound, QueryError
from winloss.model import GIVEN_RIGHTS, Rights, RightsBook, RightsDecision, RightsOf, Side, quotable
from winloss.services import analysis, doing, journal
from winloss.services.erasure import forgetting
from winloss.services.quote_rights import pseudonyms, rights, rights_listing
from winloss.services.quote_rights.rights import Target, set_rights
from winloss.services.sources import identity, intake, speaking
from winloss.services.workspace import keeping

TODAY = "2026-06-30"
GIVEN = st.sampled_from(GIVEN_RIGHTS)
DAYS = st.none() | st.dates(date(2026, 6, 1), date(2026, 7, 31)).map(date.isoformat)
ORDER = list(Rights)


# --- what holds ------------------------------------------------------------------------------------------------------


def decision(of: RightsOf, target: str, given, until=None, instead=None) -> RightsDecision:
    people = (target,) if of is RightsOf.PERSON else ()
    return RightsDecision(
        id=f"{of}{target}", of=of, target=target, rights=given, made_at="", until=until, instead=instead, people=people
    )


@given(read=GIVEN, source=st.none() | GIVEN, person=st.none() | GIVEN, days=st.tuples(DAYS, DAYS))
def test_the_stricter_of_source_and_person_holds_until_the_earlier_day(read, source, person, days):
    made = [
        decision(RightsOf.DOCUMENT, "d", source, days[0], read),
        decision(RightsOf.PERSON, "p", person, days[1]),
    ]
    held = RightsBook(made, {}, today=TODAY).of("d", "f", read, "p")
    wanted = ORDER.index(source or read)
    assert ORDER.index(held.rights) >= max(wanted, ORDER.index(person or source or read))
    assert held.until == min((day for day in days if day), default=None)
    ended = held.until is not None and held.until < TODAY
    assert quotable(held.rights) == (not ended and Rights.NO_QUOTE not in (source or read, person))
    if not ended:
        assert held.rights in (source or read, person)


@given(then=GIVEN, now=GIVEN, given=GIVEN)
def test_a_source_that_becomes_stricter_than_it_was_is_not_overruled(then, now, given):
    held = RightsBook([decision(RightsOf.DOCUMENT, "d", given, None, then)], {}, today=TODAY).of("d", "f", now)
    if ORDER.index(now) <= ORDER.index(then):
        assert held.rights is given
    else:
        assert held.rights is given.or_stricter(now)


def test_a_documents_own_decision_counts_before_its_files():
    made = [
        decision(RightsOf.FILE, "a.csv", Rights.NO_QUOTE, None, Rights.NAMED),
        decision(RightsOf.DOCUMENT, "d", Rights.ANONYMOUS, None, Rights.NAMED),
    ]
    book = RightsBook(made, {"f": "a.csv"}, today=TODAY)
    assert book.of("d", "f", "named").rights is Rights.ANONYMOUS
    assert book.of("e", "f", "named").rights is Rights.NO_QUOTE
    assert book.of("e", "g", "named").rights is Rights.NAMED


# --- deciding --------------------------------------------------------------------------------------------------------


def call(name: str = "Priya Nair", **changes: str) -> dict[str, str]:
    row = {
        "id": "call-1", "speaker": name, "text": f"The alerts cost us nine nights, said {len(name)} of us.",
        "title": "A call", "url": "", "rights": "named", "date": "2026-05-03", "segment": "federal",
        "account": "Northwind", "side": "buyer", "job": "CISO", "email": "",
    }  # fmt: skip
    return {**row, **changes}


def read_in(bench, folder, *rows):
    folder.mkdir(exist_ok=True)
    (folder / "calls.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "calls.map.toml").write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [folder])
    analysis.segment_documents(bench)


@pytest.fixture
def two(bench, tmp_path):
    """A workspace with two calls, each of a buyer who may be named."""
    read_in(bench, tmp_path / "drop", call(), call("Lee Park", id="call-2"))
    return bench


def held(bench) -> dict[str, str]:
    """Speaker -> the rights to their words."""
    return {it.speaker: it.rights for it in bench.store.passages([row.id for row in bench.store.evidence()])}


def test_a_decision_holds_is_noted_and_undone(two):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote", by="Dana")
    assert held(two) == {"Priya Nair": "no_quote", "Lee Park": "named"}
    assert {row.rights for row in two.store.evidence()} == {"no_quote", "named"}
    entry = journal.entries(two)[0]
    assert (entry.what, entry.who) == (journal.DECIDED, "Dana")
    assert "no quoting" in entry.about
    assert "Priya" not in entry.about
    doing.undo(two, by="Dana")
    assert held(two) == {"Priya Nair": "named", "Lee Park": "named"}
    doing.redo(two, by="Dana")
    assert held(two)["Priya Nair"] == "no_quote"
    rights.clear(two, Target(person="Priya Nair"), by="Dana")
    assert held(two)["Priya Nair"] == "named"


def test_a_file_a_document_and_a_person_are_meant_by_what_they_are_called(two):
    numbers = two.store.pseudonyms()
    (lee,) = (item.speaker.respondent for item in two.store.speakers() if item.speaker.name == "Lee Park")
    set_rights(two, Target(person=f"buyer {numbers[lee]}"), rights=Rights.INTERNAL)
    assert held(two) == {"Priya Nair": "named", "Lee Park": "internal"}
    (path,) = {file.path for file in two.store.files()}
    set_rights(two, Target(file=path), rights="anonymous")
    assert held(two) == {"Priya Nair": "anonymous", "Lee Park": "internal"}
    set_rights(two, Target(document="call-1"), rights="named", until=date(2026, 6, 1))
    assert held(two) == {"Priya Nair": "ended", "Lee Park": "internal"}


@pytest.mark.parametrize(
    ("target", "told", "error"),
    [
        (Target(), {"rights": "named"}, QueryError),
        (Target(person="Priya Nair", file="x"), {"rights": "named"}, QueryError),
        (Target(person="Nobody"), {"rights": "named"}, NotFound),
        (Target(document="call-9"), {"rights": "named"}, NotFound),
        (Target(file="none.csv"), {"rights": "named"}, NotFound),
        (Target(person="Priya Nair"), {}, QueryError),
        (Target(person="Priya Nair"), {"rights": "ended"}, QueryError),
        (Target(person="Priya Nair"), {"rights": "open"}, QueryError),
        (Target(person="Priya Nair"), {"until": "tomorrow"}, QueryError),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_hint(two, target, told, error):
    with pytest.raises(error) as refused:
        set_rights(two, target, **told)
    assert refused.value.hint
    assert two.store.rights_decisions() == []


def test_two_people_of_one_name_are_told_apart(bench, tmp_path):
    read_in(bench, tmp_path / "drop", call(), call(id="call-2", account="Contoso"))
    with pytest.raises(QueryError, match="2 people") as refused:
        set_rights(bench, Target(person="Priya Nair"), rights="no_quote")
    one = refused.value.hint.partition(": ")[2].partition(",")[0].rstrip(".")
    set_rights(bench, Target(person=one), rights="no_quote")
    assert sorted(row.rights for row in bench.store.evidence()) == ["named", "no_quote"]


# --- outlasting ------------------------------------------------------------------------------------------------------


def test_a_decision_outlasts_reading_in_again_and_analysing(two, tmp_path):
    set_rights(two, Target(person="Priya Nair"), rights="anonymous")
    set_rights(two, Target(document="call-2"), rights="no_quote")
    read_in(
        two, tmp_path / "drop", call(text="The alerts cost us ten nights."), call("Lee Park", id="call-2", title="B")
    )
    assert len(two.store.versions(two.store.documents()[0].id)) == 2
    assert held(two) == {"Priya Nair": "anonymous", "Lee Park": "no_quote"}


def test_a_later_and_stricter_source_is_followed(two, tmp_path):
    set_rights(two, Target(document="call-1"), rights="anonymous")
    read_in(two, tmp_path / "drop", call(rights="no_quote", title="withdrawn"), call("Lee Park", id="call-2"))
    assert held(two)["Priya Nair"] == "no_quote"


def test_a_decision_follows_a_person_who_is_called_otherwise(two):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote")
    (before,) = (it.pseudonym for it in people(two) if "Priya Nair" in it.names)
    speaking.assign(two, speaking.Target(name="Priya Nair", document="call-1"), name="Priya Nair-Holm")
    analysis.segment_documents(two)
    assert held(two)["Priya Nair-Holm"] == "no_quote"
    (after,) = (it.pseudonym for it in people(two) if "Priya Nair-Holm" in it.names)
    assert after == before
    doing.undo(two, by=None)
    assert held(two)["Priya Nair-Holm"] == "named"


def test_a_decision_holds_for_a_person_in_documents_that_come_later(two, tmp_path):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote")
    read_in(two, tmp_path / "more", call(id="call-3", text="We are trying to sleep at night again."))
    assert [row.rights for row in two.store.evidence()].count("no_quote") == 2


def test_a_decision_holds_before_people_are_linked(bench, tmp_path, monkeypatch):
    """Whoever is one person under two names has the id of each name until linking has run."""
    both = [call(email="p@northwind.example"), call("Priya Nair-Holm", id="call-2", email="p@northwind.example")]
    read_in(bench, tmp_path / "drop", *both)
    (person,) = people(bench)
    set_rights(bench, Target(person=person.pseudonym), rights="no_quote")
    monkeypatch.setattr(identity, "link", lambda bench: 0)
    read_in(bench, tmp_path / "drop", *({**row, "text": "The alerts cost us ten nights."} for row in both))
    assert len({item.speaker.respondent for item in bench.store.speakers()}) == 2
    assert set(held(bench).values()) == {"no_quote"}


def test_decisions_and_pseudonyms_outlast_backup_and_restore(two, tmp_path):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote", until="2027-01-01", by="Dana")
    numbers = two.store.pseudonyms()
    keeping.backup(two, tmp_path / "all.zip")
    keeping.restore(tmp_path / "all.zip", tmp_path / "again")
    again = with_stand_ins(open_workbench(tmp_path / "again", clock=MovedClock()))
    assert held(again) == {"Priya Nair": "no_quote", "Lee Park": "named"}
    assert again.store.pseudonyms() == numbers
    assert again.store.rights_decisions() == two.store.rights_decisions()
    again.store.close()


def test_a_right_ends_after_its_last_day_by_the_workbenchs_clock(tmp_path):
    clock = MovedClock("2026-06-30")
    bench = with_stand_ins(open_workbench(tmp_path / "workspace", clock=clock))
    read_in(bench, tmp_path / "drop", call())
    set_rights(bench, Target(document="call-1"), until="2026-06-30")
    assert held(bench) == {"Priya Nair": "named"}
    clock.day = "2026-07-01"
    assert held(bench) == {"Priya Nair": "ended"}
    before = bench.store.revision()
    rights.settle(bench)
    assert bench.store.revision() == before + 1
    rights.settle(replace(bench, memo={}))
    assert bench.store.revision() == before + 1
    bench.store.close()


# --- pseudonyms ------------------------------------------------------------------------------------------------------


def people(bench):
    return rights_listing.people(bench)


def test_everybody_has_a_number_of_their_own_that_stays(two, tmp_path):
    numbers = two.store.pseudonyms()
    assert sorted(numbers.values()) == [1, 2]
    read_in(two, tmp_path / "more", call("Mei Lin", id="call-3"))
    pseudonyms.give_quoted(two)
    later = two.store.pseudonyms()
    assert later.items() >= numbers.items()
    assert sorted(later.values()) == [1, 2, 3]


def test_numbers_do_not_follow_from_names(monkeypatch, tmp_path):
    """The same people get other numbers where chance says so: nothing about a person leads to the number."""
    drawn = []
    for turn in (lambda items: items.sort(), lambda items: items.sort(reverse=True)):
        monkeypatch.setattr(pseudonyms.SystemRandom, "shuffle", lambda _, items, turn=turn: turn(items))
        bench = with_stand_ins(open_workbench(tmp_path / f"w{len(drawn)}", clock=MovedClock()))
        read_in(bench, tmp_path / "drop", call(), call("Lee Park", id="call-2"))
        drawn.append(bench.store.pseudonyms())
        bench.store.close()
    assert drawn[0].keys() == drawn[1].keys()
    assert drawn[0] != drawn[1]


def test_those_who_only_ask_have_none(bench, tmp_path):
    read_in(bench, tmp_path / "drop", call(), call("Ann Other", id="call-2", side="interviewer"))
    asking = {it.speaker.respondent for it in bench.store.speakers() if it.speaker.side is Side.INTERVIEWER}
    assert asking
    assert not asking & bench.store.pseudonyms().keys()


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_a_forgotten_person_leaves_neither_decision_nor_pseudonym_and_no_number_comes_again(two, tmp_path):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote", by="Dana")
    set_rights(two, Target(document="call-1"), rights="anonymous", by="Dana")
    set_rights(two, Target(person="Lee Park"), rights="anonymous", by="Dana")
    (gone,) = (it for it in people(two) if "Priya Nair" in it.names)
    (lee,) = (it for it in people(two) if "Lee Park" in it.names)
    forgetting.forget(two, forgetting.Wish(people=("Priya Nair",)))
    assert gone.respondent not in two.store.pseudonyms()
    assert [item.target for item in two.store.rights_decisions()] == [lee.respondent]
    assert two.store.operations() == []
    given = set(two.store.pseudonyms().values())
    read_in(two, tmp_path / "more", call("Mei Lin", id="call-3"))
    fresh = set(two.store.pseudonyms().values()) - given
    assert fresh == {3}
    assert held(two)["Lee Park"] == "anonymous"


def test_what_may_return_keeps_what_was_decided_about_it(two):
    set_rights(two, Target(person="Priya Nair"), rights="no_quote")
    numbers = two.store.pseudonyms()
    forgetting.forget(two, forgetting.Wish(people=("Priya Nair",), may_return=True))
    assert len(two.store.rights_decisions()) == 1
    assert two.store.pseudonyms() == numbers


def test_a_files_decision_follows_the_path_that_loses_a_name(bench, tmp_path):
    read_in(bench, tmp_path / "Priya Nair", call(), call("Lee Park", id="call-2"))
    (path,) = {file.path for file in bench.store.files()}
    set_rights(bench, Target(file=path), rights="no_quote")
    forgetting.forget(bench, forgetting.Wish(people=("Priya Nair",)))
    (made,) = bench.store.rights_decisions()
    assert made.target in {file.path for file in bench.store.files()}
    assert held(bench) == {"Lee Park": "no_quote"}
