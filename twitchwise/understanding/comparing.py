"""Times that tell how it was before: 'half the size it was in August', 'a dip that was not there at Christmas'."""

from __future__ import annotations

import re

from .clauses import Clauses
from .patterns import Words

_HELD = r"(?:was|were|did|had|could|been|weighed|looked|measured|managed|used to be)"
_ALIKE = (
    r"(?:equal|even|the same|same size|level|identical|symmetrical|as (?:thick|big|strong|round|full|fat|clear|good) as"
    r"|(?:perfectly |completely |totally |absolutely |still )?(?:fine|normal|full|round|straight|smooth|flat|clear|ok|okay|strong))"
)
_AT = r"(?: (?:even|only|just|back|still))?(?: (?:in|at|on|during|over|before))?(?: (?:the|my|our|early|late|mid))?"
#: What ends right before a time that is only held against now.
_BEFORE = re.compile(
    rf" (?!which was$)(?:than|as|what|which|size|thickness|strength|width|way|half|like)(?: (?:it|he|she|i|they|that|my \w+|the \w+)){{0,2}}"
    rf" {_HELD}(?: \w+)?{_AT}$"
    rf"| (?:was|were) not (?:there|here|present|visible|like (?:that|this)|so \w+|this \w+|that \w+){_AT}$"
    rf"| (?:was|were|looked|measured) {_ALIKE}{_AT}$"
    rf"| (?:was|were|is|are) not (?:\w+ ){{0,4}}(?:pics?|photos?|pictures?|selfies?|videos?)(?: from| of| in| taken)?{_AT}$"
    rf"| did not (?:have|do|see|feel|notice|use to \w+) (?:it|that|this|them|any){_AT}$"
    rf"| (?:compared|comparing|versus|against)(?: \w+){{0,3}}{_AT}$"
    rf"| than(?: \w+)?{_AT}$"
)
_REACH = 10


def holds_against(first: int, words: Words, clauses: Clauses) -> bool:
    """Whether the time that begins at word `first` is only what now is held against."""
    start = clauses.bounds(min(first, len(words) - 1))[0]
    return bool(_BEFORE.search(" " + " ".join(words.texts[max(start, first - _REACH) : first])))
