from __future__ import annotations

from pathlib import Path

import pytest

from twitchwise import cli


def test_every_command_is_there_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in cli.COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["serve", "--nonsense"]])
def test_what_it_does_not_know_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2 and capsys.readouterr().err


def test_rasas_telemetry_is_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    from rasa.telemetry import is_telemetry_enabled

    assert is_telemetry_enabled() is False
    assert "export RASA_TELEMETRY_ENABLED := false" in (cli.ROOT / "Makefile").read_text()


def test_a_foreseen_error_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", "none")
    assert cli.main(["migrate"]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("twitchwise: ") and "PORT" in errors and errors.count("\n") == 1


def test_training_is_skipped_when_nothing_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trained: list[Path] = []
    monkeypatch.setenv("TWITCHWISE_MODELS_DIR", str(tmp_path))
    monkeypatch.setattr("twitchwise.models.train", trained.append)
    monkeypatch.setattr("twitchwise.logging.configure_logging", lambda *_: None)
    monkeypatch.setattr("twitchwise.models.is_current", lambda *_: True)
    assert cli.main(["train"]) == 0 and trained == []
    assert cli.main(["train", "--force"]) == 0 and trained == [tmp_path]
    monkeypatch.setattr("twitchwise.models.is_current", lambda *_: False)
    assert cli.main(["train"]) == 0 and len(trained) == 2


def test_progress_says_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    with cli.progress("Working"):
        pass
    with pytest.raises(RuntimeError), cli.progress("Working"):
        raise RuntimeError
    done, failed = capsys.readouterr().out.splitlines()
    assert done.startswith("Working") and "done" in done and failed.endswith("failed")
