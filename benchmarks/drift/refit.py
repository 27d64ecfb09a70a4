"""Fits the constants that depend on the sentence model: `refit.py DATA CACHE [write]`, for the configured model.

Fitted on banking77, confirmed on the forum, printed for both; `write` puts them beside the model's fingerprint, where
`nlp.signal.drift_settings` finds them. Give CACHE a folder of its own for each model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from decks import gaps
from streams import Texts, simulate, texts_of

from nlp.signal import power
from nlp.signal.drift import DriftSettings
from nlp.signal.drift_settings import CONSTANTS
from nlp.signal.treescan import regions, scans

STREAMS = 100
SETTINGS = DriftSettings(permutations=499, windows=(1,), measure_power=False, measure_recycling=False)
CELLS = 12
LOOSENESS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
PLACES = ((40, 0.10), (40, 0.20), (40, 0.30), (100, 0.05), (100, 0.10), (100, 0.20))


def main() -> None:
    data, cache = Path(sys.argv[1]), Path(sys.argv[2])
    sets = {name: texts_of(name, data, cache) for name in ("banking77", "thunderbird")}
    constants = {"emerging_ratio": DriftSettings().emerging_ratio, "narrowing_ratio": DriftSettings().narrowing_ratio}
    constants |= fit_gaps(sets) | {"looseness": fit_looseness(sets)}
    print(json.dumps(constants))
    if "write" in sys.argv:
        from winloss.bootstrap import open_tools

        kept = json.loads(CONSTANTS.read_text(encoding="utf-8"))
        kept[open_tools().encoder().fingerprint] = constants
        CONSTANTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def fit_gaps(sets: dict[str, Texts]) -> dict[str, float]:
    """The limits that call as many honest decks honest as they catch laundering ones, to two digits."""
    fitted = {}
    for key, quoted in (("coverage_gap", True), ("coverage_gap_statement", False)):
        told = {
            name: [found for seed in range(STREAMS) if (found := gaps(texts, seed, SETTINGS, quoted=quoted))]
            for name, texts in sets.items()
        }
        pairs = {name: (np.array([a for a, _ in rows]), np.array([b for _, b in rows])) for name, rows in told.items()}
        laundering, honest = pairs["banking77"]
        grid = np.arange(0.02, 0.60, 0.01)
        right = [min((laundering > limit).mean(), (honest <= limit).mean()) for limit in grid]
        best = float(np.round(np.median(grid[np.isclose(right, max(right))]), 2))
        fitted[key] = best
        for name, (launders, fair) in pairs.items():
            print(f"{key} {best}: {name} caught {(launders > best).mean():.2f}, false {(fair > best).mean():.2f}")
    return fitted


def fit_looseness(sets: dict[str, Texts]) -> float:
    """The looseness whose predicted power is nearest to the true one, over shares and sizes.

    Too much promised counts double: silence that is taken for saturation costs more than one interview too many.
    """
    errors = {name: np.mean([_errors(texts, *place) for place in PLACES], axis=0) for name, texts in sets.items()}
    for name, values in errors.items():
        print(name, "mean error by looseness", dict(zip(LOOSENESS, values.round(3).tolist(), strict=True)))
    return float(LOOSENESS[int(np.argmin(errors["banking77"]))])


def _errors(texts: Texts, people: int, share: float) -> list[float]:
    true = float(np.mean([_scanned(texts, people, share, 1000 + seed)[1].p.min() <= 0.05 for seed in range(STREAMS)]))
    told = [_predicted(texts, people, share, 2000 + seed) for seed in range(CELLS)]
    return [max(true - value, 2 * (value - true)) for value in np.mean(told, axis=0)]


def _predicted(texts: Texts, people: int, share: float, seed: int) -> list[float]:
    found, rising, stream = _scanned(texts, people, 0.0, seed)
    count = len(stream.quarter)
    return [
        power.power_by_share(
            stream.vectors, np.arange(count), found, stream.quarter == 4, np.zeros(count, dtype=np.int64),
            active=np.ones(count, dtype=bool), q=rising.q, threshold=rising.threshold(0.05), looseness=looseness,
            seed=seed, shares=(share,),
        ).get(share, 0.0)
        for looseness in LOOSENESS
    ]  # fmt: skip


def _scanned(texts: Texts, people: int, share: float, seed: int):
    stream = simulate(texts, people, share, seed)
    count = len(stream.quarter)
    found = regions(stream.vectors, np.arange(count), seed=0)
    rising = scans(
        found,
        stream.quarter == 4,
        np.zeros(count, dtype=np.int64),
        active=np.ones(count, dtype=bool),
        permutations=499,
        seed=seed,
    )[0]
    return found, rising, stream


if __name__ == "__main__":
    main()
