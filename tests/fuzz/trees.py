"""Mutations of what has a structure: JSON, tables, markup."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz import hostile

_MARKUP = re.compile(r"<[^<>]*>|[^<]+|<")
_ATTRIBUTE = re.compile(r"""=\s*("[^"]*"|'[^']*'|[^\s>]+)""")
Place = tuple[Any, Any]


# --- JSON ------------------------------------------------------------------------------------------------------------


def json_document(data: str, rng: Random) -> str:
    """The JSON document with some of its nodes changed."""
    root = [json.loads(data)]
    for _ in range(_few(rng)):
        places = list(_places(root))
        holder, key = rng.choice(places if len(places) == 1 or rng.random() < 0.02 else places[1:])
        rng.choice(_NODE_CHANGES)(holder, key, places, rng)
        if not root:
            break
    return _written(root[0] if root else None, rng)


def _places(root: list[Any]) -> Any:
    """(holder, key) of every node, the outermost first; not too deep, not too many."""
    waiting: list[tuple[Any, int]] = [(root, 0)]
    count = 0
    while waiting and count < 4000:
        holder, depth = waiting.pop()
        for key, inner in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            count += 1
            yield holder, key
            if isinstance(inner, dict | list) and depth < 60:
                waiting.append((inner, depth + 1))


