"""Measures the web app on a workspace: server time of every page, and 50 readers while something is read in.

    python -m benchmarks.web.run WORKSPACE [--readers 50] [--requests 20] [--writes] [--ingest FILE --map FILE.toml]

Pages are asked for in this process, through the app itself: what is measured is the time that the server takes, without
a network. Each page is asked for once before it counts. Times are of the clock and of this thread's CPU; on a machine
that others use only the latter, and the ratio between pages, mean anything. With `--writes` each page is asked for once
more right after somebody gave a verbatim a code, in a copy of the workspace. With `--ingest` a copy of the workspace is
served by a process of its own, as a user would, while another reads the file in and readers go on asking.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient

from web import create_app, openapi
from winloss.bootstrap import open_workbench
from winloss.model import Coding, Kept
from winloss.ports import Workbench
from winloss.services import browsing, doing
from winloss.services.reports import making
from winloss.services.reports.keeping import KeptReport
from winloss.services.workspace import jobs, working

FIXED = ("/", "/search", "/search?q={word}", "/search?q={word}&mode=words", "/pains", "/pains?view=segments",
         "/pains?quarter=all", "/drift", "/compare", "/matrix", "/map", "/proof-gap", "/deal", "/report",
         "/beliefs", "/audit", "/sources", "/collections", "/codes", "/codes/verbatims", "/label",
         "/labels", "/agreement", "/ledger", "/journal", "/users", "/about", "/code?q={word}")  # fmt: skip
ASKED = {"/search": "?q={word}", "/compare": "?earlier={earlier}&later={later}", "/report": "?quarter={later}",
         "/report/compare": "?quarter={later}&against={earlier}", "/drift/explanation": "?quarter={later}"}  # fmt: skip
"""What a route of the API is asked with."""


def addresses(bench: Workbench, word: str) -> Iterator[str]:
    """Every kind of page and of answer once, and some verbatims, documents and themes."""
    yield from (address.format(word=word) for address in FIXED)
    quarters, told = browsing.quarters(bench), bool(bench.store.verdicts())
    words = {"word": word, "earlier": quarters[-2], "later": quarters[-1]}
    for path, operations in openapi.document()["paths"].items():
        if "get" in operations and "{" not in path and (told or path != "/drift/explanation"):
            yield f"/api/v1{path}{ASKED.get(path, '').format(**words)}"
    made = report_of(bench, quarters[-1])
    yield from (f"/report/{made}", f"/report/{made}/view", f"/api/v1/reports/{made}")
    rows = bench.store.evidence()
    for row in rows[:: max(1, len(rows) // 3)][:3]:
        yield from (f"/v/{row.id}", f"/v/{row.id}/similar", f"/v/{row.id}/cite", f"/documents/{row.document_id}")
        yield from (f"/api/v1/verbatims/{row.id}", f"/api/v1/documents/{row.document_id}")
    for theme in bench.store.themes()[:3]:
        yield from (f"/themes/{theme.id}", f"/themes/{theme.id}/curate", f"/api/v1/themes/{theme.id}")


def report_of(bench: Workbench, quarter: str) -> str:
    """The id of the report of a quarter, made now where it is not kept yet."""
    found = making.ask(bench, making.Wish(quarter=quarter))
    if isinstance(found, KeptReport):
        return found.id
    working.work(bench, lanes=("reports.lock",))
    return str(jobs.find(bench, found.id).result["report"])


def timed(
    client: FlaskClient, address: str, requests: int, *, first: bool = True
) -> tuple[float, list[float], list[float]]:
    """Milliseconds of CPU of the first request, then of all by the clock and of CPU, sorted."""
    wall, busy = [], []
    cpu = time.thread_time()
    if first:
        client.get(address)
    took = 1000 * (time.thread_time() - cpu)
    for _ in range(requests):
        start, cpu = time.perf_counter(), time.thread_time()
        answer = client.get(address)
        wall.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.thread_time() - cpu))
        assert answer.status_code == 200, (address, answer.status_code)
    return took, sorted(wall), sorted(busy)


def after_writes(workspace: Path, requests: int, word: str) -> None:
    """Print what the first request after a write costs, for every page, the slowest first; then what a write costs."""
    with copied(workspace) as copy:
        bench = open_workbench(copy)
        client = create_app(bench).test_client()
        names = [row.id for row in bench.store.evidence()]
        several, writes = list(addresses(bench, word)), list[float]()
        found: dict[str, tuple[list[float], list[float]]] = {address: ([], []) for address in several}
        for address in several:
            client.get(address)
        for number, address in enumerate(several * requests):
            start = time.thread_time()
            coded = Coding(verbatim_id=names[number * 7919 % len(names)], code="read", coder=f"c{number}")
            doing.do(bench, "gave a code", by=None, after=Kept(codings=(coded,)))
            writes.append(1000 * (time.thread_time() - start))
            _, wall, busy = timed(client, address, 1, first=False)
            found[address][0].append(wall[0])
            found[address][1].append(busy[0])
    print(
        f"{'clock p50':>10} {'p95':>8} {'CPU p50':>8} {'p95':>8}   ms, the first request after a write, {requests} each"
    )
    told = {address: (sorted(wall), sorted(busy)) for address, (wall, busy) in found.items()}
    for address, (wall, busy) in sorted(told.items(), key=lambda item: -at(item[1][1], 0.95)):
        shares = f"{at(wall, 0.5):10.0f} {at(wall, 0.95):8.0f} {at(busy, 0.5):8.0f} {at(busy, 0.95):8.0f}"
        print(f"{shares}   {address}")
    print(f"the write itself: {at(sorted(writes), 0.5):.0f} ms of CPU, p95 {at(sorted(writes), 0.95):.0f}")


def at(sorted_times: list[float], share: float) -> float:
    """The time within which this share of the requests was answered."""
    return sorted_times[min(len(sorted_times) - 1, round(share * len(sorted_times)))]


def pages(bench: Workbench, requests: int, word: str) -> None:
    """Print a table, the slowest page first."""
    client = create_app(bench).test_client()
    found = {address: timed(client, address, requests) for address in addresses(bench, word)}
    print(f"{'clock p50':>10} {'p95':>8} {'CPU p50':>8} {'p95':>8} {'first':>8}   ms, {requests} requests each")
    for address, (first, wall, busy) in sorted(found.items(), key=lambda item: -at(item[1][2], 0.95)):
        shares = f"{at(wall, 0.5):10.0f} {at(wall, 0.95):8.0f} {at(busy, 0.5):8.0f} {at(busy, 0.95):8.0f}"
        print(f"{shares} {first:8.0f}   {address}")


@contextmanager
def copied(workspace: Path) -> Iterator[Path]:
    """A copy that may be written to."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(workspace, Path(folder) / "workspace")
        yield Path(folder) / "workspace"


