from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from twitchwise import models


def project(folder: Path) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "nlu.yml").write_text("a")
    (folder / "config.yml").write_text("b")
    return folder


def archive(path: Path, member: str = "metadata.json") -> Path:
    content = path.parent / "content"
    content.write_text("{}")
    with tarfile.open(path, "w:gz") as file:
        file.add(content, member)
    return path


def test_every_source_counts(tmp_path: Path) -> None:
    root = project(tmp_path)
    first = models.sources_hash(root, ("config.yml", "data"))
    (root / "data" / "nlu.yml").write_text("changed")
    second = models.sources_hash(root, ("config.yml", "data"))
    (root / "data" / "more.yml").write_text("")
    third = models.sources_hash(root, ("config.yml", "data"))
    assert len({first, second, third}) == 3


def test_the_models_sources_are_there() -> None:
    assert all((models.ROOT / name).exists() for name in models.SOURCES)


def test_no_model(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(models.ModelError, match="make train"):
            models.find_model(folder)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08 broken"])
def test_a_damaged_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "twitchwise.tar.gz").write_bytes(content)
    with pytest.raises(models.ModelError, match="damaged"):
        models.find_model(tmp_path)


def test_an_archive_that_is_no_model(tmp_path: Path) -> None:
    archive(tmp_path / "twitchwise.tar.gz", "something-else")
    with pytest.raises(models.ModelError, match="damaged"):
        models.find_model(tmp_path)


def test_a_model_that_training_did_not_write(tmp_path: Path) -> None:
    model = archive(tmp_path / "twitchwise.tar.gz")
    (tmp_path / models.STAMP).write_text(json.dumps({"model": models.file_hash(model), "sources": "x"}))
    assert models.find_model(tmp_path) == model
    archive(model, "other.json")
    with pytest.raises(models.ModelError, match="not the file that training wrote"):
        models.find_model(tmp_path)


def test_a_model_of_plain_rasa_train_is_taken_when_newer(tmp_path: Path) -> None:
    archive(tmp_path / "twitchwise.tar.gz")
    newer = archive(tmp_path / "20990101-000000-name.tar.gz")
    import os

    os.utime(newer, (4e9, 4e9))
    assert models.find_model(tmp_path) == newer


def test_a_damaged_stamp_means_out_of_date(tmp_path: Path) -> None:
    archive(tmp_path / "twitchwise.tar.gz")
    (tmp_path / models.STAMP).write_text("{")
    assert models.read_stamp(tmp_path) == {}
    assert not models.is_current(tmp_path)
