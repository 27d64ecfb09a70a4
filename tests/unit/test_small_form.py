"""The small form: near the exact one although a few channels are loud, within 16 bits, narrowing products untouched."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from nlp.vectors.small_form import LARGEST, write_small

WORDS, WIDTH, WIDER = 50, 32, 64
TEXTS = [np.arange(start, start + 8, dtype=np.int64)[None] % WORDS for start in range(0, WORDS, 5)]


@pytest.fixture
def network(tmp_path):
    """Looks tokens up, among them channels forty times as loud as the rest; widens them twice, narrows them once."""
    random = np.random.default_rng(0)
    table = random.normal(size=(WORDS, WIDTH)).astype(np.float32)
    table[:, :2] *= 40
    weights = {
        "table": table,
        "wide": random.normal(size=(WIDTH, WIDER)).astype(np.float32),
        "also": random.normal(size=(WIDTH, WIDER)).astype(np.float32),
        "narrow": random.normal(size=(WIDER, WIDTH)).astype(np.float32),
    }
    weights["wide"][:2] /= 40
    weights["also"][:2] /= 40
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["found"], name="look"),
        helper.make_node("MatMul", ["found", "wide"], ["first"], name="widen"),
        helper.make_node("MatMul", ["found", "also"], ["second"], name="again"),
        helper.make_node("Add", ["first", "second"], ["sum"], name="add"),
        helper.make_node("MatMul", ["sum", "narrow"], ["narrowed"], name="narrowing"),
        helper.make_node("Cast", ["attention_mask"], ["mask"], name="mask", to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"], name="column"),
        helper.make_node("Mul", ["narrowed", "column"], ["row"], name="masked"),
    ]
    values = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    values.append(numpy_helper.from_array(np.array([-1], dtype=np.int64), "last"))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("row", TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, "network", inputs, outputs, values)
    path = tmp_path / "network.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


@pytest.fixture
def small(network, tmp_path):
    write_small(network, tmp_path / "small.onnx", TEXTS)
    return tmp_path / "small.onnx"


def rows(path):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.vstack(
        [session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0] for ids in TEXTS]
    )


def test_loud_channels_do_not_cost_the_others_their_precision(network, small):
    exact, near = rows(network), rows(small)
    assert np.abs(exact - near).max() > 0
    assert np.linalg.norm(exact - near) < 0.015 * np.linalg.norm(exact)


def test_what_narrows_stays_exact_and_what_enters_two_products_is_written_in_bytes_once(small):
    kinds = [node.op_type for node in onnx.load(str(small)).graph.node]
    assert kinds.count("MatMulInteger") == 2
    assert kinds.count("DynamicQuantizeLinear") == 1
    assert kinds.count("MatMul") == 1


def test_two_products_of_bytes_fit_in_sixteen_bits(small):
    weights = [
        numpy_helper.to_array(item)
        for item in onnx.load(str(small)).graph.initializer
        if item.data_type == TensorProto.INT8
    ]
    largest = max(int(np.abs(matrix.astype(int)).max()) for matrix in weights)
    assert largest == LARGEST
    assert 2 * 255 * largest < 2**15