def readers(workspace: Path, count: int, file: Path, mapping: Path | None, word: str) -> None:
    """Serve a copy, read a file in, and have readers ask until that is done; print what they met."""
    with copied(workspace) as copy:
        winloss = [sys.executable, "-m", "winloss", "--workspace", str(copy)]
        server = subprocess.Popen(
            [*winloss, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            assert server.stdout
            line = next(line for line in server.stdout if "http://" in line)
            site = re.search(r"http://[^/]+", line)
            assert site
            several = list(addresses(open_workbench(copy), word))
            _read_during(site[0], several, count, [*winloss, "ingest", str(file)], mapping)
        finally:
            server.terminate()
            server.wait()


def _read_during(site: str, several: list[str], count: int, ingest: list[str], mapping: Path | None) -> None:
    over, met, times = threading.Event(), Counter[str](), list[float]()

    def read(first: int) -> None:
        number = first
        while not over.is_set():
            start = time.perf_counter()
            met[_asked(site + several[number % len(several)])] += 1
            times.append(1000 * (time.perf_counter() - start))
            number += 1

    threads = [threading.Thread(target=read, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    done = subprocess.run([*ingest, *(("--map", str(mapping)) if mapping else ())], capture_output=True, text=True)
    took = time.perf_counter() - start
    over.set()
    for thread in threads:
        thread.join()
    times.sort()
    print(f"{count} readers during an ingest of {took:.0f} s (exit status {done.returncode}): {len(times)} requests")
    print(f"answers: {dict(met)}; p50 {at(times, 0.5):.0f} ms, p95 {at(times, 0.95):.0f} ms, by the clock")


def _asked(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            answer.read()
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return str(error.code)
    except OSError as error:
        return type(error).__name__


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writes", action="store_true")
    parser.add_argument("--ingest", type=Path)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--word", default="server")
    told = parser.parse_args()
    bench = open_workbench(told.workspace)
    print(f"{bench.store.counts()['verbatims']:,} verbatims, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if told.requests:
        pages(bench, told.requests, told.word)
    if told.writes:
        after_writes(told.workspace, max(1, told.requests), told.word)
    if told.ingest:
        readers(told.workspace, told.readers, told.ingest, told.map, told.word)


if __name__ == "__main__":
    main()
