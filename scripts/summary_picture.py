#!/usr/bin/env python3
"""Makes docs/images/summary.png: the page of an invented case. Needs pdftoppm (Debian: poppler-utils)."""
from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: What was typed, and the question that was open.
SAID: list[tuple[str, str | None]] = [
    ("My left thumb has been twitching for about three months, and now it has spread to my forearm and shoulder.", None),
    ("no, breathing is fine", "breathing"),
    ("no", "swallowing"),
    ("my words come out slurred in the evening", "speech"),
    ("it came on slowly, over weeks", "onset"),
    ("I keep dropping pens and I can't open jars any more", "function"),
    ("I think the ball of my thumb looks flatter than the other side", "atrophy"),
    ("no", "weight"),
    ("no numbness, but some pins and needles in my fingers", "numbness"),
    ("I drink six coffees a day and hardly sleep", "trigger"),
]


def main() -> int:
    from twitchwise.summary import build, messages_of, pdf
    from twitchwise.triage import Case, assess, update_case
    from twitchwise.understanding.findings import to_entity
    from twitchwise.understanding.reader import load_reader

    reader, case, now = load_reader(), Case(), datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
    events: list[dict[str, Any]] = []
    for number, (text, asked) in enumerate(SAID):
        now += timedelta(minutes=1)
        findings = reader.read(text).findings
        case = update_case(case, findings, message_id=f"m{number}", now=now, asked=asked).case
        events.append({"event": "user", "text": text, "message_id": f"m{number}", "timestamp": now.timestamp(),
                       "parse_data": {"entities": [to_entity(finding, text) for finding in findings]}})
    assessment = assess(case)
    summary = build(case, assessment, messages_of(events), level=assessment.level, complete=True, made_at=now)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "summary.pdf"
        page.write_bytes(pdf.render(summary))
        picture = ROOT / "docs" / "images" / "summary"
        subprocess.run(["pdftoppm", "-r", "90", "-png", "-singlefile", str(page), str(picture)], check=True)
    print(f"{picture.relative_to(ROOT)}.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
