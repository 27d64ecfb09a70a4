"""What shapes a drift verdict; the constants that depend on the sentence model are kept beside its fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

CONSTANTS = Path(__file__).parent.parent / "data" / "drift_constants.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSettings:
    """Everything that shapes a verdict. `delta` is the share that "saturated" promises to have seen.

    `history_least` is how many earlier periods must be there; one is enough only where the caller says so. The last
    group was fitted to vectors of the bundled model: `settings_for` gives the values of another one, and
    `benchmarks/drift/refit.py` makes them.
    """

    permutations: int = 1999
    history: int = 8
    history_least: int = 2
    windows: tuple[int, ...] = (1, 2, 4)
    alpha: float = 0.05
    delta: float = 0.10
    measure_power: bool = True
    measure_recycling: bool = True
    seed: int = 0
    emerging_ratio: float = 5.0
    narrowing_ratio: float = 0.75
    coverage_gap: float = 0.15
    coverage_gap_statement: float = 0.30
    looseness: float = 1.25
    fitted: bool = True


def settings_for(model: str, **given: Any) -> DriftSettings:
    """The settings with the constants fitted to the model of this fingerprint, changed by whatever is `given`.

    A model that nothing was fitted to gets the bundled one's, and `fitted` says so: a verdict then carries a flag.
    """
    constants = _fitted().get(model)
    settings = DriftSettings(**constants) if constants is not None else DriftSettings(fitted=False)
    return replace(settings, **given)


@cache
def _fitted() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(CONSTANTS.read_text(encoding="utf-8"))
    return found
