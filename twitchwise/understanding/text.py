"""From a message to normalised words: tokens by spaCy, contractions opened, typing errors mended."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .patterns import Words
from .spelling import Speller

if TYPE_CHECKING:
    # Only the reader needs spaCy itself; the dialogue uses the rules beside it in a process that must stay light.
    from spacy.language import Language
    from spacy.tokens import Doc

#: Longer messages are cut by the channel's guard; this bound keeps the reader itself safe.
MOST_CHARACTERS = 4000

_SENTENCE_END = {".", "!", "?", ";", "\n", "...", "?!", "!?"}


#: 'now its in my arm', 'its been a week': the apostrophe is left out more often than 'its own' is written before these.
_AFTER_IT_IS = frozenset(
    ["in", "on", "at", "the", "my", "a", "an", "now", "gone", "got", "been", "just", "not", "also", "all", "only", "still", "so", "like", "both", "getting",
     "going", "moved", "moving", "spread", "spreading", "twitching", "jumping", "started", "stopped", "always", "really", "very", "too", "been", "never",
     "usually", "mostly", "probably", "driving", "keeping", "making", "happening", "back", "here", "there", "worse", "better", "me", "since", "about", "over"]
)


#: A form that is filled in with letters.
_YES_OR_NO = re.compile(r"\b[Yy] */ *[Nn]\b|\bN *[,;\n](?:[^.]*)\bN *[,;.\n]")
_SHORT_ANSWERS = frozenset(["none", "no", "nope", "nil", "never", "nah", "zero", "negative", "nada", "yes", "yep", "yeah"])
_BEFORE_NOT = frozenset(["can", "could", "will", "would", "do", "does", "did", "is", "are", "am", "was", "were", "has", "have"])


@dataclass(frozen=True)
class Normaliser:
    """Turns tokens into the words that the lexicon is written in. `forms` maps a typed form to its words."""

    language: Language
    forms: dict[str, str]
    speller: Speller

    def tokens(self, text: str) -> Doc:
        """The message as a spaCy Doc, in small letters: spaCy splits "can't" and "Can't", but not "CAN'T" and "cAn't"."""
        typed = text[:MOST_CHARACTERS]
        doc = self.language.make_doc("".join(small if len(small := char.lower()) == 1 else char for char in typed))
        doc.user_data["typed"] = typed
        return doc

    def words(self, doc: Doc) -> Words:
        """The normalised words of a Doc, each with its place in the message."""
        parts: list[tuple[str, int, int]] = []
        previous, typed = "", str(doc.user_data.get("typed", doc.text))
        letters = bool(_YES_OR_NO.search(typed))
        for token in doc:
            start, end = token.idx, token.idx + len(token.text)
            form = self._form(typed[start:end], token.norm_, previous, letters)
            if not form:
                continue
            if form == "its" and token.i + 1 < len(doc) and doc[token.i + 1].text in _AFTER_IT_IS:
                form = "it 's"
            if form == "-" and previous in ("(", "["):
                form = "negative"  # 'weakness (-)'
            if form == "-" and not token.whitespace_ and token.i and not doc[token.i - 1].whitespace_:
                continue  # 'pins-and-needles' reads like 'pins and needles'
            if form == "?" and self._answers_itself(doc, token.i):
                form = ":"
            # 'im', 'cant': as many words as "i'm" and "can't" are, so that every rule finds its 'i' and its 'not'
            parts.extend((word, start, end) for word in ([form] if form == "\n" else form.split(" ")))
            previous = form
        parts.append(("\n", len(doc.text), len(doc.text)))  # so that missing final punctuation changes nothing
        return Words.build(self.speller.mend(parts))

    def _answers_itself(self, doc: Doc, index: int) -> bool:
        """'Weakness? None. Numbness? None.': a question with its answer is a list, not a question."""
        after = doc[index + 1].text if index + 1 < len(doc) else ""
        return after in _SHORT_ANSWERS and not any(token.text in ("i", "it", "you", "my") for token in doc[max(0, index - 4) : index])

    def _form(self, text: str, norm: str, previous: str, form_of_letters: bool = False) -> str:
        if "\n" in text:
            return "\n"
        if text.isspace():
            return ""
        plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("`", "'")
        if text == "R":
            return "r"  # a side, not 'are'
        if plain in ("n", "n.") and (previous in (":", "=", "-") or (form_of_letters and text[0] == "N")):
            return "none" if plain == "n" else "none ."  # 'cramps: N.', and 'Symptoms (Y/N): cramps N'
        if plain == "nae":
            return "not" if previous in _BEFORE_NOT else "no"  # 'nae numbness', but 'I can nae lift it'
        for candidate in (plain, norm):
            if candidate in self.forms:
                return self.forms[candidate]
        if plain == "am" or norm == "a.m.":
            return "am"
        if set(plain) <= set(".…") and plain:
            return "..." if len(plain) > 1 else "."
        return plain if plain.isalpha() and norm == plain else " ".join((norm if norm.isascii() else plain).lower().split())


def is_sentence_end(word: str) -> bool:
    """Whether a normalised word ends a sentence."""
    return word in _SENTENCE_END
