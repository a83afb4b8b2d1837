"""The day that a log or a diary calls today."""

from __future__ import annotations

import datetime as dt

from twitchwise.understanding.durations.dates import read_moment
from twitchwise.understanding.durations.tokens import Tokens

_TODAY = ("today", "now")


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
