"""Which of the lexicon's matches stand: idioms hide what lies inside them, a longer phrase replaces a shorter one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .lexicon import Entry
from .patterns import Match, Words

#: Symptoms of an emergency that may be somebody else's at this moment.
EMERGENCIES = frozenset([
    "seizure", "breathing_difficulty", "facial_droop", "chest_pain", "poisoning", "suicidal_thoughts", "lockjaw", "one_sided_weakness",
    "rapid_weakness", "saddle_numbness", "incontinence",
])
#: The source of a mention that no phrase found, but likeness to wordings (paraphrase.py).
LIKENESS = "wordings"


@dataclass(frozen=True)
class Mention:
    """One phrase of the lexicon in a message, at words [first, last)."""

    entry: Entry
    first: int
    last: int
    source: str
    resolved: str = ""  # how a function word became a symptom: problem | fine
    gaps: tuple[tuple[int, int], ...] = ()  # words inside that the phrase does not name itself

    @property
    def kind(self) -> str:
        return self.entry.kind

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def is_shield(self) -> bool:
        return self.entry.kind == "shield" or self.entry.says == "shield"

    def inside(self, other: Mention) -> bool:
        """Whether the other mention covers this one."""
        return other.first <= self.first and self.last <= other.last

    def overlaps(self, other: Mention) -> bool:
        return self.first < other.last and other.first < self.last

    def __len__(self) -> int:
        return self.last - self.first


#: The general word beside its specific one tells nothing new; every other pair of symptoms may share words.
_KEEPS_BESIDE = {"twitching", "spreading", "worsening", "improving"}


def choose(matches: list[Match], words: Words) -> list[Mention]:
    """The mentions that stand, in the order of the message."""
    found = [Mention(match.entry, match.first, match.last, match.pattern.source, gaps=match.gaps) for match in matches
             if not _bridges(match, words)]
    shields = _by_word(mention for mention in found if mention.is_shield)
    twitches = _by_word(mention for mention in found if mention.code == "twitching" and not mention.is_shield)
    standing = [mention for mention in found if not mention.is_shield
                and not any(mention.inside(shield) and _may_hide(shield, mention, twitches) for shield in shields[mention.first])]
    ending = _by_word(standing)
    standing = [mention for mention in standing if not any(_ends_in_health(mention, other, words) for other in ending[mention.last - 1])]
    covering = _by_word(standing)
    chosen = [mention for mention in standing
              if not any(_replaces(other, mention) for word in {mention.first, mention.last - 1} for other in covering[word])]
    return sorted(_merge(chosen), key=lambda mention: (mention.first, mention.last))


def _bridges(match: Match, words: Words) -> bool:
    """'told no one but I slur': a phrase whose gap holds a 'but' joins what the person sets apart."""
    told = match.entry.kind == "symptom" and match.entry.says != "shield"
    return told and any("but" in words.texts[first:last] for first, last in match.gaps)


def _ends_in_health(mention: Mention, other: Mention, words: Words) -> bool:
    """'eating well, nothing sticks, weight | 's the same': a sign whose last word begins what is said to be well is none."""
    return (
        mention.code == other.code and mention.kind == other.kind == "symptom" and mention.entry.says == "present" and other.entry.says == "absent"
        and mention.first < other.first < mention.last < other.last and mention.last - other.first <= 1
        and any("," in words.texts[first:last] for first, last in mention.gaps)
    )


def _by_word(mentions: Iterable[Mention]) -> defaultdict[int, list[Mention]]:
    """The mentions that cover each word, so that none is compared with those far away."""
    index: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for word in range(mention.first, mention.last):
            index[word].append(mention)
    return index


_MEDICINES = frozenset(["takes_medicine", "medication", "medication_change"])


def _may_hide(shield: Mention, mention: Mention, twitches: defaultdict[int, list[Mention]]) -> bool:
    """A general idiom hides everything; a shield of one symptom's lexicon that names a twitch ('lip twitches') only that symptom."""
    if shield.entry.kind == "body_location":
        return mention.kind == "body_location"  # 'leg of lamb' is no place; a symptom in its words stands
    if shield.entry.kind == "signal":
        return mention.code == shield.code  # 'felt weak this morning' is no sudden onset, but it is weakness
    own = shield.entry.kind == "symptom" and shield.entry.says == "shield"
    if mention.code == "improving" and len(mention) >= len(shield):
        return False  # 'dying down' is no wish to die, and twitching that dies down gets better
    if mention.kind == "trigger" and len(mention) == len(shield):
        return False  # 'leg day' names no leg, but it is exercise
    if not own or mention.code == shield.code:
        return True
    if mention.kind in ("symptom", "function") or mention.code in _MEDICINES:
        return False  # a shield of one symptom says nothing of another
    if mention.code == "buttock" and shield.code == "saddle_numbness":
        return True  # 'my bottom lip is numb from the dentist' names no buttock
    if mention.kind == "body_location" and shield.code == "spreading":
        return False  # 'a twitch going in my upper arm' has not spread, and is there
    if mention.kind == "body_location" and len(mention) == 1 and mention.source != shield.source:
        return False  # 'my quads will not shut up' is no weakness, but it names the quads
    return len(shield) > len(mention) and not any(
        twitch.inside(shield) for word in range(shield.first, shield.last) for twitch in twitches[word])


