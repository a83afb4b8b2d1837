"""Keeps TensorFlow out of a process that does not use it. Rasa imports it for a type and a callback; it costs seconds and 350 MB.

The guard puts an empty stand-in in its place: class bodies and type hints that name it can be read, using it raises. It refuses to
be installed for a configuration that names a component which needs the real one. Plain `rasa` commands never use it.
"""
from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")
#: thinc probes these and takes an ImportError as "no TensorFlow here".
_ABSENT = ("tensorflow.experimental",)
NEEDS_TENSORFLOW = frozenset(
    {"DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy", "ConveRTFeaturizer", "LanguageModelFeaturizer"}
)


class TensorFlowNeeded(RuntimeError):
    """The configuration names components that need TensorFlow."""


class _Meta(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class _Missing(metaclass=_Meta):
    """Stands for anything in TensorFlow: may be named, inherited from and used as a decorator, does nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TensorFlowNeeded("TensorFlow is not loaded in this process. Start with TWITCHWISE_TENSORFLOW_GUARD=false.")

    def __class_getitem__(cls, item: Any) -> Any:
        return cls


def _decorator(*args: Any, **kwargs: Any) -> Any:
    """`@tf.function` and `@tf.function(...)`."""
    if len(args) == 1 and callable(args[0]) and not kwargs:
        return args[0]
    return lambda function: function


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "function":
            return _decorator
        return _Missing


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in PACKAGES:
            return None
        if fullname in _ABSENT:
            raise ImportError(f"{fullname} is not loaded in this process")
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = _Module(spec.name)
        module.__version__ = "2.12.0"  # type: ignore[attr-defined]
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        return None


def components_in_need(config: dict[str, Any]) -> list[str]:
    """Components of a Rasa configuration that need TensorFlow, by their last name."""
    named: list[str] = []
    for part in ("pipeline", "policies"):
        entries: Sequence[Any] = config.get(part) or []
        named += [str(entry.get("name") if isinstance(entry, dict) else entry).rpartition(".")[2] for entry in entries]
    return sorted(NEEDS_TENSORFLOW.intersection(named))


def install(components: Iterable[str] = ()) -> bool:
    """Put the stand-in in place. Raises TensorFlowNeeded when `components` names one that needs the real one.

    False, and nothing done, when TensorFlow was imported already.
    """
    needed = sorted(NEEDS_TENSORFLOW.intersection(components))
    if needed:
        raise TensorFlowNeeded(
            f"The configuration names {', '.join(needed)}, which needs TensorFlow. Take it out of config.yml, "
            "or start with TWITCHWISE_TENSORFLOW_GUARD=false."
        )
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return True
    if "tensorflow" in sys.modules:
        return False
    sys.meta_path.insert(0, _Finder())
    return True
