"""Compares ways to run the embedding model: passages a second, and how near the vectors are to the reference.

    python benchmarks/encoding/run.py [PASSAGES [THREADS]]      labelled passages to encode, default 600; threads, 2

The reference is sentence-transformers on torch in single precision. Every way sees the same texts, sorted by length in
batches of 32. A fresh process that encodes one query is measured by the operating system's accounting.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encode import SentenceEncoder
from nlp.export import BUNDLED_MODEL
from nlp.training import load_passages
from winloss.bootstrap import model_cache

THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
Floats = NDArray[np.float32]


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 600
    texts = [passage.text for passage in load_passages()][:count]
    encoder = SentenceEncoder(BUNDLED_MODEL, cache=model_cache(), threads=THREADS)
    reference, measured = torch_ways(texts)
    measured["ONNX Runtime, fp32 (ships)"] = timed(lambda: encoder.encode(texts))
    with tempfile.TemporaryDirectory() as folder:
        small = quantised(encoder, Path(folder))
        measured["ONNX Runtime, dynamic int8"] = timed(lambda: small.encode(texts))
    words = np.mean([len(text.split()) for text in texts])
    load = os.getloadavg()[0]
    print(f"{count} passages of {words:.0f} words on average, {THREADS} threads; load of the machine {load:.1f}\n")
    print("| way | passages/s | CPU s | cosine to reference: mean | lowest |\n|---|---|---|---|---|")
    for name, (vectors, seconds, cpu) in measured.items():
        cosine = (vectors * reference).sum(axis=1)
        print(f"| {name} | {count / seconds:.0f} | {cpu:.1f} | {cosine.mean():.6f} | {cosine.min():.6f} |")
    print(f"\nA fresh process encodes one query in {fresh_process():.2f} s of CPU time, imports included.")


def timed(encode: Callable[[], Floats]) -> tuple[Floats, float, float]:
    """Unit vectors, wall seconds and CPU seconds, after a first run to warm up."""
    encode()
    started, cpu = time.perf_counter(), time.process_time()
    vectors = np.asarray(encode(), dtype=np.float32)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), seconds, cpu


def torch_ways(texts: list[str]) -> tuple[Floats, dict[str, tuple[Floats, float, float]]]:
    """The reference vectors, and both ways of sentence-transformers on torch."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer

    from nlp.export import _folder_of

    torch.set_num_threads(THREADS)
    model = SentenceTransformer(str(_folder_of(BUNDLED_MODEL)), device="cpu")

    def plain() -> Floats:
        return np.asarray(model.encode(texts, batch_size=32, show_progress_bar=False))

    def half() -> Floats:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return plain()

    first = timed(plain)
    return first[0], {"torch, fp32 (reference)": first, "torch, bf16 autocast": timed(half)}


def quantised(encoder: SentenceEncoder, folder: Path) -> SentenceEncoder:
    """The same encoder over a network whose matrix products are in 8-bit integers."""
    from dataclasses import replace

    from onnxruntime.quantization import QuantType, quantize_dynamic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantize_dynamic(
            encoder._model.network, folder / "int8.onnx", weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
        )
    small = SentenceEncoder(BUNDLED_MODEL, cache=model_cache(), threads=THREADS)
    small._model = replace(small._model, network=folder / "int8.onnx")
    return small


def fresh_process() -> float:
    """CPU seconds of a new interpreter that encodes one query: the least of five."""
    program = (
        "from nlp.encode import SentenceEncoder; from winloss.bootstrap import model_cache\n"
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
