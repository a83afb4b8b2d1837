"""What stands in the words but not in the sense: spread of something else, stiff joints, thin limbs.

Each rule takes away mentions that another finding of the message explains; none of them adds any.
"""

from __future__ import annotations

from collections.abc import Collection

from .clauses import Clauses
from .context import Verdict
from .findings import HISTORICAL, POSSIBLE, PRESENT, SYMPTOM
from .mentions import Mention
from .patterns import Words
from .things import without_things

Standing = list[tuple[Mention, Verdict]]


def sensible(standing: Standing, clauses: Clauses, words: Words, places: set[str]) -> Standing:
    """The mentions that are left; `places` are the codes of the body parts that the message names."""
    standing = without_climbing_twitches(without_things(standing, clauses, words), clauses, words)
    standing = [(mention, verdict) for mention, verdict in standing if not _of_todays_news(mention, clauses, words)]
    standing = without_ended_illness(standing, clauses, words)
    standing = without_wanted_loss(without_leaning(standing, clauses, words), clauses)
    return without_other_spread(without_thin_limbs(without_stiff_joints(standing, clauses, words), clauses, words), clauses, words, places)


_NO_MORE = ("any more", "anymore", "no longer", "these days")
_BEGAN = frozenset(["suddenly", "sudden", "since", "woke", "morning", "began", "started", "hour", "hours", "minutes"])


def _of_todays_news(mention: Mention, clauses: Clauses, words: Words) -> bool:
    """'Today's data point: I can't hold the drill up any more': the telling is of today, no sudden trouble."""
    if mention.code != "sudden_onset" or words.texts[mention.first : mention.first + 2] != ("today", "'s"):
        return False
    first, last = clauses.bounds(mention.first)
    return not _BEGAN & set(words.texts[first:last]) and any(said in words.phrase(first, last) for said in _NO_MORE)


_LOST = frozenset([
    "weak", "weakness", "weaker", "numb", "numbness", "dead", "give", "gave", "giving", "buckle", "buckled", "fold", "folded", "not", "cannot", "heavy", "lead",
    "jelly", "rubber", "rubbery", "wooden", "floppy", "tingle", "tingling", "tingly", "feeling", "limp", "useless", "paralysed", "collapse", "collapsed",
    "wobbly",
])


