"""Keeps TensorFlow out of a process that does not use it. Rasa imports it for a type and a callback; it costs seconds and 350 MB.

The guard puts an empty stand-in in its place: class bodies and type hints that name it can be read, using it raises. It refuses to
be installed for a configuration that names a component which needs the real one. Plain `rasa` commands never use it.

Other large packages that Rasa imports and this server never calls (the clients of other chat services, plotting, learning) are treated
the same way, each only while nothing in the configuration asks for it: `leave_out_unused`.
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
#: Packages of Rasa's own channels, by the name of the channel in credentials.yml. Rasa imports all of them, whatever is configured.
CHANNEL_PACKAGES = {
    "facebook": ("fbmessenger",), "slack": ("slack_sdk",), "telegram": ("aiogram",), "twilio": ("twilio",), "twilio_voice": ("twilio",),
    "webexteams": ("webexteamssdk",), "hangouts": ("cachecontrol", "google.oauth2", "google.auth"),
}
#: Only `rasa test` draws, `rasa shell` and the like ask at a terminal, spaCy's commands and its trained models are not used.
NEVER_SERVED = ("matplotlib", "questionary", "prompt_toolkit", "spacy.cli", "h5py")
#: Of Rasa's own tracker stores and its models on S3; with stores of ours nobody calls them.
STORE_PACKAGES = ("pymongo", "boto3", "botocore")
#: Rasa's own components learn with it, these do not.
LEARNING = ("sklearn",)
WITHOUT_LEARNING = ("RulePolicy", "MemoizationPolicy", "KeywordIntentClassifier")
OWN = "twitchwise."


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
        raise TensorFlowNeeded("A package that is not loaded in this process was used. Start with TWITCHWISE_TENSORFLOW_GUARD=false.")

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
    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = tuple(packages)
        self._prefixes = tuple(f"{name}." for name in packages)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.packages and not fullname.startswith(self._prefixes):
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
        named += [name.rpartition(".")[2] for name in _names(config.get(part))]
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
    if any(isinstance(finder, _Finder) and PACKAGES[0] in finder.packages for finder in sys.meta_path):
        return True
    if "tensorflow" in sys.modules:
        return False
    sys.meta_path.insert(0, _Finder(PACKAGES))
    return True


def unused_packages(config: dict[str, Any], credentials: dict[str, Any], endpoints: dict[str, Any]) -> list[str]:
    """Packages that a server with this configuration imports and never calls. In doubt a package counts as used."""
    # A channel is named alone ("slack") or by its class ("rasa.core.channels.slack.SlackInput").
    named = {part.lower() for channel in credentials for part in str(channel).split(".") if not str(channel).startswith(OWN)}
    found = {package for channel, packages in CHANNEL_PACKAGES.items() for package in packages}
    found -= {package for channel, packages in CHANNEL_PACKAGES.items() if channel in named for package in packages}
    components = [name for part in ("pipeline", "policies") for name in _names(config.get(part))]
    if components and all(name.startswith(OWN) or name in WITHOUT_LEARNING for name in components):
        found.update(LEARNING)
    stores = [str((endpoints.get(part) or {}).get("type")) for part in ("tracker_store", "lock_store")]
    stores += [str(endpoints["event_broker"].get("type"))] if endpoints.get("event_broker") else []
    if all(kind.startswith(OWN) for kind in stores) and "models" not in endpoints:
        found.update(STORE_PACKAGES)
    return sorted(found.union(NEVER_SERVED))


def _names(entries: Any) -> list[str]:
    return [str(entry.get("name") if isinstance(entry, dict) else entry) for entry in entries or []]


def leave_out_unused(config: dict[str, Any], credentials: dict[str, Any], endpoints: dict[str, Any]) -> list[str]:
    """Put stand-ins in the place of packages that are not used; those that are imported already stay. Which were left out."""
    left_out = [name for name in unused_packages(config, credentials, endpoints) if name not in sys.modules]
    if left_out:
        sys.meta_path.insert(0, _Finder(left_out))
    return left_out
