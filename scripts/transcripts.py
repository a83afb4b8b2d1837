#!/usr/bin/env python3
"""Takes down the conversations of docs/conversations.md again: every line of the person is said to a running server, and its answers are written.
Run: python scripts/transcripts.py http://127.0.0.1:5005   (`make run` in another terminal)
"""
from __future__ import annotations

import json
import re
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "conversations.md"
HEAD = """# Conversations

Whole conversations with the assistant, as the server answers them in the United Kingdom, taken down by `scripts/transcripts.py`.
**You** is the person, **T** is Twitchwise. What stands below a reply in square brackets are buttons. None of these people exist.
"""
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_YOU = re.compile(r"^\*\*You:\*\* (.+)$", re.MULTILINE)


def say(url: str, sender: str, text: str) -> list[dict[str, Any]]:
    """The server's replies to a message."""
    body = json.dumps({"sender": sender, "message": text, "metadata": {"country": "UK"}}).encode()
    request = urllib.request.Request(f"{url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return list(json.loads(answer.read()))


def outcome(url: str, sender: str) -> str:
    """Level and warning signs at the end. The route is open on a loopback address when no operators' token is set."""
    with urllib.request.urlopen(f"{url}/conversations/{sender}/tracker", timeout=60) as answer:
        slots = json.loads(answer.read())["slots"]
    return f"*Level: {slots['triage_level']}; warning signs: {', '.join(slots['red_flags'] or []) or 'none'}.*"


def quoted(reply: dict[str, Any]) -> str:
    """A reply as markdown."""
    lines = f"**T:** {reply.get('text', '')}".split("\n")
    files = [each["title"] for each in (reply.get("custom") or {}).get("downloads", [])]
    for titles in (files, [button["title"] for button in reply.get("buttons") or []]):
        if titles:
            lines += ["", " ".join(f"[{title}]" for title in titles)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    text = PAGE.read_text(encoding="utf-8")
    starts = list(_SECTION.finditer(text))
    parts = [HEAD]
    for number, start in enumerate(starts):
        section = text[start.end():starts[number + 1].start() if number + 1 < len(starts) else len(text)]
        about = section.split("**You:**")[0].strip()
        parts.append(f"## {start[1]}\n\n{about}\n")
        sender = f"transcript-{uuid.uuid4().hex}"
        for said in _YOU.findall(section):
            parts.append(f"**You:** {said}\n")
            parts += [quoted(reply) + "\n" for reply in say(sys.argv[1], sender, said)]
        parts.append(f"{outcome(sys.argv[1], sender)}\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(f"{len(starts)} conversations written to {PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
