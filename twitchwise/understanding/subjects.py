"""Whom each word of a message speaks of: oneself, or a relative that is named or meant by a pronoun."""

from __future__ import annotations

from dataclasses import dataclass

from .clauses import Clauses
from .patterns import Words
from .people import BELONGINGS, People

SELF = "self"
SELF_WORDS = frozenset(["i", "me", "myself", "mine", "we", "us"])
MY = frozenset(["my", "our"])
_AT = frozenset(["in", "at", "on", "from", "of", "near", "by", "to"])  # 'the lad in my class': the class is no symptom's place
#: 'without me,', 'told me that': an object, where 'me leg' is a dialect's own leg.
_BEFORE_OBJECTS = frozenset([
    "worries", "worrying", "scares", "scaring", "told", "tells", "tell", "asked", "asks", "ask", "asking", "texted", "messaged", "rang", "phoned", "called",
    "showed", "shows", "gave", "gives", "sent", "woke", "frightened", "begged", "let", "lets",
])
_AFTER_OBJECTS = frozenset([",", ".", "!", "?", ";", "\n", "and", "but", "that", "to", "so", "because", "when", "if", "he", "she", "it", "they", "now"])
_BODY = frozenset([
    "back", "face", "chest", "belly", "stomach", "neck", "eye", "eyelid", "cheek", "lip", "head", "arm", "arms", "leg", "legs", "hand", "hands", "foot", "feet",
    "thumb", "finger", "fingers", "calf", "calves", "thigh", "thighs", "shoulder", "shoulders", "knee", "toe", "hip", "forearm", "wrist", "elbow", "jaw",
    "tongue",
])
_DETERMINERS = frozenset(["my", "our", "his", "her", "the"])
_SPOKEN_TO = frozenset(["to", "with", "by", "beside", "phoned", "rang", "told", "called"])
_MANS = (("job",), ("flu",), ("made",), ("power",), ("cave",), ("shed",), ("hours",), ("size",), ("sized",), ("up",))
#: What one does for somebody: 'the lady I nurse', 'my wife, who I look after, has MS': the sentence stays on the other.
_CARES = frozenset(["nurse", "care", "look", "support", "visit", "mind", "help", "sit", "live", "work", "share", "clean", "cook", "see", "teach", "coach"])
THIRD = {
    "he": "he",
    "him": "he",
    "his": "he",
    "himself": "he",
    "she": "she",
    "her": "she",
    "hers": "she",
    "herself": "she",
    "they": "they",
    "them": "they",
    "their": "they",
}
_OFFICES = {
    "student": frozenset(["health", "union", "services", "clinic", "loan", "nurse", "house", "flat"]),
    "patient": frozenset(["portal", "line", "file", "notes", "transport", "services", "leaflet"]),
}
#: Where a sister is a nurse.
_WARDS = frozenset([
    "ward", "night", "nursing", "theatre", "charge", "hospital", "surgical", "medical", "district", "icu", "itu", "a&e", "clinic", "hospice", "deputy",
    "junior", "senior", "retired", "casualty", "maternity", "care", "outpatients", "paediatric", "renal", "unit", "stroke",
])
_GONE = frozenset(["died", "passed", "death", "funeral", "dead", "went"])


