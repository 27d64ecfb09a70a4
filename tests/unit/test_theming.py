"""Themes in the store: an id, once given, is never another theme's."""

from __future__ import annotations

import json

from tests.conftest import StillClock, with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.model import Facet, Theme
from winloss.services.analysis import analyse
from winloss.services.sources import intake

MAPPING = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nspeaker = "author"\n'
SAYINGS = ("The alerts bury my analysts on shift {}.", "What the licence will cost nobody here knows, office {}.")


def posts(folder):
    folder.mkdir()
    rows = [{"id": f"p{n}", "author": f"a{n}", "text": SAYINGS[n % 2].format(n)} for n in range(60)]
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    return folder


def test_a_new_theme_takes_no_id_that_another_ever_had(tmp_path):
    drop = posts(tmp_path / "drop")
    first = with_stand_ins(open_workbench(tmp_path / "one", clock=StillClock()))
    intake.take_in(first, [drop])
    analyse(first)
    known = {theme.id for theme in first.store.themes(Facet.PAIN)}
    assert known

    second = with_stand_ins(open_workbench(tmp_path / "two", clock=StillClock()))
    gone = [Theme(id=name, facet=Facet.PAIN, title="gone", terms=(), size=0, exemplars=()) for name in sorted(known)]
    with second.store.transaction() as transaction:
        transaction.put_themes(Facet.PAIN, gone, {}, "earlier")
    intake.take_in(second, [drop])
    analyse(second)
    living = {theme.id for theme in second.store.themes(Facet.PAIN)}
    assert living
    assert living.isdisjoint(known)
    first.store.close()
    second.store.close()
