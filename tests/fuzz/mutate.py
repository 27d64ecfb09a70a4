"""Files changed at random, as their format allows: values of other types, parts moved, copied, lost; bytes flipped."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD_TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "\ufeff",
        "\ud800",
        "\u202e",
        "e\u0301",
        "👩🏽‍💻",
        "[deleted]",
        "null",
        "-1",
        "1e999",
        "9" * 400,
    ),
    *(
        "NaN",
        "=1+1",
        "<b>",
        "&lt;",
        "&#x110000;",
        "> ",
        "a" * 5000,
        "\r",
        "\n\n",
        "\t",
        '"',
        "'",
        ",",
        ";",
        ":",
        "((((",
    ),
    *(
        "2026-02-30",
        "9999-12-31T23:59:59Z",
        "0000-00-00",
        "99:99:99",
        "-->",
        "]]>",
        "../../x",
        "{",
        "}",
        "%s",
        "\\u0000",
    ),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, -0.0, 1e308, 0.1, [], {}, [[]], [None], {"": None}),
    *({"id": []}, ["a", 1, None, {}], "x", *ODD_TEXTS),
)
_TAG = re.compile(r"<[^<>]{0,400}>")
_LINE = re.compile(r"\r\n|\n|\r")


def mutated(data: bytes, other: bytes, chance: Random) -> bytes:
    """The bytes of a file changed in one to four places; `other` is a file of the same family to take parts from."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        data = chance.choice(_ways(data))(data, other, chance)
    return data[: 4 << 20]


def _ways(data: bytes) -> Sequence[Callable[[bytes, bytes, Random], bytes]]:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK"):
        return (_zip, _zip, _zip, _bytes)
    if start[:1] in (b"{", b"["):
        return (_json, _json, _json, _json_text, _lines, _bytes)
    if start[:1] == b"<":
        return (_markup, _markup, _lines, _words, _bytes)
    return (_lines, _lines, _cells, _words, _bytes)


# --- Bytes and lines -------------------------------------------------------------------------------------------------


def _bytes(data: bytes, other: bytes, chance: Random) -> bytes:
    if not data:
        return other
    place, size = chance.randrange(len(data)), chance.choice((1, 1, 2, 8, 64, 1000))
    return chance.choice(
        (
            lambda: data[:place] + chance.randbytes(min(size, 8)) + data[place + size :],
            lambda: data[:place] + data[place + size :],
            lambda: data[:place] + data[place : place + size] * chance.choice((2, 3, 50)) + data[place + size :],
            lambda: data[:place],
            lambda: data[:place] + other[chance.randrange(len(other) + 1) :],
            lambda: data[:place] + b"\x00" + data[place:],
            lambda: bytes(byte ^ (1 << chance.randrange(8)) if at == place else byte for at, byte in enumerate(data)),
        )
    )()


