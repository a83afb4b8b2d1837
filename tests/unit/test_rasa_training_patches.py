"""Each patch for the time of a training gives what the original gives, and Rasa underneath is still what it was written for."""
from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.storage import local_model_storage
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from tarsafe import TarSafe

from tests.unit.test_rasa_patches import source_of
from twitchwise import rasa_training_patches
from twitchwise.settings import ROOT

VALUES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.lists(st.text(max_size=3), max_size=2), st.dictionaries(st.text(max_size=2), st.text()))
DATA = st.dictionaries(st.sampled_from(["text", "intent", "entities", "metadata"]), VALUES)


@pytest.fixture(scope="module", autouse=True)
def _originals() -> Iterator[None]:
    before = (Message.set, RasaFileImporter.get_nlu_data, Message.__dict__.get("__deepcopy__"))
    yield
    Message.set, RasaFileImporter.get_nlu_data = before[0], before[1]
    if before[2] is None and "__deepcopy__" in Message.__dict__:
        del Message.__deepcopy__


@pytest.mark.parametrize("name", sorted(rasa_training_patches.ORIGINALS))
def test_rasa_is_what_the_patch_was_written_for(name: str) -> None:
    digest = hashlib.sha256(source_of(name).encode()).hexdigest()[:16]
    assert digest == rasa_training_patches.ORIGINALS[name], f"{name} changed in Rasa: read it again, then mend the patch and this hash."


def fields(message: Message) -> dict[str, Any]:
    return {name: value for name, value in vars(message).items() if name != "_cached_fingerprint"}


@given(DATA, DATA)
def test_a_copy_is_like_the_original_and_does_not_change_with_it(data: dict[str, Any], other: dict[str, Any]) -> None:
    rasa_training_patches.patch_phrase_copies()
    message = Message(data, output_properties={"intent"})
    copied = copy.deepcopy([message, message])
    assert copied[0] is copied[1] and copied[0] is not message
    assert fields(copied[0]) == fields(message) and copied[0].fingerprint() == message.fingerprint()
    before = copy.deepcopy(fields(message))
    for name, value in other.items():
        copied[0].set(name, value, add_to_output=True)
    for value in copied[0].data.values():
        value.clear() if isinstance(value, (list, dict)) else None
    copied[0].add_features(None)
    assert fields(message) == before


@given(DATA, DATA)
def test_a_hash_is_always_that_of_what_is_held(data: dict[str, Any], other: dict[str, Any]) -> None:
    rasa_training_patches.patch_phrase_hashes()
    message = Message(data)
    message.fingerprint()
    for name, value in (*data.items(), *other.items()):
        message.set(name, value)
        assert message.fingerprint() == Message(dict(message.data)).fingerprint()
    if isinstance(message.get("entities"), list):
        message.get("entities").append("x")
        message.set("entities", message.get("entities"))
        assert message.fingerprint() == Message(dict(message.data)).fingerprint()


def loaded(folder: Path) -> tuple[Any, str, list[dict[str, Any]]]:
    importer = TrainingDataImporter.load_from_dict({}, str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(folder)])
    data, domain = importer.get_nlu_data(), importer.get_domain()
    assert importer.get_nlu_data() == data
    return data.fingerprint(), domain.fingerprint(), [each.as_dict() for each in data.training_examples]


def test_rasa_reads_the_same_phrases_and_domain_from_files_read_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello \n    - hi\n    - hi\n- intent: thank\n  examples: |\n    - thanks [a lot](much)\n')
    before = loaded(tmp_path)
    rasa_training_patches.apply()
    read = []
    original = utils.training_data_from_paths
    monkeypatch.setattr(utils, "training_data_from_paths", lambda *args: read.append(args) or original(*args))
    assert loaded(tmp_path) == before
    assert len(read) == 1


def test_a_quickly_packed_model_holds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model_storage, "TarSafe", TarSafe)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(" ".join(str(number * number) for number in range(20_000)))

    def packed(name: str) -> tuple[int, bytes]:
        with local_model_storage.TarSafe.open(tmp_path / name, "w:gz") as tar:
            tar.add(tmp_path / "in", arcname="")
        with local_model_storage.TarSafe.open(tmp_path / name, "r:gz") as tar:
            content = tar.extractfile("a.txt")
            assert content is not None
            return (tmp_path / name).stat().st_size, content.read()

    before = packed("before.tar.gz")
    rasa_training_patches.patch_packing()
    rasa_training_patches.patch_packing()
    after = packed("after.tar.gz")
    assert after[1] == before[1] and after[0] > before[0]  # larger: the quicker way was really taken