#: Signs of their own, whose words may stand inside a phrase of lost strength.
_SIGHT_FACE_MIND = frozenset(["facial_droop", "vision_problem", "confusion", "speech_difficulty", "seizure", "breathing_difficulty", "chest_pain"])
_STRENGTH = frozenset(["weakness", "rapid_weakness", "one_sided_weakness"])

#: Signs that a longer phrase of the other only happens to cover: 'I choke on my food', 'shivering with a temperature', 'slurring and muddled'.
_STANDS_IN = {
    "breathing_difficulty": frozenset(["swallowing_difficulty"]),
    "chest_pain": frozenset(["breathing_difficulty"]),
    "fever": frozenset(["agitation", "tremor", "confusion", "rigidity", "vomiting", "headache"]),
    "confusion": frozenset(["speech_difficulty"]),
    "weakness": frozenset(["swallowing_difficulty"]),
    "incontinence": frozenset(["dark_urine"]),
    "weight_loss": frozenset(["atrophy"]),
    "rapid_weakness": frozenset(["tingling", "pain"]),
}

#: Attacks whose words are often those of lost strength too: 'went down like a sack', 'cannot get my wind'.
_ATTACKS = frozenset([
    "seizure", "breathing_difficulty", "lockjaw", "swallowing_difficulty", "speech_difficulty", "suicidal_thoughts", "incontinence", "dark_urine",
])


def _is_of_an_attack(other: Mention, mention: Mention) -> bool:
    """Whether most words of a weakness phrase belong to an attack's phrase."""
    if mention.code != "weakness" or other.code not in _ATTACKS or other.kind != "symptom" or other.entry.says != "present":
        return False
    shared = min(other.last, mention.last) - max(other.first, mention.first)
    return 2 * shared > len(mention) and len(other) >= len(mention)


def _replaces(other: Mention, mention: Mention) -> bool:
    """Whether a longer phrase says what this one says, better."""
    if _is_of_an_attack(other, mention):
        return True
    if other is mention or not mention.inside(other) or len(other) <= len(mention):
        return False
    if mention.kind == other.kind == "symptom":
        if mention.code == other.code:
            # 'he walks and trips easily': what lies in the gap of a phrase of health is not said by it
            return not (other.entry.says == "absent" != mention.entry.says and any(mention.first < last and first < mention.last for first, last in other.gaps))
        if mention.entry.says == other.entry.says == "absent":
            return False  # 'she talks and swallows as ever' denies both
        if any(first <= mention.first and mention.last <= last for first, last in other.gaps):
            return False  # 'confusion or atrophy.': the phrase of confusion reaches for the full stop only
        if mention.code in _SIGHT_FACE_MIND and other.code in _STRENGTH:
            return False  # 'woke up and half my face will not move' is of the face, however long the phrase of strength reaches
        if mention.code in _STANDS_IN.get(other.code, ()) or other.entry.says == "absent":
            return False
        return not mention.entry.keep and mention.code not in _KEEPS_BESIDE and other.code not in _KEEPS_BESIDE
    if mention.code == "weakness" and other.code == "cannot_keep_down":
        return True  # 'can not even hold down ice chips' is of the stomach
    if mention.kind == "function":
        return other.kind == "symptom"
    if mention.kind == other.kind in ("body_location", "function"):
        return True
    return mention.kind == other.kind and mention.code == other.code


def _merge(mentions: list[Mention]) -> list[Mention]:
    """Overlapping mentions of one entry become one."""
    merged: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (item.kind, item.code, item.entry.says, item.first, item.last)):
        last = merged[-1] if merged else None
        if (
            last
            and last.kind == mention.kind
            and last.code == mention.code
            and last.entry.says == mention.entry.says
            and last.entry.inability == mention.entry.inability
            and mention.first < last.last
        ):
            merged[-1] = replace(last, last=max(last.last, mention.last))
        else:
            merged.append(mention)
    return merged
