"""Measures the whole path on real text: ingest, analyse, search; wall time, peak memory, counts.

    python benchmarks/real/run.py DATA [SET ...]      DATA: the folder with the real data sets; default: every set

Each set gets a fresh workspace in a temporary folder. Steps run as commands of their own, as a user would run them, and
are measured by the operating system's accounting of the finished process. Search is measured warm, in one process.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
MAPS = HERE.parent.parent / "tests" / "realdata" / "maps"
QUERIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """What is ingested, with which mapping."""

    paths: tuple[tuple[str, str | None, str | None], ...]
    """(path inside the data folder, mapping file or None, kind or None)."""


SETS = {
    "thunderbird": DataSet(paths=(("thunderbird-aaq/questions.jsonl", "thunderbird-questions.toml", None),)),
    "qmsum": DataSet(
        paths=tuple((f"qmsum/{name}.jsonl", "qmsum.toml", None) for name in ("academic", "committee", "product"))
    ),
    "changelog": DataSet(paths=(("changelog-podcasts", None, "interview"),)),
    "earnings": DataSet(paths=(("earnings-calls-2022/turns.jsonl", "earnings-calls.toml", None),)),
    "stackexchange": DataSet(paths=(("stackexchange-secrets/questions.jsonl", "stackexchange.toml", None),)),
    "crm": DataSet(
        paths=(
            ("crm-sales-opportunities/accounts.csv", "crm-accounts.toml", None),
            ("crm-sales-opportunities/sales_pipeline.csv", "crm-pipeline.toml", None),
        )
    ),
}


def main() -> None:
    if sys.argv[1] == "--search":
        print(json.dumps(search_speed(Path(sys.argv[2]))))
        return
    data = Path(sys.argv[1])
    for name in sys.argv[2:] or SETS:
        folder = Path(os.environ.get("KEEP", "")) / name if os.environ.get("KEEP") else Path(tempfile.mkdtemp())
        shutil.rmtree(folder, ignore_errors=True)
        figures = {"set": name, "machine": f"{os.cpu_count()} cores, {platform.machine()}"}
        with tempfile.TemporaryDirectory() as dated:
            place = with_dates(data, Path(dated)) if name == "changelog" else data
            figures["ingest"] = [step(folder, *ingest(place, *source)) for source in SETS[name].paths]
        figures["analyse"] = step(folder, "analyse")
        figures["counts"] = counts(folder)
        figures["search"] = searched(folder)
        print(json.dumps(figures, indent=1), flush=True)


def ingest(data: Path, path: str, mapping: str | None, kind: str | None) -> list[str]:
    mapped = ["--map", str(MAPS / mapping)] if mapping else []
    return ["ingest", str(data / path), *mapped, *(["--kind", kind] if kind else [])]


def with_dates(data: Path, copy: Path) -> Path:
    """A copy of the podcasts with a manifest that gives each its day, as a user would write one."""
    shows = copy / "changelog-podcasts"
    shutil.copytree(data / "changelog-podcasts", shows, ignore=shutil.ignore_patterns("LICENSE", "*.jsonl"))
    episodes = map(json.loads, (data / "changelog-podcasts" / "index.jsonl").read_text("utf-8").splitlines())
    with (shows / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("file", "interview_date"), *((episode["file"], episode["first_commit_date"]) for episode in episodes)]
        )
    return copy


def step(workspace: Path, *arguments: str) -> dict[str, float]:
    """Wall seconds and peak resident MiB of one command."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "winloss", "--workspace", str(workspace), *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments} ended with status {status}")
    return {"seconds": round(time.perf_counter() - started, 1), "peak_mib": usage.ru_maxrss // 1024}


def counts(workspace: Path) -> dict[str, int]:
    command = [sys.executable, "-m", "winloss", "--workspace", str(workspace), "status", "--json"]
    answer: dict[str, int] = json.loads(subprocess.check_output(command))["counts"]
    return answer


def searched(workspace: Path) -> dict[str, float]:
    """The same in a process of its own: a child's peak memory counts what its parent held when it began."""
    answer: dict[str, float] = json.loads(
        subprocess.check_output([sys.executable, __file__, "--search", str(workspace)])
    )
    return answer


def search_speed(workspace: Path) -> dict[str, float]:
    """Milliseconds of a hybrid search with filter counts, warm: queries are runs of words taken from verbatims."""
    from winloss.bootstrap import open_workbench
    from winloss.model import Filters
    from winloss.services.search import searching

    bench = open_workbench(workspace)
    rows = bench.store.evidence()
    if not rows:
        return {}
    chance = random.Random(7)
    texts = [
        re.findall(r"\w+", item.text)
        for item in bench.store.passages([row.id for row in chance.sample(rows, min(QUERIES, len(rows)))])
    ]
    queries = [" ".join(words[: chance.randint(2, 8)]) for words in texts]
    quarters = sorted({row.quarter for row in rows if row.quarter})
    filters = [Filters(), Filters(quarter=tuple(quarters[-2:]))]
    searching.search(bench, "warm up", Filters())
    times = []
    for number, query in enumerate(queries):
        started = time.perf_counter()
        searching.search(bench, query, filters[number % 2])
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return {"p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(0.95 * len(times))], 1)}


if __name__ == "__main__":
    main()
