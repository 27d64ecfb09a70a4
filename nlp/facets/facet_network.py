"""The tuned sentence model's word on the facet of a passage, without torch.

It runs in its exact form: 8 bits cost a point of accuracy (`benchmarks/facets`) and save little.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.vectors.export import exported_with
from nlp.vectors.network import TextNetwork
from winloss.model import fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHANGES = "facet_network.npz"


class FacetNetwork:
    """The bundled model with the changes in `nlp/data`; `cache` is where the converted model is kept.

    The first use on a machine converts it, which takes some ten seconds.

    Raises:
        ConfigError: the bundled model is not there or damaged, or the cache cannot be written.
    """

    fingerprint: str

    def __init__(self, cache: Path, *, changes: Path | None = None) -> None:
        if changes is None:
            with as_file(files("nlp").joinpath("data", CHANGES)) as shipped:
                model = exported_with(shipped, cache)
        else:
            model = exported_with(changes, cache)
        self._network = TextNetwork(model, small=False)
        self.fingerprint = fingerprint("facet-network", model.weights, model.network.name)

    def logits(self, texts: Sequence[str]) -> Floats:
        """One row per text, one column per facet in the order of `nlp.facets.classify.FACETS`, not calibrated."""
        return self._network.rows(texts).astype(np.float64)