@dataclass
class Subjects:
    """`subjects` gives for each word 'self' or the relative; `carried` whether its sentence names nobody before it."""

    words: Words
    clauses: Clauses
    people: People

    def __post_init__(self) -> None:
        self.carried: list[bool] = []
        self.asides: set[str] = set()
        self.subjects: list[str] = self._subjects()
        self._begin_with_their_own()

    def _subjects(self) -> list[str]:
        texts, current, relative = self.words.texts, SELF, ""
        subjects: list[str] = []
        sentence, named_in = self.clauses.sentence, -1
        self.carried = []
        history: list[tuple[str, bool]] = []
        for index, text in enumerate(texts):
            before = current
            named = self.people.relative(text)
            several = next((name for name, _ in reversed(history) if name.endswith("s")), "") if text in ("one", "other") else ""
            if several and self._one_of_them(index):
                current, named_in = several, sentence[index]  # 'Two cousins had it. One's arm wasted away'
            if named and self._names_a_person(index):
                relative = named
                history.append((named, self._aside(index)))
                self.asides |= {named} if history[-1][1] else set()
                if not self._observes(index) and not self._spoken_to(index, subjects):
                    current = named
            elif (text == "self" and texts[index + 1 : index + 2] == (":",)) or (
                  text in SELF_WORDS and not (text == "mine" and texts[index - 1 : index] == ("of",)) and not self._object_of_asking(index)
                  and not (text == "i" and current != SELF and self._in_passing(index))) or (
                text in MY and not self._relative_follows(index) and not (
                    current != SELF and index and texts[index - 1] in _AT and not set(texts[index + 1 : index + 3]) & _BODY)
            ):
                current = SELF
            elif text in THIRD and text not in ("they", "them", "their"):
                here = current if current != SELF and named_in == sentence[index] and self.people.pronoun.get(current) == THIRD[text] else ""
                fitting = [here] if here else []  # 'His father had weakness in his last years': his own
                fitting = fitting or [name for name, aside in history if not aside and self.people.pronoun.get(name, THIRD[text]) == THIRD[text]]
                fitting = fitting or [name for name, _ in history if self.people.pronoun.get(name, THIRD[text]) == THIRD[text]]
                if self._observes(index):
                    pass
                elif fitting:
                    current = relative = fitting[-1]
                elif not relative or self.people.pronoun.get(relative, THIRD[text]) != THIRD[text]:
                    relative = current = THIRD[text]  # 'on the phone to our daughter ... he': not she
            elif text in ("they", "their") and current != SELF and relative:
                current = relative
            if current != before or text in SELF_WORDS or text in MY or text in THIRD or self.people.relative(text):
                named_in = sentence[index]
            self.carried.append(current != SELF and named_in != sentence[index])
            subjects.append(current)
        return subjects

    def _begin_with_their_own(self) -> None:
        """'Writing for my wife. Her father had MND. The kettle is too heavy for her': a sentence speaks from its start of whom it names first."""
        texts, start = self.words.texts, 0
        while start < len(texts):
            first, last = self.clauses.bounds(start)
            start = max(last, start + 1)
            marker = next((index for index in range(first, last) if not self.carried[index]), None)
            if marker is not None and texts[marker] in THIRD:
                for index in range(first, marker):
                    self.subjects[index], self.carried[index] = self.subjects[marker], False
            persons = (index for index in range(first, last) if texts[index] in THIRD.keys() | SELF_WORDS | MY or self.people.relative(texts[index]))
            named = next(persons, None)
            if named is not None and texts[named] in THIRD and not self._observes(named):
                for index in range(first, named):  # 'I look after him. A full kettle is too much for him'
                    if self.clauses.clause[index] == self.clauses.clause[named]:
                        self.subjects[index] = self.subjects[named]

    def _aside(self, index: int) -> bool:
        """'he has had the farm since his father died', 'her sister had MS': of whom 'he' and 'she' no longer speak."""
        texts = self.words.texts
        after = set(texts[index + 1 : index + 4])
        return texts[index - 1 : index] in (("his",), ("her",), ("their",)) or bool(after & _GONE) or texts[index - 1 : index] == ("late",)

    def _names_a_person(self, index: int) -> bool:
        before = self.words.texts[max(0, index - 3) : index]
        word = self.words.texts[index]
        if self._names_no_other(index, before, self.words.texts[index + 1 : index + 3]):
            return False
        if word == "man" and (before[-1:] in (("one",), ("two",), ("three",), ("1",), ("2",)) or self.words.texts[index + 1 : index + 2] in _MANS):
            return False  # 'a two man job', 'man flu'
        if word in self.people.generic and self._what_one_is(index):
            return False  # 'she was a dinner lady', 'he is a big lad'
        if word in _OFFICES and self.words.texts[index + 1 : index + 2] and self.words.texts[index + 1] in _OFFICES[word]:
            return False  # 'student health called'
        if word == "pops":
            return bool(before) and before[-1] in _DETERMINERS  # 'calf pops'
        if word == "half":
            return bool(before) and before[-1] == "other"
        if word == "da":  # 'my da', 'Da got the shakes'; not 'in da house'
            verbs = self.people.past | self.people.present
            return before[-1:] in (("my",), ("our",)) or (index == self.clauses.bounds(index)[0] and bool(verbs & set(self.words.texts[index + 1 : index + 2])))
        if word in self.people.anybody:
            return index == 0 or (bool(set(before) & {"my", "our", "his", "her", "the", "a", "old", "an"}) and not set(before) & {"as", "like", "am"})
        return not (before and (before[-1] in ("like", "as") or before[-2:] in (("as", "a"), ("was", "a"), ("like", "a"))))

    def _names_no_other(self, index: int, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
        """'the father of my husband': the father; 'Hockey mom here', 'Dad of three': the writer; 'the baby's clothes': things."""
        if self.words.texts[index] == "sister" and self._by_trade(index, before):
            return True
        if before[-2:] in (("of", "my"), ("of", "our")) and self.people.is_relative(before[0]):
            return True
        if before[-1:] == ("of",) and len(before) > 1 and self.people.is_relative(before[-2]) and not _DETERMINERS & set(before):
            return True  # 'Dad of twins'
        opens = index <= self.clauses.bounds(index)[0] + 2 and not (_DETERMINERS | {"with", "for", "about"}) & set(before)
        if opens and (after[:1] == ("here",) or (after[:1] == ("of",) and after[1:] and after[1] not in _DETERMINERS | {"mine", "ours"})):
            return True
        return after[:1] == ("'s",) and bool(BELONGINGS & set(after[1:]))

    def _by_trade(self, index: int, before: tuple[str, ...]) -> bool:
        """'Ward sister, so I know the list', 'I was a sister in A&E': a nurse who writes; 'the ward sister' and 'my sister' are somebody else."""
        after = self.words.texts[index + 1 : index + 5]
        if _DETERMINERS & set(before):
            return False
        return bool(before[-1:] and before[-1] in _WARDS) or (bool(_WARDS & set(after)) and after[:1] in (("on",), ("in",), ("at",)))

    def _what_one_is(self, index: int) -> bool:
        texts = self.words.texts
        for start in (index - 3, index - 4):
            if start >= 0 and texts[start] in ("he", "she", "i") and texts[start + 1] in ("was", "is", "'s", "am", "'m") and texts[start + 2] in ("a", "an"):
                return True
        return False

    def _one_of_them(self, index: int) -> bool:
        texts, first = self.words.texts, self.clauses.bounds(index)[0]
        after = texts[index + 1 : index + 2]
        if texts[index] == "other":
            return texts[index - 1 : index] == ("the",)
        return index == first and after in (("'s",), ("of",), ("had",), ("was",), ("lost",), ("got",), ("has",), ("is",), ("died",), ("could",))

    def _in_passing(self, index: int) -> bool:
        """'the lady I nurse had a stroke', 'my wife, who I look after, has MS'."""
        texts = self.words.texts
        before = texts[max(0, index - 1) : index]
        joined = before in (("who",), ("whom",), ("that",)) or bool(before and self.people.relative(before[0]))
        return joined and bool(_CARES & set(texts[index + 1 : index + 3]))

    def _spoken_to(self, index: int, subjects: list[str]) -> bool:
        """'he was on the phone to our daughter': the sentence stays on him. 'The girls cannot bend them': the staff of a home."""
        texts, before = self.words.texts, self.words.texts[max(0, index - 3) : index]
        if texts[index] in ("girls", "lads", "ladies", "boys") and before[-1:] == ("the",):
            return True
        first, _ = self.clauses.bounds(index)
        others = {subject for subject in subjects[first:] if subject != SELF}
        if before[-2:-1] == ("with",) and (index - 2 <= first or texts[index - 3] in (";", ",", ":", ".")):
            return False  # '; with her father the talking went first'
        return bool(others) and len(before) > 1 and before[-1] in _DETERMINERS and before[-2] in _SPOKEN_TO

    def _relative_follows(self, index: int) -> bool:
        return any(self.people.relative(word) for word in self.words.texts[index + 1 : index + 4])

    def _observes(self, index: int) -> bool:
        """'my wife noticed (that) I slur': the relative watches somebody else."""
        texts = self.words.texts
        ahead = [
            word for word in texts[index + 1 : index + 4] if word not in ("'s", "has", "have", "also", "even", "just", "keeps", "keep", "always", "and", "the")
        ]
        return (bool(ahead) and ahead[0] in self.people.observe) or " ".join(texts[index + 1 : index + 3]) in self.people.observe

    def _object_of_asking(self, index: int) -> bool:
        """'asks me', 'worries me': the person stays the one before."""
        texts = self.words.texts
        if texts[index] != "me" or not index or (texts[index - 1] in ("with", "for", "as", "to") and self.clauses.bounds(index)[0] >= index - 2):
            return False  # 'With me it is an ankle'
        if texts[index - 1] in _BEFORE_OBJECTS:
            return True
        if self.clauses.sentence[index - 1] != self.clauses.sentence[index]:
            return False  # 'My grandad had ALS. Me, 24: a twitch'
        return bool(_AFTER_OBJECTS & set(texts[index + 1 : index + 2]))
