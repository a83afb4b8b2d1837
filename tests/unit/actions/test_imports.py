from __future__ import annotations

import subprocess
import sys

from twitchwise.settings import ROOT


def test_the_action_process_stays_light() -> None:
    code = (
        "import actions.check, actions.service, sys\n"
        "actions.service.get_service()\n"
        "print(sorted(name for name in ('rasa', 'spacy', 'tensorflow', 'onnxruntime') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
