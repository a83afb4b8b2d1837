"""The proxy's configuration out of its template, and the words that it says itself when no server is left."""
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from twitchwise.settings import ROOT, Settings

TEMPLATE = ROOT / "deploy" / "nginx" / "twitchwise.conf.template"
WORDS, PAGE = "safe_words.json", "safe_words.html"


def site(servers: str, *, listen: str, words: str, actions: str = "", rest_access: str = "") -> str:
    """The configuration. nginx has variables of its own, so only our names are replaced."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in {"RASA_SERVERS": servers, "LISTEN": listen, "WORDS": words, "ACTIONS": actions, "REST_ACCESS": rest_access}.items():
        text = text.replace("${" + name + "}", value)
    return text


def server_lines(addresses: Sequence[str]) -> str:
    """The servers of an upstream. None is ever left out: one that is gone refuses at once, and the proxy takes the next. To leave a server
    out that was slow once puts its load on the others too, until the proxy knows no server any more and messages reach none."""
    return "\n    ".join(f"server {address} max_fails=0;" for address in addresses)


def actions_block(addresses: Sequence[str], listen: str) -> str:
    """A balanced address for the action processes. An action may be called twice: it serves each message once."""
    lines = server_lines(addresses)
    return f"""
upstream actions {{
    {lines}
    keepalive 32;
}}

server {{
    listen {listen};
    access_log off;
    client_max_body_size 10m;
    location / {{
        proxy_pass http://actions;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_connect_timeout 1s;
        proxy_read_timeout 6s;
        proxy_next_upstream error timeout http_502 http_503 non_idempotent;
        proxy_next_upstream_tries 2;
    }}
}}
"""


def write_words(folder: Path, country: str | None = None) -> None:
    """What a person reads when no server answers: as a reply of the REST channel, and as a page."""
    from twitchwise.channels import safety_net
    from twitchwise.channels.web_page import page_html

    words = [{"text": safety_net.fixed_text("general_safe_words", country)}]
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / PAGE).write_text(page_html(Settings.parse_obj({}).copy(update={"country": country}), built=False), encoding="utf-8")


if __name__ == "__main__":      # python -m twitchwise.cluster_proxy: write the words of deploy/nginx again
    write_words(TEMPLATE.parent)
