"""The chat page and the widget's files: a fixed table, read once at start-up, each with its headers. Nothing else is ever served.

The page works without JavaScript as words and numbers to call. The policy lets it load scripts and data from this server only.
"""
from __future__ import annotations

import gzip
import hashlib
import html
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twitchwise.answers.loader import load_answers
from twitchwise.channels import safety_net
from twitchwise.settings import ROOT, Settings

logger = logging.getLogger(__name__)
WEB = ROOT / "web"
BUNDLE = "twitchwise.js"
#: deep-chat styles itself with <style> elements in its shadow root, hence 'unsafe-inline' for styles (and only for them).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


@dataclass(frozen=True)
class Prepared:
    """An asset with its entity tag and its compressed form."""

    asset: Asset
    tag: str
    zipped: bytes


def prepare(asset: Asset) -> Prepared:
    """Compress and tag an asset, once."""
    return Prepared(asset, asset.tag, gzip.compress(asset.body, 9, mtime=0))


def load_assets(settings: Settings, web: Path = WEB) -> dict[str, Prepared]:
    """Path below the page's address -> file. Without a built bundle the page still holds its words and numbers."""
    bundle = web / "dist" / BUNDLE
    built = bundle.is_file()
    if not built:
        logger.warning("The chat page is not built. Run `python scripts/build_web.py`; until then it shows words and numbers only.")
    html_type, html_headers = "text/html; charset=utf-8", {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    table = {"": prepare(Asset(page_html(settings, built).encode(), html_type, html_headers))}
    if built:
        # Other sites load the script by its plain name, so it must be asked for again each time; the tag makes that cheap.
        shared = {
            "Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*",
        }  # fmt: skip
        table[BUNDLE] = prepare(Asset(bundle.read_bytes(), "text/javascript; charset=utf-8", shared))
    example = web / "example.html"
    if built and example.is_file():
        table["example"] = prepare(Asset(example.read_bytes(), html_type, html_headers))
    icon = web / "icon.svg"
    if icon.is_file():
        table["icon.svg"] = prepare(Asset(icon.read_bytes(), "image/svg+xml", {"Cache-Control": "public, max-age=86400"}))
    return table


def page_html(settings: Settings, built: bool) -> str:
    """The full page."""
    numbers = load_answers().numbers(settings.country)
    calls = "".join(f'<li><a href="tel:{html.escape(link.tel)}">{html.escape(link.label)}</a></li>' for link in numbers.tel)
    emergency = html.escape(safety_net.emergency_number(settings.country))
    crisis = html.escape(safety_net.crisis_line(settings.country))
    advice = html.escape(numbers.advice_text)
    country = f' data-country="{html.escape(settings.country)}"' if settings.country else ""
    script = f'<script src="/chat/{BUNDLE}" data-mode="page"{country} defer></script>' if built else ""
    words = f"""
<h1>Twitching muscles</h1>
<p><strong>The chat on this page needs JavaScript.</strong> These words do not.</p>
<h2>Call {emergency} now for any of these</h2>
<ul>
<li>trouble breathing, or choking</li>
<li>a face that droops, an arm or leg that is suddenly weak or numb, sudden trouble speaking</li>
<li>chest pain, a fit or a blackout</li>
<li>weakness that comes on or climbs within hours or days</li>
<li>numbness between the legs, or lost control of bladder or bowel</li>
<li>an overdose or poison</li>
</ul>
<ul class="calls">{calls}</ul>
<p>If you think of ending your life, contact {crisis}.</p>
<h2>See a doctor today</h2>
<p>for trouble swallowing, slurred speech that came slowly, or very dark urine. You can also call {advice}.</p>
<h2>See a doctor soon</h2>
<p>for a muscle that is weak or getting thinner, for twitching that spreads or has lasted more than two weeks, and for weight lost
without trying.</p>
<h2>Otherwise</h2>
<p>Short twitches of an eyelid, a calf or a thumb are common. Less coffee, more sleep, less stress and a rest from hard exercise
often help.</p>
<p>This is advice, not a diagnosis.</p>"""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Ask about twitching muscles: what it may be, what to do, and when to see a doctor.">
<title>Twitchwise: ask about twitching muscles</title>
<link rel="icon" href="/chat/icon.svg" type="image/svg+xml">
<style>
html,body{{height:100%;margin:0}}
body{{font:1.0625rem/1.5 system-ui,sans-serif;background:#f3f6f8;color:#17232b}}
main.plain{{max-width:40rem;margin:0 auto;padding:1rem}}
.calls{{list-style:none;padding:0}}
.calls a{{display:inline-block;padding:.6rem 1rem;margin:.2rem 0;border-radius:.4rem;background:#a3141f;color:#fff;font-weight:600}}
@media (prefers-color-scheme:dark){{body{{background:#10181d;color:#e8eef2}}}}
</style>
{script}
</head>
<body>
{"<noscript>" if built else ""}<main class="plain">{words}</main>{"</noscript>" if built else ""}
</body>
</html>
"""
