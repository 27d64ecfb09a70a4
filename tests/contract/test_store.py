"""What the store promises, on SQLite and on a real PostgreSQL server alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from winloss.errors import NotFound
from winloss.model import (
    Account,
    Appearance,
    Classification,
    Copy,
    Correction,
    Deal,
    Document,
    DriftNode,
    DriftVerdict,
    Facet,
    Filters,
    Finding,
    Highlight,
    Lineage,
    Mode,
    Outcome,
    Participant,
    Relation,
    Rights,
    Scope,
    Share,
    Side,
    Snapshot,
    SourceFile,
    SourceKind,
    Speaker,
    State,
    Theme,
    ThemeCount,
    Tombstone,
    Turn,
    Verbatim,
    text_key,
)

TEXT = "Nobody reads the alerts any more. 😀 مرحبا e\u0301"


def a_speaker(**changes) -> Speaker:
    values = {
        "name": "Priya Nair",
        "respondent": "r1",
        "side": Side.BUYER,
        "side_evidence": "manifest",
        "title": "SOC Manager",
        "role": "secops_lead",
        "role_evidence": "title",
        "mode": Mode.PRACTITIONER,
    }
    return Speaker(**{**values, **changes})


def a_document(**changes) -> Document:
    values = {
        "id": "d1",
        "version": 0,
        "kind": SourceKind.INTERVIEW,
        "external_id": "call-1",
        "content_hash": "h1",
        "file_id": "f1",
        "title": "Call",
        "happened_on": date(2026, 4, 14),
        "quarter": "2026Q2",
        "account": "Northwind",
        "rights": Rights.ANONYMOUS,
        "tags": ("loss",),
        "meta": {"room": "7"},
    }
    return Document(**{**values, **changes})


def a_turn(text: str = TEXT, ordinal: int = 0, **changes) -> Turn:
    values = {"id": "", "document_id": "d1", "ordinal": ordinal, "speaker": a_speaker(), "text": text}
    return Turn(**{**values, "question": "Why?", "quoted": ((0, 2),), "start_ms": 10, **changes})


def a_verbatim(store, text: str = TEXT, name: str = "v1") -> Verbatim:
    turn = store.turns("d1")[0]
    return Verbatim(id=name, turn_id=turn.id, document_id="d1", start=0, end=len(text), text=text, key=text_key(text))


def with_document(store, **changes) -> None:
    with store.transaction() as transaction:
        transaction.put_document(
            a_document(**changes), [a_turn()], [Participant(name="Priya Nair", title="SOC Manager")]
        )


def with_verbatim(store) -> None:
    with_document(store)
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [a_verbatim(store)], "seg1")


def test_a_document_comes_back_as_it_went_in(store):
    with_document(store)
    found = store.document("d1")
    assert (found.version, found.happened_on, found.tags, dict(found.meta)) == (
        1,
        date(2026, 4, 14),
        ("loss",),
        {"room": "7"},
    )
    turn = store.turns("d1")[0]
    assert (turn.text, turn.speaker, turn.quoted, turn.question) == (TEXT, a_speaker(), ((0, 2),), "Why?")


def test_the_same_content_is_unchanged_and_another_is_a_new_version(store):
    with_document(store)
    with store.transaction() as transaction:
        assert transaction.put_document(a_document(), [a_turn()], []) == "unchanged"
        assert transaction.put_document(a_document(content_hash="h2"), [a_turn("Corrected.")], []) == "new version"
    assert [item.version for item in store.versions("d1")] == [1, 2]
    assert store.turns("d1")[0].text == "Corrected."
    assert store.turns("d1", 1)[0].text == TEXT
    assert len(store.documents()) == 1


def test_many_documents_are_stored_as_one_by_one(store):
    with_document(store)
    again = a_document(content_hash="h2")
    other = a_document(id="d2", external_id="d2")
    with store.transaction() as transaction:
        assert transaction.put_documents(
            [
                (a_document(), [a_turn()], []),
                (again, [a_turn("Corrected.")], []),
                (other, [a_turn("First.", document_id="d2")], []),
                (a_document(content_hash="h3"), [a_turn("Corrected twice.")], []),
                (again, [a_turn("Corrected.")], []),
                (other, [a_turn("First.", document_id="d2")], []),
            ]
        ) == ["unchanged", "new version", "added", "new version", "new version", "unchanged"]
    assert [item.version for item in store.versions("d1")] == [1, 2, 3, 4]
    assert [store.turns("d1", version)[0].text for version in (2, 3, 4)] == [
        "Corrected.",
        "Corrected twice.",
        "Corrected.",
    ]
    assert [document.id for document in store.documents()] == ["d1", "d2"]
    assert store.document("d1").version == 4


def test_documents_of_accounts_are_those_that_name_one(store):
    with_document(store, account=None)
    with store.transaction() as transaction:
        named = a_document(id="d2", external_id="d2", account="Northwind")
        transaction.put_document(named, [a_turn(document_id="d2")], [])
    assert [document.id for document in store.documents_of_accounts()] == ["d2"]


def test_an_error_inside_a_transaction_leaves_nothing(store):
    before = store.revision()
    with pytest.raises(RuntimeError), store.transaction() as transaction:
        transaction.put_document(a_document(), [a_turn()], [])
        raise RuntimeError
    assert store.documents() == []
    assert store.revision() == before


def test_every_commit_grows_the_revision(store):
    before = store.revision()
    with_document(store)
    assert store.revision() == before + 1


def test_files_keep_their_findings_and_are_found_by_bytes_and_context(store, tmp_path):
    path = tmp_path / "call.vtt"
    path.write_bytes(b"WEBVTT")
    blob = store.put_blob(path)
    file = SourceFile(
        id="f1", path="call.vtt", blob=blob, size=6, reader="captions", context_hash="c", ingested_at="now",
        findings=(Finding(code="x", message="odd", where="line 3", count=2),),
    )  # fmt: skip
    with store.transaction() as transaction:
        transaction.put_file(file)
        transaction.put_file(file)
    assert store.find_file(blob, "c") == file
    assert store.find_file(blob, "other") is None
    assert store.files() == [file]
    assert store.blob_path(blob).read_bytes() == b"WEBVTT"
    assert store.findings() == [("call.vtt", file.findings[0])]


def test_segmentation_is_pending_until_done_and_again_for_another_fingerprint(store):
    with_document(store)
    assert [document.id for document, _ in store.unsegmented("seg1")] == ["d1"]
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [a_verbatim(store)], "seg1")
    assert list(store.unsegmented("seg1")) == []
    assert len(list(store.unsegmented("seg2"))) == 1


def test_many_pending_documents_are_handed_over_once_each(store):
    with store.transaction() as transaction:
        for number in range(1203):
            name = f"d{number:05}"
            transaction.put_document(a_document(id=name, external_id=name), [a_turn(document_id=name)], [])
    handed = [document.id for document, turns in store.unsegmented("s") if turns]
    assert handed == sorted(set(handed))
    assert len(handed) == 1203


def test_a_passage_holds_everything_and_its_span_is_exact(store):
    with_verbatim(store)
    passage = store.passages(["nope", "v1"])[0]
    assert store.turns("d1")[0].text[passage.start : passage.end] == passage.text == TEXT
    assert (passage.role, passage.mode, passage.source, passage.quarter) == (
        "secops_lead",
        "practitioner",
        "interview",
        "2026Q2",
    )
    assert (passage.date, passage.rights, passage.question) == ("2026-04-14", "anonymous", "Why?")


def test_a_vanished_verbatim_is_retired_but_still_readable(store):
    with_verbatim(store)
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [], "seg2")
    assert store.evidence() == []
    assert store.passages(["v1"])[0].text == TEXT
    assert store.counts()["verbatims"] == 0


def test_a_new_version_keeps_the_verbatims_that_stay(store):
    with_verbatim(store)
    with store.transaction() as transaction:
        transaction.put_classifications({"v1": pain()}, "c1")
        transaction.put_document(a_document(content_hash="h2"), [a_turn("Hello."), a_turn(TEXT, 1)], [])
    turn = store.turns("d1")[1]
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [replace(a_verbatim(store), turn_id=turn.id)], "seg1")
    assert [(row.id, row.facet) for row in store.evidence()] == [("v1", "pain")]
    assert store.passages(["v1"])[0].turn == 1


def pain() -> Classification:
    return Classification(facet=Facet.PAIN, facet_score=0.9, scores={"pain": 0.9, "none": 0.1}, reason="because")


def test_classification_is_pending_until_done(store):
    with_verbatim(store)
    assert [[item.id for item in batch] for batch in store.unclassified("c1", batch=10)] == [["v1"]]
    with store.transaction() as transaction:
        transaction.put_classifications({"v1": pain()}, "c1")
    assert list(store.unclassified("c1", batch=10)) == []
    assert store.passages(["v1"])[0].facet == "pain"
    assert store.texts() == {text_key(TEXT): TEXT}


def test_themes_are_replaced_and_the_old_ones_lie_dormant(store):
    with_verbatim(store)
    old = Theme(id="h1", facet=Facet.PAIN, title="noise", terms=("alerts",), size=1, exemplars=("v1",), born="2026Q2")
    new = replace(old, id="h2", title="unread alerts")
    with store.transaction() as transaction:
        transaction.put_classifications({"v1": pain()}, "c1")
        transaction.put_themes(Facet.PAIN, [old], {"v1": "h1"}, "t1")
        transaction.put_themes(Facet.PAIN, [new], {"v1": "h2"}, "t2")
    assert store.themes() == [new]
    assert store.themes(Facet.PAIN, dormant=True) == [replace(old, dormant=True), new]
    assert store.theme("h1").dormant
    assert store.evidence()[0].theme_id == "h2"
    with pytest.raises(NotFound):
        store.theme("h9")


def test_snapshots_are_never_changed_only_retaken(store):
    count = ThemeCount(
        theme_id="h1", quarter="2026Q2", segment=None, role="ciso", share=Share(count=1, base=2, verbatims=3)
    )
    first = Snapshot(quarter="2026Q2", facet=Facet.PAIN, revision=1, fingerprint="a", respondents=2, verbatims=3,
                     unthemed=0, counts=(count,))  # fmt: skip
    with store.transaction() as transaction:
        transaction.put_snapshots([first])
        transaction.put_snapshots([replace(first, revision=2, respondents=5)])
    assert store.snapshots(Facet.PAIN) == [replace(first, revision=2, respondents=5)]


def test_lineage_and_verdicts_come_back_as_they_went_in(store):
    step = Lineage(facet=Facet.PAIN, earlier="2026Q1", later="2026Q2", relation=Relation.BORN, from_themes=(),
                   to_themes=("h1",), reason="3 people")  # fmt: skip
    node = DriftNode(kind="emerging", p=0.01, ratio=6.0, current=5, current_base=20, history=0, history_base=90,
                     window=1, verbatims=("v1",), earliest="2026-04-14")  # fmt: skip
    verdict = DriftVerdict(quarter="2026Q2", scope=Scope(facet="pain"), state=State.NEW_SIGNAL, sentence="New.",
                           flags=("emerging",), statistics={"n": 20, "p": 0.01}, nodes=(node,), mds=0.1)  # fmt: skip
    with store.transaction() as transaction:
        transaction.put_lineage(Facet.PAIN, [step])
        transaction.put_verdicts([replace(verdict, sentence="old")], "x")
        transaction.put_verdicts([verdict], "y")
    assert store.lineage(Facet.PAIN) == [step]
    assert store.verdicts("2026Q2") == [verdict]


def test_what_people_coded_is_kept_with_turn_and_verbatim(store):
    mark = Highlight(turn=0, start=0, end=6, codes=("Pain/cost", "cfo"), coder="dana", note="ask again")
    with store.transaction() as transaction:
        transaction.put_document(a_document(), [a_turn(highlights=(mark,))], [])
    assert store.turns("d1")[0].highlights == (mark,)
    coded = replace(a_verbatim(store, TEXT[:6]), tags=mark.codes, coder="dana")
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [coded], "cut")
    (passage,) = store.passages(["v1"])
    assert (passage.tags, passage.coder) == (("loss", "Pain/cost", "cfo"), "dana")
    assert [row.tags for row in store.evidence()] == [("loss", "Pain/cost", "cfo")]
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [replace(coded, tags=("cfo",), coder=None)], "cut again")
    assert store.passages(["v1"])[0].tags == ("loss", "cfo")


def test_deals_and_accounts_are_updated_by_their_key(store):
    deal = Deal(external_id="o1", account="Northwind", outcome=Outcome.WON, closed_on=date(2026, 3, 1), meta={"a": "b"})
    account = Account(name="Northwind", employees=900, technologies=("EDR",))
    with store.transaction() as transaction:
        assert transaction.put_deals([deal], "f1", path="deals.csv") == 1
        assert transaction.put_deals([deal], "f1", path="deals.csv") == 0
        assert transaction.put_accounts([account], "f1", path="accounts.csv") == 1
        assert transaction.put_accounts([replace(account, employees=901)], "f1", path="accounts.csv") == 1
        assert transaction.put_accounts([replace(account, employees=901)], "f1", path="accounts.csv") == 0
    assert store.deals() == [deal]
    assert store.accounts() == [replace(account, employees=901)]


def test_what_another_file_says_of_an_account_is_added_and_erases_nothing(store):
    crm = Account(name="Northwind", industry="Health", employees=900, technologies=("EDR",), meta={"tier": "1"})
    bought = Account(name="NORTHWIND", domain="northwind.example", employees=950, technologies=("SIEM",))
    with store.transaction() as transaction:
        transaction.put_accounts([crm], "f1", path="crm.csv")
        transaction.put_accounts([bought], "f2", path="technologies.csv")
    (account,) = store.accounts()
    assert (account.industry, account.domain, account.employees) == ("Health", "northwind.example", 950)
    assert account.technologies == ("EDR", "SIEM")
    assert account.meta == {"tier": "1"}


def test_a_file_read_again_takes_back_what_it_no_longer_says(store):
    deals = [Deal(external_id=name, account="Northwind") for name in ("o1", "o2")]
    with store.transaction() as transaction:
        transaction.put_deals(deals, "f1", path="deals.csv")
        transaction.put_deals([Deal(external_id="o2", amount=5.0)], "f0", path="amounts.csv")
        transaction.put_file(
            SourceFile(id="f1", path="deals.csv", blob="b", size=1, reader="crm", context_hash="c", ingested_at="now")
        )
    with store.transaction() as transaction:
        assert transaction.put_deals([replace(deals[0], stage="Won")], "f2", path="deals.csv") == 2
    assert store.deals() == [replace(deals[0], stage="Won"), Deal(external_id="o2", amount=5.0)]


def test_every_file_that_tells_of_a_deal_is_known_with_the_place_in_it(store):
    told = {"deals.csv": ("o1", "row 7"), "reasons.csv": ("o1", "row 2"), "more.csv": ("o2", None)}
    with store.transaction() as transaction:
        for number, (path, (name, where)) in enumerate(told.items()):
            transaction.put_deals([Deal(external_id=name, where=where)], f"f{number}", path=path)
    assert store.deals_told_in() == {
        "o1": (("deals.csv", "row 7"), ("reasons.csv", "row 2")),
        "o2": (("more.csv", None),),
    }


def test_joined_context_is_set_on_the_current_version_only_once(store):
    with_document(store)
    joined = {"account": "Northwind", "segment": "federal", "outcome": "won", "competitor": None}
    with store.transaction() as transaction:
        assert transaction.set_document_context("d1", **joined)
        assert not transaction.set_document_context("d1", **joined)
    assert store.document("d1").segment == "federal"
    assert store.document("d1").stated["segment"] is None
    assert store.documents(Filters(segment=("federal",), since="2026-04-01", until="2026-04-14"))
    assert not store.documents(Filters(segment=("federal",), until="2026-04-13"))


def test_copies_are_replaced_and_what_changes_is_to_be_segmented_again(store):
    with_document(store)
    with_document(store, id="d2", external_id="other")
    copy = Copy(document_id="d2", of_id="d1", how="quotes", similarity=0.5, evidence="why", spans=((0, 2, 9),))
    with store.transaction() as transaction:
        for name in ("d1", "d2"):
            transaction.put_verbatims(name, [], "cut")
        assert transaction.put_copies([copy]) == 1
        assert transaction.put_copies([copy]) == 0
    assert store.copies() == [copy]
    assert [document.id for document, _ in store.unsegmented("cut")] == ["d2"]
    with store.transaction() as transaction:
        assert transaction.put_copies([]) == 1
    assert store.copies() == []


def test_a_corrected_speaker_is_shown_and_the_one_as_read_is_kept(store):
    with_verbatim(store)
    vendor = a_speaker(side=Side.VENDOR, side_evidence="set by Mira", role=None, mode=None)
    with store.transaction() as transaction:
        assert transaction.put_speakers("d1", {0: (vendor, None), 7: (vendor, None)})
        assert not transaction.put_speakers("d1", {0: (vendor, None)})
    assert [(turn.speaker, turn.question) for turn in store.turns("d1")] == [(vendor, None)]
    assert [(turn.speaker, turn.question) for turn in store.turns_as_read("d1")] == [(a_speaker(), "Why?")]
    assert [document.id for document, _ in store.unsegmented("seg1")] == ["d1"]
    assert store.document("d1").content_hash != "h1"
    with store.transaction() as transaction:
        assert transaction.put_document(a_document(), [a_turn()], []) == "unchanged"
    assert [(item.speaker, item.turns, item.corrected) for item in store.speakers()] == [(vendor, 1, True)]
    with store.transaction() as transaction:
        assert transaction.put_speakers("d1", {0: (a_speaker(), "Why?")})
    assert [(item.speaker, item.turns, item.corrected) for item in store.speakers("d1")] == [(a_speaker(), 1, False)]
    assert store.turns("d1") == store.turns_as_read("d1")
    assert store.document("d1").content_hash == "h1"


def test_speakers_are_those_of_the_current_version(store):
    with_document(store)
    other = a_turn("Hello.", 1, speaker=a_speaker(name=None, respondent="r2", mode=None))
    with store.transaction() as transaction:
        transaction.put_document(a_document(content_hash="h2"), [a_turn(), other, a_turn("Yes.", 2)], [])
        transaction.put_document(a_document(id="d2", external_id="other"), [a_turn(document_id="d2")], [])
    assert [(item.document_id, item.speaker.name, item.turns, item.first) for item in store.speakers()] == [
        ("d1", "Priya Nair", 2, 0),
        ("d1", None, 1, 1),
        ("d2", "Priya Nair", 1, 0),
    ]
    assert {item.document_id for item in store.speakers("d2")} == {"d2"}
    assert store.speakers("d9") == []


def test_corrections_come_back_as_they_went_in_oldest_first(store):
    plain = Correction(
        id="c2", speaker="Priya", made_at="2026-01-01", side=Side.BUYER, name="Priya Nair", author="Mira"
    )
    range_of_turns = Correction(
        id="c1", speaker=None, made_at="2026-01-02", document_id="d1", unnamed=True, turns=(3, 4), texts=("k3", "k4"),
        title="CISO", role="ciso",
    )  # fmt: skip
    with store.transaction() as transaction:
        transaction.put_correction(range_of_turns)
        transaction.put_correction(replace(plain, side=Side.VENDOR))
        transaction.put_correction(plain)
    assert store.corrections() == [plain, range_of_turns]
    with store.transaction() as transaction:
        transaction.drop_correction("c2")
        transaction.drop_correction("c9")
    assert store.corrections() == [range_of_turns]


def test_people_found_to_be_one_get_one_respondent(store):
    with_verbatim(store)
    with store.transaction() as transaction:
        assert transaction.put_respondents("d1", {"Priya Nair": "r9", "Nobody": "r8"}) == 1
        assert transaction.put_respondents("d1", {"Priya Nair": "r9"}) == 0
    assert store.evidence()[0].respondent == "r9"
    assert list(store.unsegmented("seg1")) == []


def test_documents_with_somebodys_address_are_told_with_their_people(store):
    people = [Participant(name="Priya Nair", title="SOC Manager", email="priya@mill.example"), Participant(name="Al")]
    with_document(store)
    with store.transaction() as transaction:
        transaction.put_document(a_document(id="d2", external_id="call-2", account=None), [a_turn()], people)
    assert store.reachable_people() == {"d2": tuple(people)}
    assert [document.id for document in store.documents_of_accounts()] == ["d1"]
    assert [document.id for document in store.documents_of_accounts(["d2", "d9"])] == ["d1", "d2"]


def test_stages_remember_their_fingerprint(store):
    assert store.stage("themes:pain") is None
    with store.transaction() as transaction:
        transaction.set_stage("themes:pain", "a")
        transaction.set_stage("themes:pain", "b")
    assert store.stage("themes:pain") == "b"


def test_the_migrations_lead_to_the_schema(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from winloss.store.schema import SEARCH_TABLES, Base

    def of_the_truth(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name not in SEARCH_TABLES

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_the_truth})
        assert compare_metadata(context, Base.metadata) == []


def test_reopening_runs_no_migration_and_finds_everything(tmp_path):
    from winloss.store import open_store

    first = open_store(tmp_path)
    with_document(first)
    first.close()
    again = open_store(tmp_path)
    assert again.document("d1").title == "Call"
    again.close()


# --- forgetting ------------------------------------------------------------------------------------------------------


def with_two(store) -> None:
    """Two documents that say the same; the first has two versions, a retired verbatim and two speakers."""
    with_verbatim(store)
    lee = a_turn("Slow consoles.", 1, speaker=a_speaker(name="Lee Park", respondent="r2"))
    people = [Participant(name="Priya Nair", side=Side.BUYER, email="p@example.com"), Participant(name="Ann Other")]
    other = a_document(id="d2", external_id="call-2", file_id="f2")
    with store.transaction() as transaction:
        transaction.put_document(a_document(content_hash="h2", file_id="f2"), [a_turn("New."), lee], people)
        transaction.put_document(other, [a_turn("Other.", document_id="d2")], [])
        transaction.put_copies([Copy(document_id="d2", of_id="d1", how="same", similarity=1.0, evidence="of Call")])
    turn = store.turns("d1")[1]
    kept = Verbatim(id="v2", turn_id=turn.id, document_id="d1", start=0, end=4, text="Slow", key=text_key("Slow"))
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [kept], "seg1")


def test_an_erased_document_leaves_no_row(store):
    with_two(store)
    assert {item.id for item in store.verbatims_of(["d1", "d2"])} == {"v1", "v2"}
    with store.transaction() as transaction:
        counts = transaction.erase_documents(["d1"])
    assert (counts["versions"], counts["turns"], counts["verbatims"], counts["copies"]) == (2, 3, 2, 1)
    assert [item.id for item in store.documents()] == ["d2"]
    assert store.verbatims_of(["d1", "d2"]) == []
    assert store.passages(["v1", "v2"]) == []
    assert list(store.history(["d1"])) == []
    store.compact()
    assert store.turns("d2")[0].text == "Other."


def test_an_erased_turn_takes_its_verbatims_in_every_version(store):
    with_two(store)
    lost = [turn.id for _, turns in store.history(["d1"]) for turn in turns if turn.speaker.name == "Priya Nair"]
    assert len(lost) == 2
    with store.transaction() as transaction:
        transaction.erase_turns(lost)
    assert [turn.text for turn in store.turns("d1")] == ["Slow consoles."]
    assert store.turns("d1", 1) == []
    assert [item.id for item in store.verbatims_of(["d1"])] == ["v2"]


def test_history_appearances_and_carriers_cover_every_version(store):
    with_two(store)
    versions = [(document.id, document.version, len(turns)) for document, turns in store.history(["d2", "d1", "no"])]
    assert versions == [("d1", 1, 1), ("d1", 2, 2), ("d2", 1, 1)]
    assert store.carriers() == [("d1", "f1"), ("d1", "f2"), ("d2", "f2")]
    people = [(item.document_id, item.name, item.respondent) for item in store.appearances()]
    assert people == [
        ("d1", "Ann Other", None),
        ("d1", "Lee Park", "r2"),
        ("d1", "Priya Nair", "r1"),
        ("d2", "Priya Nair", "r1"),
    ]
    assert store.appearances()[0] == Appearance(
        document_id="d1", kind=SourceKind.INTERVIEW, name="Ann Other", account="Northwind"
    )
    assert [person.side for person in store.participants("d1", 2)] == [Side.BUYER, None]


def test_words_are_looked_for_in_current_turns_whatever_the_case_and_to_the_letter(store):
    with_two(store)
    assert store.documents_saying("slow CONSOLES") == ["d1"]
    assert store.documents_saying("Nobody reads") == []
    assert store.documents_saying("Slow%") == store.documents_saying("Sl_w") == []


def test_what_is_told_about_a_document_can_be_rewritten_and_its_words_cannot(store):
    with_two(store)
    document, turns = store.document("d1"), store.turns("d1")
    told = replace(document, title=None, external_id="[x]", content_hash="h3", meta={}, tags=())
    turn = replace(turns[1], question=None, text="never", speaker=replace(turns[1].speaker, side_evidence="told"))
    with store.transaction() as transaction:
        transaction.rewrite_document(told, [turn], [Participant(name="Lee Park")])
    found = store.document("d1")
    assert (found.title, found.external_id, found.content_hash, found.tags, found.meta) == (None, "[x]", "h3", (), {})
    assert found.account == document.account
    after = store.turns("d1")[1]
    assert (after.text, after.question, after.speaker.side_evidence) == ("Slow consoles.", None, "told")
    assert [person.name for person in store.participants("d1", 2)] == ["Lee Park"]
    assert store.document("d1", 1).title == "Call"
    assert store.copies() == []


def test_erased_history_takes_the_snapshots_and_the_verdicts_that_rest_on_it(store):
    def snapshot(quarter: str) -> Snapshot:
        return Snapshot(
            quarter=quarter, facet=Facet.PAIN, revision=1, fingerprint="f", respondents=1, verbatims=1, unthemed=1
        )

    def verdict(quarter: str) -> DriftVerdict:
        return DriftVerdict(
            quarter=quarter, scope=Scope(), state=State.SATURATED, sentence="s", flags=(), statistics={}
        )

    quarters = ("2026Q1", "2026Q2", "2026Q3")
    with store.transaction() as transaction:
        transaction.put_snapshots([snapshot(quarter) for quarter in quarters])
        transaction.put_verdicts([verdict(quarter) for quarter in quarters], "f")
        for stage in ("drift:2026Q1:None:None", "themes:pain", "copies"):
            transaction.set_stage(stage, "mark")
    with store.transaction() as transaction:
        transaction.erase_history({"2026Q2"})
    assert [item.quarter for item in store.snapshots()] == ["2026Q1", "2026Q3"]
    assert [item.quarter for item in store.verdicts()] == ["2026Q1"]
    stages = [store.stage(name) for name in ("drift:2026Q1:None:None", "themes:pain", "copies")]
    assert stages == [None, None, "mark"]


def test_themes_keep_their_place_when_their_words_are_rewritten(store):
    theme = Theme(id="h1", facet=Facet.PAIN, title="Said", terms=("a",), size=2, exemplars=("v1",), born="2026Q1")
    with store.transaction() as transaction:
        transaction.put_themes(Facet.PAIN, [theme], {}, "f")
    bare = replace(theme, title="Untitled", terms=(), size=1, exemplars=())
    with store.transaction() as transaction:
        transaction.rewrite_themes([bare])
    assert store.themes() == [bare]


def test_marks_are_added_once(store):
    first = Tombstone(id="aa", kind="document", forgotten_at="2026-01-01T00:00:00Z")
    with store.transaction() as transaction:
        transaction.put_tombstones([first])
    with store.transaction() as transaction:
        transaction.put_tombstones([replace(first, forgotten_at="later"), replace(first, id="bb", kind="words")])
    assert {(mark.id, mark.kind) for mark in store.tombstones()} == {("aa", "document"), ("bb", "words")}
    assert store.tombstones()[0] == first


def test_deals_and_accounts_go_with_their_file_or_are_rewritten(store):
    with store.transaction() as transaction:
        transaction.put_deals(
            [Deal(external_id="1", owner="Ann"), Deal(external_id="2", owner="Bob")], "f1", path="a.csv"
        )
        transaction.put_deals([Deal(external_id="3", owner="Cy")], "f2", path="b.csv")
        transaction.put_accounts([Account(name="Northwind", meta={"owner": "Ann"})], "f2", path="b.csv")
        for name, path in (("f1", "a.csv"), ("f2", "b.csv")):
            transaction.put_file(
                SourceFile(id=name, path=path, blob="b", size=1, reader="crm", context_hash="c", ingested_at="now")
            )
    with store.transaction() as transaction:
        assert dict(transaction.erase_companies(["f1"])) == {"deals": 2, "accounts": 0}
        transaction.rewrite_companies([Deal(external_id="3")], [Account(name="NORTHWIND")])
    assert [(deal.external_id, deal.owner) for deal in store.deals()] == [("3", None)]
    assert [dict(account.meta) for account in store.accounts()] == [{}]


def test_blobs_that_no_file_names_are_dropped_with_half_written_ones(store, tmp_path):
    paths = []
    for name in ("kept", "gone"):
        path = tmp_path / name
        path.write_text(name)
        paths.append(path)
    kept, gone = (store.put_blob(path) for path in paths)
    assert store.blob_name(paths[0]) == kept
    (store.blob_path(kept).parent / "tmpabc").write_text("half")
    row = SourceFile(
        id="f1", path="kept", blob=kept, size=4, reader="r", context_hash="c", ingested_at="now"
    )  # fmt: skip
    with store.transaction() as transaction:
        transaction.put_file(row)
        transaction.put_file(replace(row, id="f2", blob=""))
    assert store.drop_blobs() == 2
    assert store.blob_path(kept).read_text() == "kept"
    with pytest.raises(NotFound):
        store.blob_path(gone)
    with store.transaction() as transaction:
        transaction.erase_files(["f1", "f2"])
    assert store.files() == []


def test_verbatims_of_a_document_that_is_gone_are_not_stored(store):
    with_document(store)
    late = a_verbatim(store)
    with store.transaction() as transaction:
        transaction.erase_documents(["d1"])
    with store.transaction() as transaction:
        transaction.put_verbatims("d1", [late], "seg1")
    assert store.verbatims_of(["d1"]) == []
    assert store.counts()["verbatims"] == 0
