#!/usr/bin/env python3
"""Checks of the chat page as Lighthouse makes them, without the network: python scripts/page_checks.py [http://127.0.0.1:5005] [--write]

Measures with a cold cache and checks what can be checked without guessing. `--write` puts the table into docs/widget.md. Without an
address it starts a server of its own. Needs Chromium and the development environment. The exit code is 1 when a check fails.
"""
from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGE = ROOT / "docs" / "widget.md"
BEGIN, END = "<!-- checks: begin -->", "<!-- checks: end -->"
RUNS = 5
READY = "document.querySelector('twitchwise-chat')?.line?.ready && document.querySelector('twitchwise-chat').view.byId.size > 0"
OBSERVE = """
window.seen = {cls: 0, lcp: 0, blocked: 0};
const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type, buffered: true});
watch('layout-shift', each => seen.cls += each.hadRecentInput ? 0 : each.value);
watch('largest-contentful-paint', each => seen.lcp = each.startTime);
watch('longtask', each => seen.blocked += Math.max(0, each.duration - 50));
"""
FACTS = """() => {
  const head = name => document.querySelector(`meta[name=${name}]`)?.content ?? '';
  return {
    lang: document.documentElement.lang, title: document.title, charset: document.characterSet, viewport: head('viewport'),
    description: head('description'), doctype: document.doctype?.name ?? '', images: document.images.length,
    headings: document.querySelector('twitchwise-chat').shadowRoot.querySelectorAll('h1').length,
  };
}"""


@dataclass(frozen=True)
class Check:
    """One line of the table. `good` is None for a figure without a limit."""

    name: str
    found: str
    limit: str = ""
    good: bool | None = None


def load(browser: Any, url: str, *, covered: bool = False) -> dict[str, Any]:
    """One first visit with an empty cache: times, requests, and what the page says of itself. `covered`: also which code ran, which
    makes the times longer."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, locale="en-GB")
    page = context.new_page()
    requests: list[dict[str, Any]] = []

    def finished(request: Any) -> None:
        answer, sizes = request.response(), request.sizes()
        requests.append({
            "url": request.url, "kind": request.resource_type, "bytes": sizes["responseBodySize"] + sizes["responseHeadersSize"],
            "status": answer.status if answer else 0, "headers": answer.headers if answer else {},
        })

    problems: list[str] = []
    page.on("requestfinished", finished)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.add_init_script(OBSERVE)
    tools = context.new_cdp_session(page)
    if covered:
        tools.send("Profiler.enable")
        tools.send("Profiler.startPreciseCoverage", {"callCount": False, "detailed": True})
    page.goto(url + "/chat")
    while not page.evaluate(READY):
        page.wait_for_timeout(10)
    usable = page.evaluate("performance.now()")
    page.wait_for_timeout(300)
    coverage = tools.send("Profiler.takePreciseCoverage")["result"] if covered else []
    found = {
        "usable": usable, "requests": requests, "problems": problems, "facts": page.evaluate(FACTS), "seen": page.evaluate("seen"),
        "paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"), "unused": unused(coverage),
        "cookies": context.cookies(),
    }
    context.close()
    return found


def unused(coverage: list[dict[str, Any]]) -> float:
    """Part of our script that a first visit does not run (the body map, the cards, speech)."""
    for script in coverage:
        if "/chat/twitchwise" not in script["url"]:
            continue
        length = max(function["ranges"][0]["endOffset"] for function in script["functions"])
        used = bytearray(length)
        # Outer ranges come first; an inner one says better.
        for function in script["functions"]:
            for each in function["ranges"]:
                used[each["startOffset"]:each["endOffset"]] = bytes([each["count"] > 0]) * (each["endOffset"] - each["startOffset"])
        return 1 - sum(used) / length
    return 0.0


def axe(browser: Any, url: str) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of best practice, contrast among them, on the first page in light and dark."""
    from tests.web.conftest import Chat

    found: list[str] = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        found += Chat(context.new_page(), url).open().axe()
        context.close()
    return found


