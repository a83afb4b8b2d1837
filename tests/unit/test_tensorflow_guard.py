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


CONFIG = {"pipeline": [{"name": "twitchwise.nlu.intent_classifier.IntentClassifier"}], "policies": [{"name": "RulePolicy"}]}
CREDENTIALS = {"twitchwise.channels.telegram.channel.TelegramChannel": {}}
ENDPOINTS = {"tracker_store": {"type": "twitchwise.records.tracker_store.TwitchwiseTrackerStore"},
             "lock_store": {"type": "twitchwise.records.lock_store.InProcessLockStore"}}


def test_the_projects_own_configuration_uses_none_of_these() -> None:
    config, credentials, endpoints = (yaml.safe_load((ROOT / name).read_text()) for name in ("config.yml", "credentials.yml", "endpoints.yml"))
    unused = tensorflow_guard.unused_packages(config, credentials, endpoints)
    assert {"aiogram", "twilio", "slack_sdk", "sklearn", "matplotlib", "pymongo", "boto3"} <= set(unused)
    assert unused == tensorflow_guard.unused_packages(CONFIG, CREDENTIALS, ENDPOINTS)


@pytest.mark.parametrize(("change", "used"), [
    ({"credentials": {"slack": {}}}, "slack_sdk"),
    ({"credentials": {"rasa.core.channels.telegram.TelegramInput": {}}}, "aiogram"),
    ({"credentials": {"twilio_voice": {}}}, "twilio"),
    ({"config": {"pipeline": [{"name": "CountVectorsFeaturizer"}], "policies": []}}, "sklearn"),
    ({"config": {"pipeline": [{"name": "somebody.elses.Component"}], "policies": []}}, "sklearn"),
    ({"config": {}}, "sklearn"),
    ({"endpoints": {"tracker_store": {"type": "mongod"}}}, "pymongo"),
    ({"endpoints": {**ENDPOINTS, "models": {"url": "http://models.example"}}}, "boto3"),
    ({"endpoints": {}}, "pymongo"),
    ({"endpoints": {**ENDPOINTS, "event_broker": {"type": "pika"}}}, "boto3"),
])
def test_what_is_configured_is_loaded(change: dict, used: str) -> None:
    given = {"config": CONFIG, "credentials": CREDENTIALS, "endpoints": ENDPOINTS, **change}
    assert used not in tensorflow_guard.unused_packages(**given)
    assert used in tensorflow_guard.unused_packages(CONFIG, CREDENTIALS, ENDPOINTS)


def test_rasa_loads_without_them_and_what_is_left_out_does_not_work() -> None:
    code = """
import sys
import yaml
from twitchwise import tensorflow_guard
tensorflow_guard.install()
read = lambda name: yaml.safe_load(open(name))
left_out = tensorflow_guard.leave_out_unused(read("config.yml"), read("credentials.yml"), read("endpoints.yml"))
assert "aiogram" in left_out and "yaml" not in left_out, left_out
import rasa.core.agent, rasa.core.run, rasa.core.channels.telegram, google.protobuf.message
import aiogram
assert isinstance(sys.modules["aiogram"], tensorflow_guard._Module)
assert not any(name.startswith(("slack_sdk.web.client", "sklearn.linear_model", "botocore.session")) and not isinstance(module, tensorflow_guard._Module)
               for name, module in sys.modules.items())
try:
    aiogram.Bot("token")
except tensorflow_guard.TensorFlowNeeded:
    print("guarded")
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.strip() == "guarded", done.stderr[-2000:]
