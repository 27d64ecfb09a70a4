"""The small form of a network: most of its products in 8-bit integers, everything else as it was.

Weights get a scale per column, activations one for the whole text, found as they come (Jacob et al., arXiv:1712.05877).
A few channels of the activations are many times as large as the others and would cost those their precision. So what
enters a product is divided by a factor per channel, and the weights that meet that channel are multiplied by it: the
product stays the same, and both sides become easy to write in 8 bits (SmoothQuant: Xiao et al., arXiv:2211.10438). The
factors come from the weights and from what the network sees in a few sentences.

The products that narrow what a layer widened stay exact: there a few tokens have activations so large that all others
would lose their precision, and no factor per channel helps.

Weights use seven of the eight bits. Processors without instructions for products of bytes add them in pairs of 16 bits,
which eight bits would overflow; with seven, every processor gives the same integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SMALL_VERSION = 2
"""Raise it with any change to the numbers that a small form gives."""
LARGEST = 63
"""Of a weight in seven bits."""
SHARE = 0.5
"""How much of the unevenness of the activations goes over to the weights."""
LEAST = 1e-4
"""A channel that is never larger counts as this large."""


def write_small(exact: Path, small: Path, texts: Sequence[Ints]) -> None:
    """Write the small form of the network in `exact` to `small`; `texts` are token numbers of sentences, a row each."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(exact))
    graph = model.graph
    matrices = {item.name: numpy_helper.to_array(item) for item in graph.initializer if len(item.dims) == 2}
    products = [node for node in graph.node if node.op_type == "MatMul" and _suits(matrices.get(node.input[1]))]
    sharing: dict[str, list[Any]] = {}
    for node in products:
        sharing.setdefault(node.input[0], []).append(node)
    largest = _largest(model, list(sharing), texts)
    small_of: dict[str, list[Any]] = {}
    made: list[Any] = []
    for source, nodes in sharing.items():
        weights = [matrices[node.input[1]] for node in nodes]
        even = _even(largest[source], weights)
        prefix = f"{nodes[0].name}/small"
        before, values = _entered(source, even, prefix)
        made += values
        for number, (node, matrix) in enumerate(zip(nodes, weights, strict=True)):
            after, values = _multiplied(node, matrix * even[:, None], prefix)
            small_of[node.name] = [*(before if number == 0 else ()), *after]
            made += values
    nodes = [part for node in graph.node for part in small_of.get(node.name, [node])]
    replaced = {node.input[1] for node in products}
    kept = [item for item in graph.initializer if item.name not in replaced]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*kept, *made])
    onnx.save(model, str(small))


def _suits(matrix: Floats | None) -> bool:
    """Whether a product has constant weights and does not narrow what it is given."""
    return matrix is not None and matrix.shape[0] <= matrix.shape[1]


def _largest(model: Any, names: Sequence[str], texts: Sequence[Ints]) -> dict[str, Floats]:
    """The largest size of each channel of the values `names` over all tokens of `texts`."""
    import onnx
    import onnxruntime

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    for name in names:
        watched.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    seen: dict[str, Floats] = {}
    for ids in texts:
        for name, values in zip(names, session.run(list(names), fed(ids)), strict=True):
            sizes = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            seen[name] = np.maximum(seen.get(name, np.float32(0)), sizes)
    return seen


def fed(ids: Ints) -> dict[str, Ints]:
    """What a network is given for rows of token numbers of equal length."""
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def _even(activations: Floats, weights: Sequence[Floats]) -> Floats:
    """The factor of each channel, by the largest activation and the largest weight that meet in it; their mean is 1."""
    heavy = np.max([np.abs(matrix).max(axis=1) for matrix in weights], axis=0)
    factors = np.maximum(activations, LEAST) ** SHARE / np.maximum(heavy, LEAST) ** (1 - SHARE)
    return np.asarray(factors / np.exp(np.log(factors).mean()), dtype=np.float32)


def _entered(source: str, even: Floats, prefix: str) -> tuple[list[Any], list[Any]]:
    """The steps that make bytes of `source`, once for all products that it enters, and the values they need."""
    from onnx import helper, numpy_helper

    steps = [
        helper.make_node("Mul", [source, f"{prefix}/even"], [f"{prefix}/evened"]),
        helper.make_node(
            "DynamicQuantizeLinear", [f"{prefix}/evened"], [f"{prefix}/bytes", f"{prefix}/scale", f"{prefix}/zero"]
        ),
    ]
    return steps, [numpy_helper.from_array(1 / even, f"{prefix}/even")]


def _multiplied(node: Any, matrix: Floats, prefix: str) -> tuple[list[Any], list[Any]]:
    """The steps that multiply those bytes by `matrix`, giving what `node` gave, and the values they need."""
    from onnx import TensorProto, helper, numpy_helper

    own = f"{node.name}/weights"
    scale = np.maximum(np.abs(matrix).max(axis=0) / LARGEST, np.float32(1e-12)).astype(np.float32)
    values = [
        numpy_helper.from_array(np.rint(matrix / scale).astype(np.int8), f"{own}/bytes"),
        numpy_helper.from_array(scale, f"{own}/scale"),
        numpy_helper.from_array(np.zeros(len(scale), dtype=np.int8), f"{own}/zero"),
    ]
    steps = [
        helper.make_node(
            "MatMulInteger",
            [f"{prefix}/bytes", f"{own}/bytes", f"{prefix}/zero", f"{own}/zero"],
            [f"{own}/integers"],
        ),
        helper.make_node("Cast", [f"{own}/integers"], [f"{own}/sums"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{prefix}/scale", f"{own}/scale"], [f"{own}/unit"]),
        helper.make_node("Mul", [f"{own}/sums", f"{own}/unit"], [node.output[0]]),
    ]
    return steps, values