def _lines(data: bytes, other: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    place, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            del lines[place]
        case 1:
            lines.insert(there, lines[place])
        case 2:
            lines[place], lines[there] = lines[there], lines[place]
        case 3:
            lines[place : place + 2] = [b"".join(lines[place : place + 2])]
        case 4:
            lines[place] *= chance.choice((2, 40, 400))
        case 5:
            lines[place:place] = chance.choices(other.split(b"\n"), k=3)
        case _:
            lines = [*lines[:place], *lines[place : place + 3] * 30, *lines[place + 3 :]]
    return b"\n".join(lines)


def _words(data: bytes, _other: bytes, chance: Random) -> bytes:
    """A run of the text replaced by something odd."""
    text = data.decode("utf-8", "surrogateescape")
    place = chance.randrange(len(text) + 1)
    end = place + chance.choice((0, 1, 5, 30))
    odd = chance.choice(ODD_TEXTS) * chance.choice((1, 1, 1, 30))
    return (text[:place] + odd + text[end:]).encode("utf-8", "surrogatepass")


def _cells(data: bytes, _other: bytes, chance: Random) -> bytes:
    """A cell of a table replaced, lost or doubled, or another separator everywhere."""
    text = data.decode("utf-8", "surrogateescape")
    separator = chance.choice([mark for mark in ",;\t|:" if mark in text] or [","])
    if not chance.randrange(8):
        text = text.replace(separator, chance.choice(",;\t|"))
    else:
        cells = text.split(separator)
        place = chance.randrange(len(cells))
        cells[place : place + 1] = chance.choice(
            ([], [cells[place]] * 2, [chance.choice(ODD_TEXTS)], [f'"{cells[place]}'])
        )
        text = separator.join(cells)
    return text.encode("utf-8", "surrogatepass")


# --- Structures ------------------------------------------------------------------------------------------------------


def _json(data: bytes, other: bytes, chance: Random) -> bytes:
    """A value of a JSON document, or of one of its lines, changed."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        lines = data.split(b"\n")
        place = chance.randrange(len(lines))
        try:
            value = json.loads(lines[place])
        except (ValueError, RecursionError):
            return _bytes(data, other, chance)
        lines[place] = _dumped(_changed(value, chance), chance)
        return b"\n".join(lines)
    return _dumped(_changed(document, chance), chance, indent=1)


def _changed(document: Any, chance: Random) -> Any:
    """The document with one of its nodes changed, moved, copied, renamed or lost."""
    places = list(_places(document))
    if not places:
        return chance.choice(ODD_VALUES)
    holder, key = chance.choice(places)
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1:
            other, name = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[name])) if _has(other, name) else None
        case 2 if isinstance(holder, dict):
            holder[chance.choice(("id", "text", "body", "x", "", *list(holder)))] = holder.pop(key)
        case 3 if isinstance(holder, list):
            holder[key:key] = [holder[key]] * chance.choice((1, 40))
        case 4:
            holder[key] = chance.choice((list, lambda value: {"x": value}, lambda value: [value], str))(
                holder[key] if isinstance(holder[key], str | list) else [holder[key]]
            )
        case _:
            holder[key] = chance.choice(ODD_VALUES)
    return document


def _places(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from _places(inner)
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield value, key
            yield from _places(inner)


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _dumped(value: Any, chance: Random, *, indent: int | None = None) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=bool(chance.randrange(2)), indent=indent)
    except (ValueError, RecursionError):
        text = "[" * 100
    return text.encode("utf-8", "surrogatepass")


def _json_text(data: bytes, _other: bytes, chance: Random) -> bytes:
    """JSON that is none any more, or far too deep."""
    place = chance.randrange(len(data) + 1)
    return (
        data[:place]
        + chance.choice((b"[" * 3000, b'{"a":' * 2000, b"NaN", b"1e99999", b",,", b"\\ud800", b"]"))
        + data[place:]
    )


def _markup(data: bytes, _other: bytes, chance: Random) -> bytes:
    """A tag lost, doubled, moved or nested a thousand times; an entity put in."""
    text = data.decode("utf-8", "surrogateescape")
    tags = list(_TAG.finditer(text))
    if not tags:
        return data
    one, two = chance.choice(tags), chance.choice(tags)
    match chance.randrange(7):
        case 0:
            text = text[: one.start()] + text[one.end() :]
        case 1:
            text = text[: one.end()] + one[0] * chance.choice((1, 2, 900)) + text[one.end() :]
        case 2:
            text = text[: one.start()] + two[0] + text[one.end() :]
        case 3:
            first, last = sorted((one.start(), two.end()))
            text = text[:last] + text[first:last] + text[last:]
        case 4:
            first, last = sorted((one.start(), two.end()))
            text = text[:first] + text[last:]
        case 5:
            inner = re.sub(r'"[^"]*"', lambda _: json.dumps(chance.choice(ODD_TEXTS)), one[0], count=1)
            text = text[: one.start()] + inner + text[one.end() :]
        case _:
            odd = chance.choice(("&bomb;", "<!--", "<![CDATA[", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&#0;", "<?x?>"))
            text = text[: one.end()] + odd + text[one.end() :]
    return text.encode("utf-8", "surrogatepass")


def _zip(data: bytes, other: bytes, chance: Random) -> bytes:
    """A member of an archive changed, lost, doubled or renamed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return _bytes(data, other, chance)
    if not members:
        return data
    place = chance.randrange(len(members))
    name, content = members[place]
    match chance.randrange(6):
        case 0:
            del members[place]
        case 1:
            members.append((name, content))
        case 2:
            members[place] = (chance.choice(("../" + name, name + "/", name.upper(), "x", "/" + name)), content)
        case _:
            members[place] = (name, mutated(content, content, chance))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "x"), content)
    return made.getvalue()
