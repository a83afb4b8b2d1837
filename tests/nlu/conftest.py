"""The classifier out of the trained model that `make setup` builds."""
from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from twitchwise.nlu.encoder import Encoder, prepare
from twitchwise.nlu.intents import IntentReader
from twitchwise.nlu.kernel_model import KernelModel
from twitchwise.settings import Settings


@pytest.fixture(scope="session")
def intents(tmp_path_factory: pytest.TempPathFactory) -> IntentReader:
    models = Settings().models_dir
    packed = models / "twitchwise.tar.gz"
    if not packed.is_file():
        pytest.skip("There is no trained model. Run `make setup`.")
    directory = tmp_path_factory.mktemp("classifier")
    with tarfile.open(packed) as archive:
        for member in archive:
            name = Path(member.name).name
            if name in ("classifier.npz", "classifier.json", "rows.npy", "rows.onnx"):
                content = archive.extractfile(member)
                assert content is not None
                (directory / name).write_bytes(content.read())
    prepare(models)
    return IntentReader(Encoder.load(models), KernelModel.load(directory))
