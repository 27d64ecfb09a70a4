"""A network in a small file: its matrices in whole numbers of five bits, with a scale for every 64 of a row.

Numbers are rounded to the nearest, the largest of each 64 being the end of their scale (by blocks, as in Dettmers et
al., arXiv:2110.02861). What is no such matrix is kept in half precision. The files that a model's folder has beside its
weights, its configuration and its tokeniser, are kept with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

GROUP = 64
END = 15
"""Whole numbers from -15 to 15; the file is compressed, so that they take no more bits than they tell."""
FILE, WHOLE, SCALE = "file:", ":whole", ":scale"


def pack(weights: Mapping[str, Floats], folder: Path, names: tuple[str, ...], path: Path) -> None:
    """Write the weights to `path`, with the files of these names in `folder`."""
    arrays: dict[str, Any] = {FILE + name: np.frombuffer((folder / name).read_bytes(), np.uint8) for name in names}
    for name, block in weights.items():
        if block.ndim != 2 or block.shape[1] % GROUP:
            arrays[name] = block.astype(np.float16)
            continue
        groups = block.reshape(len(block), -1, GROUP)
        scale = np.maximum(np.abs(groups).max(axis=2) / END, 1e-6).astype(np.float16)
        whole = np.clip(np.rint(groups / scale.astype(np.float32)[:, :, None]), -END, END)
        arrays[name + WHOLE], arrays[name + SCALE] = whole.astype(np.int8).reshape(block.shape), scale
    np.savez_compressed(path, allow_pickle=False, **arrays)


def unpack(path: Path, folder: Path) -> dict[str, Floats]:
    """The weights by name, as near as they were kept; the other files are written into `folder`."""
    found: dict[str, Floats] = {}
    with np.load(path, allow_pickle=False) as kept:
        for name in kept.files:
            if name.startswith(FILE):
                (folder / name.removeprefix(FILE)).write_bytes(kept[name].tobytes())
            elif name.endswith(WHOLE):
                own = name.removesuffix(WHOLE)
                found[own] = _restored(kept[name], kept[own + SCALE])
            elif not name.endswith(SCALE):
                found[name] = kept[name].astype(np.float32)
    return found


def _restored(whole: Any, scale: Any) -> Floats:
    groups = whole.astype(np.float32).reshape(len(whole), -1, GROUP)
    return np.asarray((groups * scale.astype(np.float32)[:, :, None]).reshape(whole.shape))
