"""A report, and whatever else is made of the model's dataclasses, as plain data that can be written down, and back.

What comes back equals what was written. Data of another shape than the dataclasses have now is refused.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def as_data(value: object) -> dict[str, Any]:
    """A dataclass as dictionaries, sequences, texts and numbers."""
    return asdict(cast("Any", value))


def from_data(kind: type[T], data: object) -> T:
    """The dataclass that the data was made of.

    Raises:
        ValueError: the data has another shape.
    """
    try:
        return cast("T", _read(kind, data))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error


def _read(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), data)
    if origin is tuple:
        return _read_tuple(get_args(kind), data)
    if origin is not None and issubclass(origin, Mapping):
        return {name: _read(get_args(kind)[1], item) for name, item in data.items()}
    if is_dataclass(kind):
        return _read_dataclass(cast("type", kind), data)
    if issubclass(kind, Enum):
        return kind(data)
    if not isinstance(data, (int, float) if kind is float else kind):
        raise ValueError(f"{data!r} is no {kind.__name__}")
    return data


def _read_union(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None and types.NoneType in kinds:
        return None
    left = [kind for kind in kinds if kind is not types.NoneType]
    if len(left) == 1:
        return _read(left[0], data)
    if not isinstance(data, tuple(left)):
        raise ValueError(f"{data!r} is none of {left}")
    return data


def _read_tuple(kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], item) for item in data)
    return tuple(_read(kind, item) for kind, item in zip(kinds, data, strict=True))


def _read_dataclass(kind: type, data: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError(f"a {kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _read(hint, data[name]) for name, hint in hints.items() if name in data})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind)}
