"""`python -m benchmarks.launch ENDPOINTS`: `twitchwise serve` with another endpoints file (Redis locks for several processes)."""
from __future__ import annotations

import sys
from pathlib import Path

from twitchwise import serve
from twitchwise.settings import load_settings


def main() -> int:
    """Serve until interrupted."""
    serve.ENDPOINTS = Path(sys.argv[1])
    return serve.run(load_settings())


if __name__ == "__main__":
    sys.exit(main())
