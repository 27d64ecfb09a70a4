"""Languages: told where certain; what the model does not read is kept, found and counted, and is in no theme."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from nlp.text.language import language_code, language_of
from tests.unit.test_theming import MAPPING, SAYINGS
from winloss.model import Facet, Filters
from winloss.services import browsing
from winloss.services.analysis import analyse
from winloss.services.search import searching
from winloss.services.sources import intake

GERMAN = (
    "Die Kosten (cost) im zweiten Jahr hat uns vorher niemand gesagt, und die Analysten lesen die alerts nicht mehr."
)
ENGLISH = "The alerts bury my analysts on every shift, and nobody told us what the licence will cost in year two."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        ("Bonjour, je n'arrive plus à envoyer de messages depuis la mise à jour de la semaine dernière.", "fr"),
        ("メールが送信できなくなりました。設定を確認しましたが、原因がわかりません。どうすればよいですか。", "ja"),
        ("EDR ate my cpu again lol", None),
        ("https://example.com/a/b/c/d/e/f/g/h/i/j/k ok", None),
        ("", None),
    ],
)
def test_a_language_is_told_where_it_is_certain(text, code):
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [("en-us", "en"), ("eng", "en"), ("English (US)", "en"), ("DE", "de"), ("Deutsch", "de"), ("", None), (None, None)],
)
def test_languages_are_written_in_many_ways(written, code):
    assert language_code(written) == code


@pytest.fixture
def mixed(bench, tmp_path):
    """Sixty English posts and as many German ones about two things, analysed."""
    german = (
        f"{GERMAN} Standort {{}}.",
        "Wir haben alerts ohne Ende und lesen trotzdem jeden einzelnen davon, Büro {}.",
    )
    rows = [{"id": f"e{n}", "author": f"a{n}", "text": SAYINGS[n % 2].format(n)} for n in range(60)]
    rows += [{"id": f"d{n}", "author": f"b{n}", "text": german[n % 2].format(n)} for n in range(60)]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "posts.jsonl"])
    analyse(bench)
    return bench


def german(bench):
    return [row for row in bench.store.evidence() if row.language == "de"]


def test_words_the_model_does_not_read_are_in_no_theme_and_counted(mixed):
    rows = german(mixed)
    assert rows
    assert {row.facet for row in rows} == {Facet.NONE.value}
    assert all(row.theme_id is None for row in rows)
    assert browsing.theme_page(mixed, Filters()).unread == {"de": len(rows)}


def test_they_are_found_and_marked(mixed):
    page = searching.search(mixed, "niemand", Filters(language=("de",)), mode="words")
    assert page.hits
    assert {hit.passage.language for hit in page.hits} == {"de"}
    assert "German" in (page.hits[0].passage.reason or "")


def test_a_model_that_reads_them_gives_them_themes_of_their_own(mixed):
    both = replace(mixed, settings=replace(mixed.settings, model_languages="en, de"), memo={})
    analyse(both)
    rows = both.store.evidence()
    assert {row.facet for row in rows if row.language == "de"} == {Facet.PAIN.value}
    themes = {code: {row.theme_id for row in rows if row.language == code} - {None} for code in ("en", "de")}
    assert themes["de"]
    assert themes["de"].isdisjoint(themes["en"])
    assert browsing.theme_page(both, Filters()).unread == {}
