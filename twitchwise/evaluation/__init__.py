"""Measures the assistant on the project's own held-out cases: `python -m twitchwise.evaluation`."""
