"""Changes to Rasa 3.6.21 for the time of a training: it reads the phrases' files twice, copies every phrase eleven times, works out the hash
of each copy anew and packs the model as tightly as gzip can. `models.train` applies them; the model is the same byte for byte of what we store in it.
"""
from __future__ import annotations

import copy
from typing import Any

#: sha256 of the source of what is replaced, checked by the tests as those of `rasa_patches`.
ORIGINALS = {
    "rasa.shared.nlu.training_data.message:Message.__init__": "929966f7673d7d18",
    "rasa.shared.nlu.training_data.message:Message.set": "071e4782a66f7e5e",
    "rasa.shared.nlu.training_data.message:Message.fingerprint": "82b38330479ee1d0",
    "rasa.shared.importers.rasa:RasaFileImporter.get_nlu_data": "bf36b78f020b7e50",
    "rasa.engine.storage.local_model_storage:LocalModelStorage.create_model_package": "160e32783576d3df",
}
_KEPT = "_twitchwise_nlu_data"


def apply() -> None:
    """Apply every patch; applying twice changes nothing more."""
    patch_phrase_hashes()
    patch_phrase_copies()
    patch_phrase_files()
    patch_packing()


def patch_phrase_hashes() -> None:
    """A phrase whose text is set to what it is keeps its hash. Rasa strips every intent again at each merge."""
    from rasa.shared.nlu.training_data.message import Message

    original = Message.set
    if getattr(original, "twitchwise", False):
        return

    def set_(self: Message, prop: str, info: Any, add_to_output: bool = False) -> None:
        # Only of text: a list may be the same one, changed inside.
        same = type(info) is str and type(self.data.get(prop)) is str and self.data[prop] == info
        known = self._cached_fingerprint if same else None
        original(self, prop, info, add_to_output)
        self._cached_fingerprint = known

    set_.twitchwise = True  # type: ignore[attr-defined]
    Message.set = set_


def patch_phrase_copies() -> None:
    """A phrase that holds nothing but text is copied field by field."""
    from rasa.shared.nlu.training_data.message import Message

    if hasattr(Message, "__deepcopy__"):
        return

    def deepcopy(self: Message, memo: dict[int, Any]) -> Message:
        new: Message = Message.__new__(Message)
        memo[id(self)] = new
        plain = not self.features and all(type(value) in (str, int, float, bool, type(None)) for value in self.data.values())
        for name, value in self.__dict__.items():
            new.__dict__[name] = copy.copy(value) if plain else copy.deepcopy(value, memo)
        return new

    Message.__deepcopy__ = deepcopy


def patch_phrase_files() -> None:
    """Read the files of phrases once. Rasa asks for them with and without the language's name and takes that for two questions; what it is
    given is copied at each merge and never changed."""
    from rasa.shared.importers.rasa import RasaFileImporter

    original = RasaFileImporter.get_nlu_data
    if getattr(original, "twitchwise", False):
        return

    def get_nlu_data(self: RasaFileImporter, language: str | None = "en") -> Any:
        kept = self.__dict__.setdefault(_KEPT, {})
        if language not in kept:
            kept[language] = original(self, language)
        return kept[language]

    get_nlu_data.twitchwise = True  # type: ignore[attr-defined]
    RasaFileImporter.get_nlu_data = get_nlu_data


def patch_packing() -> None:
    """Pack the model quickly: it is mostly arrays, which gzip's best makes hardly smaller than its fastest."""
    from rasa.engine.storage import local_model_storage

    original: Any = local_model_storage.TarSafe
    if "gzopen" in vars(original):
        return

    class QuickTar(original):
        @classmethod
        def gzopen(cls, name: Any, mode: str = "r", fileobj: Any = None, compresslevel: int = 1, **rest: Any) -> Any:
            return super().gzopen(name, mode, fileobj, compresslevel, **rest)

    local_model_storage.TarSafe = QuickTar
