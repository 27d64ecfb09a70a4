"""Readers while something is read in and analysed beside them: nobody meets an error, and all see what came."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.conftest import StillClock, with_stand_ins
from tests.unit.webtools import MAPPING, small_workspace
from web import create_app
from winloss.bootstrap import open_workbench
from winloss.services.analysis import analyse
from winloss.services.sources import intake

READERS = 8
SECONDS = 2.0
ADDRESSES = (
    "/", "/pains", "/pains?view=segments", "/search?q=alerts", "/matrix", "/proof-gap", "/deal", "/drift", "/report",
    "/deals", "/sources", "/label", "/api/v1/themes", "/api/v1/search?q=night&segment=federal", "/api/v1/status",
)  # fmt: skip


def test_readers_meet_no_error_while_something_is_read_in(tmp_path: Path) -> None:
    with small_workspace(tmp_path) as bench:
        client = create_app(bench).test_client
        over, met = threading.Event(), Counter[tuple[str, int]]()

        def read(first: int) -> None:
            number = first
            while not over.is_set():
                address = ADDRESSES[number % len(ADDRESSES)]
                met[address, client().get(address).status_code] += 1
                number += 1

        readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
        for reader in readers:
            reader.start()
        started, rounds = time.monotonic(), 0
        while rounds < 2 or time.monotonic() - started < SECONDS:
            _read_in(tmp_path, rounds)
            rounds += 1
        over.set()
        for reader in readers:
            reader.join(60)
        assert {status for _, status in met} == {200}, met
        assert {address for address, _ in met} == {*ADDRESSES}
        assert client().get("/api/v1/status").json["counts"]["documents"] == 121 + rounds
        assert client().get("/api/v1/search?q=harvester&mode=words").json["total"] == rounds


def _read_in(folder: Path, number: int) -> None:
    """Read in one more post and analyse it, as a command beside the server does."""
    words = f"The alerts of harvester {number} keep my whole team from what they were hired to do in week {number}."
    row = {"id": f"new-{number}", "author": f"new-{number}", "text": words, "date": "2026-05-03", "url": ""}
    file = folder / f"new-{number}.jsonl"
    file.write_text(json.dumps({**row, "segment": "federal", "rights": "anonymous"}), encoding="utf-8")
    (folder / "posts.toml").write_text(MAPPING, encoding="utf-8")
    command = with_stand_ins(open_workbench(folder / "workspace", clock=StillClock()))
    with closing(command.store):
        intake.take_in(command, [file], mapping=folder / "posts.toml")
        analyse(command)
