from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twitchwise.answers.catalogue import Answers
from twitchwise.answers.loader import HERE, AnswersError, load_answers, read_answers

RELATED_TO_EMG = "[nerve_conduction_study, diagnosis_overview, what_is_bfs]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "answers"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_copy_of_the_files_is_sound(folder: Path) -> None:
    assert set(read_answers(folder).topics) == set(load_answers().topics)


def test_loaded_once_and_not_changeable(answers: Answers) -> None:
    assert load_answers() is answers
    with pytest.raises(TypeError):
        answers.topics["emg"].title = "x"
    with pytest.raises(TypeError):
        answers.topics["emg"] = answers.topics["mri"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("topics/doctor.yml", "code: emg", "code: emgg", ["topic", "emg"]),
        ("topics/doctor.yml", "code: emg", "code: mri", ["topics/doctor.yml", "mri", "twice"]),
        ("topics/doctor.yml", "  title: EMG test\n", "", ["topic emg", "title", "field required"]),
        ("topics/doctor.yml", "  title: EMG test", "  titel: EMG test", ["topic emg", "titel", "extra fields"]),
        ("topics/doctor.yml", RELATED_TO_EMG, "[nerve_conduction_study, nonsense]", ["emg", "nonsense"]),
        ("topics/doctor.yml", RELATED_TO_EMG, "[mri]", ["emg", "related", "2 to 3"]),
        ("topics/doctor.yml", RELATED_TO_EMG, "[emg, mri]", ["emg"]),
        ("topics/doctor.yml", "source: [article, medlineplus_emg]", "source: [article, medline]", ["medline", "sources.yml"]),
        ("topics/doctor.yml", "source: [article, medlineplus_emg]", "source: []", ["source", "1 or more"]),
        ("topics/doctor.yml", "call {emergency} now", "call {emergancy} now", ["which_doctor", "emergancy", "use one of"]),
        ("topics/doctor.yml", "call {emergency} now", "call {emergency now", ["which_doctor", "curly bracket"]),
        ("topics/doctor.yml", "topics:", "topics: [", ["topics/doctor.yml", "not valid YAML"]),
        ("topics/doctor.yml", "topics:\n", "topic:\n", ["topics/doctor.yml", "must be a list"]),
        ("emergency.yml", "  lockjaw:\n", "  jaw:\n", ["emergency.yml", "lockjaw"]),
        ("emergency.yml", "  lockjaw:\n", "  poisoning:\n", ["emergency.yml", "duplicate key"]),
        ("selfcare.yml", "  screen_time:\n", "  screens:\n", ["selfcare.yml", "screen_time"]),
        ("selfcare.yml", "topic: stretching", "topic: stretch", ["selfcare.yml", "exercise", "stretch"]),
        ("smalltalk.yml", "  rate_limited:\n", "  too_fast:\n", ["smalltalk.yml", "rate_limited"]),
        ("smalltalk.yml", "Please call {emergency} now if you have not done so yet. That", "That", ["after_emergency", "thank"]),
        ("smalltalk.yml", "In an emergency call {emergency}.\"\n    de:", "Sorry.\"\n    de:", ["other_language", "'en'"]),
        ("out_of_scope.yml", "keywords: [fire,", "keywords: [House Fire,", ["keywords", "one lower-case word"]),
        ("emergency_numbers.yml", "aliases: [USA, EN-US]", "aliases: [USA, GB]", ["GB", "two countries"]),
        ("emergency_numbers.yml", "tel: \"999\"}", "tel: \"nine\"}", ["emergency_numbers.yml", "tel"]),
        ("sources.yml", "url: \"https://www.nhs.uk/conditions/multiple-sclerosis/\"", "url: \"www.nhs.uk\"", ["sources.yml", "nhs_ms", "https://"]),
    ],
)  # fmt: skip
def test_faults_are_named(folder: Path, name: str, old: str, new: str, says: list[str]) -> None:
    edit(folder / name, old, new)
    with pytest.raises(AnswersError) as caught:
        read_answers(folder)
    message = str(caught.value)
    assert not [part for part in says if part not in message], message


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "smalltalk.yml").unlink()
    with pytest.raises(AnswersError, match=r"smalltalk\.yml: cannot be read .* Restore the file"):
        read_answers(folder)


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / "selfcare.yml").write_text("", encoding="utf-8")
    with pytest.raises(AnswersError, match=r"selfcare\.yml: must hold named entries"):
        read_answers(folder)


def test_every_source_is_used(answers: Answers) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in HERE.rglob("*.yml") if path.name != "sources.yml")
    used = {each.strip() for group in re.findall(r"source: \[([^\]]+)\]", text) for each in group.split(",")}
    listed = set(re.findall(r"^  (\w+): \{title", (HERE / "sources.yml").read_text(encoding="utf-8"), re.M))
    assert listed == used


def test_no_rasa_no_spacy_no_work_at_import() -> None:
    code = (
        "import sys; import twitchwise.answers.loader as loader; "
        "assert loader.load_answers.cache_info().currsize == 0; "
        "loader.load_answers(); "
        "assert not {'rasa', 'spacy', 'tensorflow', 'sqlalchemy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=HERE.parents[1], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
