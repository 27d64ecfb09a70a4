"""Statements and passages whose stance people told, and which part of the split each is in.

Three kinds: pairs written for this project (`data/stance_pairs.jsonl`, and by other writers, most of them of the
product's own field, `data/stance_field_pairs.jsonl`); statements held against passages that were
written for something else, which people read (`data/stance_readings.jsonl`: the passages are those of
`data/facet_passages.jsonl`, by their hash); and pairs of public text, the arguments and key points of ArgKP-2021
(Friedman-Melamed et al., Proc. 8th Workshop on Argument Mining (2021) 154-164), of which only checksums and places are
kept here (`data/stance_opposites.toml`). All pairs of a statement, and of what says the opposite of it, are in one part
of the split; so are those of one debate, and of passages that were written together.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nlp.facets.labelled import DEV, TEST, TRAIN, load_passages
from winloss.errors import NotFound, StaleArtefact
from winloss.model import Stance, text_key

DATA = Path(__file__).parent.parent / "data"
PAIRS = DATA / "stance_pairs.jsonl"
READINGS = DATA / "stance_readings.jsonl"
FIELD_PAIRS = DATA / "stance_field_pairs.jsonl"
LETTERS = {"s": Stance.SUPPORTS, "c": Stance.CONTRADICTS, "n": Stance.UNRELATED}
OPPOSITES = DATA / "stance_opposites.toml"
FOLDER = "argkp-2021"
TURNED = {
    Stance.SUPPORTS: Stance.CONTRADICTS,
    Stance.CONTRADICTS: Stance.SUPPORTS,
    Stance.UNRELATED: Stance.UNRELATED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A statement, a passage, and what the passage says of the statement; `group` is never split.

    `later` are those that were written when the test part had been measured: none of them is in it. `origin` tells how
    a passage came to a statement that it was not written for: a `search` found it near, or it is of the `situation`
    that the statement was written about; pairs of the product's own field are of the `field`.
    """

    statement: str
    text: str
    stance: Stance
    field: str
    group: str
    later: bool = False
    origin: str = ""

    @property
    def part(self) -> str:
        """Its part of the split: six tenths to train, two to choose by, two that are measured once.

        Of those written later, eight tenths are to train and two to choose by; of those with an origin, seven and one.
        """
        place = int(text_key(self.group)[:8], 16) % 10
        if self.origin:
            return TRAIN if place < 7 else DEV if place < 8 else TEST
        if self.later:
            return TRAIN if place < 8 else DEV
        return TRAIN if place < 6 else DEV if place < 8 else TEST


def load_pairs(path: Path = PAIRS, *, later: bool = True) -> list[Pair]:
    """The pairs that were written here, those written `later` too unless told otherwise.

    Where a statement has an opposite, its passages stand for that one too.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if later or not row.get("later", False)]
    opposites = {row["statement"]: row["opposite"] for row in rows if "opposite" in row}
    pairs = [
        Pair(
            statement=row["statement"],
            text=row["text"],
            stance=Stance(row["stance"]),
            field=row["field"],
            group=row["statement"],
            later=row.get("later", False),
        )
        for row in rows
    ]
    turned = [
        replace(pair, statement=opposites[pair.statement], stance=TURNED[pair.stance])
        for pair in pairs
        if pair.statement in opposites
    ]
    return [*pairs, *turned]


def load_field(path: Path = FIELD_PAIRS) -> list[Pair]:
    """The pairs of the product's own field, each for the statement and for its opposite."""
    return [
        pair
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for letter, text in row["texts"]
        for pair in _both({**row, "group": row["statement"], "origin": "field"}, text, letter)
    ]