def checks(browser: Any, url: str) -> list[Check]:
    """Every line of the table."""
    unused_part = load(browser, url, covered=True)["unused"]
    visits = [load(browser, url) for _ in range(RUNS)]
    first, times = visits[0], [visit["usable"] for visit in visits]
    sent = first["requests"]
    total = sum(each["bytes"] for each in sent)
    facts, own = first["facts"], [each for each in sent if each["kind"] in ("document", "script", "stylesheet", "image", "font")]
    html = next(each for each in sent if each["kind"] == "document")
    fixed = [each for each in own if each["kind"] != "document"]
    wrong = axe(browser, url)
    return [
        Check("transferred on a first visit", f"{total / 1000:.0f} kB compressed, headers included", "200 kB", total < 200_000),
        Check("usable, cold cache", f"{statistics.median(times):.0f} ms in the middle of {RUNS}, {min(times):.0f} to {max(times):.0f}", "1000 ms",
              statistics.median(times) < 1000),
        Check("first words painted", f"{statistics.median(visit['paint'] for visit in visits):.0f} ms"),
        Check("largest part painted", f"{statistics.median(visit['seen']['lcp'] for visit in visits):.0f} ms", "2500 ms",
              statistics.median(visit["seen"]["lcp"] for visit in visits) < 2500),
        Check("layout shift", f"{max(visit['seen']['cls'] for visit in visits):.3f}", "0.1", max(visit["seen"]["cls"] for visit in visits) < 0.1),
        Check("main thread blocked", f"{statistics.median(visit['seen']['blocked'] for visit in visits):.0f} ms"),
        Check("requests", f"{len(sent)}: {', '.join(sorted({each['kind'] for each in sent}))}", "10", len(sent) <= 10),
        Check("requests to others", str(sum(not each["url"].startswith((url, "data:", "blob:")) for each in sent)), "0",
              all(each["url"].startswith((url, "data:", "blob:")) for each in sent)),
        Check("pictures", f"{sum(each['kind'] == 'image' for each in sent)} ({sum(each['bytes'] for each in sent if each['kind'] == 'image')} bytes)"),
        Check("script not run on a first visit", f"{unused_part:.0%}"),
        Check("fixed files", "cached for a year or checked each time, compressed", "", all(
            each["headers"].get("cache-control") for each in fixed) and all(
            each["headers"].get("content-encoding") for each in own if each["bytes"] > 2000)),
        Check("policy", "Content-Security-Policy without unsafe scripts", "", "default-src 'none'" in html["headers"].get(
            "content-security-policy", "") and "unsafe-eval" not in html["headers"]["content-security-policy"]),
        Check("other headers", "nosniff, no referrer", "", html["headers"].get("x-content-type-options") == "nosniff"
              and "referrer-policy" in html["headers"]),
        Check("document", f"lang {facts['lang']}, {facts['charset']}, title, description, one h1", "", all(
            (facts["lang"], facts["title"], facts["doctype"] == "html", facts["description"], facts["headings"] == 1))),
        Check("viewport", facts["viewport"], "may be zoomed", "width=device-width" in facts["viewport"] and "user-scalable=no" not in facts["viewport"]
              and "maximum-scale" not in facts["viewport"]),
        Check("cookies", str(len(first["cookies"])), "0", not first["cookies"]),
        Check("errors in the console", str(len(first["problems"])), "0", not first["problems"]),
        Check("axe, light and dark (contrast among it)", f"{len(wrong)} violations", "0", not wrong),
    ]  # fmt: skip


def table(found: list[Check]) -> str:
    """The table for the page."""
    load_now = os.getloadavg()[0]
    lines = [f"Measured on {date.today().isoformat()} with `python scripts/page_checks.py --write` ({os.cpu_count()} processors, "
             f"{platform.machine()}, load {load_now:.0f}, a phone's window, server on the same machine):",
             "", "| check | found | limit | |", "|---|---|---|---|"]
    lines += [f"| {each.name} | {each.found} | {each.limit} | {'' if each.good is None else 'good' if each.good else '**not met**'} |" for each in found]
    return "\n".join(lines)


def main() -> int:
    """Print the table, and with --write put it into the documentation."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("url", nargs="?")
    arguments.add_argument("--write", action="store_true")
    wanted = arguments.parse_args()
    from playwright.sync_api import sync_playwright

    from tests.running import start_server
    from tests.web.conftest import chromium

    own = None if wanted.url else start_server(Path(tempfile.mkdtemp(prefix="twitchwise-")))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            found = checks(browser, own.url if own else wanted.url.rstrip("/"))
            browser.close()
    finally:
        if own:
            own.stop()
    text = table(found)
    print(text)
    if wanted.write:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return int(any(each.good is False for each in found))


if __name__ == "__main__":
    sys.exit(main())
