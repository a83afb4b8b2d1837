"""The encoder, built once where it is missing."""
from __future__ import annotations

import pytest

from twitchwise.nlu.encoder import Encoder, prepare
from twitchwise.settings import Settings


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    models = Settings().models_dir
    prepare(models)
    return Encoder.load(models)