def load_read(path: Path = READINGS) -> list[Pair]:
    """The pairs whose passages were written for something else, each for the statement and for its opposite.

    Raises:
        StaleArtefact: a passage is no longer among the labelled ones.
    """
    texts = {text_key(passage.text): passage.text for passage in load_passages()}
    pairs = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if gone := row["said"].keys() - texts.keys():
            raise StaleArtefact(
                f"{len(gone)} passages read for “{row['statement']}” are gone", hint="Take back the passages removed."
            )
        pairs += [pair for key, letter in row["said"].items() for pair in _both(row, texts[key], letter)]
    return pairs


def load_real(data: Path, path: Path = OPPOSITES) -> list[Pair]:
    """The pairs of public text, read from the folder `data` and checked by their hash, in the order of its files.

    An argument supports the key points it matches, contradicts those that are opposites of these, and says nothing of
    those that it was found not to match and that are on its own side.

    Raises:
        NotFound: a file is not there.
        StaleArtefact: a file is not the one that was used.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    arguments, points = _rows(data, told, "arguments"), _rows(data, told, "key_points")
    opposites = [(f"kp_{one}", f"kp_{other}") for one, other in told["opposites"]["pairs"]]
    return list(
        _pairs(
            {row["arg_id"]: row for row in arguments},
            {row["key_point_id"]: row for row in points},
            _rows(data, told, "labels"),
            opposites,
        )
    )


def load_motions(data: Path, path: Path = OPPOSITES) -> list[Pair]:
    """Each argument of the public text with the motion of its debate, which it speaks for or against.

    Raises:
        NotFound: a file is not there.
        StaleArtefact: a file is not the one that was used.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Pair(
            statement=row["topic"],
            text=row["argument"],
            stance=Stance.SUPPORTS if row["stance"] == "1" else Stance.CONTRADICTS,
            field="debate",
            group=row["topic"],
        )
        for row in _rows(data, told, "arguments")
    ]


def of_parts(pairs: Iterable[Pair], *parts: str) -> list[Pair]:
    """The pairs in these parts of the split."""
    return [pair for pair in pairs if pair.part in parts]


def _both(row: Mapping[str, Any], text: str, letter: str) -> list[Pair]:
    """What a text says of a row's statement, and so of its opposite."""
    stance = LETTERS[letter]
    return [
        Pair(statement=statement, text=text, stance=said, field=row["origin"], group=row["group"], origin=row["origin"])
        for statement, said in ((row["statement"], stance), (row["opposite"], TURNED[stance]))
    ]


def _pairs(
    arguments: Mapping[str, Mapping[str, str]],
    points: Mapping[str, Mapping[str, str]],
    labels: Sequence[Mapping[str, str]],
    opposites: Sequence[tuple[str, str]],
) -> Iterable[Pair]:
    against: dict[str, list[str]] = {}
    for one, other in opposites:
        against.setdefault(one, []).append(other)
        against.setdefault(other, []).append(one)
    for row in labels:
        argument, point = arguments[row["arg_id"]], row["key_point_id"]
        if row["label"] == "1":
            yield _pair(points[point], argument, Stance.SUPPORTS)
            for other in against.get(point, ()):
                yield _pair(points[other], argument, Stance.CONTRADICTS)
        else:
            yield _pair(points[point], argument, Stance.UNRELATED)


def _pair(point: Mapping[str, str], argument: Mapping[str, str], stance: Stance) -> Pair:
    return Pair(
        statement=point["key_point"],
        text=argument["argument"],
        stance=stance,
        field="debate",
        group=argument["topic"],
    )


def _rows(data: Path, told: Mapping[str, Any], kind: str) -> list[dict[str, str]]:
    """The rows of all files of one kind, in the order of the files."""
    files = {name: digest for name, digest in told["files"].items() if kind in name}
    return [row for name, digest in files.items() for row in _table(data / FOLDER / name, digest)]


def _table(path: Path, digest: str) -> list[dict[str, str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error}", hint="Name the folder that holds the data sets.") from error
    if sha256(content).hexdigest() != digest:
        raise StaleArtefact(f"{path.name} is not the file that was used", hint="Use the data set as it was published.")
    return list(csv.DictReader(content.decode("utf-8").splitlines()))
