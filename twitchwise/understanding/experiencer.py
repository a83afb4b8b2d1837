"""Who a message speaks of: the person asked about, or a relative who is only background."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .clauses import Clauses
from .mentions import Mention
from .patterns import Match, Words
from .people import BELONGINGS, People, load_people

SELF = "self"
_SELF_WORDS = frozenset(["i", "me", "myself", "mine", "we", "us"])
_MY = frozenset(["my", "our"])
_AT = frozenset(["in", "at", "on", "from", "of", "near", "by", "to"])  # 'the lad in my class': the class is no symptom's place
_INSIDE = frozenset(["in", "of", "on", "under", "around", "at", "above", "below", "behind"])
_NO_VERBS = frozenset(["everything", "anything", "nothing", "something", "thing", "during", "morning", "evening", "wedding", "king", "being"])
#: 'without me,', 'told me that': an object, where 'me leg' is a dialect's own leg.
_BEFORE_OBJECTS = frozenset([
    "worries", "worrying", "scares", "scaring", "told", "tells", "tell", "asked", "asks", "ask", "asking", "texted", "messaged", "rang", "phoned", "called",
    "showed", "shows", "gave", "gives", "sent", "woke", "frightened", "begged", "let", "lets",
])
_AFTER_OBJECTS = frozenset([",", ".", "!", "?", ";", "\n", "and", "but", "that", "to", "so", "because", "when", "if", "he", "she", "it", "they", "now"])
_PARTICIPLES = frozenset(["had", "been", "gone", "just", "got", "lost", "stopped", "started", "fallen", "collapsed", "taken", "having"])
_BODY = frozenset([
    "back", "face", "chest", "belly", "stomach", "neck", "eye", "eyelid", "cheek", "lip", "head", "arm", "arms", "leg", "legs", "hand", "hands", "foot", "feet",
    "thumb", "finger", "fingers", "calf", "calves", "thigh", "thighs", "shoulder", "shoulders", "knee", "toe", "hip", "forearm", "wrist", "elbow", "jaw",
    "tongue",
])
_HELP = frozenset(["open", "opens", "undo", "do", "does", "button", "unscrew", "carry", "lift", "cut", "tie", "turn", "pour", "twist", "zip", "fasten", "ties"])
#: Said in passing: somebody else's story, not a new person to ask about.
_BY_THE_WAY = re.compile(r" (by the way|btw|incidentally|funnily enough|runs in the family|as it happens|has them too|gets them too|gets it too|has it too) ")
_DETERMINERS = frozenset(["my", "our", "his", "her", "the"])
_SPOKEN_TO = frozenset(["to", "with", "by", "beside", "phoned", "rang", "told", "called"])
_MANS = (("job",), ("flu",), ("made",), ("power",), ("cave",), ("shed",), ("hours",), ("size",), ("sized",), ("up",))
#: What one does for somebody: 'the lady I nurse', 'my wife, who I look after, has MS': the sentence stays on the other.
_CARES = frozenset(["nurse", "care", "look", "support", "visit", "mind", "help", "sit", "live", "work", "share", "clean", "cook", "see", "teach", "coach"])
#: A story told in its order: 'first the speech went, then ...'.
_IN_ORDER = frozenset(["first", "then", "later", "eventually", "after", "afterwards", "end", "finally", "started", "began", "next"])
#: What has just happened or goes on.
_OF_LATE = frozenset([
    "this", "today", "tonight", "yesterday", "now", "since", "lately", "recently", "week", "weeks", "day", "days", "month", "months", "is", "are", "am", "'s",
    "has", "have", "still", "keeps", "keep", "can", "cannot",
])
_HOURS = frozenset(["o'clock", "noon", "morning", "tonight", "today", "yesterday", "minutes", "minute", "hour", "hours", "breakfast", "lunch", "suddenly"])
#: What somebody handles who helps another.
_OBJECTS = frozenset(["him", "her", "it", "them", "his", "their"])
_THIRD = {
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


@dataclass
class Experiencer:
    """Reads a message's people. `subject_at` gives 'self' or the relative that a word speaks of."""

    words: Words
    clauses: Clauses
    people: People = field(default_factory=load_people)

    def __post_init__(self) -> None:
        self.subjects = self._subjects()
        self.asked_for: str | None = None
        self.explicit = False

    def _subjects(self) -> list[str]:
        texts, current, relative = self.words.texts, SELF, ""
        subjects: list[str] = []
        sentence, named_in = self.clauses.sentence, -1
        self.carried = []
        history: list[str] = []
        for index, text in enumerate(texts):
            before = current
            named = self.people.relative(text)
            if named and self._names_a_person(index):
                relative = named
                history.append(named)
                if not self._observes(index) and not self._spoken_to(index, subjects):
                    current = named
            elif (text == "self" and texts[index + 1 : index + 2] == (":",)) or (
                  text in _SELF_WORDS and not (text == "mine" and texts[index - 1 : index] == ("of",)) and not self._object_of_asking(index)
                  and not (text == "i" and current != SELF and self._in_passing(index))) or (
                text in _MY and not self._relative_follows(index) and not (
                    current != SELF and index and texts[index - 1] in _AT and not set(texts[index + 1 : index + 3]) & _BODY)
            ):
                current = SELF
            elif text in _THIRD and text not in ("they", "them", "their"):
                fitting = [name for name in history if self.people.pronoun.get(name, _THIRD[text]) == _THIRD[text]]
                if self._observes(index):
                    pass
                elif fitting:
                    current = relative = fitting[-1]
                elif not relative or self.people.pronoun.get(relative, _THIRD[text]) != _THIRD[text]:
                    relative = current = _THIRD[text]  # 'on the phone to our daughter ... he': not she
            elif text in ("they", "their") and current != SELF and relative:
                current = relative
            if current != before or text in _SELF_WORDS or text in _MY or text in _THIRD or self.people.relative(text):
                named_in = sentence[index]
            self.carried.append(current != SELF and named_in != sentence[index])
            subjects.append(current)
        return subjects

    def _names_a_person(self, index: int) -> bool:
        before = self.words.texts[max(0, index - 3) : index]
        word = self.words.texts[index]
        if self._names_no_other(index, before, self.words.texts[index + 1 : index + 3]):
            return False
        if word == "man" and (before[-1:] in (("one",), ("two",), ("three",), ("1",), ("2",)) or self.words.texts[index + 1 : index + 2] in _MANS):
            return False  # 'a two man job', 'man flu'
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
        if before[-2:] in (("of", "my"), ("of", "our")) and self.people.is_relative(before[0]):
            return True
        if before[-1:] == ("of",) and len(before) > 1 and self.people.is_relative(before[-2]) and not _DETERMINERS & set(before):
            return True  # 'Dad of twins'
        opens = index <= self.clauses.bounds(index)[0] + 2 and not (_DETERMINERS | {"with", "for", "about"}) & set(before)
        if opens and (after[:1] == ("here",) or (after[:1] == ("of",) and after[1:] and after[1] not in _DETERMINERS | {"mine", "ours"})):
            return True
        return after[:1] == ("'s",) and bool(BELONGINGS & set(after[1:]))

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

    def settle(self, mentions: list[Mention]) -> None:
        """Decide whom the message asks about, once the symptoms are known."""
        texts = self.words.texts
        relatives = [subject for subject in dict.fromkeys(self.subjects) if subject != SELF]
        if not relatives:
            return
        asking, negated = self._askings()
        if negated and not asking:
            return  # 'I don't ask for my wife, she slurs since her stroke'
        if asking:
            named = [self.people.relative(word) for word in texts[asking[0].first : asking[0].last] if self.people.relative(word)]
            self.asked_for, self.explicit = (named or relatives)[-1], True
            return
        symptoms = [mention for mention in mentions if mention.kind in ("symptom", "function")]
        symptoms += [
            mention for mention in mentions
            if mention.kind == "body_location" and {"i", "mine", "me"} & set(texts[max(0, mention.first - 6) : mention.first])
            and texts[mention.first - 2 : mention.first] != ("with", "my")
        ]
        if all(relative in ("he", "she", "they") for relative in relatives):
            if any(self._subject(mention) in relatives for mention in symptoms) and not self.people.self_again.find(self.words):
                self.asked_for = relatives[-1]  # 'he lost weight': nobody is named, so it is the one asked about
            return
        own = [mention for mention in symptoms
               if self._subject(mention) == SELF and mention.entry.says != "shield" and not self.is_carers(mention)]
        if own or self.people.self_again.find(self.words) or _BY_THE_WAY.search(f" {' '.join(texts)} "):
            return
        for relative in relatives:
            theirs = [mention for mention in symptoms if self._subject(mention) == relative
                      and (not self.carried[self._owner_after(mention) or mention.first] or not self.carried[mention.last - 1] or self._told_on(mention))]
            if theirs and self._present_tense(relative, theirs):
                self.asked_for = relative
                return
        if len(relatives) == 1 and "i" not in texts and _HOURS & set(texts) and not self.people.illness & set(texts):
            self.asked_for = relatives[0]  # 'Gran was at her crossword at noon. By one o'clock she no longer knew where she was': it has just happened

    def _told_on(self, mention: Mention) -> bool:
        """'My flatmate took both together. Pacing, shouting at walls': the next sentence leaves out who it is."""
        return self.words.texts[self.clauses.bounds(mention.first)[0]] in self.people.doings

    def _askings(self) -> tuple[list[Match], bool]:
        """Where the message says for whom it asks, and whether it says for whom it does not ask."""
        texts, asking = self.words.texts, self.people.asking.find(self.words)
        meant = [match for match in asking if "not" not in texts[max(0, match.first - 2) : match.first]]
        if meant and texts[meant[0].first] in ("care", "caring", "carer", "looking"):
            after = [match for match in self.people.self_again.find(self.words) if match.first > meant[0].last]
            if after and SELF in self.subjects[after[-1].first :]:
                return [], True  # 'I care for my father, he shakes. Me, I have a jumpy eyelid'
        return meant, len(meant) < len(asking)

    def _present_tense(self, relative: str, theirs: list[Mention]) -> bool:
        now = then = 0
        for mention in theirs:
            first, last = self.clauses.bounds(mention.first)
            own = [
                word
                for index, word in enumerate(self.words.texts[first:last], first)
                if self.subjects[index] == relative
                and not (
                    word == "'s"
                    and index
                    and (self.people.relative(self.words.texts[index - 1]) or self.words.texts[index + 1] in self.people.illness)
                    and self.words.texts[index + 1] not in _PARTICIPLES
                )
            ]  # 'grandad's muscles' tells no tense, 'grandad's had a turn' does
            past = bool(set(own) & self.people.past or any(word.endswith("ed") and word not in self.people.states for word in own))
            present = bool(set(own) & self.people.present) or any(word.endswith("ing") and word not in _NO_VERBS for word in own)
            if present and not past and mention.code == "twitching":
                return True  # 'nine kilos went. His shoulder is twitching': what twitches now is asked about
            now += present or not past
            then += past and not set(own) & self.people.present
        return now > 0 and now >= then

    def is_carers(self, mention: Mention) -> bool:
        """'her arms are rigid, I cannot bend them': what the one who helps cannot do to the other tells of the other's body."""
        if mention.code != "weakness" or self._subject(mention) != SELF:
            return False
        first, _ = self.clauses.bounds(mention.first)
        inside = self.words.texts[mention.first : mention.last + 2]
        others = {subject for subject in self.subjects[first : mention.first] if subject != SELF}
        helper = bool({"i", "we"} & set(self.words.texts[max(0, mention.first - 2) : mention.last]))
        return helper and bool(others) and bool(_OBJECTS & set(inside)) and not _MY & set(inside)

    def is_background(self, mention: Mention) -> bool:
        """Whether a mention belongs to a relative who is not the one asked about."""
        subject = self._subject(mention)
        own = set(self.words.texts[mention.first : mention.last]) & {"me", "my", "i", "myself"}
        if subject == SELF or (own and subject != self.subjects[mention.last - 1]):
            return False
        if self.asked_for is None:
            # 'My brother had fits. Eye twitch, 6 days': a new sentence without a person is one's own; 'it took her voice' is hers
            return not all(self.carried[mention.first : mention.last]) or self._story_goes_on(mention)
        return subject != self.asked_for and subject not in ("he", "she", "they") and not self._same_person(subject)

    def _story_goes_on(self, mention: Mention) -> bool:
        """'My uncle died of MND. Speech went first. Then the swallowing. I have a twitch': told in order, of an illness, and then of oneself."""
        first, last = self.clauses.bounds(mention.first)
        words = set(self.words.texts[first:last])
        if not words & _IN_ORDER or words & _OF_LATE or SELF not in self.subjects[last:]:
            return False
        while first and self.carried[first]:
            first = self.clauses.bounds(first - 1)[0]
        return bool(self.people.illness & set(self.words.texts[slice(*self.clauses.bounds(first))]))

    def of_anybody(self, mention: Mention) -> bool:
        """'could a child of 9 stop breathing': no child that is here."""
        first = self.clauses.bounds(mention.first)[0]
        named = [index for index in range(first, mention.first) if self.people.relative(self.words.texts[index])]
        return bool(named) and self.words.texts[max(0, named[-1] - 1)] in ("a", "an", "any", "some")

    def _subject(self, mention: Mention) -> str:
        """Whom the words of a mention speak of: 'the corner of her mouth' is hers although it begins without her."""
        if self._helped_by(mention):
            return SELF
        first, last = self.subjects[mention.first], self.subjects[mention.last - 1]
        inside = self.words.texts[mention.first : mention.last]
        if first == SELF and last != SELF and "i" in inside and set(inside[inside.index("i") :]) & _THIRD.keys():
            return last  # 'when I went in he was stiff as a plank'
        own = set(inside) & _SELF_WORDS or self._i_before(mention)
        owner = self._owner_after(mention)
        if owner and not own:
            return self.subjects[owner]
        return last if first == SELF and not own else first

    def _helped_by(self, mention: Mention) -> bool:
        """'my wife has had to open every jar': the help of one's own relative tells of one's own hands, unless it is for him or her."""
        texts = self.words.texts
        inside = texts[mention.first : mention.last + 3]
        return (
            mention.code == "weakness" and mention.entry.inability and bool(self.people.relative(texts[mention.first]))
            and texts[mention.first - 1 : mention.first] in (("my",), ("the",)) and bool(_HELP & set(inside)) and not {"him", "her", "them"} & set(inside)
            and not {"i", "not", "cannot", "his", "own"} & set(texts[mention.first : mention.last])
        )

    def _owner_after(self, mention: Mention) -> int:
        """'The fluttering in his belly': where the words stand that say whose it is, or 0."""
        after = self.words.texts[mention.last : mention.last + 2]
        return mention.last + 1 if len(after) == 2 and after[0] in _INSIDE and after[1] in _THIRD else 0

    def _i_before(self, mention: Mention) -> bool:
        """'I lie there wanting to be dead with her': the clause is one's own, whoever ends it."""
        index, clause = mention.first, self.clauses.clause
        while index and clause[index - 1] == clause[mention.first]:
            index -= 1
            if self.words.texts[index] == "i":
                return True
        return False

    def _same_person(self, subject: str) -> bool:
        """Two names for one person ('my little boy ... my son') when the message asks for one of them."""
        asked = self.asked_for or ""
        both = {subject, asked}
        return both <= self.people.child and self.people.pronoun.get(subject) in (self.people.pronoun.get(asked), None)

    def relatives_of_the_user(self) -> frozenset[str]:
        """Family and friends, without 'a guy' of whom one reads."""
        return (self.people.child | self.people.adult) - self.people.generic

    def person(self) -> tuple[str, dict[str, object]] | None:
        """(self | child | adult, detail) where the message says who it is about, else None."""
        again = self.people.self_again.find(self.words)
        if self.asked_for is None:
            if again and any(match.last - match.first >= 2 and self.words.texts[match.first] in ("about", "this", "it", "now", "for") for match in again):
                return "self", {"switch": True}
            return None
        relation = self.asked_for
        pronoun = self.people.pronoun.get(relation) or next((_THIRD[word] for word in self.words.texts if word in ("he", "his", "him", "she", "her")), "they")
        if relation in ("he", "she"):
            pronoun = relation
        code = "child" if relation in self.people.child and relation not in ("student", "pupil") else "adult"
        return code, {"relation": relation, "pronoun": pronoun}
