"""What rules of language say of each text, remembered by the text: every distinct text is judged once.

Answers are kept in the workspace, so that neither a page nor a report waits for judgements that were made before. No
words are kept, only the keys of texts; answers of other rules than today's are thrown away.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from winloss.model import fingerprint
from winloss.ports import Workbench

Answer = TypeVar("Answer")

FOLDER = "readings"
AT_ONCE = 4096
"""Texts that are judged between one writing to the disk and the next."""
_TURN = Lock()


def readings(
    bench: Workbench,
    name: str,
    keys: Iterable[str],
    rule: Callable[[str], Answer],
    back: Callable[[Any], Answer] = lambda told: told,
) -> dict[str, Answer]:
    """Text key -> what the rule of this name says of the text; texts that are gone are left out.

    `back` makes an answer of what JSON makes of it.
    """
    return judgements(bench, name, keys, _one_by_one(rule), back)


def judgements(
    bench: Workbench,
    name: str,
    keys: Iterable[str],
    judge: Callable[[Mapping[str, str]], Mapping[str, Answer]],
    back: Callable[[Any], Answer] = lambda told: told,
) -> dict[str, Answer]:
    """The same for what judges many texts at once: text key -> text in, text key -> answer out."""
    wanted = set(keys)
    known = _read(bench, name, wanted, judge, back)
    return {key: known[key] for key in wanted if key in known}


def telling(bench: Workbench, name: str, keys: Collection[str], rule: Callable[[str], bool]) -> Collection[str]:
    """The texts of which the rule of this name says that it holds, among others that were asked about."""
    known = _read(bench, name, keys, _one_by_one(rule), bool)
    kept: tuple[int, frozenset[str]] = bench.memo.get(f"telling:{name}", (-1, frozenset()))
    if kept[0] != len(known):
        found = len(known), frozenset(key for key, said in list(known.items()) if said)
        kept = bench.memo[f"telling:{name}"] = found
    return kept[1]


def trim(bench: Workbench) -> None:
    """Forget what was said of texts that are no longer there."""
    from winloss.search import replace_whole

    held = set(bench.store.text_keys())
    for path in sorted((bench.root / FOLDER).glob("*.jsonl")):
        left = {key: told for key, told in _kept(path).items() if key in held}
        replace_whole(path, _line(left).encode())


def _one_by_one(rule: Callable[[str], Answer]) -> Callable[[Mapping[str, str]], Mapping[str, Answer]]:
    """The rule for many texts; it is still the rule of its module."""

    def judge(texts: Mapping[str, str]) -> Mapping[str, Answer]:
        return {key: rule(text) for key, text in texts.items()}

    judge.__module__ = rule.__module__
    return judge


def _read(
    bench: Workbench,
    name: str,
    keys: Collection[str],
    judge: Callable[[Mapping[str, str]], Mapping[str, Answer]],
    back: Callable[[Any], Answer],
) -> dict[str, Answer]:
    """What is known of every text that was ever asked about, with these texts among them."""
    path = bench.root / FOLDER / f"{fingerprint(name)}-{_mark(judge.__module__)}.jsonl"
    memo = f"readings:{name}"
    if memo not in bench.memo:
        bench.memo[memo] = {key: back(told) for key, told in _kept(path).items()}
    known: dict[str, Answer] = bench.memo[memo]
    missing = sorted(key for key in keys if key not in known)
    if missing:
        with bench.progress.track("judging words", total=len(missing)) as advance:
            for start in range(0, len(missing), AT_ONCE):
                some = missing[start : start + AT_ONCE]
                said = judge(bench.store.texts(some))
                known.update(said)
                _append(path, said)
                advance(len(some))
    return known


# --- what is kept ----------------------------------------------------------------------------------------------------


def _kept(path: Path) -> dict[str, Any]:
    """What was kept; lines that a crash cut short are left out, and texts told twice are told the last time."""
    found: dict[str, Any] = {}
    with suppress(OSError), path.open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(ValueError):
                found.update(json.loads(line))
    return found


def _line(said: Mapping[str, object]) -> str:
    """A line of its own, whatever a crash left before it."""
    return "\n" + json.dumps(said, separators=(",", ":"))


def _append(path: Path, said: Mapping[str, object]) -> None:
    """Add to what is kept, and drop what an earlier form of the rule said; without a disk it costs only time."""
    with _TURN, suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            for other in path.parent.glob(f"{path.name.partition('-')[0]}-*.jsonl"):
                other.unlink(missing_ok=True)
        with path.open("a", encoding="utf-8") as kept:
            kept.write(_line(said))


@cache
def _mark(module: str) -> str:
    """What the answers of a rule hang on: its module, and all of `nlp`, words and weights included."""
    total = sha256(Path(str(sys.modules[module].__file__)).read_bytes())
    for path in sorted(Path(str(files("nlp"))).rglob("*")):
        if path.suffix in (".py", ".toml", ".json"):
            total.update(path.read_bytes())
    return fingerprint(total.hexdigest())
