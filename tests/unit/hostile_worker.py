"""Takes hostile files in, each in a process of its own, and says what became of them and what memory that took.

    python tests/unit/hostile_worker.py [CASE ...]

Everything is imported and used once before the first of them, so that the memory of each is what the file alone takes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.unit.hostile_files import CASES, GOLDEN, TURN  # noqa: E402
from winloss.bootstrap import open_workbench  # noqa: E402
from winloss.errors import SourceError  # noqa: E402
from winloss.services.sources import intake  # noqa: E402

BEFORE = "before.txt"
SECONDS = 60


def main(names: list[str]) -> None:
    """One line of JSON a case."""
    with TemporaryDirectory() as warm:
        bench = open_workbench(Path(warm) / "workspace")
        read = ("deals.xlsx", "paragraphs.docx", "grain.json", "gong.json", "page.html", "interview.pdf", "posts.csv")
        intake.take_in(bench, [GOLDEN / name for name in read])
        bench.store.close()
    for name in names:
        sys.stdout.write(json.dumps(_apart(name)) + "\n")
        sys.stdout.flush()


def _apart(name: str) -> dict[str, object]:
    """What a process of its own says about a case."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(SECONDS)
            told = json.dumps(_took(name), default=str)
        except BaseException as error:  # noqa: BLE001  (whatever it is, it is the answer)
            told = json.dumps({"escaped": repr(error)[:500]})
        with os.fdopen(into, "w") as file:
            file.write(told)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as file:
        said = file.read()
    _, status = os.waitpid(child, 0)
    return {"name": name, **(json.loads(said) if said else {"escaped": f"died of signal {status & 127}"})}


def _took(name: str) -> dict[str, object]:
    """Take a file in beside one that is there already."""
    with TemporaryDirectory() as folder:
        before, path = Path(folder) / BEFORE, Path(folder) / name
        before.write_text(TURN * 2, encoding="utf-8")
        bench = open_workbench(Path(folder) / "workspace")
        intake.take_in(bench, [before])
        first = dict(bench.store.counts())
        CASES[name](path)
        kind = "interview" if "page" in name or name.endswith(".html") else None
        memory, begun = _memory(), time.process_time()
        try:
            (outcome,) = intake.take_in(bench, [path], kind=kind).files
            told = {"status": outcome.status, "error": outcome.error, "hint": outcome.hint, "turns": outcome.turns}
        except SourceError as error:
            told = {"status": "refused", "error": error.message, "hint": error.hint, "turns": 0}
        seconds, grown = time.process_time() - begun, _memory() - memory
        after = dict(bench.store.counts())
        kept = [document.external_id for document in bench.store.documents()]
        bench.store.close()
    return {
        **told,
        "seconds": round(seconds, 2),
        "mib": grown >> 10,
        "same": first == after,
        "before": "before" in kept,
    }


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1:] or list(CASES))
