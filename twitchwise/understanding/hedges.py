"""A second look at a message without its hedges: 'my grip seems maybe a bit weaker' is looked up as 'my grip weaker'.

People who doubt put words into every phrase, and no list of phrases can hold them all. What only the second look finds
is a mention of the words as they were written, so that the doubt in them is judged like any other.
"""

from __future__ import annotations

from .lexicon import Lexicon
from .patterns import Match, Words

#: What falls out, longest first, and what is put in its place.
_HEDGES: dict[tuple[str, ...], tuple[str, ...]] = {
    tuple(hedge.split()): tuple(rest.split())
    for hedge, rest in {
        "ever so slightly": "", "a little bit": "", "a wee bit": "", "a tiny bit": "", "might just be": "is", "might possibly be": "is",
        "may possibly be": "is",
        "could possibly be": "is", "could well be": "is", "seems to be": "is", "seem to be": "are", "appears to be": "is", "appear to be": "are",
        "seems to have": "has", "seem to have": "have", "might be": "is", "may be": "is", "could be": "is", "might have": "have", "may have": "have",
        "seems to": "", "seem to": "", "appears to": "", "appear to": "", "tends to": "", "tend to": "", "a bit": "", "a little": "", "a tad": "",
        "a touch": "", "a shade": "", "a fraction": "", "a smidge": "", "kind of": "", "sort of": "", "i think": "", "i fancy": "", "i reckon": "",
        "i guess": "", "i suppose": "", "i feel like": "", "maybe": "", "perhaps": "", "possibly": "", "probably": "", "slightly": "", "somewhat": "",
        "kinda": "", "sorta": "", "not quite": "not", "ever so": "",
    }.items()
}
_LONGEST = max(map(len, _HEDGES))
_KINDS = ("symptom", "function")
_COURSES = ("worsening", "improving", "spreading")  # 'it could be worse' tells of no course


def without_hedges(words: Words) -> tuple[Words, tuple[int, ...]] | None:
    """The words that are left, with the place of each in the message; None where there is no hedge."""
    texts, parts, places = words.texts, [], []
    index, found = 0, False
    while index < len(texts):
        size = next((size for size in range(_LONGEST, 0, -1) if texts[index : index + size] in _HEDGES), 0)
        kept = _HEDGES[texts[index : index + size]] if size else texts[index : index + 1]
        size, found = max(size, 1), found or bool(size)
        for text in kept:
            parts.append((text, words.starts[index], words.ends[index + size - 1]))
            places.append(index)
        index += size
    return (Words.build(parts), tuple(places)) if found else None


def found_without(words: Words, matches: list[Match], lexicon: Lexicon) -> list[Match]:
    """The signs that stand only in the words without hedges, at their places in the message."""
    bare = without_hedges(words)
    if bare is None:
        return []
    left, places = bare
    known = {(match.entry.code, word) for match in matches if match.entry.kind == "symptom" for word in range(match.first, match.last)}
    hidden = {word for match in matches if "shield" in (match.entry.kind, match.entry.says) for word in range(match.first, match.last)}
    more = []
    for match in lexicon.find(left):
        first, last = places[match.first], places[match.last - 1] + 1
        span = range(first, last)
        if match.entry.kind not in _KINDS or match.entry.code in _COURSES or match.entry.says != "present" or last - first == match.last - match.first:
            continue
        if any((match.entry.code, word) in known for word in span) or all(word in hidden for word in span):
            continue
        more.append(Match(match.pattern, first, last))
    return more
