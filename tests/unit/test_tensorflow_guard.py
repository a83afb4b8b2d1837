from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from twitchwise import tensorflow_guard
from twitchwise.settings import ROOT


def test_our_configuration_needs_no_tensorflow() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    assert tensorflow_guard.components_in_need(config) == []


@pytest.mark.parametrize("config", [
    {"pipeline": [{"name": "DIETClassifier"}]},
    {"policies": [{"name": "rasa.core.policies.ted_policy.TEDPolicy"}]},
    {"pipeline": ["ResponseSelector"]},
])
def test_a_component_that_needs_it_is_named(config: dict) -> None:
    (name,) = tensorflow_guard.components_in_need(config)
    with pytest.raises(tensorflow_guard.TensorFlowNeeded, match=name):
        tensorflow_guard.install([name])


def test_a_configuration_may_be_empty() -> None:
    assert tensorflow_guard.components_in_need({}) == []
    assert tensorflow_guard.components_in_need({"pipeline": None, "policies": None}) == []


def test_rasa_and_spacy_load_behind_it_and_nothing_of_it_works() -> None:
    code = """
import sys
from twitchwise import tensorflow_guard
assert tensorflow_guard.install() and tensorflow_guard.install()
import rasa.core.agent, spacy
import tensorflow as tf
spacy.blank("en")
try:
    tf.keras.Model()
except tensorflow_guard.TensorFlowNeeded as error:
    print("refused", len(error.args))
print(any(name.startswith("tensorflow.python") for name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["refused", "1", "False"]
