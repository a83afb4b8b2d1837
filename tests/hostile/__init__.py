"""Hostile input on every channel: 500 tries each, 10,000 in the long run (`make test-faults`)."""
