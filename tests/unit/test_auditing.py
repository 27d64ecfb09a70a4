"""A deck held against a small workspace: kept, undone, handed on, forgotten in; with stand-ins for the models."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import docx
import pptx
import pypdf
import pytest

from fixtures.decks import build
from ingest.decks import read_deck
from tests.unit.webtools import small_workspace
from winloss.errors import ConfigError, NotFound, QueryError
from winloss.model import Filters, Kept
from winloss.model.auditing import QuoteState
from winloss.report.audit_html import render_audit
from winloss.services import doing
from winloss.services.audit import audit_files, auditing, keeping_decks
from winloss.services.audit.audit_presenting import audit_json
from winloss.services.erasure.unnaming import kept_without_names

DECK = """# Findings

- The alerts bury analysts on every night shift. “The alerts bury my analysts on every night shift of week 4.”
- Nobody here can say what the licence will cost
- Zeppelins land on the roof at noon

Notes: The alerts bury analysts on weekends as well.
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with small_workspace(tmp_path_factory.mktemp("audit")) as opened:
        yield opened


@pytest.fixture(params=["pptx", "docx", "pdf", "md"])
def path(request, tmp_path):
    made = tmp_path / f"deck.{request.param}"
    made.write_bytes(build.WRITERS[request.param](list(build.slides_of(DECK))))
    return made


@pytest.fixture
def deck(tmp_path):
    made = tmp_path / "deck.md"
    made.write_bytes(build.WRITERS["md"](list(build.slides_of(DECK))))
    return made


def test_claims_are_graded_with_people_and_quarters(bench, deck):
    audit = auditing.audit_file(bench, deck, quarter="2026Q1")
    heard, cost, nobody = audit.claims
    assert heard.supports.count > 3
    assert heard.supports.base == audit.respondents
    assert {heard.first, heard.last} <= {"2025Q4", "2026Q1"}
    assert {part.name for part in heard.segments} == {"federal", "global enterprise"}
    assert nobody.supports.count == 0
    assert all(witness.passage.quarter <= "2026Q1" for claim in audit.claims for witness in claim.witnesses)
    assert cost.where if hasattr(cost, "where") else cost.claim.where


def test_a_quotation_is_found_to_the_letter(bench, deck):
    (quote,) = auditing.audit_file(bench, deck).quotes
    assert quote.state is QuoteState.EXACT
    assert quote.verbatim_id
    assert bench.store.passages([quote.verbatim_id])[0].text.startswith(quote.text)


def test_filters_narrow_everything(bench, deck):
    audit = auditing.audit_file(bench, deck, filters=Filters(segment=("federal",)))
    assert audit.respondents < auditing.audit_file(bench, deck).respondents
    assert all({part.name for part in claim.segments} <= {"federal"} for claim in audit.claims)


def test_a_deck_speaks_of_one_quarter():
    assert auditing.one_quarter(Filters(quarter=("2026Q1",))) == "2026Q1"
    with pytest.raises(QueryError):
        auditing.one_quarter(Filters(quarter=("2026Q1", "2026Q2")))


def test_json_and_page_say_the_same(bench, deck):
    audit = auditing.audit_file(bench, deck)
    told = json.loads(json.dumps(audit_json(audit)))
    page = render_audit(audit, link=lambda name: f"/v/{name}", role_label=bench.codebook.role_label)
    assert len(told["claims"]) == 3
    assert sum(told["grades"].values()) == 3
    for claim in told["claims"]:
        assert claim["reason"].split(".")[0].split("“")[0] in page
    assert "<script" not in page


def test_a_hostile_deck_stays_text(bench, tmp_path):
    path = tmp_path / "deck.md"
    path.write_text("- <script>alert(1)</script> The alerts bury analysts on night shifts\n", encoding="utf-8")
    audit = auditing.audit_file(bench, path)
    page = render_audit(audit, link=lambda name: f"/v/{name}", role_label=bench.codebook.role_label)
    assert "<script" not in page


def test_a_copy_keeps_the_deck_and_says_the_grade_beside_each_claim(bench, path):
    audit = auditing.audit_file(bench, path)
    copy = path.with_name(f"copy{path.suffix}")
    audit_files.write(bench, audit, path, copy, link=lambda name: f"/v/{name}")
    told = _remarks(copy)
    grades = {claim.grade.value.upper() for claim in audit.claims}
    assert all(grade in told for grade in grades)
    before, after = read_deck(path), read_deck(copy)
    kept = [block.text for block in before.blocks if block.where.partition(",")[2] != " notes"]
    shown = "\n".join(block.text for block in after.blocks)
    assert all(text in shown for text in kept)