def without_climbing_twitches(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'First my feet twitched, then my calves', 'the twitching began in the foot, then it went up': no strength or feeling is lost, that is spread."""
    twitches = [mention for mention, _ in standing if mention.code == "twitching"]

    def goes_on(mention: Mention, twitch: Mention) -> bool:
        return (
            words.texts[mention.first] in ("it", "they") and twitch.last <= mention.first
            and clauses.sentence[twitch.first] == clauses.sentence[mention.first]
            and not _LOST & set(words.texts[twitch.last : mention.first])
        )

    def dropped(mention: Mention) -> bool:
        return (
            mention.code == "rapid_weakness" and not _LOST & set(words.texts[mention.first : mention.last])
            and any(twitch.inside(mention) or goes_on(mention, twitch) for twitch in twitches)
        )

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


def _sentences(standing: Standing, clauses: Clauses, codes: Collection[str], assertions: Collection[str] = (PRESENT, POSSIBLE)) -> set[int]:
    """The numbers of the sentences that tell of one of `codes` so."""
    return {clauses.sentence[mention.first] for mention, verdict in standing if mention.code in codes and verdict.assertion in assertions}


_ILLNESS = frozenset(["diarrhoea", "vomiting", "fever"])


def without_ended_illness(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'The runs for two days, all over now': what is over is neither lost fluid nor a twitch all over the body."""
    past = _sentences(standing, clauses, _ILLNESS, (HISTORICAL,))
    kept = _sentences(standing, clauses, _ILLNESS | {"twitching"})

    def dropped(mention: Mention) -> bool:
        number = clauses.sentence[mention.first]
        if number not in past or number in kept:
            return False
        over = words.texts[mention.first : mention.first + 2] == ("all", "over")
        return mention.code == "cannot_keep_down" or (mention.code == "spreading" and over)

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


_OF_WEIGHT = frozenset([
    "weight", "kg", "kgs", "kilo", "kilos", "stone", "stones", "lb", "lbs", "pound", "pounds", "clothes", "scales", "trousers", "jeans", "belt", "skirt",
    "ring", "size", "sizes", "ounce", "pyjamas", "waist", "dress", "notch", "notches",
])
_SMALLER = frozenset(["thinner", "slimmer", "skinnier", "thin", "skinny", "melting", "melted", "less", "smaller", "shrinking", "flesh", "away"])


def without_thin_limbs(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'The left one has become thinner', 'it gets less every week': of a limb or of the twitching, no weight was lost."""
    told = {mention.code for mention, verdict in standing if verdict.assertion in (PRESENT, POSSIBLE)}

    both = {(mention.code, verdict.assertion) for mention, verdict in standing}  # an uncle's arm that wasted away lost him no weight, either

    def dropped(mention: Mention, verdict: Verdict) -> bool:
        first, last = clauses.bounds(mention.first)
        said = set(words.texts[mention.first : mention.last])
        return (
            mention.code == "weight_loss" and bool(said & _SMALLER) and not set(words.texts[first:last]) & _OF_WEIGHT
            and (bool(told & {"atrophy", "improving"}) or ("atrophy", verdict.assertion) in both)
        )

    def fleshless(mention: Mention) -> bool:
        phrase = words.phrase(mention.first, mention.last)
        return mention.code == "atrophy" and "weight_loss" in told and phrase.startswith(("flesh is falling", "flesh falling"))

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention, verdict) and not fleshless(mention)]


def without_wanted_loss(standing: Standing, clauses: Clauses) -> Standing:
    """'Two stone off since March, slimming club': weight that was to go is no weight_loss. Another sentence may speak of something else."""
    wanted = _sentences(standing, clauses, ("intentional_weight_loss",))

    def dropped(mention: Mention) -> bool:
        return mention.code == "weight_loss" and any(abs(clauses.sentence[mention.first] - number) <= 1 for number in wanted)

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


_LEANS = frozenset(["lean", "leaning", "rest", "resting", "hold", "holding", "hang", "hanging", "stop", "stopping", "sit"])
_LIMBS = frozenset(["leg", "legs", "arm", "arms", "knee", "knees", "hand", "hands", "foot", "feet", "weak", "weaker", "strength", "up"])


def without_leaning(standing: Standing, clauses: Clauses, words: Words) -> Standing:
    """'Winded on the stairs, I have to stop and lean on a wall': for want of breath, not of strength."""
    breathless = _sentences(standing, clauses, ("breathing_difficulty",))

    def dropped(mention: Mention) -> bool:
        said = set(words.texts[mention.first : mention.last])
        return mention.code == "weakness" and clauses.sentence[mention.first] in breathless and bool(said & _LEANS) and not said & _LIMBS

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention)]


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
    stiff = _sentences(standing, clauses, _STIFF)

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


_POINTING = frozenset([
    "it", "this", "that", "they", "these", "those", "them", "muscle", "muscles", "body", "jerk", "jerks", "jerking", "spasm", "spasms", "jump", "jumps",
    "jumping", "i", "me", "my", "his", "her", "he", "she", "symptoms", "symptom", "pop", "pops", "popping", "yes", "yeah", "now", "also", "still", "areas",
    "places", "spots",
])


_BEFORE_THIS = frozenset([
    "started", "starts", "began", "begun", "begins", "first", "initially", "originally", "it", "they", "same", "only", "just", "was", "were", "previously",
])


def without_other_spread(standing: Standing, clauses: Clauses, words: Words, places: set[str]) -> Standing:
    """Spread counts places that twitch: numbness that climbs is no spreading of twitches, and 'then my eyelid started' names one place."""

    def begins_only(mention: Mention) -> bool:
        """'then my eyelid joined in', 'now my calves have started': of one place, nothing has spread."""
        said = words.texts[mention.first : mention.last]
        more = {"other", "both", "everywhere", "all", "spread", "spreading"} & set(said)
        joined = said[0] in ("joined", "joins", "joining") and not {"left", "right", "other", "one"} & set(words.texts[slice(*clauses.bounds(mention.first))])
        joins = joined or (said[0] in ("then", "now", "and", "even", "also", "since") and not {"left", "right"} & set(said))
        begins = bool({"started", "began", "begun"} & set(said)) and not {"then", "now", "gone", "moved", "crossed", "jumped", "across", "over"} & set(said)
        return len(places) < 2 and not more and not {"left", "right"} <= set(said) and (joins or begins)  # 'began in my left eyelid, now the right'

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
            said.code
            for said, verdict in standing
            if said.kind == SYMPTOM and said.code != "weakness" and verdict.assertion in (PRESENT, POSSIBLE) and clauses_of(said) & clauses_of(mention)
        }
        return "twitching" not in here and bool(here & (_OTHER_SPREADS | {"weakness"}))

    told = {mention.code for mention, _ in standing}
    twitches = [mention.first for mention, _ in standing if mention.code == "twitching"]

    def tells_the_first(mention: Mention) -> bool:
        """'2019: numb hand, solved. Now: left ankle twitches': nothing is said to have twitched before."""
        said = words.texts[mention.first : mention.last]
        return (
            said[0] in ("now", "then") and not {"also", "too", "other", "as", "even", "both"} & set(said) and bool(twitches)
            and min(twitches) >= mention.first and not _BEFORE_THIS & set(words.texts[: mention.first])
        )

    def of_something_else(mention: Mention) -> bool:
        """'Spread the jam', 'auditors everywhere': no twitch, no place, nothing that points at a complaint."""
        first, last = clauses.bounds(mention.first)
        sentence = set(words.texts[first:last])
        return "twitching" not in told and places <= {"whole_body"} and last - first > len(mention) + 1 and not sentence & _POINTING

    def dropped(mention: Mention, verdict: Verdict) -> bool:
        return (
            mention.code == "spreading" and verdict.assertion in (PRESENT, POSSIBLE)
            and (other(mention) or begins_only(mention) or tells_the_first(mention) or of_something_else(mention))
        )

    return [(mention, verdict) for mention, verdict in standing if not dropped(mention, verdict)]
