"""A summary to take to the doctor: a case and the person's own words -> one page (PDF) and a FHIR document. Pure; nothing is kept.

`build` makes the Summary; `pdf.render` and `fhir.render` make the files. The two are slow to import (fonts, data models), so they are
loaded by whoever makes a file, off the event loop."""
from __future__ import annotations

from twitchwise.summary.build import build
from twitchwise.summary.model import Summary
from twitchwise.summary.words import messages_of

__all__ = ["Summary", "build", "messages_of"]