def _remarks(path):
    content = path.read_bytes()
    if path.suffix == ".docx":
        return "\n".join(comment.text for comment in docx.Document(io.BytesIO(content)).comments)
    if path.suffix == ".pptx":
        slides = pptx.Presentation(io.BytesIO(content)).slides
        return "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide)
    if path.suffix == ".pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "\n".join(note.get_object()["/Contents"] for page in pages for note in page.get("/Annots", ()))
    return content.decode()


def test_what_may_not_be_quoted_leaves_no_file(bench, deck):
    audit = auditing.audit_file(bench, deck)
    secret = next(row.id for row in bench.store.evidence() if row.rights == "no_quote")
    (passage,) = bench.store.passages([secret])
    claim = audit.claims[0]
    told = replace(claim, witnesses=(replace(claim.witnesses[0], passage=passage),))
    audit = replace(audit, claims=(told,), quotes=(), left_out=())
    for suffix in (".html", ".md"):
        made = audit_files.as_file(bench, audit, deck.read_bytes(), suffix=suffix, link=lambda name: f"/v/{name}")
        assert passage.text not in made.decode()


def test_a_copy_never_replaces_the_deck_or_becomes_what_it_is_not(bench, deck, tmp_path):
    audit = auditing.audit_file(bench, deck)
    with pytest.raises(ConfigError):
        audit_files.write(bench, audit, deck, deck, link=str)
    with pytest.raises(ConfigError, match="pptx"):
        audit_files.write(bench, audit, deck, tmp_path / "copy.pptx", link=str)


def test_a_kept_deck_is_opened_again_replaced_and_undone(bench, deck):
    audit = auditing.audit_file(bench, deck, quarter="2026Q1")
    first = keeping_decks.keep(bench, deck, audit, by="dana")
    again = keeping_decks.keep(bench, deck, audit, by="dana")
    assert [item.id for item in bench.store.syntheses("2026Q1")] == [again.id]
    assert bench.store.blob_path(str(first.blob)).read_bytes() == deck.read_bytes()
    bench.store.drop_blobs()
    reopened = keeping_decks.reopened(bench, again)
    assert reopened.kept
    assert [claim.grade for claim in reopened.claims] == [claim.grade for claim in audit.claims]
    keeping_decks.remove(bench, again.id, by="dana")
    assert not bench.store.syntheses("2026Q1")
    doing.undo(bench, by="dana")
    assert keeping_decks.find(bench, "deck.md").id == again.id
    keeping_decks.remove(bench, "deck.md", by="dana")
    with pytest.raises(NotFound):
        keeping_decks.find(bench, "deck.md")


def test_what_an_earlier_deck_said_is_told(bench, deck):
    earlier = keeping_decks.keep(bench, deck, auditing.audit_file(bench, deck, quarter="2025Q4"), by=None)
    audit = auditing.audit_file(bench, deck, quarter="2026Q1")
    assert all("deck.md of 2025Q4" in str(claim.said_before) for claim in audit.claims)
    assert audit.claims[2].grade.value.startswith("restates")
    keeping_decks.remove(bench, earlier.id, by=None)


def test_forgotten_words_and_names_leave_kept_decks(bench, tmp_path):
    path = tmp_path / "deck.md"
    path.write_text(
        "- The alerts bury analysts on night shifts\n\nDana Whitfield wrote this deck for us.\n", encoding="utf-8"
    )
    kept = keeping_decks.keep(bench, path, auditing.audit_file(bench, path, quarter="2026Q1"), by=None)
    same = kept_without_names(bench.store, ["Somebody Else"], set())
    assert not same[0].syntheses
    _, after = kept_without_names(bench.store, ["Dana Whitfield"], set())
    assert after.syntheses[0].blob is None
    keeping_decks.remove(bench, kept.id, by=None)


def test_a_forgotten_persons_quotation_leaves_a_kept_deck(bench, deck):
    kept = keeping_decks.keep(bench, deck, auditing.audit_file(bench, deck, quarter="2026Q1"), by=None)
    said = kept.claims[0].quotes[0]
    lost = {row.id for row in bench.store.evidence() if bench.store.passages([row.id])[0].text == said}
    before, after = kept_without_names(bench.store, [], lost)
    assert before == Kept(syntheses=(kept,))
    assert after.syntheses[0].claims[0].quotes == ()
    assert after.syntheses[0].blob is None
    keeping_decks.remove(bench, kept.id, by=None)


def test_an_empty_workspace_says_what_to_do(bench, deck, tmp_path):
    from winloss.bootstrap import open_workbench
    from winloss.errors import NotEnoughEvidence

    empty = open_workbench(tmp_path / "empty")
    with pytest.raises(NotEnoughEvidence) as told:
        auditing.audit_file(empty, deck)
    assert told.value.hint
    empty.store.close()
