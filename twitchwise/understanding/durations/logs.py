"""The day that a log or a diary calls today."""

from __future__ import annotations

import datetime as dt

from twitchwise.understanding.durations.dates import read_moment
from twitchwise.understanding.durations.spans import Found, make
from twitchwise.understanding.durations.tokens import Tokens

_TODAY = ("today", "now")


#: 'w1 60, w2 41, w4 (now) 9': the weeks or days of a log, in days.
_SERIES = {"w": 7, "wk": 7, "week": 7, "d": 1, "day": 1}
_LONGEST_SERIES = 99


def read_series(t: Tokens, i: int, done: int) -> Found | None:
    """One entry of a log by numbered weeks; a lone 'd3' is a vitamin, so its neighbour has to stand in the message too."""
    size, digits = _SERIES.get(t.at(i)), t.words[i + 1]
    if size is None or not digits.isdecimal() or not t.glued[i + 1] or not 0 < int(digits) <= _LONGEST_SERIES:
        return None
    count = int(digits)
    beside = (str(count - 1), str(count + 1))
    if not any(t.words[k] == t.words[i] and t.glued[k + 1] and t.words[k + 1] in beside for k in range(len(t))):
        return None
    return make(t, i, i + 2, "for", (count - 1) * size, count * size, done, approximate=True), i + 2


def today_of_a_log(t: Tokens, today: dt.date) -> dt.date | None:
    """The day that a log calls today: '02 Mar: foot. 16 Mar (today): hand' counts from the 16th, whenever it is read."""
    for i in range(len(t)):
        if t.words[i] not in _TODAY:
            continue
        if t.words[i] == "today":
            k = i + 1 + (t.words[i + 1] in (",", ":", "=", "(", "-", "is"))
            ahead = read_moment(t, k, today)
            if (ahead is not None and (ahead.grain == "date" or (ahead.grain == "weekday" and t.breaks(ahead.j)))
                    and ahead.high - ahead.low <= 1.0 and not ahead.future):
                return today - dt.timedelta(days=round(ahead.low))
        if not i:
            continue
        j = i - 1 - (t.words[i - 1] in ("(", ",", "-", "=", "/"))
        for start in range(max(0, j - 3), j + 1):
            moment = read_moment(t, start, today)
            if moment is not None and moment.j == j + 1 and moment.high - moment.low <= 1.0 and not moment.future:
                return today - dt.timedelta(days=round(moment.low))
    return None
