"""Reads and checks the answer files: `load_answers()`."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError, parse_obj_as

# ruamel (a dependency of Rasa) refuses a key given twice, which PyYAML silently lets win.
from ruamel.yaml import YAML, YAMLError

from twitchwise.answers.catalogue import Answers
from twitchwise.answers.schema import Numbers, Refusals, SelfCare, SmallTalk, Source, Topic, WhatToDo
from twitchwise.vocabulary.codes import Codes, load_codes

HERE = Path(__file__).parent
#: Small-talk texts that other parts ask for by name.
SMALL_TALK = (
    "greet", "thank", "goodbye", "are_you_human", "insult", "chitchat", "silence", "emoji_only", "gibberish", "too_long",
    "help", "notice", "fear", "minimise", "later", "stopped", "started_over", "typed_command", "general_safe_words", "rate_limited",
)  # fmt: skip
#: Levels whose red flags need words on what to do now.
ACTED_ON_AT_ONCE = ("emergency", "urgent")
Model = TypeVar("Model", bound=BaseModel)


class AnswersError(ValueError):
    """An answer file is missing, damaged or incomplete; the message names the file and the place."""


@lru_cache(maxsize=1)
def load_answers() -> Answers:
    """Every text the assistant can say, read once. Raises AnswersError."""
    return read_answers(HERE)


def read_answers(folder: Path, codes: Codes | None = None) -> Answers:
    """The answers in `folder`, checked against the vocabulary. Raises AnswersError."""
    codes = codes or load_codes()
    reader = _Reader(folder)
    topics: dict[str, Topic] = {topic.code: topic for topic in reader.topics()}
    flags = reader.mapping("emergency.yml", "red_flags", WhatToDo)
    small_talk = reader.parse("smalltalk.yml", SmallTalk)
    self_care = reader.parse("selfcare.yml", SelfCare)
    countries, default = reader.numbers()

    _same("topics/", "topic", set(topics), set(codes.faq_topics))
    _same("emergency.yml", "red flag", set(flags), {flag for flag, level in codes.red_flags.items() if level in ACTED_ON_AT_ONCE})
    _same("selfcare.yml", "trigger", set(self_care.triggers), set(codes.triggers))
    _same("smalltalk.yml", "text", set(small_talk.texts), set(SMALL_TALK))
    for topic in topics.values():
        _refers("topics/", topic.code, topic.related, topics)
    for trigger, steps in self_care.triggers.items():
        _refers("selfcare.yml", trigger, (steps.topic,) if steps.topic else (), topics)
    return Answers(
        topics=MappingProxyType({code: topics[code] for code in codes.faq_topics}),
        red_flags=MappingProxyType(flags),
        refusals=reader.parse("out_of_scope.yml", Refusals),
        small_talk_texts=small_talk,
        self_care=self_care,
        countries=MappingProxyType(countries),
        default_numbers=default,
    )


class _Reader:
    """Reads the files of one folder; replaces source ids by the sources themselves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        raw = self._yaml("sources.yml")
        self.sources = _checked("sources.yml", dict[str, Source], raw.get("sources"))

    def parse(self, name: str, model: type[Model]) -> Model:
        return _checked(name, model, self._sourced(name, self._yaml(name)))

    def mapping(self, name: str, key: str, model: type[Model]) -> dict[str, Model]:
        return _checked(name, dict[str, model], self._sourced(name, self._yaml(name)).get(key))  # type: ignore[valid-type]

    def topics(self) -> list[Topic]:
        topics: list[Topic] = []
        for path in sorted((self.folder / "topics").glob("*.yml")):
            name = f"topics/{path.name}"
            raw = self._sourced(name, self._yaml(name))
            entries = raw.get("topics")
            if not isinstance(entries, list):
                raise AnswersError(f"answers/{name}: 'topics' must be a list.")
            for entry in entries:
                label = f"{name}, topic {entry.get('code', '?') if isinstance(entry, dict) else '?'}"
                topic = _checked(label, Topic, {**raw.get("defaults", {}), **entry} if isinstance(entry, dict) else entry)
                if any(topic.code == other.code for other in topics):
                    raise AnswersError(f"answers/{label}: this topic is there twice; keep one.")
                topics.append(topic)
        return topics

    def numbers(self) -> tuple[dict[str, Numbers], Numbers]:
        name = "emergency_numbers.yml"
        raw = self._sourced(name, self._yaml(name))
        countries = _checked(name, dict[str, Numbers], raw.get("countries"))
        countries = {code: numbers.copy(update={"country": code}) for code, numbers in countries.items()}
        spoken_for = [each for code, numbers in countries.items() for each in (code, *numbers.aliases)]
        twice = {each for each in spoken_for if spoken_for.count(each) > 1}
        if twice:
            raise AnswersError(f"answers/{name}: {', '.join(sorted(twice))} stands for two countries.")
        return countries, _checked(name, Numbers, raw.get("default"))

    def _yaml(self, name: str) -> dict[str, Any]:
        try:
            raw = YAML(typ="safe").load((self.folder / name).read_text(encoding="utf-8"))
        except OSError as error:
            raise AnswersError(f"answers/{name}: cannot be read ({error.strerror}). Restore the file.") from error
        except (YAMLError, UnicodeDecodeError) as error:
            raise AnswersError(f"answers/{name}: is not valid YAML. {error}") from error
        if not isinstance(raw, dict):
            raise AnswersError(f"answers/{name}: must hold named entries (key: value).")
        return raw

    def _sourced(self, name: str, node: Any) -> Any:
        """`node` with every `source: [id, ...]` in it resolved."""
        if isinstance(node, list):
            return [self._sourced(name, each) for each in node]
        if not isinstance(node, dict):
            return node
        return {key: self._resolved(name, value) if key == "source" else self._sourced(name, value) for key, value in node.items()}

    def _resolved(self, name: str, ids: Any) -> list[Source]:
        if not isinstance(ids, list):
            raise AnswersError(f"answers/{name}: 'source' must be a list of ids of sources.yml, not {ids!r}.")
        unknown = [each for each in ids if each not in self.sources]
        if unknown:
            raise AnswersError(f"answers/{name}: the source {unknown[0]!r} is not in sources.yml. Add it there, or correct the id.")
        return [self.sources[each] for each in ids]


def _checked(name: str, model: Any, raw: Any) -> Any:
    """`raw` as `model`; a ValidationError becomes a sentence that names the file and the place."""
    try:
        return parse_obj_as(model, raw)
    except ValidationError as error:
        places = (" > ".join(str(part) for part in fault["loc"] if part != "__root__") for fault in error.errors())
        faults = (f"{place}: {fault['msg']}" for place, fault in zip(places, error.errors(), strict=True))
        raise AnswersError(f"answers/{name}: " + "; ".join(faults)) from error


def _same(name: str, what: str, found: set[str], wanted: set[str]) -> None:
    if missing := wanted - found:
        raise AnswersError(f"answers/{name}: no {what} for {', '.join(sorted(missing))}. Write one.")
    if extra := found - wanted:
        raise AnswersError(f"answers/{name}: {', '.join(sorted(extra))} is no {what} of the vocabulary. Correct the code.")


def _refers(name: str, code: str, named: tuple[str, ...], topics: dict[str, Topic]) -> None:
    for each in named:
        if each not in topics or (each == code and name == "topics/"):
            raise AnswersError(f"answers/{name}: {code} refers to {each!r}, which is not another topic.")
