"""Who a message speaks of: the person asked about, or a relative who is only background."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .clauses import Clauses
from .mentions import EMERGENCIES, Mention
from .patterns import Match, Words
from .people import People, load_people
from .subjects import MY, SELF, SELF_WORDS, THIRD, Subjects

_INSIDE = frozenset(["in", "of", "on", "under", "around", "at", "above", "below", "behind"])
_NO_VERBS = frozenset(["everything", "anything", "nothing", "something", "thing", "during", "morning", "evening", "wedding", "king", "being"])
_PARTICIPLES = frozenset(["had", "been", "gone", "just", "got", "lost", "stopped", "started", "fallen", "collapsed", "taken", "having"])
_HELP = frozenset(["open", "opens", "undo", "do", "does", "button", "unscrew", "carry", "lift", "cut", "tie", "turn", "pour", "twist", "zip", "fasten", "ties"])
#: Said in passing: somebody else's story, not a new person to ask about.
_BY_THE_WAY = re.compile(r" (by the way|btw|incidentally|funnily enough|runs in the family|as it happens|has them too|gets them too|gets it too|has it too) ")
#: A story told in its order: 'first the speech went, then ...'.
_IN_ORDER = frozenset(["first", "then", "later", "eventually", "after", "afterwards", "end", "finally", "started", "began", "next"])
#: What has just happened or goes on.
_OF_LATE = frozenset([
    "this", "today", "tonight", "yesterday", "now", "since", "lately", "recently", "week", "weeks", "day", "days", "month", "months", "is", "are", "am", "'s",
    "has", "have", "still", "keeps", "keep", "can", "cannot",
])
_HOURS = frozenset(["o'clock", "noon", "morning", "tonight", "today", "yesterday", "minutes", "minute", "hour", "hours", "breakfast", "lunch", "suddenly"])
#: Of these days a past tense still tells of now: 'one of my clients turned up today with weakness'.
_TODAY = frozenset(["today", "tonight", "yesterday", "now", "since", "lately", "recently"])
#: What makes a relative's illness more than the background of one's own question.
_OF_THIS_HOUR = frozenset(["now", "today", "tonight", "yesterday", "since", "still", "currently", "lately", "suddenly", "cannot", "minutes", "hours"])
_OWN_RISK = re.compile(
    r" (?:people|someone|somebody|women|men) like me | am i (?:at|in|likely|going|next|more)|"
    r"(?:should|do|must|ought|shall) i (?:\w+ )?(?:get|be|have|need) (?:\w+ )?"
    r"(?:tested|screened|screening|a test|the test)"
    r"|(?:will|could|can|might) i (?:get|inherit|have|develop) (?:it|this|that|the)|my (?:own )?(?:risk|risks|odds|chances|chance) "
)
#: What somebody handles who helps another.
_OBJECTS = frozenset(["him", "her", "it", "them", "his", "their"])


#: Of whom one tells as the one who helps: 'the lady I care for'.
_CARED_FOR = re.compile(
    r"(?:who |that |whom )?(?:i|we) (?:'m |am |are |'re )?"
    r"(?:care for|caring for|look after|looking after|nurse|clean for|cook for|sit with|support|live with|visit) "
)


@dataclass
class Experiencer:
    """Reads a message's people. `subject_at` gives 'self' or the relative that a word speaks of."""

    words: Words
    clauses: Clauses
    people: People = field(default_factory=load_people)

    def __post_init__(self) -> None:
        told = Subjects(self.words, self.clauses, self.people)
        self.subjects, self.carried, self.asides = told.subjects, told.carried, told.asides
        self.asked_for: str | None = None
        self.explicit = False

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
               if self._subject(mention) == SELF and mention.entry.says != "shield" and not self.is_carers(mention) and not self._foreseen(mention)
               and not self._watched(mention)]
        if own or self._speaks_of_oneself_again() or self._asks_ones_own_risk(symptoms) or _BY_THE_WAY.search(f" {' '.join(texts)} "):
            return
        for relative in relatives:
            theirs = [mention for mention in symptoms if self._subject(mention) == relative
                      and (not self.carried[self._owner_after(mention) or mention.first] or not self.carried[mention.last - 1] or self._told_on(mention))]
            if theirs and (self._present_tense(relative, theirs) or self._in_my_care(relative, theirs)):
                self.asked_for = relative
                return
        if len(relatives) == 1 and "i" not in texts and _HOURS & set(texts) and not self.people.illness & set(texts):
            self.asked_for = relatives[0]  # 'Gran was at her crossword at noon. By one o'clock she no longer knew where she was': it has just happened

    def _speaks_of_oneself_again(self) -> bool:
        """'Me, I only have a twitch', 'with me it is an ankle'; 'she trains with me' turns to nobody."""
        texts = self.words.texts
        return any(
            texts[match.first : match.last] != ("with", "me") or match.first == self.clauses.bounds(match.first)[0]
            or texts[match.first - 1] in (",", "but", "and", ":", ";", "-")
            for match in self.people.self_again.find(self.words)
        )

    def _asks_ones_own_risk(self, symptoms: list[Mention]) -> bool:
        """'Mum was diagnosed with MS at 29, for her it was numb legs. Is there a screening for people like me?'; not where she is ill now."""
        if any(mention.code in EMERGENCIES for mention in symptoms):
            return False
        texts = set(self.words.texts)
        joined = self.words.joined
        ill_now = bool(texts & _OF_THIS_HOUR) or " can not " in joined
        return bool(self.people.illness & texts) and not ill_now and bool(_OWN_RISK.search(joined))

    def _foreseen(self, mention: Mention) -> bool:
        """'What would I see if it ever turned into a fit?' tells nothing of the one who asks."""
        first, _ = self.clauses.bounds(mention.first)
        before = self.words.texts[first : mention.first]
        return self.clauses.is_question(mention.first) and "if" in before and not MY & set(before) and "i" not in before[before.index("if") :]

    def _watched(self, mention: Mention) -> bool:
        """'In the muscle there is twitching, we see it when he takes his shirt off': who sees it is not who has it."""
        texts = self.words.texts
        first, last = self.clauses.bounds(mention.first)
        selves = [index for index in range(first, last) if texts[index] in SELF_WORDS | MY]
        see = all(bool({"see", "saw", "seen", "notice", "noticed", "watch", "hear", "heard"} & set(texts[index + 1 : index + 4])) for index in selves)
        return bool(selves) and see and bool(THIRD.keys() & set(texts[first:last])) and {"they", "them", "their"} != THIRD.keys() & set(texts[first:last])

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
                and not (word == "is" and self.words.texts[index + 1 : index + 2] in (("that",), ("it",), ("this",), ("there",)))
            ]  # 'grandad's muscles' tells no tense, 'grandad's had a turn' does
            past = bool(set(own) & self.people.past or any(word.endswith("ed") and word not in self.people.states for word in own))
            present = bool(set(own) & self.people.present) or any(word.endswith("ing") and word not in _NO_VERBS for word in own)
            if present and not past and mention.code == "twitching":
                return True  # 'nine kilos went. His shoulder is twitching': what twitches now is asked about
            present = present or bool(_TODAY & set(own))
            now += present or not past
            then += past and not set(own) & self.people.present
        return now > 0 and now >= then

    def _in_my_care(self, relative: str, theirs: list[Mention]) -> bool:
        """'The lady I care for woke up with her words all jumbled': whoever is looked after now is asked about, told of no illness, no year."""
        texts = self.words.texts
        said = {word for mention in theirs for word in texts[slice(*self.clauses.bounds(mention.first))]}
        if said & self.people.illness or said & {"years", "year", "once", "died", "had", "used", "when", "last", "ago"}:
            return False
        named = (index for index, subject in enumerate(self.subjects) if subject == relative and self.people.relative(texts[index]))
        return any(_CARED_FOR.match(f"{' '.join(texts[index + 1 : index + 6])} ") for index in named)

    def is_carers(self, mention: Mention) -> bool:
        """'her arms are rigid, I cannot bend them': what the one who helps cannot do to the other tells of the other's body."""
        if mention.code != "weakness" or self._subject(mention) != SELF:
            return False
        first, _ = self.clauses.bounds(mention.first)
        inside = self.words.texts[mention.first : mention.last + 2]
        others = {subject for subject in self.subjects[first : mention.first] if subject != SELF}
        helper = bool({"i", "we"} & set(self.words.texts[max(0, mention.first - 2) : mention.last]))
        return helper and bool(others) and bool(_OBJECTS & set(inside)) and not MY & set(inside)

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
        if first == SELF and last != SELF and "i" in inside and set(inside[inside.index("i") :]) & THIRD.keys():
            return last  # 'when I went in he was stiff as a plank'
        own = set(inside) & SELF_WORDS or self._i_before(mention)
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
        return mention.last + 1 if len(after) == 2 and after[0] in _INSIDE and after[1] in THIRD else 0

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
        if asked in ("he", "she") and self.people.pronoun.get(subject) == asked and subject not in self.asides:
            return True  # 'a twitch in her thumb. My girlfriend plays the violin'
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
        pronoun = self.people.pronoun.get(relation) or next((THIRD[word] for word in self.words.texts if word in ("he", "his", "him", "she", "her")), "they")
        if relation in ("he", "she"):
            pronoun = relation
        code = "child" if relation in self.people.child and relation not in ("student", "pupil") else "adult"
        return code, {"relation": relation, "pronoun": pronoun}