def _replace(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    holder[key] = hostile.value(rng)


def _retype(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    """The same value as another type."""
    old = holder[key]
    if isinstance(old, str):
        holder[key] = rng.choice(
            ([old], {"text": old}, len(old), old[::-1], old.upper(), old * 3, old[: len(old) // 2])
        )
    elif isinstance(old, int | float):
        holder[key] = rng.choice((str(old), -old, [old], old * 1000, old / 7, bool(old)))
    elif isinstance(old, list):
        holder[key] = rng.choice(
            (dict(enumerate(map(str, range(len(old))))), old[:1], old * 2, old[::-1], [old], str(old)[:500])
        )
    elif isinstance(old, dict):
        holder[key] = rng.choice((list(old.values()), list(old), [old], {}, None))


def _delete(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    del holder[key]


def _duplicate(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    if isinstance(holder, list):
        holder[key:key] = [_copied(holder[key])] * rng.choice((1, 1, 2, 30))
    else:
        holder[f"{key}{rng.choice(('2', '_', ' ', '.'))}"] = _copied(holder[key])


def _move(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    """A node to the place of another one."""
    value = _copied(holder[key])
    other, where = rng.choice(places)
    if isinstance(other, dict) or (isinstance(where, int) and where < len(other)):
        other[where] = value


def _rename(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    if isinstance(holder, dict):
        names = [name for _, name in places if isinstance(name, str)]
        value = holder.pop(key)
        holder[rng.choice((str(key).upper(), *names[:20], hostile.text(rng)[:40]))] = value


def _noise(holder: Any, key: Any, places: list[Place], rng: Random) -> None:
    """Text put into text; anything else is replaced."""
    old = holder[key]
    if isinstance(old, str):
        at = rng.randrange(len(old) + 1)
        holder[key] = old[:at] + hostile.text(rng) + old[at:]
    elif isinstance(old, int | float):
        holder[key] = rng.choice(hostile.NUMBERS)
    else:
        _duplicate(holder, key, places, rng)


_NODE_CHANGES: tuple[Callable[[Any, Any, list[Place], Random], None], ...] = (
    *(_replace, _replace, _retype, _retype, _delete, _duplicate, _move, _rename, _noise, _noise),
)


def _copied(value: Any) -> Any:
    """A copy without loops; of anything deep or large only its shape."""
    try:
        return json.loads(json.dumps(value))
    except (ValueError, RecursionError):
        return None


def _written(document: Any, rng: Random) -> str:
    try:
        return json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, None, 1)))
    except (ValueError, RecursionError):
        return "[" * rng.choice((400, 100_000))


# --- Tables ----------------------------------------------------------------------------------------------------------


def table(data: str, rng: Random) -> str:
    """The table with some of its cells, rows or columns changed."""
    head = data[:500]
    delimiter = max(",;\t|", key=head.count)
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))
    for _ in range(_few(rng)):
        _change_table(rows, rng)
    written = io.StringIO()
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(written, delimiter=rng.choice((delimiter,) * 9 + (";",)), quoting=quoting, escapechar="\\")
    writer.writerows(rows)
    return written.getvalue()


def _change_table(rows: list[list[str]], rng: Random) -> None:
    if not rows:
        return
    number = min(rng.randrange(len(rows)) + (rng.random() < 0.6), len(rows) - 1)
    row = rows[number]
    what = rng.randrange(9)
    if what < 4 and row:
        cell = rng.randrange(len(row))
        row[cell] = rng.choice((hostile.text(rng), row[cell] + hostile.text(rng), hostile.number(rng)))
    elif what == 4:
        rows.insert(number, list(rng.choice(rows)))
    elif what == 5:
        del rows[number]
    elif what == 6 and row:
        row.insert(rng.randrange(len(row)), hostile.text(rng))
    elif what == 7 and row:
        del row[rng.randrange(len(row))]
    elif row:
        column = rng.randrange(len(row))
        for other in rows:
            if column < len(other):
                other[column] = other[(column + 1) % len(other)]


# --- Markup ----------------------------------------------------------------------------------------------------------


def markup(data: str, rng: Random) -> str:
    """XML or HTML with some of its tags, attributes and texts changed."""
    pieces = _MARKUP.findall(data)
    for _ in range(_few(rng)):
        if pieces:
            _change_markup(pieces, rng)
    return "".join(pieces)


def _change_markup(pieces: list[str], rng: Random) -> None:
    at, to = (rng.randrange(len(pieces)) for _ in range(2))
    start, end = min(at, to), min(max(at, to), min(at, to) + 60)
    what = rng.randrange(12)
    if what == 0:
        del pieces[at]
    elif what == 1:
        del pieces[start:end]
    elif what == 2:
        pieces[to:to] = pieces[start:end] * rng.choice((1, 1, 2, 40))
    elif what == 3:
        pieces[at], pieces[to] = pieces[to], pieces[at]
    elif what in (4, 5):
        _change_attribute(pieces, at, rng)
    elif what == 6:
        pieces[at] = pieces[to]
    elif what == 7:
        tags = [piece for piece in pieces[:400] if piece.startswith("<") and not piece.startswith("</")]
        pieces.insert(at, rng.choice(tags or ["<div>"]) * rng.choice((1, 2, 300, 3000)))
    elif what == 8:
        pieces.insert(
            at,
            rng.choice(
                ("<!DOCTYPE x [<!ENTITY a 'b'>]>", "<![CDATA[", "<?x?>", "<!--", "&a;", "&#xD800;", "&#0;", "<x:y>")
            ),
        )
    else:
        texts = [place for place, piece in enumerate(pieces) if not piece.startswith("<")] or [at]
        place = rng.choice(texts)
        pieces[place] = rng.choice(
            (hostile.text(rng), pieces[place] + hostile.text(rng), pieces[place] * 3, hostile.number(rng))
        )


def _change_attribute(pieces: list[str], at: int, rng: Random) -> None:
    """The next tag from here on that has an attribute gets another value in it."""
    for place in range(at, len(pieces)):
        found = list(_ATTRIBUTE.finditer(pieces[place])) if pieces[place].startswith("<") else []
        if found:
            match = rng.choice(found)
            inside = rng.choice((hostile.text(rng), hostile.number(rng), hostile.number(rng)))
            pieces[place] = f'{pieces[place][: match.start(1)]}"{inside}"{pieces[place][match.end(1) :]}'
            return


def _few(rng: Random) -> int:
    return rng.choice((1, 1, 1, 2, 2, 3, 5))
