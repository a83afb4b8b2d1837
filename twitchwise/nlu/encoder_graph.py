"""The ONNX graph of all-MiniLM-L6-v2, built from the weights that its package carries.

No library turns a safetensors file into ONNX without torch or TensorFlow, so the six BERT layers are
written down here with `onnx.helper`. Mean pooling and L2 normalisation are part of the graph.
Only `encoder.prepare` uses this module; a running assistant never imports onnx.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import onnx

#: Goes up when the graph below changes, so that `prepare` builds it anew.
GRAPH_VERSION = 3
#: The table of word vectors among the weights: rows by token.
WORD_TABLE = "embeddings.word_embeddings.weight"

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_EPSILON = 1e-12
_OPSET = 17


class _Graph:
    """Nodes and initializers in the order they are added."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: dict[str, Any] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        from onnx import numpy_helper

        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def dense(self, source: str, names: list[str], output: str) -> str:
        """One or several linear layers over the same input, side by side."""
        matrix = np.concatenate([self.weights[f"{name}.weight"].T for name in names], axis=1)
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in names])
        product = self.add("MatMul", [source, self.constant(f"{output}.weight", matrix)], f"{output}.product")
        return self.add("Add", [product, self.constant(f"{output}.bias", bias)], output)

    def layer_norm(self, source: str, name: str, output: str) -> str:
        scale = self.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.add("LayerNormalization", [source, scale, bias], output, axis=-1, epsilon=_EPSILON)

    def gelu(self, source: str, output: str) -> str:
        root = self.constant("sqrt2", np.array(np.sqrt(2.0), np.float32))
        one = self.constant("one", np.array(1.0, np.float32))
        half = self.constant("half", np.array(0.5, np.float32))
        erf = self.add("Erf", [self.add("Div", [source, root], f"{output}.scaled")], f"{output}.erf")
        return self.add("Mul", [self.add("Mul", [source, self.add("Add", [erf, one], f"{output}.sum")], f"{output}.product"), half], output)


def _layer(graph: _Graph, number: int, hidden: str, mask: str) -> str:
    """One transformer layer; `hidden` (batch, tokens, 384), `mask` (batch, 1, 1, tokens) added to the scores."""
    name = f"encoder.layer.{number}"
    attention = f"{name}.attention.self"
    joined = graph.dense(hidden, [f"{attention}.{part}" for part in ("query", "key", "value")], f"{name}.qkv")
    heads = graph.constant("heads", np.array([0, 0, 3, _HEADS, _WIDTH // _HEADS], np.int64))
    # (batch, tokens, 3, heads, 32) -> (3, batch, heads, tokens, 32)
    shaped = graph.add("Transpose", [graph.add("Reshape", [joined, heads], f"{name}.split")], f"{name}.heads", perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.add("Gather", [shaped, graph.constant(f"index{index}", np.array(index, np.int64))], f"{name}.part{index}", axis=0)
        for index in range(3)
    )
    turned = graph.add("Transpose", [key], f"{name}.key_turned", perm=[0, 1, 3, 2])
    root = graph.constant("sqrt_head", np.array(np.sqrt(_WIDTH / _HEADS), np.float32))
    scores = graph.add("Div", [graph.add("MatMul", [query, turned], f"{name}.dots"), root], f"{name}.scores")
    probabilities = graph.add("Softmax", [graph.add("Add", [scores, mask], f"{name}.masked")], f"{name}.probabilities", axis=-1)
    context = graph.add("Transpose", [graph.add("MatMul", [probabilities, value], f"{name}.context")], f"{name}.turned", perm=[0, 2, 1, 3])
    flat = graph.add("Reshape", [context, graph.constant("flat", np.array([0, 0, _WIDTH], np.int64))], f"{name}.flat")
    attended = graph.dense(flat, [f"{name}.attention.output.dense"], f"{name}.attended")
    summed = graph.add("Add", [attended, hidden], f"{name}.first_sum")
    first = graph.layer_norm(summed, f"{name}.attention.output.LayerNorm", f"{name}.first")
    wide = graph.gelu(graph.dense(first, [f"{name}.intermediate.dense"], f"{name}.wide"), f"{name}.gelu")
    narrow = graph.dense(wide, [f"{name}.output.dense"], f"{name}.narrow")
    second = graph.add("Add", [narrow, first], f"{name}.second_sum")
    return graph.layer_norm(second, f"{name}.output.LayerNorm", f"{name}.second")


def _pool(graph: _Graph, hidden: str, mask: str) -> str:
    """Mean over the tokens that are not padding, then length 1."""
    axes = graph.constant("last_axis", np.array([2], np.int64))
    column = graph.add("Unsqueeze", [mask, axes], "mask_column")
    token_axis = graph.constant("token_axis", np.array([1], np.int64))
    total = graph.add("ReduceSum", [graph.add("Mul", [hidden, column], "kept"), token_axis], "total", keepdims=0)
    count = graph.add("ReduceSum", [column, token_axis], "count", keepdims=0)
    mean = graph.add("Div", [total, count], "mean")
    norm = graph.add("ReduceL2", [mean], "norm", axes=[1], keepdims=1)
    length = graph.add("Max", [norm, graph.constant("tiny", np.array(1e-12, np.float32))], "length")
    return graph.add("Div", [mean, length], "embedding")


def build(weights: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """The whole encoder behind its table of word vectors: float32 `word_vectors` (batch, tokens, 384) and int64 `attention_mask`
    (batch, tokens) -> float32 `embedding` (batch, 384).

    Raises KeyError when a weight is missing.
    """
    from onnx import TensorProto, checker, helper

    graph = _Graph(weights)
    # every text is of token type 0, so its vector is added to the positions once and for all
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    shape = graph.add("Shape", ["attention_mask"], "shape")
    zero, one = (graph.constant(f"slice{n}", np.array([n], np.int64)) for n in (0, 1))
    tokens = graph.add("Slice", [shape, one, graph.constant("slice2", np.array([2], np.int64))], "tokens")
    placed = graph.add("Slice", [graph.constant("positions", positions), zero, tokens, zero], "placed")
    hidden = graph.layer_norm(graph.add("Add", ["word_vectors", placed], "embedded"), "embeddings.LayerNorm", "hidden")

    mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    absent = graph.add("Sub", [graph.constant("one", np.array(1.0, np.float32)), mask], "absent")
    scaled = graph.add("Mul", [absent, graph.constant("far", np.array(-1e9, np.float32))], "absent_scaled")
    added = graph.add("Unsqueeze", [scaled, graph.constant("score_axes", np.array([1, 2], np.int64))], "added_mask")
    for number in range(_LAYERS):
        hidden = _layer(graph, number, hidden, added)
    _pool(graph, hidden, mask)

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info("word_vectors", TensorProto.FLOAT, ["batch", "tokens", _WIDTH]),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", _WIDTH])],
            list(graph.initializers.values()),
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=8,
    )
    checker.check_model(model)
    return model
