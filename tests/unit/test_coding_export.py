"""Coded verbatims go out as REFI-QDA, and come back with the same codes on the same words."""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree

import ingest
from winloss.model import Filters, ReadDocument
from winloss.ports import ReadContext
from winloss.services.analysis import analyse
from winloss.services.research import codes, coding
from winloss.services.research.coding_export import export_project
from winloss.services.sources import adopting, intake
from winloss.services.workspace.keeping import passages_to_export

TALK = """Interviewer: What did it cost you, all in all?

Priya Nair: The alerts cost us four nights a week 😀 and nobody slept.\r
We are trying to move the archive to cheaper storage before the audit.

Interviewer: And the pilot?

Priya Nair: The pilot proved it: our own data, three weeks, no slides at all.
"""
HIGHLIGHTS = (
    "id,document,tag,content\n"
    '1,Harbor.txt,pain/renewal & price,"Nobody warned us <ever> about the renewal, and the price doubled."\n'
    '1,Harbor.txt,who/cfo,"Nobody warned us <ever> about the renewal, and the price doubled."\n'
)


SECRET = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nspeaker = "by"\n[constants]\nrights = "{rights}"\n'


def exported(bench, folder, rights=None):
    (folder / "talk.txt").write_text(TALK, encoding="utf-8", newline="")
    if rights:
        (folder / "posts.map.toml").write_text(SECRET.format(rights=rights), encoding="utf-8")
        (folder / "posts.csv").write_text(
            "id,by,text\n1,Zelda,The alerts cost my team its weekends and its patience.\n"
        )
    (folder / "highlights.csv").write_text(HIGHLIGHTS, encoding="utf-8")
    intake.take_in(bench, [folder])
    analyse(bench)
    target = folder / "out" / "coded.qdpx"
    target.parent.mkdir()
    counts = export_project(bench, Filters(), target)
    return target, counts


def read_back(path):
    documents = [thing for thing in ingest.read(path, ReadContext()) if isinstance(thing, ReadDocument)]
    return {
        document.turns[mark.turn].text[mark.start : mark.end]: set(mark.codes)
        for document in documents
        for mark in document.highlights
    }


def test_what_goes_out_comes_back_on_the_same_words(bench, tmp_path):
    path, (texts, coded) = exported(bench, tmp_path)
    passages = list(passages_to_export(bench, Filters()))
    found = read_back(path)
    wanted = {
        passage.text.replace("\r\n", "\n"): set(passage.tags)
        for passage in passages
        if passage.tags or passage.facet not in (None, "none")
    }
    assert (texts, coded) == (2, len(wanted))
    assert found.keys() == wanted.keys()
    for words, tags in wanted.items():
        assert tags <= found[words]
    assert {"pain/renewal & price", "who/cfo"} <= set().union(*found.values())
    assert any(code.startswith("Facets/") for codes in found.values() for code in codes)


def test_codings_made_here_go_out_with_coder_and_codebook_and_come_back(bench, tmp_path):
    path, _ = exported(bench, tmp_path)
    passages = {it.text.replace("\r\n", "\n"): it.id for it in passages_to_export(bench, Filters())}
    words = next(text for text in passages if "price doubled" in text)
    other = next(text for text in passages if "pilot proved" in text)
    codes.add(bench, "proof/cost", by=None, description="What <evidence> costs", colour="#0a0b0c")
    codes.add(bench, "pain/cost", by=None, description="What it costs them")
    codes.add(bench, "unused/cost", by=None, colour="#fff")
    coding.give(bench, passages[words], ["pain/cost", "proof/cost"], coder="Dana")
    coding.give(bench, passages[words], ["pain/cost"], coder="Tom Ash")
    coding.none_applies(bench, passages[other], coder="Dana")
    export_project(bench, Filters(), path)
    marks = [
        (mark.coder, set(mark.codes))
        for document in ingest.read(path, ReadContext())
        if isinstance(document, ReadDocument)
        for mark in document.highlights
        if document.turns[mark.turn].text[mark.start : mark.end] == words
    ]
    assert ("Dana", {"pain/cost", "proof/cost"}) in marks
    assert ("Tom Ash", {"pain/cost"}) in marks
    assert {"pain/renewal & price", "who/cfo"} <= set().union(*(given for _, given in marks))
    assert not any("" in given for _, given in marks)
    told = [(code.path, code.description, code.colour) for code in codes.codes(bench)]
    codes.remove(bench, "proof", by="Dana")
    codes.remove(bench, "pain", by="Dana")
    codes.remove(bench, "unused", by="Dana")
    assert codes.codes(bench) == []
    adopting.take_in(bench, path, by="Dana")
    back = [(code.path, code.description, code.colour) for code in codes.codes(bench)]
    assert set(told) <= set(back)
    assert {path for path, *_ in back} - {path for path, *_ in told} == {"pain/renewal & price", "who", "who/cfo"}


def test_a_description_stands_before_the_codes_below_and_colours_are_as_the_format_wants_them(bench, tmp_path):
    path, _ = exported(bench, tmp_path)
    codes.add(bench, "pain", by=None, description="Costs", colour="#ABC")
    export_project(bench, Filters(), path)
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    code = next(it for it in root.iter("{urn:QDA-XML:project:1.0}Code") if it.get("name") == "pain")
    assert [child.tag.rpartition("}")[2] for child in code] == ["Description", "Code"]
    assert code.get("color") == "#aabbcc"


def test_names_are_written_only_where_they_may_be_named(bench, tmp_path):
    path, _ = exported(bench, tmp_path)
    with zipfile.ZipFile(path) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("sources/")]
    assert not any("Priya" in text for text in texts)
    assert any(re.search(r"Buyer \d+: The alerts cost us", text) for text in texts)


def test_what_may_not_be_quoted_stays_here(bench, tmp_path):
    path, (texts, _) = exported(bench, tmp_path, rights="no_quote")
    assert texts == 2
    with zipfile.ZipFile(path) as archive:
        assert not any("its weekends" in archive.read(name).decode() for name in archive.namelist())


def test_the_project_has_what_other_tools_insist_on(bench, tmp_path):
    path, _ = exported(bench, tmp_path)
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        members = set(archive.namelist())
    order = [element.tag.rpartition("}")[2] for element in root]
    assert order == ["Users", "CodeBook", "Variables", "Sources"]
    codes = [element.get("name") for element in root.iter("{urn:QDA-XML:project:1.0}Code")]
    assert len(codes) == len(set(codes))
    guids = {element.get("guid") for element in root.iter("{urn:QDA-XML:project:1.0}Code")}
    for source in root.iter("{urn:QDA-XML:project:1.0}TextSource"):
        assert f"sources/{source.get('plainTextPath').removeprefix('internal://')}" in members
    for selection in root.iter("{urn:QDA-XML:project:1.0}PlainTextSelection"):
        assert selection.get("creationDateTime")
        assert int(selection.get("startPosition")) < int(selection.get("endPosition"))
    assert {ref.get("targetGUID") for ref in root.iter("{urn:QDA-XML:project:1.0}CodeRef")} <= guids


def test_two_exports_of_the_same_are_the_same_bytes(bench, tmp_path):
    path, _ = exported(bench, tmp_path)
    again = path.with_name("again.qdpx")
    export_project(bench, Filters(), again)
    assert again.read_bytes() == path.read_bytes()
