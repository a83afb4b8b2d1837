"""Light markdown to Telegram's HTML, and long messages to several of at most 4,096 UTF-16 units. Pure.

No library does both to Telegram's rules (its own tags, its own counting), so this is ours; the markdown is only what our texts use:
**bold**, *italic*, "- " lists, "# " headings and [links](https://...).
https://core.telegram.org/bots/api#formatting-options
"""
from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

MOST_UNITS = 4096
MOST_CAPTION_UNITS = 1024
_BOLD = re.compile(r"\*\*(?=\S)([^\n]+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\((https?://[^\s()<>\"']{1,1000})\)")
_BULLET = re.compile(r"^(\s*)[-*] (?=\S)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_TAG = re.compile(r"</?(?:b|i|a)(?: [^>]*)?>")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_html(text: str) -> str:
    """Light markdown as Telegram's HTML. Everything else is escaped."""
    text = _drop_unmatched(_well_formed(text))
    text = _HEADING.sub(r"**\1**", text)
    text = _BULLET.sub(r"\1• ", text)
    text = html.escape(text, quote=False)
    # Links are put aside: an address must not be read as markdown.
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        address = match.group(2).replace('"', "%22")
        kept.append(f'<a href="{address}">{match.group(1)}</a>')
        return f"\x00{len(kept) - 1}\x01"

    text = _LINK.sub(keep, text.replace("\x00", "").replace("\x01", ""))
    text = _BOLD.sub(r"<b>\1</b>", text)
    text = _ITALIC.sub(r"<i>\1</i>", text)
    return re.sub("\x00(\\d+)\x01", lambda match: kept[int(match.group(1))], text)


def to_plain(text: str) -> str:
    """The same message without any formatting, for when Telegram refuses the formatted one."""
    return html.unescape(_TAG.sub("", to_html(text)))


def split(text: str, limit: int = MOST_UNITS) -> list[str]:
    """`text` in pieces of at most `limit` units: between paragraphs, else lines, sentences, words, and only then anywhere."""
    pieces: list[str] = []
    for part, glue in _parts(_well_formed(text).strip(), limit):
        if pieces and units(pieces[-1]) + units(glue) + units(part) <= limit:
            pieces[-1] += glue + part
        else:
            pieces.append(part)
    return [piece.strip("\n") for piece in pieces if piece.strip()]


def _parts(text: str, limit: int) -> Iterator[tuple[str, str]]:
    """The smallest parts needed, each with what joins it to the one before."""
    if units(text) <= limit:
        yield text, "\n\n"
        return
    for paragraph in re.split(r"\n{2,}", text):
        if units(paragraph) <= limit:
            yield paragraph, "\n\n"
            continue
        first = "\n\n"
        for line in paragraph.split("\n"):
            if units(line) <= limit:
                yield line, first
            else:
                glue = first
                for sentence in _SENTENCE.split(line):
                    for word in _words(sentence, limit):
                        yield word, glue
                        glue = " "
            first = "\n"


def _words(sentence: str, limit: int) -> Iterator[str]:
    if units(sentence) <= limit:
        yield sentence
        return
    for word in sentence.split(" "):
        while units(word) > limit:
            cut = _cut(word, limit)
            yield word[:cut]
            word = word[cut:]
        yield word


def _cut(word: str, limit: int) -> int:
    """Where to cut a word that is too long: not inside a pair, nor between a sign and what belongs to it."""
    total = cut = 0
    for index, character in enumerate(word):
        total += units(character)
        if total > limit:
            break
        cut = index + 1
    whole = cut
    while whole > cut - 16 and whole > 1 and (_joins(word[whole]) or word[whole - 1] == "\u200d"):
        whole -= 1
    return whole if whole > 1 else cut


def _joins(character: str) -> bool:
    return unicodedata.combining(character) > 0 or character in "\u200d\ufe0f" or 0x1F3FB <= ord(character) <= 0x1F3FF


def _well_formed(text: str) -> str:
    """Without lone surrogates, which no JSON reader of Telegram's takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _drop_unmatched(text: str) -> str:
    """A line that was split inside **bold** must not show its stars."""
    return "\n".join(line.replace("**", "") if line.count("**") % 2 else line for line in text.split("\n"))
