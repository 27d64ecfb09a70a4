"""Compares ways to run the embedding model: passages a second, and how near the vectors are to the reference.

    python benchmarks/encoding/run.py [PASSAGES]      labelled passages to encode, default 1,000

The reference is `SentenceTransformer.encode` at its defaults, on torch in single precision. Every way sees the same
texts and the same two threads, after a first run to warm up; rounds of all ways alternate, and the middle one counts.
A fresh process that encodes one query is measured by the operating system's accounting.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nlp.facets.labelled import load_passages
from nlp.vectors.encode import SentenceEncoder
from nlp.vectors.export import BUNDLED_MODEL, model_folder
from winloss.bootstrap import model_cache

ROUNDS = 5
Floats = NDArray[np.float32]
Way = Callable[[list[str]], Floats]


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    texts = [passage.text for passage in load_passages()][:count]
    small = SentenceEncoder(BUNDLED_MODEL, cache=model_cache())
    exact = SentenceEncoder(BUNDLED_MODEL, cache=model_cache(), exact=True)
    ways: dict[str, Way] = {
        **torch_ways(),
        "ONNX Runtime, exact": exact.encode,
        "ONNX Runtime, 8 bits (ships)": small.encode,
    }
    vectors = {name: unit(way(texts)) for name, way in ways.items()}
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            measured[name].append(timed(way, texts))
    middle = {name: sorted(rounds)[ROUNDS // 2] for name, rounds in measured.items()}
    first, *_ = middle
    words = np.mean([len(text.split()) for text in texts])
    print(f"{count} passages of {words:.0f} words on average; load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| way | passages/s | times the reference | CPU s | cosine to it: mean | lowest |\n|---|---|---|---|---|---|")
    for name, (seconds, cpu) in middle.items():
        cosine = (vectors[name] * vectors[first]).sum(axis=1)
        times = middle[first][0] / seconds
        print(
            f"| {name} | {count / seconds:.0f} | {times:.2f} | {cpu:.1f} | {cosine.mean():.4f} | {cosine.min():.4f} |"
        )
    print(f"\nA fresh process encodes one query in {fresh_process():.2f} s of CPU time, imports included.")


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def timed(way: Way, texts: list[str]) -> tuple[float, float]:
    """Wall seconds and CPU seconds."""
    started, cpu = time.perf_counter(), time.process_time()
    way(texts)
    return time.perf_counter() - started, time.process_time() - cpu


def torch_ways() -> dict[str, Way]:
    """Sentence-transformers on torch: at its defaults and, on a processor that has bfloat16, in that."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(2)
    model = SentenceTransformer(str(model_folder(BUNDLED_MODEL)), device="cpu")

    def plain(texts: list[str]) -> Floats:
        return np.asarray(model.encode(texts))

    def half(texts: list[str]) -> Floats:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return plain(texts)

    ways = {"SentenceTransformer.encode, defaults (reference)": plain}
    if torch.backends.cpu.get_cpu_capability().startswith("AVX512"):
        ways["the same under bfloat16 autocast"] = half
    return ways


def fresh_process() -> float:
    """CPU seconds of a new interpreter that encodes one query: the least of five."""
    program = (
        "from nlp.vectors.encode import SentenceEncoder; from winloss.bootstrap import model_cache\n"
        f"SentenceEncoder({BUNDLED_MODEL!r}, cache=model_cache()).encode(['why did we lose the deal?'])"
    )
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


if __name__ == "__main__":
    main()
