"""The graph against the same arithmetic written in numpy, in float32."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from twitchwise.nlu import encoder_graph
from twitchwise.nlu.encoder import Encoder, _weights_dir

TEXTS = ["could my espressos do this?", "my calf twitches", "x"]
Weights = Mapping[str, np.ndarray]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return load_file(_weights_dir() / "model.safetensors")


def _norm(values: np.ndarray, name: str, weights: Weights) -> np.ndarray:
    centred = values - values.mean(-1, keepdims=True)
    return centred / np.sqrt(values.var(-1, keepdims=True) + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _dense(values: np.ndarray, name: str, weights: Weights) -> np.ndarray:
    return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _reference(ids: list[int], weights: Weights) -> np.ndarray:
    count = len(ids)
    positions = weights["embeddings.position_embeddings.weight"][:count] + weights["embeddings.token_type_embeddings.weight"][0]
    hidden = _norm(weights["embeddings.word_embeddings.weight"][ids] + positions, "embeddings.LayerNorm", weights)
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            _dense(hidden, f"{name}.attention.self.{part}", weights).reshape(count, 12, 32).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(32)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        context = (shares / shares.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(count, 384)
        hidden = _norm(_dense(context, f"{name}.attention.output.dense", weights) + hidden, f"{name}.attention.output.LayerNorm", weights)
        wide = _dense(hidden, f"{name}.intermediate.dense", weights)
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        hidden = _norm(_dense(wide, f"{name}.output.dense", weights) + hidden, f"{name}.output.LayerNorm", weights)
    mean = hidden.mean(0)
    return mean / np.linalg.norm(mean)


def test_graph_computes_the_model_and_int8_stays_close(weights: Weights, encoder: Encoder) -> None:
    session = onnxruntime.InferenceSession(encoder_graph.build(weights).SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(_weights_dir() / "tokenizer.json"))
    tokenizer.enable_padding()
    batch = tokenizer.encode_batch(TEXTS)
    fed = {"word_vectors": weights[encoder_graph.WORD_TABLE][np.array([e.ids for e in batch])], "attention_mask": np.array([e.attention_mask for e in batch])}
    (found,) = session.run(["embedding"], fed)
    expected = np.array([_reference([i for i, kept in zip(e.ids, e.attention_mask, strict=True) if kept], weights) for e in batch])
    assert found == pytest.approx(expected, abs=2e-6)
    assert (encoder.encode(TEXTS) * expected).sum(axis=1).min() > 0.97


def test_a_missing_weight_is_an_error(weights: Weights) -> None:
    with pytest.raises(KeyError, match=r"layer\.3"):
        encoder_graph.build({name: value for name, value in weights.items() if "layer.3" not in name})
