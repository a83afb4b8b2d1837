"""Where it twitches and for how long: merging places and durations over messages."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from twitchwise.triage.case import DENIED, OTHER, PAST, SITE, Case, Course, Place
from twitchwise.triage.message import TWITCHES_IN, TWITCHING, Message
from twitchwise.understanding.findings import Finding

HERE = Path(__file__).parent
_WHERE = ("where", "spread")
_MEDICINE = ("takes_medicine", "medication_change", "substance_stopped", "stimulant_use", "lithium", "insulin", "medication")


@lru_cache(maxsize=1)
def _inside() -> dict[str, frozenset[str]]:
    raw = yaml.safe_load((HERE / "places.yml").read_text(encoding="utf-8"))["inside"]
    return {outer: frozenset(inner) for outer, inner in raw.items()}


def nested(one: str, other: str) -> bool:
    """Whether one of the two places is the other, or a part of it."""
    return one == other or one in _inside().get(other, ()) or other in _inside().get(one, ())


def _sides_agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


# -- places ------------------------------------------------------------------------------------------
def merge_places(case: Case, message: Message, *, lower: bool) -> None:
    """Take the places of `message` into `case`. `lower`: whether to carry out withdrawals as well."""
    before = case.sites()
    told = [finding for finding in message.places if finding.role in (None, "site")]
    denied = [finding for finding in message.places if finding.role == "denied"]
    sites = [finding for finding in told if _twitches(finding, message, case, denied)]
    if lower:
        _withdraw(case, message, before, sites, denied)
    for finding in message.places:
        if finding.role == "historical":
            _keep(case, Place(finding.code, finding.laterality, PAST, finding.of, case.turn, message.message_id))
    for finding in told:
        if finding not in sites and finding.of:
            _keep(case, Place(finding.code, finding.laterality, OTHER, finding.of, case.turn, message.message_id))
    kept = [place for place in before if place in case.places]
    for finding in sites:
        _add_site(case, message, finding, kept)


def _twitches(finding: Finding, message: Message, case: Case, denied: list[Finding]) -> bool:
    """Whether a place is one that twitches."""
    if finding.of:
        return bool(TWITCHES_IN & set(finding.of))
    if message.asked in _WHERE:
        return True
    if message.is_edit and (any(_is_site(case, wrong) for wrong in denied) or (case.sites() and not message.other_symptom)):
        return True
    return message.tells_twitching and not message.other_symptom


def _is_site(case: Case, finding: Finding) -> bool:
    return any(place.code == finding.code for place in case.sites())


def _withdraw(case: Case, message: Message, before: list[Place], sites: list[Finding], denied: list[Finding]) -> None:
    """Remove the sites that the message withdraws. A bare denial removes nothing; a contrast (not here but there) is a correction."""
    gone: list[Place] = []
    if message.is_edit or sites or message.asked == "where":
        for wrong in denied:
            gone += [place for place in before if place.code == wrong.code and _sides_agree(place.laterality, wrong.laterality)]
    gone += [place for place in before if place.code in message.targets]
    gone += _meant_instead(message, before, sites) if not gone else []
    for place in gone:
        if place in case.places:
            case.places.remove(place)
            _keep(case, Place(place.code, place.laterality, DENIED, (), case.turn, message.message_id))


def _meant_instead(message: Message, before: list[Place], sites: list[Finding]) -> list[Place]:
    """The sites that a correction replaces without naming them: the wrong side, or ("sorry, I meant my thigh") the place told last.

    "Actually my hand twitches" may as well be an addition: that goes up, and nothing is replaced."""
    if not message.is_edit or any(finding.detail.get("additional") for finding in sites):
        return []
    wrong_side = [place for place in before for finding in sites
                  if place.code == finding.code and not _sides_agree(place.laterality, finding.laterality) and finding.laterality != "both"]
    if wrong_side:
        return wrong_side
    told = {place.code for place in before}
    if not sites or any(finding.code in told for finding in sites) or message.targets - told:
        return []
    if message.takes_back:
        # "Scrap what I said, it is my forearm that twitches": with one place known there is no doubt which one is meant.
        return before if len(before) == 1 else []
    if message.tells_twitching:
        return []
    last = max((place.turn for place in before), default=0)
    return [place for place in before if place.turn == last]


def _add_site(case: Case, message: Message, finding: Finding, before: list[Place]) -> None:
    """Add a place that twitches. It counts as added where places were told before and this is none of them said more exactly."""
    spot = message.message_id if finding.detail.get("one_spot") else None
    for place in case.sites():
        if place.code == finding.code and (_sides_agree(place.laterality, finding.laterality) or place.laterality == "both"):
            place.laterality = place.laterality or finding.laterality
            place.of = tuple(sorted({*place.of, *finding.of, TWITCHING}))
            place.turn = case.turn
            if spot and place.spot is None:
                place.spot = spot
            return
    same = any(nested(place.code, finding.code) and (_sides_agree(place.laterality, finding.laterality)
                                                     or (place.code != finding.code and place.laterality == "both")) for place in before)
    beside_known_spot = spot is not None and any(place.code == other.code for other in message.places if other.detail.get("one_spot")
                                                 for place in before)
    denied = message.denies("spreading") or (message.asked == "spread" and message.answer == "no")
    meant = finding.detail.get("additional") or not (message.is_edit or denied)      # "as well": it comes beside the others
    added = bool(before) and bool(meant) and not same and not beside_known_spot
    if beside_known_spot:
        for place in case.sites():
            if any(place.code == other.code for other in message.places if other.detail.get("one_spot")):
                place.spot = spot
    of = tuple(sorted({*finding.of, TWITCHING}))
    _keep(case, Place(finding.code, finding.laterality, SITE, of, case.turn, message.message_id, added, spot))


def _keep(case: Case, new: Place) -> None:
    """Add a place, or join it to the same place with the same status."""
    for place in case.places:
        if place.code == new.code and place.laterality == new.laterality and place.status == new.status:
            place.of = tuple(sorted({*place.of, *new.of}))
            place.turn = new.turn
            place.added = place.added or new.added
            return
    case.places.append(new)


# -- durations ---------------------------------------------------------------------------------------
def twitch_durations(message: Message, asked_symptom: bool) -> list[Finding]:
    """The times that say how long the twitching has gone on. `asked_symptom`: the open question was about another symptom."""
    found = []
    medicine = any(message.says(code) for code in _MEDICINE)
    of_medicine = medicine and not message.tells_twitching
    for finding in message.durations:
        if finding.role == "other":
            # A time of nothing in particular ("20 days, no change") is the answer to "how long?"; a time of a medicine never is.
            fits = message.asked == "duration" and not finding.of and not medicine and not message.other_symptom
        elif finding.of:
            fits = TWITCHING in finding.of
        elif message.asked == "duration":
            fits = True
        else:
            # "I have been on the tablets for a year" is the tablets' year.
            fits = finding.role == "course" and not asked_symptom and not of_medicine and (
                message.tells_twitching or not message.other_symptom)
        if fits:
            found.append(finding)
    return found


def merge_duration(case: Case, message: Message, asked_symptom: bool, persistent: bool, *, lower: bool) -> bool:
    """Take the course of the twitching into `case`; True when the message gave one. `persistent`: whether the flag stood before."""
    found = twitch_durations(message, asked_symptom)
    if not found:
        return False
    chosen = _said(case, message, found)
    new = Course(float(chosen.days or 0.0), chosen.low, chosen.high, case.turn, message.message_id)
    old = case.duration
    deliberate = message.is_edit or message.asked == "duration"
    if old is not None and not (deliberate and lower) and new.days < old.days:
        # Shorter without a correction: of a place that was added, or a slip; a raised flag does not fall by it.
        grew = any(place.added and place.turn == case.turn for place in case.sites())
        if grew or persistent or not any(TWITCHING in finding.of for finding in found) or not lower:
            return True
    case.duration = new
    return True


def _said(case: Case, message: Message, found: list[Finding]) -> Finding:
    """The duration that the message means: after a correction the corrected one, else the longest."""
    if not message.is_edit:
        return max(found, key=lambda finding: finding.days or 0.0)
    edit = min(finding.start for finding in message.edits)
    after = [finding for finding in found if finding.start >= edit] or found
    old = case.duration
    fresh = [finding for finding in after if old is None or finding.days != old.days] or after
    return fresh[0]


def symptom_days(message: Message, asked_facts: tuple[str, ...]) -> dict[str, float]:
    """Days of other symptoms: as said, or of the symptom that was asked about. The longest counts within one message."""
    days: dict[str, float] = {}
    for finding in message.durations:
        owners = finding.of or (asked_facts if not message.other_symptom and not message.tells_twitching else ())
        for code in owners:
            if code != TWITCHING and finding.days is not None and not message.denies(code):
                days[code] = max(days.get(code, 0.0), finding.days)
    return days
