"""What the store promises about rights and pseudonyms, on SQLite and on a real PostgreSQL server alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.contract.test_store import a_speaker, with_verbatim
from winloss.errors import Conflict
from winloss.model import Kept, Operation, Rights, RightsDecision, RightsOf, SourceFile

NOW = "2026-06-30T12:00:00Z"
ON_DOCUMENT = RightsDecision(
    id="q1", of=RightsOf.DOCUMENT, target="d1", rights=Rights.NAMED, made_at=NOW, until="2999-12-31", by="Dana"
)
ON_FILE = RightsDecision(
    id="q2", of=RightsOf.FILE, target="calls.csv", rights=Rights.INTERNAL, made_at=NOW, instead=Rights.ANONYMOUS
)
ON_PERSON = RightsDecision(
    id="q3", of=RightsOf.PERSON, target="r1", rights=Rights.NO_QUOTE, made_at=NOW, people=("r1", "r0")
)


@pytest.fixture
def held(store):
    """A store with one document of the file `calls.csv`, in which r1 speaks."""
    file = SourceFile(
        id="f1", path="calls.csv", blob="", size=0, reader="x", context_hash="c", ingested_at=NOW, documents=1
    )
    with store.transaction() as transaction:
        transaction.put_file(file)
    with_verbatim(store)
    return store


def decide(store, *after: RightsDecision, before: tuple[RightsDecision, ...] = ()) -> None:
    with store.transaction() as transaction:
        transaction.swap(Kept(rights=before), Kept(rights=after))


def seen(store) -> set[str]:
    """The rights that every way of reading tells of the one verbatim there is."""
    (turn,) = store.turns("d1")
    ((_, (again,)),) = store.history(["d1"])
    (spoken,) = store.speakers()
    passages = [*store.passages(["v1"]), *store.passages_after("", limit=5)]
    rows = [*store.evidence(), *store.evidence_rows(["d1"])]
    return {item.rights for item in (turn, again, spoken, *passages, *rows)}


@pytest.mark.parametrize(
    ("made", "rights"),
    [
        ((), "anonymous"),
        ((ON_DOCUMENT,), "named"),
        ((ON_FILE,), "internal"),
        ((ON_DOCUMENT, ON_FILE), "named"),
        ((ON_PERSON,), "no_quote"),
        ((ON_DOCUMENT, ON_PERSON), "no_quote"),
    ],
)
def test_every_way_of_reading_tells_what_holds(held, made, rights):
    decide(held, *made)
    assert seen(held) == {rights}
    assert held.document("d1").rights is Rights.ANONYMOUS
    assert sorted(held.rights_decisions(), key=lambda item: item.id) == sorted(made, key=lambda item: item.id)


@pytest.mark.parametrize("made", [ON_DOCUMENT, ON_FILE, ON_PERSON])
def test_a_decision_touches_the_evidence_it_is_about(held, made):
    before = held.revision()
    decide(held, made)
    assert held.touched(before) == ["d1"]
    decide(held, before=(made,))
    assert seen(held) == {"anonymous"}


def test_what_was_decided_meanwhile_is_not_written_over(held):
    decide(held, ON_DOCUMENT)
    other = RightsDecision(id="q1", of=RightsOf.DOCUMENT, target="d1", rights=Rights.INTERNAL, made_at=NOW)
    with pytest.raises(Conflict):
        decide(held, other, before=(other,))
    assert seen(held) == {"named"}


def test_an_operation_gives_decisions_back_as_they_were(held):
    operation = Operation(
        id=0, what="rights", made_at=NOW, by="Dana", before=Kept(rights=(ON_FILE,)), after=Kept(rights=(ON_PERSON,))
    )
    with held.aside() as unit:
        unit.put_operation(operation)
    (found,) = held.operations()
    assert (found.before, found.after) == (operation.before, operation.after)


def test_a_person_with_another_id_keeps_rights_and_pseudonym(held):
    decide(held, ON_PERSON)
    with held.aside() as unit:
        unit.put_pseudonyms(["r1"])
    with held.transaction() as transaction:
        transaction.put_respondents("d1", {"Priya Nair": "r7"})
    assert seen(held) == {"no_quote"}
    assert held.pseudonyms() == {"r7": 1}
    with held.transaction() as transaction:
        transaction.put_speakers("d1", {0: (a_speaker(name="Priya N.", respondent="r8"), None)})
    assert seen(held) == {"no_quote"}
    assert held.passages(["v1"])[0].pseudonym == "Buyer 1"
    decide(held, before=(ON_PERSON,))
    assert seen(held) == {"anonymous"}


def test_whoever_is_still_heard_under_the_old_id_keeps_the_pseudonym(held):
    from tests.contract.test_store import a_document, a_turn

    with held.transaction() as transaction:
        transaction.put_document(a_document(id="d2", external_id="call-2"), [a_turn(document_id="d2")], [])
        transaction.put_pseudonyms(["r1"])
    with held.transaction() as transaction:
        transaction.put_respondents("d1", {"Priya Nair": "r7"})
    assert held.pseudonyms() == {"r1": 1}


def test_numbers_are_given_once_and_never_again(held):
    with held.aside() as unit:
        unit.put_pseudonyms(["a", "b", "c"])
        unit.put_pseudonyms(["c", "d", "d"])
    assert held.pseudonyms() == {"a": 1, "b": 2, "c": 3, "d": 4}
    with held.transaction() as transaction:
        transaction.erase_pseudonyms({"c", "d"})
    with held.aside() as unit:
        unit.put_pseudonyms(["e"])
    assert held.pseudonyms() == {"a": 1, "b": 2, "e": 5}


def test_two_who_give_numbers_at_the_same_time_give_different_ones(held):
    start = Barrier(2)

    def give(names):
        start.wait()
        with held.aside() as unit:
            unit.put_pseudonyms(names)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(give, [[f"a{n}" for n in range(20)], [f"b{n}" for n in range(20)]]))
    assert sorted(held.pseudonyms().values()) == list(range(1, 41))


def test_the_population_is_everybody_who_speaks_as_a_buyer(held):
    assert held.population() == [("r1", None, "secops_lead", "Northwind")]
