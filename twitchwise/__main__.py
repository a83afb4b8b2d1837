"""`python -m twitchwise`."""
from __future__ import annotations

import sys

from twitchwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
