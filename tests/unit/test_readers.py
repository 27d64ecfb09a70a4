"""Fifty people read while something is read in: nobody meets an error, and all of it is stored."""

from __future__ import annotations

import json
import threading
from collections import Counter

from tests.unit.webtools import MAPPING, small_workspace
from web import create_app
from winloss.services.sources import intake

READERS = 50
PAGES = ("/", "/search?q=alerts", "/sources", "/pains", "/drift", "/collections", "/journal",
         "/api/v1/search?q=licence", "/api/v1/status", "/report")  # fmt: skip
COMMON = {"date": "2026-06-03", "segment": "federal", "rights": "anonymous", "url": ""}


def deliver(folder, number):
    """Forty new posts in a folder of their own."""
    here = folder / f"more-{number}"
    here.mkdir()
    texts = ((f"more-{number}-{n}", f"new-{n}", f"New alerts {number} {n} cost us.") for n in range(40))
    rows = [{"id": name, "author": author, "text": text, **COMMON} for name, author, text in texts]
    (here / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (here / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    return here


def test_fifty_readers_during_an_ingest_meet_no_error(tmp_path):
    with small_workspace(tmp_path) as bench:
        app, over, met = create_app(bench), threading.Event(), Counter()

        def read(first):
            client, number = app.test_client(), first
            while number == first or not over.is_set():
                met[client.get(PAGES[number % len(PAGES)]).status_code] += 1
                number += 1

        threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            taken = [intake.take_in(bench, [deliver(tmp_path, number)]) for number in range(2)]
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert [it.status for report in taken for it in report.files] == ["added"] * 2
        assert set(met) == {200}
        assert sum(met.values()) >= READERS
        assert bench.store.counts()["documents"] == 121 + 80
