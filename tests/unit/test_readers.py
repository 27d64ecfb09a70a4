"""Fifty people read while something is read in: nobody meets an error, and what nobody reads meanwhile is not lost."""

from __future__ import annotations

import json
import threading
from collections import Counter

from tests.unit.webtools import MAPPING, small_workspace
from web import create_app
from winloss.services import intake

READERS = 50
PAGES = ("/", "/search?q=alerts", "/sources", "/pains", "/drift", "/collections", "/journal",
         "/api/v1/search?q=licence", "/api/v1/status", "/report")  # fmt: skip


def test_fifty_readers_during_an_ingest_meet_no_error(tmp_path):
    with small_workspace(tmp_path) as bench:
        app, over, met = create_app(bench), threading.Event(), Counter()

        def read(first):
            client, number = app.test_client(), first
            while True:
                answer = client.get(PAGES[number % len(PAGES)])
                met[answer.status_code] += 1
                number += 1
                if over.is_set():
                    return

        threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
        for thread in threads:
            thread.start()
        before = bench.store.counts()["documents"]
        for delivery in range(3):
            folder = tmp_path / f"more-{delivery}"
            folder.mkdir()
            rows = [
                {"id": f"more-{delivery}-{n}", "author": f"new-{n}", "text": f"New alerts {delivery} {n} cost us.",
                 "date": "2026-06-03", "segment": "federal", "rights": "anonymous"}
                for n in range(40)
            ]  # fmt: skip
            (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
            (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
            intake.take_in(bench, [folder])
        over.set()
        for thread in threads:
            thread.join()
        assert set(met) == {200}
        assert sum(met.values()) >= READERS
        assert bench.store.counts()["documents"] == before + 120
