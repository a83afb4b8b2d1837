"""What stands in the words but not in the sense: spread of something else, stiff joints, thin limbs.

Each rule takes away mentions that another finding of the message explains; none of them adds any.
"""

from __future__ import annotations

from .clauses import Clauses
from .context import Verdict
from .findings import POSSIBLE, PRESENT, SYMPTOM
from .mentions import Mention
from .patterns import Words
from .things import without_things

Standing = list[tuple[Mention, Verdict]]


def sensible(standing: Standing, clauses: Clauses, words: Words, places: set[str]) -> Standing:
    """The mentions that are left; `places` are the codes of the body parts that the message names."""
    standing = without_climbing_twitches(without_things(standing, clauses, words), words)
    return without_other_spread(without_thin_limbs(without_stiff_joints(standing, clauses, words), clauses, words), clauses, words, places)


_LOST = frozenset([
    "weak", "weakness", "weaker", "numb", "numbness", "dead", "give", "gave", "giving", "buckle", "buckled", "fold", "folded", "not", "cannot", "heavy", "lead",
    "jelly", "rubber", "rubbery", "wooden", "floppy", "tingle", "tingling", "tingly", "feeling", "limp", "useless", "paralysed", "collapse", "collapsed",
    "wobbly",
])


def without_climbing_twitches(standing: Standing, words: Words) -> Standing:
    """'First my feet twitched, then my calves, now my arms' climbs, but no strength or feeling is lost: that is spread."""
    twitches = [mention for mention, _ in standing if mention.code == "twitching"]

    def dropped(mention: Mention) -> bool:
        return (
            mention.code == "rapid_weakness" and not _LOST & set(words.texts[mention.first : mention.last])
            and any(twitch.inside(mention) for twitch in twitches)
        )

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


_OF_WEIGHT = frozenset([
    "weight", "kg", "kgs", "kilo", "kilos", "stone", "stones", "lb", "lbs", "pound", "pounds", "clothes", "scales", "trousers", "jeans", "belt", "skirt",
    "ring", "size", "sizes", "ounce", "pyjamas", "waist", "dress", "notch", "notches",
])
_SMALLER = frozenset(["thinner", "slimmer", "skinnier", "thin", "skinny", "melting", "melted", "less", "smaller", "shrinking", "flesh", "away"])


def without_thin_limbs(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'The left one has become thinner', 'it gets less every week': of a limb or of the twitching, no weight was lost."""
    told = {mention.code for mention, verdict in standing if verdict.assertion in (PRESENT, POSSIBLE)}

    def dropped(mention: Mention) -> bool:
        first, last = clauses.bounds(mention.first)
        said = set(words.texts[mention.first : mention.last])
        return (
            mention.code == "weight_loss" and bool(said & _SMALLER) and not set(words.texts[first:last]) & _OF_WEIGHT
            and bool(told & {"atrophy", "improving"})
        )

    def fleshless(mention: Mention) -> bool:
        phrase = words.phrase(mention.first, mention.last)
        return mention.code == "atrophy" and "weight_loss" in told and phrase.startswith(("flesh is falling", "flesh falling"))

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention) and not fleshless(mention)]


_STIFF = frozenset(["stiffness", "rigidity", "lockjaw", "cramping"])
#: What a stiff or locked joint does not do, and what only a neck or a jaw is meant with: 'stiff, and I cannot move my arm' may be weakness.
_BENDING = frozenset(["bend", "straighten", "prise", "pry", "unclench", "uncurl"])
_TURNING = frozenset(["turn", "move", "open", "shift", "budge"])
_NECK_OR_JAW = frozenset(["neck", "jaw", "mouth", "teeth"])
_OBJECTS = frozenset([
    "jar", "jars", "lid", "lids", "door", "doors", "bottle", "bottles", "key", "keys", "tap", "taps", "handle", "tin", "tins", "packet", "gate", "page", "over",
])


def without_stiff_joints(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'Neck stiff, I cannot bend it' tells of no lost strength, and a stiff neck is no rigid muscle."""
    stiff = {clauses.sentence[mention.first] for mention, verdict in standing if mention.code in _STIFF and verdict.assertion in (PRESENT, POSSIBLE)}

    def dropped(mention: Mention) -> bool:
        said, number = set(words.texts[mention.first : mention.last]), clauses.sentence[mention.first]
        first, last = clauses.bounds(mention.first)
        if mention.code == "weakness":
            near = set(words.texts[mention.first : mention.last + 3])
            joint = bool(said & _BENDING) or (bool(said & _TURNING) and bool(_NECK_OR_JAW & set(words.texts[first:last])))
            before = number > 0 and number - 1 in stiff and "it" in words.texts[mention.last : mention.last + 1]
            return joint and not near & _OBJECTS and (number in stiff or before)
        return mention.code == "rigidity" and bool(said & {"stiff", "stiffness"}) and "neck" in words.texts[first:last]

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


_OTHER_SPREADS = frozenset([
    "numbness", "tingling", "rapid_weakness", "one_sided_weakness", "pain", "stiffness", "saddle_numbness", "facial_droop", "atrophy", "speech_difficulty",
    "swallowing_difficulty", "vision_problem", "seizure", "vomiting", "chest_pain", "cramping", "rigidity",
])


def without_other_spread(standing: Standing, clauses: Clauses, words: Words, places: set[str]) -> Standing:
    """Spread counts places that twitch: numbness that climbs is no spreading of twitches, and 'then my eyelid started' names one place."""

    def begins_only(mention: Mention) -> bool:
        """'then my eyelid joined in', 'now my calves have started': of one place, nothing has spread."""
        said = words.texts[mention.first : mention.last]
        more = {"other", "both", "everywhere", "all", "spread", "spreading"} & set(said)
        joins = said[0] in ("then", "now", "and", "even", "also", "since") and not {"left", "right"} & set(said)
        begins = bool({"started", "began", "begun"} & set(said)) and not {"then", "now"} & set(said)
        return len(places) < 2 and not more and (joins or begins)

    def clauses_of(mention: Mention) -> set[int]:
        return {clauses.sentence[mention.first], clauses.sentence[mention.last - 1]}

    def same_clause(mention: Mention, said: Mention) -> bool:
        return clauses.clause[said.first] in (clauses.clause[mention.first], clauses.clause[mention.last - 1])

    def other(mention: Mention) -> bool:
        if any(said.code == "weakness" and same_clause(mention, said) and verdict.assertion in (PRESENT, POSSIBLE) for said, verdict in standing):
            here = {"weakness"}
        else:
            here = set()
        here |= {
            code
            for said, verdict in standing
            if said.kind == SYMPTOM and said.code != "weakness" and verdict.assertion in (PRESENT, POSSIBLE) and clauses_of(said) & clauses_of(mention)
            for code in [said.code]
        }
        return "twitching" not in here and bool(here & (_OTHER_SPREADS | {"weakness"}))

    def dropped(mention: Mention, verdict: Verdict) -> bool:
        return mention.code == "spreading" and verdict.assertion in (PRESENT, POSSIBLE) and (other(mention) or begins_only(mention))

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention, verdict)]
